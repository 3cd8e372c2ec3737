"""`manage.py make_world`: fills an empty database, once, and says what is wrong with any other wish."""

import os
import subprocess
import sys
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client

from patient_online.access.models import ActsFor, Grant
from patient_online.access.queries import who_has
from patient_online.appointments.models import Appointment, Schedule, Slot
from patient_online.appointments.queries import slots_bookable
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.demo.keeping import keep
from patient_online.demo.logins import PASSWORD
from patient_online.demo.telling import Progress
from patient_online.demo.world import the_world
from patient_online.identity.models import Account
from patient_online.nhs.dates import london
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice

TODAY = date(2026, 3, 20)
MORNING = london(2026, 3, 20, 8)
TABLES = (Practice, Patient, Schedule, Slot, Appointment, Account, Grant, ActsFor)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def make_world(**wish: Any) -> str:
    out = StringIO()
    call_command("make_world", stdout=out, **{"practices": 3, "patients_each": 30, "today": TODAY, **wish})
    return out.getvalue()


def test_a_small_world_has_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    said = make_world(slots_each=100)
    assert "90 patients, 300 slots" in said
    assert " seconds" in said
    assert [model._default_manager.count() for model in TABLES] == [3, 90, 18, 300, 60, 33, 30, 30], said
    assert "Practices 3 to 3 of 3 (100%" in capsys.readouterr().err
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'appointments_slot'")
        assert cursor.fetchone() == (300,)


def test_its_first_patients_can_sign_in_and_book() -> None:
    make_world(slots_each=100)
    answer = Client().post("/sign-in", {"login": "patient-10@x00003.example.com", "password": PASSWORD})
    assert answer.status_code == 302
    for email in ("patient-1@x00001.example.com", "patient-10@x00003.example.com"):
        asking = who_has(Account.objects.get(email=email).id, at=MORNING, today=TODAY)
        acting = asking.acting() if asking else None
        assert acting is not None
        assert slots_bookable(acting, at=MORNING).count() > 10


def test_its_receptionists_can_sign_in() -> None:
    make_world(slots_each=10)
    account = Account.objects.get(email="reception@x00002.example.com")
    asking = who_has(account.id, at=MORNING, today=TODAY)
    staff = asking.staff() if asking else None
    assert staff is not None
    assert (staff.practice_id, staff.roles) == ("X00002", frozenset({Role.RECEPTIONIST}))


def test_a_second_run_refuses_and_changes_nothing() -> None:
    make_world()
    before = {model: set(model._default_manager.values_list("pk", flat=True)) for model in TABLES}
    with pytest.raises(CommandError, match="already holds patients"):
        make_world(seed=99)
    assert {model: set(model._default_manager.values_list("pk", flat=True)) for model in TABLES} == before


def test_a_database_with_any_patient_is_refused() -> None:
    a_patient_of(a_practice())
    with pytest.raises(CommandError, match="already holds patients"):
        make_world()
    assert Patient.objects.count() == 1


def test_a_database_with_the_demonstration_is_refused() -> None:
    keep(the_world(TODAY))
    with pytest.raises(CommandError, match="already holds"):
        make_world()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"practices": 0}, "--practices must be from 1"),
        ({"practices": -4}, "not -4"),
        ({"practices": 90_000}, "to 89,999"),
        ({"patients_each": 0}, "--patients-each must be from 1"),
        ({"patients_each": 909_091}, "to 909,090"),
        ({"slots_each": -1}, "--slots-each must be from 0"),
        ({"seed": -1}, "--seed must be 0 or more"),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_what_can(wish: dict[str, int], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        make_world(**wish)
    assert not Practice.objects.exists()


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (None, "Set DATABASE_OWNER_URL"),
        ("postgresql://nobody:x@127.0.0.1:1/nowhere", "The database does not answer"),
    ],
)
def test_without_the_owner_of_the_tables_it_says_what_to_set(owner: str | None, words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    if owner:
        environment["DATABASE_OWNER_URL"] = owner
    command = [sys.executable, "manage.py", "make_world", "--practices", "1", "--patients-each", "1"]
    done = subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


class Terminal(StringIO):
    """Somebody's screen."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_is_written_over_and_a_file_only_the_steps() -> None:
    screen, file = Terminal(), StringIO()
    for out in (screen, file):
        progress = Progress(100, out)
        progress._told -= 1
        progress.add(50)
        progress.step("Half of it")
    assert "50%" in screen.getvalue().split("\r")[1]
    assert screen.getvalue().count("\n") == 1
    assert file.getvalue().startswith("Half of it (50%")


def test_when_it_is_stopped_half_way_nothing_is_kept() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE appointments_slot ADD CONSTRAINT breaks CHECK (practice_id <> 'X00003')")
    try:
        with pytest.raises(Exception, match="breaks"):
            make_world()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE appointments_slot DROP CONSTRAINT breaks")
    assert [model._default_manager.count() for model in TABLES] == [0] * len(TABLES)
