"""What patients read when the practice withdraws or moves their appointment: true then, and nothing private."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from patient_online.appointments import actions
from patient_online.appointments.models import Appointment, Slot, WithdrawnAppointment
from patient_online.appointments.notices.withdrawn import MOVED_BY_PRACTICE, WITHDRAWN
from patient_online.appointments.rules_withdraw import Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.demo.factories import an_appointment
from patient_online.notify.kinds import Kind, Words, kind_named
from patient_online.notify.models import Message
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """Six times tomorrow from 8am."""
    return a_morning(now)


def worded(morning: Morning, kind: Kind, at: datetime | None = None) -> Words | None:
    """What the latest message of the kind would say now."""
    message = Message.objects.filter(kind=kind.name).order_by("-id")[0]
    return kind.words(message, at or morning.now)


def all_of(words: Words | None) -> str:
    assert words
    return "\n".join([words.subject, *words.paragraphs, words.text])


def moved(morning: Morning, by: timedelta) -> None:
    schedule = type(morning.schedule).objects.get()
    target = Target(schedule.starts_at + by, schedule.clinician_id, schedule.site_id)
    given: dict[str, Any] = {
        "shown": morning.shown(),
        "reason": ILL,
        "by": morning.rita,
        "key": uuid7(),
        "at": morning.now,
    }
    actions.move_session(schedule, to=target, words="The heating failed.", **given)


def test_both_kinds_are_known_and_must_reach_the_patient() -> None:
    for kind in (WITHDRAWN, MOVED_BY_PRACTICE):
        assert kind_named(kind.name) is kind
        assert kind.must_reach


def test_a_withdrawn_appointment_is_told_with_its_time_the_practice_s_words_and_times_that_are_free(
    morning: Morning,
) -> None:
    morning.booked(0, reason="A private matter")
    free = morning.another(morning.now + timedelta(days=2))
    morning.withdraws(words="The heating failed.")
    said = all_of(worded(morning, WITHDRAWN))
    assert "Your practice has cancelled your appointment on Wednesday 4 March at 8am" in said
    assert "The heating failed." in said
    assert "Free at the moment: Thursday 5 March 2026 at 8am; Thursday 5 March 2026 at 8:10am;" in said
    assert "01632 960 001" in said
    assert "http://localhost:8000" in said
    an_appointment(free[0], morning.patient())
    assert "Thursday 5 March 2026 at 8am;" not in all_of(worded(morning, WITHDRAWN))


def test_nothing_private_is_told(morning: Morning) -> None:
    """Neither name, clinician, kind of appointment nor what staff wrote as the reason."""
    patient = morning.patient(given_name="Robin", family_name="Testperson")
    morning.booked(0, reason="A private matter", comment="Quite so", patient=patient)
    morning.booked(1)
    morning.withdraws(words="Sorry.")
    said = all_of(worded(morning, WITHDRAWN))
    for private in ("Robin", "Testperson", "Ada", "Exampleby", "private", "Quite so", ILL, "RAW-NAME", "with a GP"):
        assert private not in said


def test_a_moved_appointment_is_told_with_both_times(morning: Morning) -> None:
    morning.booked(0)
    moved(morning, timedelta(days=1))
    said = all_of(worded(morning, MOVED_BY_PRACTICE))
    assert "Wednesday 4 March 2026 at 8am. It is now on Thursday 5 March 2026 at 8am" in said
    assert "The heating failed." in said
    assert "Main building" in said


def test_a_message_that_is_not_true_any_more_is_not_sent(morning: Morning) -> None:
    """A time that has passed; a move that was followed by another one, or by the patient's cancelling."""
    appointment = morning.booked(0)
    moved(morning, timedelta(days=1))
    first = Message.objects.get()
    moved(morning, timedelta(days=1))
    assert MOVED_BY_PRACTICE.words(first, morning.now) is None
    assert worded(morning, MOVED_BY_PRACTICE)
    assert worded(morning, MOVED_BY_PRACTICE, morning.now + timedelta(days=9)) is None
    morning.withdraws()
    assert worded(morning, MOVED_BY_PRACTICE) is None
    assert worded(morning, WITHDRAWN)
    assert worded(morning, WITHDRAWN, morning.now + timedelta(days=9)) is None
    assert Appointment.objects.get(id=appointment.id).cancel_reason == "withdrawn"


def test_it_stays_true_that_it_was_cancelled_when_the_session_is_put_back(morning: Morning) -> None:
    morning.booked(0)
    morning.withdraws()
    actions.put_back(morning.schedule, by=morning.rita, key=uuid7(), at=morning.now)
    assert Slot.objects.filter(status="open").count() == 6
    assert worded(morning, WITHDRAWN)


def test_a_message_about_what_there_is_not_says_nothing(morning: Morning) -> None:
    morning.booked(0)
    morning.withdraws()
    message = Message.objects.get()
    message.about = UUID(int=7)
    assert not WithdrawnAppointment.objects.filter(id=message.about).exists()
    assert WITHDRAWN.words(message, morning.now) is None
    assert MOVED_BY_PRACTICE.words(message, morning.now) is None
