"""Starting, finding and stopping the embedded server."""

import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from patient_online.storage.embedded import configuration
from patient_online.storage.embedded.cluster import DATABASE
from patient_online.storage.embedded.errors import FULL, EmbeddedError, from_output
from patient_online.storage.embedded.passwords import APPLICATION, Passwords
from patient_online.storage.embedded.places import Place
from patient_online.storage.embedded.programs import Programs

START_SECONDS = 120
STOP_SECONDS = 60
ORPHAN_SECONDS = 15
NO_ROOM = 1 << 20

# Every process of a server has the data folder as its working folder. Asked in the server user's name, because
# root in a container may not look at another user's processes.
PROCESSES = """\
for process in /proc/[0-9]*; do
  if [ "$process/cwd" -ef "$1" ] && [ "$(cat "$process/comm" 2>/dev/null)" = postgres ]; then
    echo "${process#/proc/}"
  fi
done
"""


@dataclass(frozen=True)
class Address:
    """Where a server listens, as its postmaster.pid says."""

    pid: int
    host: str
    port: int


def make_sure_it_runs(place: Place, programs: Programs, passwords: Passwords) -> Address:
    """The address of the running server, started if it does not run. Call it under the start lock."""
    return _running(place, passwords) or _start(place, programs, passwords)


def stop(place: Place, programs: Programs) -> None:
    """Stop the server and wait until it has stopped; those still connected are cut off."""
    address = _address(place.data)
    if address is None or not _lives(place, address.pid, unknown=True):
        return
    how = ("stop", "-s", "-w", "-m", "fast", "-t", str(STOP_SECONDS))
    done = place.user.run(programs.path("pg_ctl"), *how, data=place.data)
    if done.returncode and _lives(place, address.pid, unknown=True):
        raise from_output(f"The database server (process {address.pid}) could not be stopped.", done.stdout, place.home)


def _address(data: Path) -> Address | None:
    """Read postmaster.pid: process, folder, time, port, folder of the socket, address."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Address(int(lines[0]), lines[4] or lines[5], int(lines[3]))
    except (OSError, ValueError, IndexError):
        return None


def _running(place: Place, passwords: Passwords) -> Address | None:
    end = time.monotonic() + START_SECONDS
    while address := _address(place.data):
        if refused := _why_no_answer(address, passwords):
            if not _lives(place, address.pid, unknown=False):
                return None
            if "password authentication failed" in refused:
                raise EmbeddedError(
                    f"The database in {place.data} has other passwords than we keep. "
                    "Bring passwords.json back from the copy that was made with it."
                )
            if time.monotonic() > end:
                raise _still_starting(place)
            time.sleep(0.1)
        else:
            return address
    return None


def _why_no_answer(address: Address, passwords: Passwords) -> str:
    try:
        psycopg.connect(
            host=address.host, port=address.port, user=APPLICATION, password=passwords.application, dbname=DATABASE,
            connect_timeout=5, require_auth="scram-sha-256", sslmode="disable", gssencmode="disable",
        ).close()  # fmt: skip
    except psycopg.OperationalError as error:
        return str(error) or "no answer"
    return ""


def _processes(place: Place) -> set[int] | None:
    """The processes of any server on this data folder, or None where the system does not tell."""
    if not Path("/proc/self/cwd").exists():
        return None
    return {int(pid) for pid in place.user.run("/bin/sh", "-c", PROCESSES, "sh", place.data).stdout.split()}


def _lives(place: Place, pid: int, *, unknown: bool) -> bool:
    processes = _processes(place)
    return unknown if processes is None else pid in processes


def _clear_what_was_left(place: Place) -> None:
    """Remove the lock files of a server that was killed, once its last process has gone.

    PostgreSQL itself would refuse to start if the number in one now belongs to another program of the same user.
    """
    end = time.monotonic() + ORPHAN_SECONDS
    while (left := _processes(place)) and time.monotonic() < end:
        time.sleep(0.1)
    if left == set():
        for lock in (place.data / "postmaster.pid", *place.home.glob(".s.PGSQL.*")):
            place.user.remove(lock)


def _start(place: Place, programs: Programs, passwords: Passwords) -> Address:
    _clear_what_was_left(place)
    for _ in range(3):
        said = _start_once(place, programs)
        # Also after a failure: the pg_ctl of a program that was killed may have been quicker.
        if address := _running(place, passwords):
            return address
        if "Address already in use" not in said:
            break
    raise _not_started(place, said)


def _start_once(place: Place, programs: Programs) -> str:
    """Start the server; what pg_ctl and the log say if that fails."""
    port = None if configuration.fits_a_socket(place.home) else _free_port()
    place.user.write(place.data / "postgresql.conf", configuration.settings(place.home, place.data, port))
    place.user.write(place.data / "pg_hba.conf", configuration.ACCESS)
    place.user.run("mv", "-f", place.log, place.log.with_suffix(".log.1"))
    # The folder is told in PGDATA and the log without its folder: pg_ctl puts both into a shell's command line.
    how = ("start", "-s", "-w", "-t", str(START_SECONDS), "-l", place.log.name)
    done = place.user.run(programs.path("pg_ctl"), *how, data=place.data)
    return f"{done.stdout}\n{_end_of_log(place)}" if done.returncode else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((configuration.LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _end_of_log(place: Place) -> str:
    return place.user.run("tail", "-n", "6", place.log).stdout


def _not_started(place: Place, said: str) -> EmbeddedError:
    if shutil.disk_usage(place.home).free < NO_ROOM:
        return EmbeddedError(FULL.format(path=place.home))
    return from_output(f"The database server did not start; its log is {place.log}.", said, place.home)


def _still_starting(place: Place) -> EmbeddedError:
    return EmbeddedError(
        f"The database server is still not ready after {START_SECONDS} seconds; it may be recovering from a crash. "
        f"Try again in a minute; its log is {place.log}."
    )
