"""The application's role can do what the application does and no more; the owner sets up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, models, transaction
from django.test.utils import CaptureQueriesContext

from patient_online.audit.models import AccountEntry, Entry
from patient_online.demo.factories import a_practice
from patient_online.practices.models import Practice
from patient_online.storage.grants import append_only_tables

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def one(statement: str, *given: str) -> tuple[object, ...]:
    """The row that the application's role gets for a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        row: tuple[object, ...] = cursor.fetchone()
    return row


def refused(statement: str, why: str = "permission denied|must be owner") -> bool:
    """Whether the database itself refuses the statement to the application's role."""
    with pytest.raises(ProgrammingError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


@pytest.mark.parametrize("model", [Entry, AccountEntry])
def test_what_was_recorded_can_be_neither_changed_nor_deleted(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert refused(f"UPDATE {table} SET event = 'nothing.happened'")
    assert refused(f"DELETE FROM {table}")
    assert refused(f"TRUNCATE {table}")
    assert refused(f"DROP TABLE {table}")


def test_the_tables_of_the_trail_are_append_only() -> None:
    assert {Entry._meta.db_table, AccountEntry._meta.db_table} <= append_only_tables()


def test_the_applications_role_has_no_power_of_its_own() -> None:
    powers = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    assert one(f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") == (False,) * 5
    assert one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)
    assert one("SELECT pg_has_role(current_user, %s, 'MEMBER')", settings.DATABASES["owner"]["USER"]) == (False,)


def test_the_applications_role_cannot_change_the_schema() -> None:
    assert refused("ALTER TABLE patients_patient DROP COLUMN nhs_number")
    assert refused("ALTER TABLE appointments_appointment DROP CONSTRAINT appointment_one_booked_per_seat")
    assert refused("CREATE TABLE notes (words text)")


def test_each_table_gives_the_application_what_its_model_says() -> None:
    tables = {model._meta.db_table: getattr(model, "append_only", False) for model in apps.get_models()}
    assert len(tables) > 20
    for table, append_only in tables.items():
        wanted = RIGHTS[:2] if append_only else RIGHTS[:4]
        has = [right for right in RIGHTS if one("SELECT has_table_privilege(%s, %s)", table, right) == (True,)]
        assert has == list(wanted), table


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrating_is_done_by_the_owner() -> None:
    with CaptureQueriesContext(connection) as ours, CaptureQueriesContext(connections["owner"]) as theirs:
        call_command("migrate", verbosity=0)
    assert len(ours) == 0
    assert any("GRANT" in query["sql"] for query in theirs)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_emptying_the_database_is_done_by_the_owner() -> None:
    a_practice()
    assert refused("TRUNCATE practices_practice CASCADE")
    call_command("flush", verbosity=0, interactive=False)
    assert Practice.objects.count() == 0


@pytest.mark.parametrize("command", ["migrate", "flush"])
def test_without_the_owner_these_commands_say_what_to_set(command: str) -> None:
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--no-input"], cwd=ROOT, env=known, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"Set DATABASE_OWNER_URL to the role that owns the tables: {command} needs it." in done.stderr
