"""What a patient can do to an appointment, on a real database through the application's role."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from patient_online.appointments.actions import Words, book, cancel, rearrange, show_red_flags
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.tests.asked import done, free, refused, the_trail
from patient_online.asking import Acting
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_slot_of, acting_as, an_appointment
from patient_online.nhs.appointments import Mode
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7


def test_a_patient_books_a_slot_and_the_trail_says_so_once(ann: Acting, slots: list[Slot], now: datetime) -> None:
    made = done(book, slots[0], by=ann, at=now, words=Words("A cough", "I use a wheelchair"), red_flags_seen_at=now)
    assert (made.slot_id, made.patient_id, made.status) == (slots[0].id, ann.patient_id, "booked")
    assert (made.booked_at, made.booked_by, made.booked_through) == (now, ann.account_id, "online")
    assert (made.reason, made.comment, made.red_flags_seen_at) == ("A cough", "I use a wheelchair", now)
    assert the_trail() == [("appointment.booked", "")]
    entry = Entry.objects.get(event="appointment.booked")
    assert (entry.patient_id, entry.account_id, entry.subject_id) == (ann.patient_id, ann.account_id, made.id)
    assert "cough" not in str(entry.details)


def test_a_refusal_leaves_one_entry_and_nothing_else(ann: Acting, slots: list[Slot], now: datetime) -> None:
    an_appointment(slots[0], a_patient_of(slots[0].practice))
    assert refused(book, slots[0], by=ann, at=now) is NotBooked.JUST_TAKEN
    assert the_trail() == [("appointment.booked", "appointments.booking.just_taken")]
    assert Entry.objects.get(event="appointment.booked").subject_id == slots[0].id


def test_showing_the_signs_of_an_emergency_is_remembered(ann: Acting, slots: list[Slot], now: datetime) -> None:
    show_red_flags(slots[0], by=ann, at=now)
    assert the_trail() == [("appointment.red_flags_shown", "")]


def test_the_limit_counts_only_booked_appointments_to_come(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    patient = Patient.objects.get(id=ann.patient_id)
    for days in (2, 3, 4):
        an_appointment(a_slot_of(practice, now - timedelta(days=days)), patient)
    cancelled = {"status": "cancelled", "cancelled_at": now, "cancelled_by": uuid7(), "cancelled_through": "online"}
    an_appointment(slots[5], patient, **cancelled)
    done(book, slots[0], by=ann, at=now)
    done(book, slots[1], by=ann, at=now)
    assert refused(book, slots[2], by=ann, at=now) is NotBooked.LIMIT_REACHED


def test_a_double_appointment_counts_once_takes_both_slots_and_frees_both(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    first = done(book, slots[0], by=ann, at=now, length=2)
    assert free(ann, now) == slots[2:]
    assert list(first.continued_by.values_list("slot_id", flat=True)) == [slots[1].id]
    second = done(book, slots[3], by=ann, at=now)
    assert refused(book, slots[5], by=ann, at=now) is NotBooked.LIMIT_REACHED
    cancel(first, by=ann, key=uuid7(), at=now)
    assert Appointment.objects.filter(status="booked").get() == second
    assert free(ann, now) == [*slots[:3], *slots[4:]]


def test_a_double_appointment_moves_whole(ann: Acting, slots: list[Slot], now: datetime) -> None:
    old = done(book, slots[0], by=ann, at=now, length=2)
    new = done(rearrange, old, to=slots[3], by=ann, at=now)
    assert set(Appointment.objects.filter(status="booked").values_list("slot_id", flat=True)) == {
        slots[3].id,
        slots[4].id,
    }
    assert new.continued_by.get().slot_id == slots[4].id
    assert free(ann, now) == [*slots[:3], slots[5]]


def test_a_double_appointment_is_refused_where_the_next_slot_is_taken_or_of_another_kind(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    an_appointment(slots[1], a_patient_of(practice))
    assert refused(book, slots[0], by=ann, at=now, length=2) is NotBooked.NOT_TOGETHER
    assert refused(book, slots[1], by=ann, at=now, length=2) is NotBooked.JUST_TAKEN
    Slot.objects.filter(id=slots[3].id).update(mode=Mode.HOME_VISIT)
    assert refused(book, slots[2], by=ann, at=now, length=2) is NotBooked.NOT_TOGETHER
    assert refused(book, slots[5], by=ann, at=now, length=2) is NotBooked.NOT_TOGETHER
    assert refused(book, slots[4], by=ann, at=now, length=3) is NotBooked.NOT_TOGETHER


def test_moving_takes_the_new_slot_frees_the_old_one_and_links_them(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    old = done(book, slots[0], by=ann, at=now, words=Words("A cough"))
    new = done(rearrange, old, to=slots[1], by=ann, at=now + timedelta(minutes=5))
    old.refresh_from_db()
    assert (new.moved_from, new.slot_id, new.reason) == (old, slots[1].id, "A cough")
    assert (old.status, old.cancelled_by, old.cancel_reason) == ("cancelled", ann.account_id, "moved")
    assert free(ann, now) == [slots[0], *slots[2:]]
    assert the_trail() == [("appointment.booked", ""), ("appointment.moved", "")]


def test_what_is_freed_is_as_a_plain_update_would_leave_it(ann: Acting, slots: list[Slot], now: datetime) -> None:
    """Both rows of a double appointment; the statement is written by hand."""
    first = done(book, slots[0], by=ann, at=now, length=2)
    change = {"status": "cancelled", "cancelled_at": now, "cancelled_by": ann.account_id, "cancelled_through": "online"}
    rows = Appointment.objects.filter(practice_id=ann.practice_id).order_by("slot__starts_at")
    with transaction.atomic():
        assert rows.order_by().update(**change, cancel_reason="better") == 2
        plain = list(rows.values())
        transaction.set_rollback(True)
    done(cancel, first, by=ann, at=now, reason="better")
    assert list(rows.values()) == plain


def test_who_has_reached_the_limit_can_still_move(ann: Acting, slots: list[Slot], now: datetime) -> None:
    """Also where the practice has lowered the limit since, or booked more for the patient itself."""
    old = done(book, slots[0], by=ann, at=now)
    done(book, slots[1], by=ann, at=now)
    strict = replace(ann, policies={"most_future_appointments": 1})
    assert done(rearrange, old, to=slots[2], by=strict, at=now).slot_id == slots[2].id


def test_a_move_inside_the_cut_off_is_refused_whole(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    soon = an_appointment(a_slot_of(practice, now + timedelta(minutes=29)), Patient.objects.get(id=ann.patient_id))
    assert refused(rearrange, soon, to=slots[0], by=ann, at=now) is NotCancelled.TOO_LATE
    assert free(ann, now) == slots
    assert the_trail() == [("appointment.moved", "appointments.cancel.too_late")]


@pytest.mark.parametrize(("minutes", "refusal"), [(29, NotCancelled.TOO_LATE), (30, None), (31, None)])
def test_a_patient_cancels_until_thirty_minutes_before(
    practice: Practice, ann: Acting, now: datetime, minutes: int, refusal: NotCancelled | None
) -> None:
    slot = a_slot_of(practice, now + timedelta(minutes=minutes))
    appointment = an_appointment(slot, Patient.objects.get(id=ann.patient_id))
    if refusal:
        assert refused(cancel, appointment, by=ann, at=now) is refusal
    else:
        assert done(cancel, appointment, by=ann, at=now).status == "cancelled"


def test_a_move_that_is_refused_leaves_the_old_appointment(ann: Acting, slots: list[Slot], now: datetime) -> None:
    old = done(book, slots[0], by=ann, at=now)
    an_appointment(slots[1], a_patient_of(slots[0].practice))
    assert refused(rearrange, old, to=slots[1], by=ann, at=now) is NotBooked.JUST_TAKEN
    assert refused(rearrange, old, to=slots[0], by=ann, at=now) is NotBooked.CLASHES


def test_a_cancelled_slot_is_free_for_the_next_patient(ann: Acting, slots: list[Slot], now: datetime) -> None:
    made = done(book, slots[0], by=ann, at=now)
    gone = done(cancel, made, by=ann, at=now, reason="better")
    assert (gone.cancelled_at, gone.cancelled_by, gone.cancelled_through) == (now, ann.account_id, "online")
    assert gone.cancel_reason == "better"
    bob = acting_as(a_patient_of(slots[0].practice))
    assert slots[0] in free(bob, now)
    assert done(book, slots[0], by=bob, at=now).patient_id == bob.patient_id
    assert Appointment.objects.filter(slot_id=slots[0].id).count() == 2


def test_an_appointment_is_not_cancelled_or_moved_twice_though_the_page_is_old(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    seen = done(book, slots[0], by=ann, at=now)
    done(cancel, Appointment.objects.get(id=seen.id), by=ann, at=now)
    assert seen.status == "booked"
    assert refused(cancel, seen, by=ann, at=now) is NotCancelled.ALREADY_CANCELLED
    assert refused(rearrange, seen, to=slots[1], by=ann, at=now) is NotCancelled.ALREADY_CANCELLED


def test_the_same_slot_in_a_second_tab_is_the_patients_own_not_somebody_elses(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    done(book, slots[0], by=ann, at=now)
    assert refused(book, slots[0], by=ann, at=now) is NotBooked.CLASHES


def test_an_appointment_at_the_same_time_with_somebody_else_clashes(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    done(book, slots[0], by=ann, at=now)
    elsewhere = a_slot_of(practice, slots[0].starts_at + timedelta(minutes=5))
    assert refused(book, elsewhere, by=ann, at=now) is NotBooked.CLASHES
    next_door = a_slot_of(practice, slots[0].ends_at)
    assert done(book, next_door, by=ann, at=now).slot_id == next_door.id


def test_words_that_are_too_long_are_refused_not_cut(ann: Acting, slots: list[Slot], now: datetime) -> None:
    assert refused(book, slots[0], by=ann, at=now, words=Words("x" * 101)) is NotBooked.TOO_LONG
    assert len(done(book, slots[0], by=ann, at=now, words=Words("x" * 100)).reason) == 100
