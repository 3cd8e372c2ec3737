"""The secret key of a place: made once and whole, the same for every program, and read by its owner alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

START = """
import os, secrets, sys
from pathlib import Path
from patient_online.config.start import start
{first}
start(Path(sys.argv[1]))
print(os.environ["PATIENT_ONLINE_SECRET_KEY"])
"""
IS_KILLED = "secrets.token_urlsafe = lambda size: os._exit(9)"
WAITS = """
make = secrets.token_urlsafe
def waits(size):
    print("makes a key", flush=True)
    sys.stdin.readline()
    return make(size)
secrets.token_urlsafe = waits
"""


def program(var: Path, first: str = "") -> subprocess.Popen[str]:
    """A program that starts in this folder, prints the key, and does something first."""
    without = {name: value for name, value in os.environ.items() if name != "PATIENT_ONLINE_SECRET_KEY"}
    return subprocess.Popen(
        [sys.executable, "-c", START.format(first=first), str(var)],
        cwd=ROOT,
        env={**without, "PATIENT_ONLINE_VAR": str(var), "DATABASE_URL": "postgresql://nobody@127.0.0.1/none"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def key_of(var: Path) -> str:
    """The key that a program has in this folder."""
    said, problem = program(var).communicate(timeout=60)
    assert not problem
    return said.strip()


def test_the_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    key = key_of(tmp_path / "var")
    assert len(key) >= 50
    assert key_of(tmp_path / "var") == key
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret-key"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_program_killed_while_it_makes_the_key_leaves_none_that_is_empty(tmp_path: Path) -> None:
    killed = program(tmp_path, IS_KILLED)
    killed.communicate(timeout=60)
    assert killed.returncode == 9
    assert len(key_of(tmp_path)) >= 50


def test_two_programs_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    """The second one comes while the first is still making it."""
    first = program(tmp_path, WAITS)
    assert first.stdout
    assert first.stdout.readline() == "makes a key\n"
    key = key_of(tmp_path)
    said, _ = first.communicate("go on\n", timeout=60)
    assert len(key) >= 50
    assert said.strip() == key


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    kept = tmp_path / "secret-key"
    kept.write_text("known to others")
    kept.chmod(mode)
    starting = program(tmp_path)
    said, problem = starting.communicate(timeout=60)
    assert (starting.returncode, said) == (1, "")
    assert f"chmod 600 {kept}" in problem
    assert "Traceback" not in problem


def test_an_empty_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    kept = tmp_path / "secret-key"
    kept.touch(mode=0o600)
    _, problem = program(tmp_path).communicate(timeout=60)
    assert f"{kept} is empty. Delete it" in problem
