"""Law 1 while the program runs: a write that no action makes does not reach the database, and fails the test."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from tests.architecture import watch
from tests.architecture.sources import ROOT
from tests.architecture.tables import our_tables

VIEW = "patient_online/patients/views/patient.py"
ACTION = "patient_online/patients/actions.py"


def written_in(path: str) -> Callable[[Any], None]:
    """A function that changes a patient's telephone number and stands, as far as its frame can tell, in this file."""
    code = "def change(rows):\n    rows.update(telephone='+441632960001')\n"
    names: dict[str, Any] = {}
    exec(compile(code, str(ROOT / path), "exec"), names)
    return names["change"]  # type: ignore[no-any-return]


def found() -> list[str]:
    """What the watch has found so far; it is forgotten, because the test planted it."""
    breaches, watch.breaches[:] = list(watch.breaches), []
    return breaches


@pytest.mark.django_db
def test_a_write_in_a_view_is_stopped() -> None:
    patient = a_patient_of(a_practice())
    with pytest.raises(watch.WrittenOutsideActions, match="patients_patient"), transaction.atomic():
        written_in(VIEW)(Patient.objects.filter(id=patient.id))
    patient.refresh_from_db()
    assert patient.telephone == ""
    assert found()


@pytest.mark.django_db
def test_a_write_in_an_action_goes_through() -> None:
    patient = a_patient_of(a_practice())
    written_in(ACTION)(Patient.objects.filter(id=patient.id))
    patient.refresh_from_db()
    assert patient.telephone == "+441632960001"
    assert not found()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_write_in_another_thread_is_stopped_too() -> None:
    stopped = []

    def in_thread() -> None:
        try:
            written_in(VIEW)(Patient.objects.all())
        except watch.WrittenOutsideActions:
            stopped.append(True)
        finally:
            connection.close()

    thread = Thread(target=in_thread)
    thread.start()
    thread.join()
    assert stopped
    assert found()


@pytest.mark.django_db
def test_a_test_may_write_in_its_own_frame() -> None:
    Patient.objects.update(telephone="")
    assert not found()


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('INSERT INTO "patients_patient" ("id") VALUES (1)', {"patients_patient"}),
        ("update patients_patient set telephone = ''", {"patients_patient"}),
        ('DELETE FROM "audit_entry" WHERE true', {"audit_entry"}),
        ("TRUNCATE audit_entry", {"audit_entry"}),
        ("MERGE INTO appointments_slot s USING x ON true", {"appointments_slot"}),
        ("WITH seen AS (INSERT INTO audit_entry VALUES (1)) SELECT * FROM patients_patient", {"audit_entry"}),
        ('SELECT 1 FROM "patients_patient" FOR UPDATE OF "patients_patient"', set()),
        ("SELECT 1 FROM patients_patient FOR NO KEY UPDATE", set()),
        ("INSERT INTO identity_guesses VALUES (1) ON CONFLICT DO UPDATE SET value = 1", set()),
    ],
)
def test_it_knows_which_of_our_tables_a_statement_writes(sql: str, tables: set[str]) -> None:
    assert watch.tables_written(sql, our_tables()) == tables


def test_allauth_may_change_a_password_and_nothing_else_of_ours() -> None:
    files = ["/x/site-packages/allauth/account/forms.py", "patient_online/web/audiences.py", "tests/test_x.py"]
    assert watch.may_pass(files, frozenset({Account._meta.db_table}))
    assert not watch.may_pass(files, frozenset({"patients_patient"}))
