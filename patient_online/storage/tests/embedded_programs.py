"""Programs that use the embedded database, for its tests: each is a process of its own, as in life."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from patient_online.storage.embedded.places import FALLBACK

ROOT = Path(__file__).parents[3]
AS_ROOT = os.geteuid() == 0
SITE = Path(psycopg.__file__).parents[1]

# Everything is imported before the program becomes another user, who may not be able to read Python's own folder.
PROGRAM = """\
import os, pwd, signal, subprocess, sys, time, psycopg, encodings.idna
from pathlib import Path
from patient_online.storage.embedded import EmbeddedError, attach, exit_on_sigterm, release
os.umask(0)
exit_on_sigterm()
var, user, patience = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
if user:
    os.setgroups([]); os.setgid(pwd.getpwnam(user).pw_gid); os.setuid(pwd.getpwnam(user).pw_uid)
try:
    urls = attach(var, patience=patience)
except EmbeddedError as error:
    sys.exit(str(error))
print(urls.application, urls.owner, flush=True)
{then}
sys.stdin.read()
"""


class Program:
    """A program that uses the embedded database in a folder until it is told to end."""

    def __init__(
        self,
        var: Path,
        *,
        then: str = "",
        user: str = "",
        patience: float = 60,
        python: tuple[str, ...] = (),
        **env: str,
    ) -> None:
        self.var = var
        self.process = subprocess.Popen(
            [sys.executable, *python, "-c", PROGRAM.format(then=then), str(var), user, str(patience)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env}, start_new_session=True,
        )  # fmt: skip

    def says(self) -> str:
        """The next line it prints."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def urls(self) -> tuple[str, str]:
        """The application's and the owner's URL, once it has them."""
        said = self.says()
        if not said:
            raise AssertionError(self.end())
        application, owner = said.split()
        return application, owner

    def end(self) -> str:
        """Let it end and wait for it; what it said to the person at the terminal."""
        return self.process.communicate(timeout=60)[1].strip()

    def kill(self) -> None:
        """Kill it with kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=60)

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.end()


def refusal(var: Path, **how: str) -> str:
    """The sentence with which a program that cannot use the database in this folder ends."""
    with Program(var, **how) as program:  # type: ignore[arg-type]
        words = program.end()
        assert program.process.returncode == 1, words
        assert "Traceback" not in words
        return words


def home(var: Path) -> Path:
    """The server's folder of a project."""
    record = var / "embedded" / "place"
    return Path(record.read_text().strip()) if record.exists() else var / "postgres"


def server_of(var: Path) -> int:
    """The process of the server that runs in this folder."""
    return int((home(var) / "data" / "postmaster.pid").read_text().splitlines()[0])


def runs(pid: int) -> bool:
    """Whether the process is a living PostgreSQL."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition(") ")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return name.endswith("(postgres") and not rest.startswith("Z")


def comes_true(question: Callable[[], bool]) -> bool:
    """Whether it becomes true before anyone would give up waiting."""
    end = time.monotonic() + 30
    while not question():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def ends(pid: int) -> bool:
    """Whether the server has gone, or goes in the time that a process takes to end."""
    return comes_true(lambda: not runs(pid))


@contextmanager
def a_folder(mode: int = 0o755) -> Iterator[Path]:
    """A short-named folder; afterwards no server is left in it, and nothing of it elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="po-", dir="/tmp"))
    folder.chmod(mode)
    try:
        yield folder
    finally:
        for record in folder.glob("**/embedded/place"):
            stop_by_hand(elsewhere := Path(record.read_text().strip()))
            assert elsewhere.parent == FALLBACK
            shutil.rmtree(elsewhere, ignore_errors=True)
        for server in folder.glob("**/postgres"):
            stop_by_hand(server)
        shutil.rmtree(folder)


def stop_by_hand(server: Path) -> None:
    """End a server that a test has left without a user."""
    if (lock := server / "data" / "postmaster.pid").exists() and runs(pid := int(lock.read_text().split()[0])):
        os.kill(pid, signal.SIGQUIT)
        assert ends(pid)


def a_copy(prepared: Path, folder: Path) -> Path:
    """A project folder with an initialised database, copied because that is quicker than making one."""
    subprocess.run(["cp", "-a", prepared, folder / "var"], check=True)
    return folder / "var"


def server_name(var: Path) -> str:
    """The name of the user who owns the server's folder."""
    return pwd.getpwuid(home(var).stat().st_uid).pw_name
