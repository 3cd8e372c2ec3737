"""The passwords of the embedded database's three roles, made once and readable by their owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from patient_online.storage.embedded.errors import EmbeddedError

SUPERUSER, OWNER, APPLICATION = "postgres", "patient_online_owner", "patient_online"


@dataclass(frozen=True)
class Passwords:
    """One password for each role."""

    superuser: str
    owner: str
    application: str


def read_or_make(ours: Path, data: Path) -> Passwords:
    """The passwords that are kept, or new ones when there is no database yet that would need the old."""
    path = ours / "passwords.json"
    if not path.exists():
        if data.exists():
            raise EmbeddedError(
                f"The passwords of the database in {data} are missing. Bring {path} back from a copy, "
                f"or move {data} away to start with an empty database."
            )
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    made = Passwords(*(secrets.token_urlsafe(32) for _ in range(3)))
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(made), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.rename(new, path)


def _read(path: Path) -> Passwords:
    found = path.lstat()
    if found.st_mode & 0o077:
        raise EmbeddedError(f"Others can read the database's passwords in {path}: run chmod 600 {path}")
    try:
        return Passwords(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        raise EmbeddedError(f"{path} does not hold the database's passwords. Bring it back from a copy.") from None
