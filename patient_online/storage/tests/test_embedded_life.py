"""Programs share one PostgreSQL of their own: the first one starts it, the last one ends it, however they end."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from patient_online.storage.tests import embedded_programs as world
from patient_online.storage.tests.embedded_programs import Program, a_copy, a_folder, ends, runs, server_of

CHILD_THAT_ENDS = (
    "child = os.fork()\nif child == 0: release(); sys.exit()\nos.waitpid(child, 0); print('ended', flush=True)"
)
CHILD_THAT_STAYS = (
    "child = os.fork()\nif child == 0: os.close(1); os.close(2); time.sleep(600)\nprint(child, flush=True)"
)
COMMAND_THAT_STAYS = "print(subprocess.Popen(['sleep', '600'], stdout=-3, stderr=-3).pid, flush=True)"
ASK_AFTER_CTRL_C = """
try:
    print('ready', flush=True); time.sleep(600)
except KeyboardInterrupt:
    time.sleep(0.5); print(psycopg.connect(urls.application).execute('SELECT 42').fetchone()[0], flush=True)
"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A project folder whose database has been initialised and stopped."""
    with a_folder() as folder, Program(folder / "var") as program:
        program.urls()
        program.end()
        yield folder / "var"


@pytest.fixture
def var(prepared: Path) -> Iterator[Path]:
    """A project folder of its own for each test, with a database."""
    with a_folder() as folder:
        yield a_copy(prepared, folder)


@pytest.fixture
def empty() -> Iterator[Path]:
    """A project folder in which nothing has run yet."""
    with a_folder() as folder:
        yield folder / "var"


def test_two_programs_started_at_once_on_an_empty_folder_share_one_server(empty: Path) -> None:
    with Program(empty) as first, Program(empty) as second:
        assert first.urls() == second.urls()
        server = server_of(empty)
        first.end()
        assert runs(server)
        with Program(empty) as third:
            psycopg.connect(third.urls()[0]).close()
        assert server_of(empty) == server
        assert runs(server)
        second.end()
        assert ends(server)


def test_a_program_killed_with_kill_9_leaves_a_server_that_the_next_one_uses_and_ends(var: Path) -> None:
    with Program(var) as killed:
        killed.urls()
        server = server_of(var)
        killed.kill()
    assert runs(server)
    with Program(var) as program:
        program.urls()
        assert server_of(var) == server
        program.end()
    assert ends(server)


def test_a_server_killed_with_its_program_is_started_again_with_what_was_committed(var: Path) -> None:
    with Program(var) as killed, psycopg.connect(killed.urls()[1]) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.commit()
        server = server_of(var)
        os.kill(server, signal.SIGKILL)
        killed.kill()
    with Program(var) as program, psycopg.connect(program.urls()[1]) as connection:
        assert server_of(var) != server
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_stale_lock_that_names_another_program_of_the_same_user_does_not_stop_the_start(var: Path) -> None:
    user = pwd.getpwnam(world.server_name(var))
    other = subprocess.Popen(["sleep", "600"], user=user.pw_uid if world.AS_ROOT else None)
    try:
        with Program(var) as killed:
            killed.urls()
            lock = world.home(var) / "data" / "postmaster.pid"
            lines = lock.read_text().splitlines()
            os.kill(int(lines[0]), signal.SIGKILL)
            killed.kill()
        lock.write_text("\n".join([str(other.pid), *lines[1:]]))
        with Program(var) as program:
            program.urls()
            assert runs(server_of(var))
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_ctrl_c_ends_the_program_before_the_server(var: Path) -> None:
    with Program(var, then=ASK_AFTER_CTRL_C) as program:
        program.urls()
        server = server_of(var)
        assert program.says() == "ready"
        os.killpg(program.process.pid, signal.SIGINT)
        assert program.says() == "42"
        program.end()
        assert ends(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_program_told_to_stop_takes_the_server_with_it(var: Path, number: signal.Signals) -> None:
    with Program(var) as program:
        program.urls()
        server = server_of(var)
        program.process.send_signal(number)
        assert program.process.wait(60) != 0
        program.end()
        assert ends(server)


def test_a_program_interrupted_while_it_makes_its_database_leaves_no_server_and_nothing_broken(empty: Path) -> None:
    with Program(empty) as program:
        assert world.comes_true((empty / "embedded" / "start").exists)
        program.process.send_signal(signal.SIGINT)
        program.end()
        assert program.process.returncode != 0
    lock = world.home(empty) / "data" / "postmaster.pid"
    assert not lock.exists() or ends(server_of(empty))
    with Program(empty) as again:
        psycopg.connect(again.urls()[0]).close()


def test_a_forked_child_that_ends_leaves_its_parent_the_server(var: Path) -> None:
    with Program(var, then=CHILD_THAT_ENDS) as program:
        url, _ = program.urls()
        assert program.says() == "ended"
        with Program(var) as another:
            another.urls()
        psycopg.connect(url).close()
        server = server_of(var)
        program.end()
        assert ends(server)


@pytest.mark.parametrize("child", [CHILD_THAT_STAYS, COMMAND_THAT_STAYS])
def test_a_child_that_outlives_a_killed_program_does_not_keep_the_server_for_ever(var: Path, child: str) -> None:
    with Program(var, then=child) as program:
        program.urls()
        pid, server = int(program.says()), server_of(var)
        program.kill()
        try:
            with Program(var) as last:
                last.urls()
            assert ends(server)
            os.kill(pid, 0)
        finally:
            os.kill(pid, signal.SIGKILL)
