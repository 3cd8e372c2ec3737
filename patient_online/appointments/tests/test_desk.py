"""What the desk does for a patient: books, moves, cancels, and adds one more on purpose."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from patient_online.appointments.actions import Words, book_for, cancel_for, rearrange_for
from patient_online.appointments.models import Appointment, Schedule, Slot
from patient_online.appointments.rules.desk import NotAtDesk
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment, staff_of, the_maker
from patient_online.nhs.appointments import Mode
from patient_online.notify.models import Message
from patient_online.patients.models import Patient
from patient_online.practices.actions import set_policy
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


@pytest.fixture
def femi(desk: Desk) -> Patient:
    """Another patient."""
    return a_patient_of(desk.practice, given_name="Femi", family_name="Whatnot")


def booked(desk: Desk, slot: Slot, whom: Patient, **given: Any) -> Appointment:
    """What Rita books, as the database has it."""
    made = book_for(slot, whom, **{"by": desk.rita, "key": uuid7(), "at": TEN, **given})
    return Appointment.objects.get(id=made.id)


def refused(desk: Desk, slot: Slot, whom: Patient, **given: Any) -> Refusal:
    """Why Rita cannot book it; nothing is changed."""
    before = list(Appointment.objects.order_by("id").values())
    with pytest.raises(Refused) as no:
        booked(desk, slot, whom, **given)
    assert list(Appointment.objects.order_by("id").values()) == before
    return no.value.reason


def test_the_desk_books_and_it_is_told_who_and_how(desk: Desk, femi: Patient) -> None:
    made = booked(desk, desk.tomorrow[0], femi, words=Words("A cough"))
    assert (made.patient_id, made.booked_by, made.booked_through) == (femi.id, desk.rita.account_id, "desk")
    assert (made.reason, made.seat, made.extra_reason) == ("A cough", 1, "")
    entry = Entry.objects.get(event="appointment.booked_at_desk")
    assert (entry.patient_id, entry.subject_id, entry.staff_id) == (femi.id, made.id, desk.rita.staff_id)
    message = Message.objects.get()
    assert (message.kind, message.about, message.patient_id) == ("appointment-booked", made.id, femi.id)


def test_no_limit_notice_release_or_word_that_binds_patients_binds_the_desk(desk: Desk, femi: Patient) -> None:
    set_policy(desk.practice, name="most_future_appointments", value=1, by=the_maker(desk.practice), at=TEN)
    set_policy(desk.practice, name="book_ahead_days", value=1, by=the_maker(desk.practice), at=TEN)
    far = a_slot_of(desk.practice, TEN + timedelta(days=90), online=False, release_at=TEN + timedelta(days=80))
    started = desk.today[1]
    for slot in (far, started, desk.tomorrow[0]):
        assert booked(desk, slot, femi).slot_id == slot.id


def test_a_taken_slot_is_refused_and_an_extra_with_a_reason_takes_the_next_seat(desk: Desk, femi: Patient) -> None:
    assert refused(desk, desk.today[0], femi) is NotAtDesk.TAKEN
    made = booked(desk, desk.today[0], femi, extra_reason="A baby with a fever")
    assert (made.seat, made.extra_reason) == (2, "A baby with a fever")
    third = booked(desk, desk.today[0], a_patient_of(desk.practice), extra_reason="One more")
    assert third.seat == 3
    entry = Entry.objects.get(event="appointment.booked_at_desk", subject_id=made.id)
    assert entry.details["extra"] is True


def test_an_extra_where_there_is_room_is_an_ordinary_booking(desk: Desk, femi: Patient) -> None:
    made = booked(desk, desk.today[3], femi, extra_reason="It was full a minute ago")
    assert (made.seat, made.extra_reason) == (1, "")


def test_an_extra_stays_while_the_first_is_cancelled_and_the_seat_is_not_given_twice(desk: Desk, femi: Patient) -> None:
    booked(desk, desk.today[0], femi, extra_reason="A baby with a fever")
    cancel_for(desk.appointment, by=desk.rita, key=uuid7(), at=TEN)
    assert refused(desk, desk.today[0], a_patient_of(desk.practice)) is NotAtDesk.TAKEN


def test_a_clash_is_warned_of_and_booked_only_knowingly(desk: Desk) -> None:
    at_once = a_slot_of(desk.practice, desk.today[0].starts_at)
    assert refused(desk, at_once, desk.robin) is NotAtDesk.CLASHES
    assert booked(desk, at_once, desk.robin, knows_of_clash=True).slot_id == at_once.id
    same = {"knows_of_clash": True, "extra_reason": "Twice"}
    assert refused(desk, desk.today[0], desk.robin, **same) is NotAtDesk.SAME_SLOT


@pytest.mark.parametrize("gone", [{"left_on": date(2026, 1, 1)}, {"died_on": date(2026, 1, 1)}])
def test_nobody_is_booked_who_is_not_registered_any_more(desk: Desk, gone: dict[str, date]) -> None:
    assert refused(desk, desk.today[3], a_patient_of(desk.practice, **gone)) is NotAtDesk.NOT_REGISTERED


def test_nothing_is_booked_in_what_was_withdrawn_or_on_a_day_that_is_over(desk: Desk, femi: Patient) -> None:
    yesterday = a_slot_of(desk.practice, TEN - timedelta(days=1))
    assert refused(desk, yesterday, femi) is NotAtDesk.DAY_IS_OVER
    Slot.objects.filter(id=desk.today[3].id).update(status=Slot.Status.WITHDRAWN)
    assert refused(desk, desk.today[3], femi) is NotAtDesk.WITHDRAWN
    Schedule.objects.filter(id=desk.tomorrow[0].schedule_id).update(withdrawn_at=TEN, withdrawn_by=uuid7())
    assert refused(desk, desk.tomorrow[0], femi) is NotAtDesk.WITHDRAWN


def test_a_long_appointment_takes_the_slots_that_follow(desk: Desk, femi: Patient) -> None:
    made = booked(desk, desk.tomorrow[0], femi, length=3)
    rows = Appointment.objects.filter(patient=femi).order_by("slot__starts_at")
    assert [row.slot_id for row in rows] == [slot.id for slot in desk.tomorrow[:3]]
    assert [row.continues_id for row in rows] == [None, made.id, made.id]
    assert refused(desk, desk.tomorrow[5], a_patient_of(desk.practice), length=2) is NotAtDesk.NOT_TOGETHER


def test_pressed_again_under_its_key_it_is_one_appointment(desk: Desk, femi: Patient) -> None:
    key = uuid7()
    first = booked(desk, desk.tomorrow[0], femi, key=key)
    assert booked(desk, desk.tomorrow[0], femi, key=key) == first
    assert Appointment.objects.filter(patient=femi).count() == 1
    with pytest.raises(Refused):
        booked(desk, desk.tomorrow[0], desk.robin, key=key)


def test_the_desk_moves_an_appointment_and_the_patient_keeps_their_words(desk: Desk) -> None:
    Slot.objects.filter(id=desk.tomorrow[2].id).update(mode=Mode.TELEPHONE)
    to = Slot.objects.get(id=desk.tomorrow[2].id)
    moved = rearrange_for(desk.appointment, to=to, by=desk.rita, key=uuid7(), at=TEN)
    old = desk.row()
    assert (old.status, old.cancel_reason, old.cancelled_through) == ("cancelled", "moved", "desk")
    assert (moved.moved_from_id, moved.slot_id, moved.contact_telephone) == (old.id, to.id, "+447700900982")
    assert Message.objects.get().kind == "appointment-moved"


def test_a_move_to_a_taken_time_leaves_the_old_appointment(desk: Desk, femi: Patient) -> None:
    an_appointment(desk.tomorrow[0], femi)
    with pytest.raises(Refused) as no:
        rearrange_for(desk.appointment, to=desk.tomorrow[0], by=desk.rita, key=uuid7(), at=TEN)
    assert no.value.reason is NotAtDesk.TAKEN
    assert desk.row().status == "booked"
    assert not Message.objects.exists()


def test_the_desk_cancels_after_every_cut_off_until_the_day_is_over(desk: Desk) -> None:
    made = cancel_for(desk.appointment, by=desk.rita, key=uuid7(), at=TEN, reason="better")
    assert (made.status, made.cancelled_by, made.cancelled_through) == ("cancelled", desk.rita.account_id, "desk")
    assert Message.objects.get().kind == "appointment-cancelled"
    with pytest.raises(Refused) as no:
        cancel_for(desk.appointment, by=desk.rita, key=uuid7(), at=TEN)
    assert no.value.reason is NotAtDesk.ALREADY_CANCELLED
    yesterday = an_appointment(a_slot_of(desk.practice, TEN - timedelta(days=1)), desk.robin)
    with pytest.raises(Refused) as no:
        cancel_for(yesterday, by=desk.rita, key=uuid7(), at=TEN)
    assert no.value.reason is NotAtDesk.DAY_IS_OVER


@pytest.mark.parametrize("known", [{"arrived_at": TEN, "outcome": "attended"}, {"outcome": "dna"}])
def test_who_came_or_did_not_attend_is_not_cancelled(desk: Desk, known: dict[str, Any]) -> None:
    Appointment.objects.filter(id=desk.appointment.id).update(**known)
    with pytest.raises(Refused) as no:
        cancel_for(desk.appointment, by=desk.rita, key=uuid7(), at=TEN)
    assert no.value.reason is NotAtDesk.HAS_COME


def test_nobody_books_for_a_patient_of_another_practice_or_without_a_role(desk: Desk, now: datetime) -> None:
    stranger = a_patient_of(a_practice())
    assert refused(desk, desk.tomorrow[0], stranger) is NotAllowed.OTHER_PRACTICE
    dispenser = staff_of(desk.practice, Role.DISPENSER)
    assert refused(desk, desk.tomorrow[0], desk.robin, by=dispenser) is NotAllowed.ROLE_NEEDED
    theirs = a_slot_of(a_practice(), now + timedelta(days=1))
    assert refused(desk, theirs, desk.robin) is NotAtDesk.WITHDRAWN


def test_words_that_are_too_long_are_refused_not_cut_at_the_desk_too(desk: Desk, femi: Patient) -> None:
    for given in ({"words": Words("a" * 101)}, {"words": Words("", "a" * 501)}, {"extra_reason": "a" * 201}):
        assert refused(desk, desk.tomorrow[0], femi, **given).rule == "appointments.booking.too_long"
