"""Rows of a statement that is kept ready are what the ORM makes of them: fields, related rows, annotations, state."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Exists, F, Model, OuterRef, QuerySet, Value

from patient_online.appointments.models import Appointment, Slot
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment
from patient_online.patients.models import Patient
from patient_online.storage.prepared import prepared
from tests.statements import statements

pytestmark = pytest.mark.django_db


def with_all_around(practice_id: str) -> QuerySet[Any]:
    """Appointments with slot, its kind, schedule and clinician, the appointment they came from, and more columns."""
    rows = Appointment.objects.filter(practice_id=practice_id).order_by("slot__starts_at")
    related = ("slot__schedule__clinician", "slot__type", "patient", "moved_from__slot")
    entries = Entry.objects.filter(practice_id=OuterRef("practice_id"))
    return rows.select_related(*related).annotate(told=Exists(entries), one=Value(1), ends=F("slot__ends_at"))


def without_some_columns(practice_id: str) -> QuerySet[Any]:
    """Slots of which not every column is fetched."""
    return Slot.objects.filter(practice_id=practice_id).only("practice_id", "id", "starts_at").order_by("starts_at")


def as_tuples(practice_id: str) -> QuerySet[Any]:
    """A few columns, in tuples."""
    rows = Appointment.objects.filter(practice_id=practice_id).order_by("slot__starts_at", "id")
    return rows.values_list("slot__starts_at", "status", "patient_id")


def as_one_column(practice_id: str) -> QuerySet[Any]:
    """One column, ordered by another."""
    return Slot.objects.filter(practice_id=practice_id).order_by("starts_at").values_list("id", flat=True)


def as_dictionaries(practice_id: str) -> QuerySet[Any]:
    """Rows that only the ORM makes."""
    return Entry.objects.filter(practice_id=practice_id).order_by("id").values("event", "details")


@pytest.fixture
def practice_id(now: datetime) -> str:
    """A practice with two appointments, one of them moved."""
    practice = a_practice()
    slots = [a_slot_of(practice, now + timedelta(days=days)) for days in (1, 2)]
    first = an_appointment(slots[0], a_patient_of(practice))
    second = an_appointment(slots[1], a_patient_of(practice))
    Appointment.objects.filter(id=second.id).update(moved_from_id=first.id)
    Entry.objects.create(practice_id=practice.ods_code, at=now, event="x", asker="y", details={"n": [1]})
    return practice.ods_code


@pytest.mark.parametrize("build", [with_all_around, without_some_columns, as_tuples, as_one_column, as_dictionaries])
def test_rows_are_what_the_orm_makes(build: Any, practice_id: str) -> None:
    ready, plain = prepared(build), list(build(practice_id))
    assert len(plain) >= 1
    for _ in range(2):
        assert [_all_of(each) for each in ready(practice_id)] == [_all_of(each) for each in plain]


def test_a_column_that_was_not_fetched_can_be_asked_for(practice_id: str) -> None:
    found = prepared(without_some_columns)(practice_id)[0]
    with statements() as made:
        assert found.ends_at == Slot.objects.get(practice_id=practice_id, id=found.id).ends_at
    assert len(made) == 2


def test_a_row_can_be_saved_as_any_other(practice_id: str) -> None:
    found = prepared(lambda practice_id: Patient.objects.filter(practice_id=practice_id))(practice_id)[0]
    found.given_name = "Anew"
    found.save(update_fields=["given_name"])
    assert Patient.objects.get(practice_id=practice_id, id=found.id).given_name == "Anew"


def _all_of(made: Any) -> Any:
    """All that a row carries, and the rows that came with it."""
    if not isinstance(made, Model):
        return made
    state = made._state
    values = {name: value for name, value in made.__dict__.items() if name != "_state"}
    beside = {name: _all_of(other) for name, other in state.fields_cache.items()}
    return type(made), values, state.adding, state.db, beside
