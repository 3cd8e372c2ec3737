"""What runs beside the web server is begun again when it dies, and ends with it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patient_online.web.beside import OWNER, beside

MODULE = "patient_online.web.tests.short_lived"
PATIENCE = 60


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program notes that it lives."""
    monkeypatch.setenv("SHORT_LIVED", str(tmp_path / "notes"))
    monkeypatch.setenv(OWNER, "postgresql://owner@127.0.0.1/none")
    return tmp_path / "notes"


def begun(notes: Path) -> list[list[str]]:
    """Each beginning: the process, and what it knows of the owner."""
    return [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []


def until(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def lives(process: int) -> bool:
    """Whether the process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_is_killed_is_begun_again_and_ends_with_the_server(notes: Path) -> None:
    with beside(MODULE):
        until(lambda: len(begun(notes)) == 1)
        os.kill(int(begun(notes)[0][0]), signal.SIGKILL)
        until(lambda: len(begun(notes)) == 2)
    assert not any(lives(int(process)) for process, _ in begun(notes))
    assert {owner for _, owner in begun(notes)} == {"None"}


def test_who_runs_it_apart_has_none_beside(notes: Path) -> None:
    with beside(MODULE, wanted=False):
        pass
    assert begun(notes) == []
