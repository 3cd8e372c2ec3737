"""Who uses the embedded server: the first program starts it, the last one stops it.

Every program holds a shared flock on `in-use`; starting and stopping happen under an exclusive flock on `start`. The
kernel frees the locks of a program that is killed, so there is never a stale one.
"""

import atexit
import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from patient_online.storage.embedded import server
from patient_online.storage.embedded.cluster import DATABASE, make_sure_it_exists
from patient_online.storage.embedded.configuration import LOOPBACK
from patient_online.storage.embedded.errors import EmbeddedError, from_os
from patient_online.storage.embedded.passwords import APPLICATION, OWNER, read_or_make
from patient_online.storage.embedded.places import Place, private_folder, server_place, shelf
from patient_online.storage.embedded.programs import Programs, programs_for
from patient_online.storage.embedded.server_user import server_user

PATIENCE = 150.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Urls:
    """How to connect: as the application's role, and as the owner of the tables."""

    application: str
    owner: str


@dataclass(frozen=True)
class _Use:
    """This process as a user of the server."""

    pid: int
    var: Path
    ours: Path
    in_use: int
    place: Place
    programs: Programs
    urls: Urls


_use: _Use | None = None


def attach(var: Path, *, patience: float = PATIENCE) -> Urls:
    """Make sure that the server in `var` runs; this process counts as a user of it until `release` or its end.

    Waits at most `patience` seconds for another program that is starting or stopping it.
    """
    global _use
    var = var.resolve()
    if _use is None:
        try:
            _use = _attached(var, patience)
        except OSError as error:
            raise from_os(error, var) from error
    elif _use.var != var:
        raise EmbeddedError(f"This program already uses the database in {_use.var}. Release it before using {var}.")
    return _use.urls


def release(*, patience: float = PATIENCE) -> None:
    """Stop being a user of the server; the last user stops it and waits until it has stopped."""
    global _use
    use, _use = _use, None
    if use is None or use.pid != os.getpid():
        return
    try:
        with _start_lock(use.ours, patience):
            if _taken(use.in_use):  # nobody shares it any more: we are the last
                server.stop(use.place, use.programs)
    except OSError as error:
        raise from_os(error, use.var) from error
    finally:
        _give_back(use.in_use)


def exit_on_sigterm() -> None:
    """Let this program end in good order when it is told to stop or its terminal is closed. For its main thread."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # being told twice must not cut the good order short
    raise SystemExit(128 + number)


def _attached(var: Path, patience: float) -> _Use:
    ours = private_folder(var)
    user = server_user()
    with _start_lock(ours, patience) as lock:
        place = server_place(var, ours, user)
        passwords = read_or_make(ours, place.data)
        programs = programs_for(user, shelf)
        make_sure_it_exists(place, programs, passwords, lock)
        with _shared(ours / "in-use", unless=lambda: server.stop(place, programs)) as in_use:
            address = server.make_sure_it_runs(place, programs, passwords)
    urls = Urls(_url(APPLICATION, passwords.application, address), _url(OWNER, passwords.owner, address))
    return _Use(os.getpid(), var, ours, in_use, place, programs, urls)


def _url(role: str, password: str, address: server.Address) -> str:
    url = f"postgresql://{role}:{password}@{quote(address.host, safe='')}:{address.port}/{DATABASE}"
    # A port of the loopback can be taken by anyone while our server is down: never give the password away in clear.
    return f"{url}?require_auth=scram-sha-256" if address.host == LOOPBACK else url


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


@contextmanager
def _start_lock(ours: Path, patience: float) -> Iterator[int]:
    lock = _open(ours / "start")
    try:
        _wait_for(lock, patience, ours)
        yield lock
    finally:
        os.close(lock)


@contextmanager
def _shared(path: Path, *, unless: Callable[[], None]) -> Iterator[int]:
    """Share the lock from here on; interrupted by a person, give it back, and if we are alone with it call `unless`."""
    in_use = _open(path)
    fcntl.flock(in_use, fcntl.LOCK_SH)
    try:
        yield in_use
    except BaseException as error:
        if not isinstance(error, Exception) and _taken(in_use):
            unless()
        _give_back(in_use)
        raise


def _give_back(lock: int) -> None:
    fcntl.flock(lock, fcntl.LOCK_UN)  # said aloud: closing alone would leave it with a child that has a copy
    os.close(lock)


def _wait_for(lock: int, patience: float, ours: Path) -> None:
    end = time.monotonic() + patience
    while not _taken(lock):
        if time.monotonic() > end:
            raise EmbeddedError(
                f"Another program has been starting or stopping the database in {ours.parent} "
                f"for more than {patience:.0f} seconds. "
                "Wait until it has finished, or end it, then try again."
            )
        time.sleep(0.05)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _at_exit() -> None:
    try:
        release()
    except EmbeddedError as error:
        logger.warning("%s", error)


def _forget() -> None:
    """A forked child is not a user of the server: it gives its copy of the lock back, its parent's stays."""
    global _use
    if _use is not None:
        os.close(_use.in_use)
        _use = None


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_forget)
