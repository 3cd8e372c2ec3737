"""Where a project keeps its embedded database.

    var/embedded/   ours: passwords, locks, and where the database is if it is elsewhere
    var/postgres/   the server's: data, socket and log, owned by the user whom the server runs as

Nothing that exists has its permissions or its owner changed. If root's server user cannot reach `var/`, the server's
folder is under /var/lib/patient-online instead.
"""

import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from patient_online.storage.embedded.errors import EmbeddedError
from patient_online.storage.embedded.server_user import SETTING, ServerUser, name_of

FALLBACK = Path("/var/lib/patient-online")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """The server's folder and its user."""

    home: Path
    user: ServerUser

    @property
    def data(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server has said since it was last started."""
        return self.home / "server.log"


def private_folder(var: Path) -> Path:
    """Our own folder in `var/`, which only we can enter; both are made if need be."""
    var.mkdir(parents=True, exist_ok=True)
    folder = var / "embedded"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
        _must_be_private(folder)
    return folder


def server_place(var: Path, ours: Path, user: ServerUser) -> Place:
    """Where the server's folder is, made if need be. Call it under the start lock."""
    home = _recorded(var, ours) or _chosen(var, ours, user)
    if not os.path.lexists(home):
        _make(home, user)
    _must_be_the_servers(home, user)
    return Place(home, user)


def shelf() -> Path:
    """Root's folder for copies of the programs that the server's user cannot reach."""
    return _open_folder(_open_folder(FALLBACK) / "programs")


def _must_be_private(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid():
        raise EmbeddedError(
            f"{folder} belongs to {name_of(found.st_uid)}, but this program runs as {name_of(os.geteuid())}. "
            f"Run it as {name_of(found.st_uid)}, or move {folder.parent} away to start with an empty database."
        )
    if found.st_mode & 0o077:
        raise EmbeddedError(f"{folder} holds the database's passwords and others can enter it: run chmod 700 {folder}")


def _recorded(var: Path, ours: Path) -> Path | None:
    record = ours / "place"
    home = Path(record.read_text().strip()) if record.exists() else Path()
    if home == Path():  # none, or its writing was cut short
        return None
    if home != _elsewhere(var):
        raise EmbeddedError(
            f"This project was moved or copied: {record} names a database in {home}. "
            f"To go on with that one, run: mv {home} {_elsewhere(var)} && rm {record}. "
            f"To start with an empty one, run: rm -r {ours}"
        )
    return home


def _chosen(var: Path, ours: Path, user: ServerUser) -> Path:
    home = var / "postgres"
    if not user.is_another or os.path.lexists(home) or user.can_enter(var):
        return home
    _open_folder(FALLBACK)
    home = _elsewhere(var)
    (ours / "place").write_text(f"{home}\n")
    why = f"because the user it runs as, {user.name}, cannot reach {var}"
    logger.warning("The database is kept in %s, %s.", home, why)
    return home


def _elsewhere(var: Path) -> Path:
    return FALLBACK / hashlib.sha256(os.fsencode(var)).hexdigest()[:16]


def _open_folder(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o755, parents=True)
    except FileExistsError:
        if folder.lstat().st_uid != 0:
            raise EmbeddedError(f"{folder} must belong to root, but does not. Move it away, then try again.") from None
    else:
        folder.chmod(0o755)  # whatever the umask: we have just made it, and it holds nothing yet
    return folder


def _make(home: Path, user: ServerUser) -> None:
    """Make the folder under another name first: a half-made one never has the real name."""
    new = home.with_name(f"{home.name}.new")
    if os.path.lexists(new):
        new.rmdir()
    new.mkdir(mode=0o700)
    if user.is_another:
        opened = os.open(new, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchown(opened, user.uid, user.gid)
        finally:
            os.close(opened)
    os.rename(new, home)


def _must_be_the_servers(home: Path, user: ServerUser) -> None:
    owner = home.lstat().st_uid
    if owner != user.uid:
        raise EmbeddedError(
            f"{home} belongs to {name_of(owner)}, but the server would run as {user.name}. Run this program as "
            f"{name_of(owner)} (as root: set {SETTING}), or move {home.parent} away to start with an empty database."
        )
    if user.is_another and not user.can_enter(home):
        raise EmbeddedError(
            f"The database in {home} can no longer be reached by its user, {user.name}: a folder above it was closed. "
            f"Let {user.name} enter the folders above it, or move the project back to where it was."
        )
