"""The user whom the database server runs as, and how we do things in that user's name.

PostgreSQL refuses to run as root. Files in the server's folder are written by the server's user too,
so that a link planted there can never lead root to a file elsewhere.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patient_online.storage.embedded.errors import EmbeddedError, from_output

SETTING = "PATIENT_ONLINE_POSTGRES_USER"
MINUTES = 300.0
WRITE = 'cat > "$1.new" && mv -f "$1.new" "$1"'


@dataclass(frozen=True)
class ServerUser:
    """Who owns the data folder and runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether we are root and hand the server to somebody else."""
        return self.uid != os.geteuid()

    def run(
        self, *command: str | Path, typed: str = "", data: Path | None = None, keep: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, out of reach of the terminal's Ctrl-C, and wait for it.

        The server's environment is ours alone: none of the caller's PG* variables, and nothing secret.
        """
        another = self.is_another
        try:
            return subprocess.run(  # noqa: S603  only ever our own command lines
                [os.fspath(word) for word in command],
                input=typed, encoding="utf-8", errors="surrogateescape",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                cwd=data.parent if data else "/", env=_environment(data), pass_fds=keep, timeout=MINUTES,
                start_new_session=True, umask=0o077, user=self.uid if another else None,
                group=self.gid if another else None, extra_groups=[] if another else None,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise EmbeddedError(f"{command[0]} did not end within five minutes. Try again.") from None
        except (OSError, subprocess.SubprocessError) as error:
            raise EmbeddedError(
                f"{command[0]} could not be run as the user {self.name} ({error}). "
                f"Name another user in {SETTING}, or set DATABASE_URL to use a PostgreSQL of your own."
            ) from error

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach the folder, every parent on the way included."""
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def write(self, path: Path, text: str) -> None:
        """Write a file of the server's, whole or not at all, readable by its owner only."""
        done = self.run("/bin/sh", "-c", WRITE, "sh", path, typed=text)
        if done.returncode:
            raise from_output(f"{path} could not be written.", done.stdout, path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file or folder of the server's."""
        self.run("rm", "-rf", "--", path)


def _environment(data: Path | None) -> dict[str, str]:
    plain = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    return plain | ({"PGDATA": str(data)} if data else {})


def server_user(settings: Mapping[str, str] = os.environ) -> ServerUser:
    """Ourselves; or, when we are root, the user that the setting names, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return _ourselves()
    if wanted := settings.get(SETTING):
        return _named(wanted)
    for name in ("postgres", "nobody"):
        try:
            return _known(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedError(f"PostgreSQL does not run as root: make a user for it, and name that user in {SETTING}.")


def name_of(uid: int) -> str:
    """The user's name, or the number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _ourselves() -> ServerUser:
    try:
        return _known(pwd.getpwuid(os.geteuid()))
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL needs a user with a name, and the number {os.geteuid()} has none. "
            "Run this program as a user of this machine, or set DATABASE_URL to use a PostgreSQL of your own."
        ) from None


def _named(name: str) -> ServerUser:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(f"{SETTING} names {name}, but there is no such user. Make it, or name another.") from None
    if found.pw_uid == 0:
        raise EmbeddedError(f"{SETTING} names root, but PostgreSQL does not run as root. Name another user.")
    return _known(found)


def _known(entry: pwd.struct_passwd) -> ServerUser:
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
