"""What the `action` wrapper promises: one transaction, refusals remembered, patience with those who are before us."""

import inspect
import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from patient_online.appointments.actions import book
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.booking import NotBooked
from patient_online.audit.actions import NEVER_ASKED, Busy, _attempt, _refused
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, acting_as
from patient_online.patients.actions import change_telephone
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7


@pytest.mark.django_db
def test_what_a_refused_action_wrote_is_undone_and_the_refusal_is_kept(now: datetime) -> None:
    practice = a_practice()
    acting = acting_as(a_patient_of(practice))
    with pytest.raises(Refused) as no:
        book(a_slot_of(practice, now), by=acting, key=uuid7(), at=now)
    assert not Appointment.objects.exists()
    entry = Entry.objects.get(event="appointment.booked")
    assert entry.refused_by == no.value.reason.rule == "appointments.booking.in_the_past"
    assert (entry.account_id, entry.patient_id) == (acting.account_id, acting.patient_id)


@pytest.mark.django_db
def test_who_was_refused_while_a_repeat_was_quicker_gets_its_answer(now: datetime) -> None:
    """Between the undoing and the recording, the same request came once more and found the slot free."""
    practice, key = a_practice(), uuid7()
    acting = acting_as(a_patient_of(practice))
    given: dict[str, Any] = {"slot": a_slot_of(practice, now.replace(hour=10)), "by": acting, "key": key, "at": now}
    made = book(**given)
    attempt = _attempt("appointment.booked", acting, given, {*NEVER_ASKED})
    no = Refused(NotBooked.JUST_TAKEN)
    assert _refused("appointment.booked", no, inspect.unwrap(book), given, attempt) == made
    assert [entry.refused_by for entry in Entry.objects.filter(event="appointment.booked")] == [""]


@pytest.mark.django_db
def test_an_action_inside_an_action_leaves_both_in_the_trail(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    acting = acting_as(patient)
    with transaction.atomic():
        change_telephone(patient, telephone="+447700900123", by=acting, at=now)
    assert Patient.objects.get(id=patient.id).telephone == "+447700900123"
    assert Entry.objects.filter(event="patient.telephone_changed").count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_who_waits_too_long_behind_others_is_told_so_and_nothing_has_changed(now: datetime) -> None:
    practice = a_practice()
    patient = a_patient_of(practice)
    acting, slot = acting_as(patient), a_slot_of(practice, now.replace(hour=10))
    held, done = threading.Event(), threading.Event()

    def hold_the_patient() -> None:
        with transaction.atomic():
            Patient.objects.select_for_update().get(practice=practice, id=patient.id)
            held.set()
            done.wait(30)
        connection.close()

    other = threading.Thread(target=hold_the_patient)
    other.start()
    held.wait(30)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '20ms'")
        with pytest.raises(Refused) as no:
            book(slot, by=acting, key=uuid7(), at=now)
    finally:
        done.set()
        other.join()
        connection.close()
    assert no.value.reason is Busy.TRY_AGAIN
    assert not Appointment.objects.exists()
    assert book(slot, by=acting, key=uuid7(), at=now).patient_id == patient.id


@pytest.mark.django_db
def test_a_refusal_given_again_under_its_key_is_told_to_be_in_the_trail_already(now: datetime) -> None:
    practice, key = a_practice(), uuid7()
    acting, slot = acting_as(a_patient_of(practice)), a_slot_of(practice, now)
    recorded: list[bool] = []
    for _ in range(2):
        with pytest.raises(Refused) as no:
            book(slot, by=acting, key=key, at=now)
        recorded.append(no.value.recorded)
    assert recorded == [True, True]
    assert Entry.objects.filter(refused_by=no.value.reason.rule).count() == 1
