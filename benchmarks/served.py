"""The programs that are measured: the product as production runs it, and the bare view; and what they cost."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def _free_ports(number: int) -> list[int]:
    """Ports that nobody listens on, so that two people may measure on one machine."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


PRODUCT, BARE = _free_ports(2)


@contextmanager
def served(more: Sequence[str] = ()) -> Iterator[None]:
    """Both programs, until the measuring is over; `more` is what else the product is told."""
    # What sends messages is left out: it works through its queue when there is time, on whichever machine.
    product = _program("patient_online.config.serve", PRODUCT, "readyz", "product", "--no-worker", *more)
    with product, _program("benchmarks.bare", BARE, "", "bare"):
        yield


@contextmanager
def _program(module: str, port: int, page: str, name: str, *more: str) -> Iterator[None]:
    log = ROOT / "var" / f"bench-{name}.log"
    log.parent.mkdir(exist_ok=True)
    with (
        log.open("wb") as lines,
        subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", module, "--port", str(port), *more], cwd=ROOT, stdout=lines, stderr=lines
        ) as program,
    ):
        try:
            _wait_for(program, f"http://{HOST}:{port}/{page}", log)
            yield
        finally:
            program.terminate()
            program.wait(PATIENCE_SECONDS)


def _wait_for(program: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS):  # noqa: S310 - an address of our own
                return
        except OSError:
            if program.poll() is not None or time.monotonic() > end:
                sys.exit(f"It does not serve: {log} says why.")
            time.sleep(0.1)


def cpu_seconds(port: int) -> float:
    """What the program on the port, its workers and all, has had of the processors so far."""
    everybody = {int(each.name): _stat(each) for each in Path("/proc").iterdir() if each.name.isdigit()}
    roots = {number for number in everybody if f"--port\0{port}\0" in _command(number)}
    grown = True
    while grown:
        children = {number for number, stat in everybody.items() if stat and stat[0] in roots} - roots
        roots |= children
        grown = bool(children)
    return sum(stat[1] for number in roots if (stat := everybody[number]))


def database_cpu_seconds() -> float:
    """What the database's processes for us have had so far; 0 where they run on another machine."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        numbers = [number for (number,) in cursor.fetchall()]
    stats = [_stat(Path(f"/proc/{number}")) for number in numbers if "postgres" in _command(number)]
    return sum(stat[1] for stat in stats if stat)


def _stat(process: Path) -> tuple[int, float] | None:
    """The process's parent, and its seconds of processor time."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
