"""`make run` serves for real use: it migrates as the owner, and what serves is the application alone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections

from patient_online.web.serving import CannotServe, check_port
from tests.architecture.sources import ROOT

PATIENCE = 60


def url_of(alias: str) -> str:
    """The address of the test database in one of its roles."""
    known: dict[str, Any] = connections[alias].settings_dict
    user, password, host = (quote(str(known[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgresql://{user}:{password}@{host}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(transactional_db: None, tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program, serving the test database."""
    known = {"DATABASE_URL": url_of("default"), "DATABASE_OWNER_URL": url_of("owner")}
    with subprocess.Popen(
        [sys.executable, "-m", "patient_online.config.serve", "--port", str(port), "--workers", "1"],
        cwd=ROOT,
        env={**os.environ, **known, "PATIENT_ONLINE_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
    ) as program:
        yield program
        program.terminate()
        program.wait(PATIENCE)


def answer(program: subprocess.Popen[bytes], port: int, page: str) -> dict[str, Any]:
    """What the program answers once it listens."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=PATIENCE) as response:
                return dict(json.load(response))
        except urllib.error.URLError:
            assert program.poll() is None, "it ended before it listened"
            assert time.monotonic() < end, "it does not listen"
            time.sleep(0.1)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(served: subprocess.Popen[bytes], port: int, told: signal.Signals) -> None:
    assert answer(served, port, "readyz")["ready"] is True
    served.send_signal(told)
    said, _ = served.communicate(timeout=PATIENCE)
    assert served.returncode == 0
    assert said.decode() == f"Patient Online serves at http://127.0.0.1:{port}/ . Ctrl-C ends it.\n"


def test_when_it_is_killed_its_workers_end_too(served: subprocess.Popen[bytes], port: int) -> None:
    answer(served, port, "readyz")
    served.kill()
    served.wait(PATIENCE)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            check_port("127.0.0.1", port)
        except CannotServe:
            assert time.monotonic() < end, "a worker lives on and holds the port"
            time.sleep(0.1)
        else:
            return


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show a process's environment")
def test_what_serves_does_not_know_the_owner_of_the_tables(served: subprocess.Popen[bytes], port: int) -> None:
    answer(served, port, "readyz")
    children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    known = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
    assert any(b"DATABASE_URL=" in each for each in known)
    assert not any(b"DATABASE_OWNER_URL=" in each for each in known)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show a process's environment")
@pytest.mark.parametrize("named", ["", "https://gp.example.org"])
def test_messages_lead_to_the_address_that_is_named_or_else_it_is_told_that_only_this_machine_opens_it(
    transactional_db: None, tmp_path: Path, port: int, named: str
) -> None:
    known = {"DATABASE_URL": url_of("default"), "DATABASE_OWNER_URL": url_of("owner"), "PATIENT_ONLINE_URL": named}
    command = [sys.executable, "-m", "patient_online.config.serve", "--port", str(port), "--workers", "1"]
    own = {"PATIENT_ONLINE_VAR": str(tmp_path), "PATIENT_ONLINE_WORKER": "0"}
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **known, **own}, stderr=said) as program,
    ):
        try:
            answer(program, port, "readyz")
            children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
            environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        finally:
            program.terminate()
    address = named or f"http://127.0.0.1:{port}/"
    assert any(f"PATIENT_ONLINE_URL={address}\0".encode() in each for each in environments)
    assert (f"links in messages lead to {address}" in (tmp_path / "said").read_text()) == (not named)
