"""Pressing twice, or sending again after the line broke, books one appointment and gives one answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from patient_online.appointments.actions import Words, book, cancel, rearrange
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import appointments_of
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.asking import Acting
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_schedule, acting_as, slots_in
from patient_online.patients.models import Patient
from patient_online.practices.models import PolicySetting, Practice
from patient_online.refusals import KeyUsedForAnother, Refused
from patient_online.storage.ids import uuid7
from patient_online.storage.models import IdempotentRequest


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice with appointments online."""
    return a_practice()


@pytest.fixture
def ann(practice: Practice) -> Acting:
    """A patient of it."""
    return acting_as(a_patient_of(practice))


@pytest.fixture
def slots(practice: Practice, now: datetime) -> list[Slot]:
    """Three free slots of tomorrow morning."""
    return slots_in(a_schedule(practice, now + timedelta(days=1)), most=3)


@pytest.fixture
def key() -> UUID:
    """The key that the page carries."""
    return uuid7()


def booked() -> int:
    """How many appointments are booked."""
    return Appointment.objects.filter(status="booked").count()


def recorded(event: str) -> int:
    """How many entries the trail has of this."""
    return Entry.objects.filter(event=event).count()


def test_booking_twice_with_one_key_books_once(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    first = book(slots[0], by=ann, key=key, at=now)
    again = book(slots[0], by=ann, key=key, at=now + timedelta(minutes=5))
    assert again.id == first.id
    assert (booked(), recorded("appointment.booked")) == (1, 1)


def test_booking_twice_with_two_keys_is_two_wishes(ann: Acting, slots: list[Slot], now: datetime) -> None:
    book(slots[0], by=ann, key=uuid7(), at=now)
    book(slots[1], by=ann, key=uuid7(), at=now)
    assert booked() == 2


def test_cancelling_twice_with_one_key_cancels_once(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    appointment = appointments_of(ann).get(id=book(slots[0], by=ann, key=uuid7(), at=now).id)
    first = cancel(appointment, by=ann, key=key, at=now, reason="better")
    again = cancel(appointment, by=ann, key=key, at=now, reason="better")
    assert first.id == again.id
    assert again.status == Appointment.Status.CANCELLED
    assert recorded("appointment.cancelled") == 1


def test_cancelling_twice_with_two_keys_is_refused(ann: Acting, slots: list[Slot], now: datetime) -> None:
    appointment = appointments_of(ann).get(id=book(slots[0], by=ann, key=uuid7(), at=now).id)
    cancel(appointment, by=ann, key=uuid7(), at=now)
    with pytest.raises(Refused) as refused:
        cancel(appointment, by=ann, key=uuid7(), at=now)
    assert refused.value.reason is NotCancelled.ALREADY_CANCELLED


def test_moving_twice_with_one_key_moves_once(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    appointment = appointments_of(ann).get(id=book(slots[0], by=ann, key=uuid7(), at=now).id)
    first = rearrange(appointment, to=slots[1], by=ann, key=key, at=now)
    again = rearrange(appointment, to=slots[1], by=ann, key=key, at=now)
    assert first.id == again.id
    assert again.slot_id == slots[1].id
    assert (booked(), recorded("appointment.moved")) == (1, 1)


@pytest.mark.parametrize("another", ["slot", "words", "action"])
def test_the_same_key_for_something_else_is_refused(
    another: str, ann: Acting, slots: list[Slot], key: UUID, now: datetime
) -> None:
    appointment = book(slots[0], by=ann, key=key, at=now)
    ask: dict[str, Callable[[], Any]] = {
        "slot": lambda: book(slots[1], by=ann, key=key, at=now),
        "words": lambda: book(slots[0], by=ann, key=key, at=now, words=Words("A cough")),
        "action": lambda: cancel(appointment, by=ann, key=key, at=now),
    }
    with pytest.raises(KeyUsedForAnother):
        ask[another]()
    assert (booked(), recorded("appointment.cancelled")) == (1, 0)


def test_the_same_key_for_another_patient_is_refused(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    book(slots[0], by=ann, key=key, at=now)
    child = replace(ann, patient_id=a_patient_of(slots[0].practice).id)
    with pytest.raises(KeyUsedForAnother):
        book(slots[0], by=child, key=key, at=now)


def test_a_refusal_is_given_again_though_the_slot_is_free_by_then(
    ann: Acting, slots: list[Slot], key: UUID, now: datetime
) -> None:
    bob = acting_as(a_patient_of(slots[0].practice))
    taken = appointments_of(bob).get(id=book(slots[0], by=bob, key=uuid7(), at=now).id)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            book(slots[0], by=ann, key=key, at=now)
        assert refused.value.reason is NotBooked.JUST_TAKEN
        if taken.status == Appointment.Status.BOOKED:
            cancel(taken, by=bob, key=uuid7(), at=now)
    assert Entry.objects.filter(refused_by="appointments.booking.just_taken").count() == 1
    assert book(slots[0], by=ann, key=uuid7(), at=now).patient_id == ann.patient_id


def test_a_refusal_given_again_names_the_same_facts(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    limit = {"name": "most_future_appointments", "value": 1, "set_at": now}
    PolicySetting.objects.create(practice=slots[0].practice, **limit)
    ann = replace(ann, policies=None)
    book(slots[0], by=ann, key=uuid7(), at=now)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            book(slots[1], by=ann, key=key, at=now)
        assert (refused.value.reason, refused.value.facts) == (NotBooked.LIMIT_REACHED, {"limit": 1})


def test_two_people_may_happen_on_the_same_key(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    bob = acting_as(a_patient_of(slots[0].practice))
    book(slots[0], by=ann, key=key, at=now)
    book(slots[1], by=bob, key=key, at=now)
    assert booked() == 2


def test_a_try_that_broke_leaves_the_key_free(ann: Acting, slots: list[Slot], key: UUID, now: datetime) -> None:
    nobody = replace(ann, patient_id=UUID(int=1))
    with pytest.raises(Patient.DoesNotExist):
        book(slots[0], by=nobody, key=key, at=now)
    assert not IdempotentRequest.objects.filter(key=key).exists()
    assert book(slots[0], by=ann, key=key, at=now)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_one_request_sent_eight_times_at_once_has_one_effect_and_one_answer(now: datetime) -> None:
    practice = a_practice()
    ann, slot = acting_as(a_patient_of(practice)), slots_in(a_schedule(practice, now + timedelta(days=1)), most=1)[0]
    key, ready = uuid7(), Barrier(8)
    answers: list[UUID] = []

    def send() -> None:
        try:
            ready.wait()
            answers.append(book(slot, by=ann, key=key, at=now).id)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert (booked(), recorded("appointment.booked")) == (1, 1)
