"""Programs have a PostgreSQL of their own, that asks everybody for a password and runs as nobody who matters."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from patient_online.storage.tests import embedded_programs as world
from patient_online.storage.tests.embedded_programs import Program, a_copy, a_folder, server_of

only_root = pytest.mark.skipif(not world.AS_ROOT, reason="only root hands the server to another user")


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
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(application, dbname="test_patient_online") as connection, refused:
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
        assert "ready to accept connections" in log
        assert "9990000018" not in log


@only_root
@pytest.mark.parametrize("name", ["", "nobody"])
def test_root_hands_the_server_to_an_unprivileged_user(empty: Path, name: str) -> None:
    with Program(empty, PATIENT_ONLINE_POSTGRES_USER=name) as program:
        program.urls()
        uid = Path(f"/proc/{server_of(empty)}").stat().st_uid
        assert uid != 0
        assert uid == world.home(empty).stat().st_uid
        assert not name or uid == pwd.getpwnam(name).pw_uid
