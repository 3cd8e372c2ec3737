"""What a program needs before its settings: a database to talk to and a secret key of this place's own."""

import os
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from patient_online.storage.embedded import EmbeddedError, attach, exit_on_sigterm

OTHERS = stat.S_IRWXG | stat.S_IRWXO
NOT_SAFE = (
    "others on this machine can read {kept}, which signs forms and links. "
    "If nobody has, run: chmod 600 {kept}. Otherwise delete it: a new one is made at the next start."
)
SERVICE_URL = "PATIENT_ONLINE_URL"
NO_SERVICE_URL = (
    "PATIENT_ONLINE_URL is not set, so links in messages lead to {address} , which opens on this machine alone. "
    "Set it to the address under which people reach the service, such as https://gp.example.org.\n"
)
EMPTY = "{kept} is empty. Delete it: a new key is made at the next start."


class KeyNotSafe(Exception):
    """Raised when the kept secret key is no secret, with a sentence that says what to do."""


def start(root: Path) -> None:
    """Fill in what the environment leaves out, the embedded PostgreSQL and the secret key, or end with a sentence."""
    var = Path(os.environ.get("PATIENT_ONLINE_VAR", root / "var"))
    exit_on_sigterm()
    try:
        if not os.environ.get("DATABASE_URL"):
            urls = attach(var)
            os.environ.update(DATABASE_URL=urls.application, DATABASE_OWNER_URL=urls.owner)
        if not os.environ.get("PATIENT_ONLINE_SECRET_KEY"):
            os.environ["PATIENT_ONLINE_SECRET_KEY"] = _secret_key(var)
    except (EmbeddedError, KeyNotSafe, OSError) as error:
        sys.exit(f"Patient Online cannot start: {error}")


def name_the_service(address: str) -> None:
    """Have messages name this address where the environment names none, and say that this is not enough."""
    if not os.environ.get(SERVICE_URL):
        os.environ[SERVICE_URL] = address
        sys.stderr.write(NO_SERVICE_URL.format(address=address))


def _secret_key(var: Path) -> str:
    """The key that signs this place's forms and links; made once, readable by its owner alone, or KeyNotSafe."""
    kept = var / "secret-key"
    if not kept.exists():
        var.mkdir(parents=True, exist_ok=True)
        _make_key(kept)
    if kept.stat().st_mode & OTHERS:
        raise KeyNotSafe(NOT_SAFE.format(kept=kept))
    if not (key := kept.read_text().strip()):
        raise KeyNotSafe(EMPTY.format(kept=kept))
    return key


def _make_key(kept: Path) -> None:
    """Write a key beside its place, then link it there: whole or not at all, and the first of two programs wins."""
    descriptor, beside = tempfile.mkstemp(dir=kept.parent, prefix=".secret-key-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, kept)
    finally:
        os.unlink(beside)
