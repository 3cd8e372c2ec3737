"""Desk and patients at the same slots at the same instant, on a real database with a connection each.

Each was seen to fail by hand. Without the lock on the slots, of ten receptionists some were given the same seat, which
the constraint refused, and those who lost a slot were told to try again. Without the condition in the update of the
marks, eight presses were noted eight times, and only a constraint kept who had arrived from being recorded as missing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from patient_online.appointments.actions import book, book_for, cancel, cancel_for, mark, rearrange_for
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.desk import Mark
from patient_online.appointments.tests.desk import TEN
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    acting_as,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.notify.models import Message
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from tests.at_once import at_once

# The application's role may not empty tables: the owner is named too, and cleans up after each test.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def answer_to(ask: Callable[[], Any]) -> str:
    """What came of it: done, or why not."""
    try:
        ask()
    except Refused as refused:
        return refused.reason.rule
    return "done"


def test_desk_and_patients_press_for_the_same_slot_at_once_and_one_gets_it() -> None:
    practice = a_practice()
    for day in range(1, 6):
        slot = a_slot_of(practice, TEN + timedelta(days=day))
        rita = staff_of(practice, Role.RECEPTIONIST)
        given: dict[str, Any] = {"at": TEN}
        online = [partial(book, slot, by=acting_as(a_patient_of(practice)), key=uuid7(), **given) for _ in range(5)]
        desk = [partial(book_for, slot, a_patient_of(practice), by=rita, key=uuid7(), **given) for _ in range(5)]
        told = Counter(at_once([partial(answer_to, ask) for ask in [*online, *desk]]))
        assert told["done"] == 1
        assert set(told) <= {"done", "appointments.booking.just_taken", "appointments.desk.taken"}
        assert Appointment.objects.filter(slot=slot).count() == 1


def test_ten_receptionists_add_extras_at_once_and_each_has_a_seat_of_its_own() -> None:
    practice = a_practice()
    slot = a_slot_of(practice, TEN + timedelta(days=1))
    an_appointment(slot, a_patient_of(practice))
    desks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(10)]
    given: dict[str, Any] = {"at": TEN, "extra_reason": "A baby with a fever"}
    asks = [partial(book_for, slot, a_patient_of(practice), by=rita, key=uuid7(), **given) for rita in desks]
    assert at_once([partial(answer_to, ask) for ask in asks]) == ["done"] * 10
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == list(range(1, 12))


def test_an_appointment_cancelled_by_the_patient_and_moved_by_the_desk_ends_in_one_of_both_ways() -> None:
    practice = a_practice()
    rita = staff_of(practice, Role.RECEPTIONIST)
    for day in range(1, 7):
        one, other = slots_in(a_schedule(practice, TEN + timedelta(days=day)), most=2)
        ann = acting_as(a_patient_of(practice))
        old = book(one, by=ann, key=uuid7(), at=TEN)
        both = [
            partial(answer_to, partial(cancel, Appointment.objects.get(id=old.id), by=ann, key=uuid7(), at=TEN)),
            partial(answer_to, partial(rearrange_for, old, to=other, by=rita, key=uuid7(), at=TEN)),
        ]
        answers = at_once(both)
        assert [answer.rpartition(".")[2] for answer in sorted(answers)] == ["already_cancelled", "done"]
        held = list(Appointment.objects.filter(patient_id=ann.patient_id, status="booked"))
        assert [row.slot_id for row in held] == ([other.id] if answers[1] == "done" else [])


def test_two_receptionists_cancel_at_once_and_the_patient_is_told_once() -> None:
    practice = a_practice()
    made = an_appointment(a_slot_of(practice, TEN + timedelta(days=1)), a_patient_of(practice))
    desks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(2)]
    asks = [partial(answer_to, partial(cancel_for, made, by=rita, key=uuid7(), at=TEN)) for rita in desks]
    assert sorted(at_once(asks)) == ["appointments.desk.already_cancelled", "done"]
    assert Message.objects.count() == 1


def test_two_receptionists_press_arrived_at_once_and_it_is_noted_once() -> None:
    practice = a_practice()
    slot = a_slot_of(practice, TEN)
    made = an_appointment(slot, a_patient_of(practice))
    desks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(8)]
    asks = [partial(answer_to, partial(mark, made.id, what=Mark.ARRIVED, by=rita, at=TEN)) for rita in desks]
    assert at_once(asks) == ["done"] * 8
    assert Entry.objects.filter(event="appointment.marked").count() == 1


def test_one_says_arrived_and_one_did_not_attend_at_once_and_nobody_who_is_there_is_missing() -> None:
    practice = a_practice()
    desks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(2)]
    for n in range(8):
        made = an_appointment(a_slot_of(practice, TEN - timedelta(minutes=n)), a_patient_of(practice))
        presses = zip(desks, (Mark.ARRIVED, Mark.DID_NOT_ATTEND), strict=True)
        asks = [partial(answer_to, partial(mark, made.id, what=what, by=rita, at=TEN)) for rita, what in presses]
        assert at_once(asks)[0] == "done"
        row = Appointment.objects.get(id=made.id)
        assert (row.arrived_at, row.outcome) == (TEN, "attended")
