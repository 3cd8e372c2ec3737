"""`manage.py demo`: a server that starts, shows the made-up practice, and ends with nothing left behind."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from patient_online.demo.logins import PASSWORD
from patient_online.practices.models import Practice
from patient_online.web.assets import build, here
from patient_online.web.serving import CannotServe, address_of, check_port

PATIENCE = 60.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The test's own database, and a folder of its own with the assets."""
    build(here())
    shutil.copytree(here().assets, tmp_path / "assets")
    name = connections["owner"].settings_dict["NAME"]
    urls = {}
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        parts = urlsplit(os.environ[variable])
        urls[variable] = urlunsplit(parts._replace(path=f"/{name}"))
    own = {"PATIENT_ONLINE_VAR": str(tmp_path), "PATIENT_ONLINE_DEMO": "1", "PATIENT_ONLINE_URL": ""}
    return {**os.environ, **urls, **own}


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    # A group of its own, as a terminal gives a command: Ctrl-C goes to the whole group.
    program = subprocess.Popen(
        command,
        cwd=settings.ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield program
    for pid in [program.pid, *descendants(program.pid)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    program.wait()


def descendants(pid: int) -> list[int]:
    """The processes that the process started, and theirs."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in found.splitlines()]
    children = [child for child, parent in parents if parent == pid]
    return children + [each for child in children for each in descendants(child)]


def assert_each_names_the_service_by(address: str, pids: list[int]) -> None:
    """Every process knows the address that messages are to lead to, where this system shows what a process knows."""
    known = [file.read_bytes().split(b"\0") for pid in pids if (file := Path(f"/proc/{pid}/environ")).exists()]
    assert all(f"PATIENT_ONLINE_URL={address}".encode() in each for each in known)


def gone(pid: int) -> bool:
    """Whether the process ends, now or in a moment."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def browser(port: int) -> closing[http.client.HTTPConnection]:
    """A connection that stays open until it is closed."""
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE))


def page_of(connection: http.client.HTTPConnection, path: str) -> tuple[int, str]:
    """What the server answers."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def answer_of(port: int, path: str) -> tuple[int, str]:
    """What the server says, once it is up."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with browser(port) as connection:
                return page_of(connection, path)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("how", ["Ctrl-C", "closed terminal"])
def test_it_shows_the_made_up_practice_and_ends_with_nothing_left_behind(
    demo: subprocess.Popen[str], port: int, how: str
) -> None:
    status, page = answer_of(port, "/")
    assert status == 200
    assert "made-up people" in page
    sheet = re.findall(r'href="(/static/[^"]+[.]css)"', page)
    assert answer_of(port, sheet[0])[0] == 200
    started = descendants(demo.pid)
    assert len(started) >= 2
    assert_each_names_the_service_by(f"http://localhost:{port}/", started)
    with browser(port) as still_open:
        assert page_of(still_open, "/healthz")[0] == 200
        if how == "Ctrl-C":
            os.killpg(demo.pid, signal.SIGINT)
        else:
            demo.send_signal(signal.SIGHUP)
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0
    assert f"http://localhost:{port}/" in said
    assert PASSWORD in said
    assert "The practice's code is X99999." in said
    assert "has ended" in said
    assert all(gone(pid) for pid in started)
    check_port("127.0.0.1", port)
    assert Practice.objects.filter(ods_code="X99999").exists()


def test_a_port_that_is_in_use_is_told_with_another_to_try(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        done = subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {port} of this machine is in use" in done.stderr
    assert f"make demo PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_demonstration_mode_it_does_not_start(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="PATIENT_ONLINE_DEMO=1"):
        call_command("demo")


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [("127.0.0.1", 0, "from 1 to 65535"), ("127.0.0.1", 65536, "from 1 to 65535"), ("192.0.2.1", 8000, "no address")],
)
def test_where_nobody_can_listen_is_told(host: str, port: int, words: str) -> None:
    with pytest.raises(CannotServe, match=words):
        check_port(host, port)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_address_that_is_told_can_be_typed(host: str, address: str) -> None:
    assert address_of(host, 8000) == address
