"""Programs share one PostgreSQL of their own, that asks everybody for a password and ends with the last of them."""

import os
import pwd
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from patient_online.storage.tests import embedded_programs as world
from patient_online.storage.tests.embedded_programs import Program, a_copy, a_folder, ends, runs, server_of

only_root = pytest.mark.skipif(not world.AS_ROOT, reason="only root hands the server to another user")
CHILD_THAT_ENDS = "child = os.fork()\nif child == 0: release(); sys.exit()\nos.waitpid(child, 0); print('ended', flush=True)"
CHILD_THAT_STAYS = "child = os.fork()\nif child == 0: os.close(1); os.close(2); time.sleep(600)\nprint(child, flush=True)"
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


def test_the_application_can_connect_but_owns_nothing_and_can_make_no_table(var: Path) -> None:
    with Program(var) as program, psycopg.connect(program.urls()[0]) as application:
        role = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert application.execute(role).fetchone() == (False, False, False, False)
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert application.execute(owner).fetchone() == ("patient_online_owner",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine (id int)")


def test_the_owner_makes_tables_and_test_databases_in_which_the_application_makes_none(var: Path) -> None:
    with Program(var) as program:
        application, owner = program.urls()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("CREATE TABLE ours (id int)")
            connection.execute("CREATE DATABASE test_patient_online")
            super_user = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert super_user.fetchone() == (False,)
        with psycopg.connect(owner, dbname="test_patient_online") as connection:
            connection.execute("CREATE TABLE ours (id int)")
        with psycopg.connect(application, dbname="test_patient_online") as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("role", ["postgres", "patient_online_owner", "patient_online"])
def test_nobody_comes_in_without_the_right_password(var: Path, role: str) -> None:
    with Program(var) as program:
        url, _ = program.urls()
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(url, user=role, password="", passfile="/dev/null")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url, user=role, password="a guess")


def test_only_their_owner_can_read_the_passwords_and_the_data(empty: Path) -> None:
    with Program(empty) as program:
        program.urls()
        folders = [empty / "embedded", world.home(empty), world.home(empty) / "data"]
        assert [stat.filemode(folder.stat().st_mode) for folder in folders] == ["drwx------"] * 3
        ours = list((empty / "embedded").iterdir())
        assert {stat.filemode(path.stat().st_mode) for path in ours} == {"-rw-------"}
        assert empty / "embedded" / "passwords.json" in ours
        assert {path.stat().st_uid for path in ours} == {os.geteuid()}


def test_a_folder_with_a_long_path_is_served_on_the_loopback_only(var: Path) -> None:
    long = var.rename(var.with_name("v" * 120))
    with Program(long) as program, psycopg.connect(program.urls()[0]) as connection:
        assert connection.info.host == "127.0.0.1"
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert not list(world.home(long).glob(".s.PGSQL.*"))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(connection.info.dsn, password="a guess")


def test_the_log_names_no_patient(var: Path) -> None:
    with Program(var) as program, psycopg.connect(program.urls()[1], autocommit=True) as connection:
        connection.execute("CREATE TABLE patient (nhs_number text PRIMARY KEY)")
        connection.execute("INSERT INTO patient VALUES ('9990000018')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="9990000018"):
            connection.execute("INSERT INTO patient VALUES ('9990000018')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="9990000018"):
            connection.execute("SELECT 'NHS 9990000018'::int")
        log = (world.home(var) / "server.log").read_text()
        assert "ready to accept connections" in log and "9990000018" not in log


def test_two_programs_started_at_once_on_an_empty_folder_share_one_server(empty: Path) -> None:
    with Program(empty) as first, Program(empty) as second:
        assert first.urls() == second.urls()
        server = server_of(empty)
        first.end()
        assert runs(server)
        with Program(empty) as third:
            psycopg.connect(third.urls()[0]).close()
        assert server_of(empty) == server and runs(server)
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


@only_root
@pytest.mark.parametrize("name", ["", "nobody"])
def test_root_hands_the_server_to_an_unprivileged_user(empty: Path, name: str) -> None:
    with Program(empty, PATIENT_ONLINE_POSTGRES_USER=name) as program:
        program.urls()
        uid = Path(f"/proc/{server_of(empty)}").stat().st_uid
        assert uid != 0 and uid == world.home(empty).stat().st_uid
        assert not name or uid == pwd.getpwnam(name).pw_uid
