"""What patients are told when they book, move and cancel, and that a stranger who reads it learns nothing of them."""

import re
from datetime import datetime, timedelta

import pytest

from patient_online.appointments.actions import book, cancel, rearrange
from patient_online.appointments.models import Slot
from patient_online.appointments.tests.told import all_of, kinds_about, words_of
from patient_online.asking import Acting
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    an_appointment,
    slots_in,
    the_maker,
)
from patient_online.nhs.appointments import Mode
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice, Site

pytestmark = pytest.mark.django_db
KINDS = ("appointment-booked", "appointment-moved", "appointment-reminder", "appointment-cancelled")


def test_who_books_moves_and_cancels_is_told_each_time_and_once(ann: Acting, slots: list[Slot], now: datetime) -> None:
    booked = book(slots[0], by=ann, key=None, at=now)
    assert kinds_about(booked) == [("appointment-booked", 0)]
    moved = rearrange(booked, to=slots[3], by=ann, key=None, at=now)
    assert kinds_about(moved) == [("appointment-moved", 0)]
    cancel(moved, by=ann, key=None, at=now)
    assert kinds_about(moved) == [("appointment-moved", 0), ("appointment-cancelled", 0)]
    assert kinds_about(booked) == [("appointment-booked", 0)]


def test_a_booking_is_told_with_day_time_place_reference_number_and_the_way_back(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    booked = book(slots[0], by=ann, key=None, at=now)
    words = words_of("appointment-booked", booked, now)
    assert words is not None
    assert words.subject == "Your appointment on Wednesday 4 March at 8am"
    assert words.paragraphs[0] == "You have an appointment on Wednesday 4 March 2026 at 8am."
    assert "Main building, 1 Example Street" in words.paragraphs[1]
    for said in ("\n".join(words.paragraphs), words.text):
        assert booked.reference in said
        assert "http://localhost:8000/cancel/" in said
        assert "01632 960 001" in said


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (Mode.TELEPHONE, "by telephone"),
        (Mode.VIDEO, "by video"),
        (Mode.HOME_VISIT, "at your home"),
        (Mode.IN_PERSON, "at Main building"),
    ],
)
def test_a_message_says_how_the_appointment_is(practice: Practice, now: datetime, mode: Mode, said: str) -> None:
    slot = a_slot_of(practice, now + timedelta(days=2), mode=mode)
    words = words_of("appointment-booked", an_appointment(slot, a_patient_of(practice)), now)
    assert words is not None
    assert said in words.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_who_reads_a_message_learns_neither_who_nor_whom_nor_why(kind: str, now: datetime) -> None:
    practice = a_practice(
        name="A Practice With a Name so Long that Nobody Would Ever Write All of It in a Text Message"
    )
    Site.objects.filter(practice=practice).update(name="The Building Behind the Other Building Beside the Old Mill")
    patient = a_patient_of(practice, title="Ms", given_name="Zebedee", family_name="Whatnot")
    label = a_slot_type(practice, name="FERT CLIN", label="Fertility clinic", guidance="Bring your scan")
    schedule = a_schedule(practice, now + timedelta(days=210), clinician=a_clinician_of(practice, job="Midwife"))
    slot = slots_in(schedule, kind=label, most=1)[0]
    appointment = an_appointment(slot, patient, reason="Secret worry", comment="Do not tell")
    words = words_of(kind, appointment, now)
    assert words is not None
    told = re.sub(r"/cancel/\S+", "", all_of(words).lower())
    hidden = [
        "zebedee",
        "whatnot",
        schedule.clinician.name,
        schedule.clinician.job,
        "fert",
        "scan",
        "worry",
        "not tell",
    ]
    assert [word for word in [*hidden, patient.nhs_number or "999"] if word.lower() in told] == []
    assert len(words.text) <= 306
    assert schedule.name.lower() not in told


def test_nothing_is_said_of_an_appointment_that_is_cancelled_moved_started_or_withdrawn(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    untold = [book(slots[0], by=ann, key=None, at=now), book(slots[2], by=ann, key=None, at=now)]
    cancel(untold[0], by=ann, key=None, at=now)
    moved = rearrange(untold[1], to=slots[4], by=ann, key=None, at=now)
    assert [words_of(kind, each, now) for each in untold for kind in KINDS[:3]] == [None] * 6
    assert words_of("appointment-moved", moved, moved.slot.starts_at - timedelta(seconds=1))
    assert words_of("appointment-moved", moved, moved.slot.starts_at) is None
    Slot.objects.filter(id=moved.slot_id).update(status=Slot.Status.WITHDRAWN)
    assert words_of("appointment-moved", moved, now) is None


def test_who_cancelled_is_told_so_until_the_time_of_the_appointment_and_not_after_it(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    """Messages may have been held back for a day."""
    cancelled = cancel(book(slots[0], by=ann, key=None, at=now), by=ann, key=None, at=now)
    starts_at = slots[0].starts_at
    assert words_of("appointment-cancelled", cancelled, starts_at - timedelta(seconds=1))
    assert words_of("appointment-cancelled", cancelled, starts_at) is None
    assert words_of("appointment-cancelled", cancelled, starts_at + timedelta(days=1)) is None


def test_a_move_tells_the_old_time_and_the_new_one(ann: Acting, slots: list[Slot], now: datetime) -> None:
    moved = rearrange(book(slots[0], by=ann, key=None, at=now), to=slots[3], by=ann, key=None, at=now)
    words = words_of("appointment-moved", moved, now)
    assert words is not None
    first = "Your appointment on Wednesday 4 March 2026 at 8am is moved. It is now on Wednesday 4 March 2026 at 8:30am."
    assert words.paragraphs[0] == first


def test_the_way_back_is_left_out_where_it_would_not_work(practice: Practice, now: datetime) -> None:
    booked = an_appointment(a_slot_of(practice, now + timedelta(days=2)), a_patient_of(practice))
    soon = now + timedelta(days=2, minutes=-29)
    for at in (now, soon):
        words = words_of("appointment-reminder", booked, at)
        assert words is not None
        assert ("/cancel/" in all_of(words)) == (at == now)
        assert "01632 960 001" in words.text
    set_policy(practice, name="cancel_online", value=False, by=the_maker(practice), at=now)
    words = words_of("appointment-reminder", booked, now)
    assert words is not None
    assert "/cancel/" not in all_of(words)
    assert "telephone your practice" in all_of(words)


def test_a_practice_without_a_number_is_named_without_one(now: datetime) -> None:
    practice = a_practice(telephone="")
    booked = an_appointment(a_slot_of(practice, now + timedelta(days=2)), a_patient_of(practice))
    words = words_of("appointment-booked", booked, now)
    assert words is not None
    assert words.paragraphs[-1] == practice.name
