"""What patients read when the practice withdraws or moves their appointment: true then, and nothing private."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine

from patient_online.appointments import actions
from patient_online.appointments.models import Appointment, BookingRule, Slot, WithdrawnAppointment
from patient_online.appointments.notices.withdrawn import MOVED_BY_PRACTICE, WITHDRAWN
from patient_online.appointments.rules.withdraw import Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.appointments.tests.told import words_of
from patient_online.demo.factories import an_appointment
from patient_online.notify.kinds import Kind, Words, kind_named
from patient_online.notify.models import Message
from patient_online.notify.tests.people import tried
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


def test_times_are_named_only_to_those_who_could_book_them_online(morning: Morning) -> None:
    """The kind is for women from 65 on, and opens a week ahead; both patients are told of the same withdrawal."""
    rule = {"least_age": 65, "sex": "female", "days_ahead": 7, "release_time": time(8)}
    BookingRule.objects.create(practice=morning.practice, type=morning.kind, **rule)
    morning.booked(0, patient=morning.patient(birth_date=date(1950, 1, 1), sex="female"))
    morning.booked(1, patient=morning.patient(birth_date=date(1950, 1, 1), sex="male"))
    morning.booked(2, patient=morning.patient(birth_date=date(1990, 1, 1), sex="female"))
    morning.another(morning.now + timedelta(days=7))
    morning.another(morning.now + timedelta(days=8))
    morning.withdraws()
    told = [all_of(WITHDRAWN.words(message, morning.now)) for message in Message.objects.order_by("id")]
    assert [("Free at the moment" in said, "Tuesday 10 March 2026" in said) for said in told] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    assert "Wednesday 11 March" not in told[0]


def test_a_time_at_which_the_patient_has_another_appointment_is_not_named(morning: Morning) -> None:
    patient = morning.patient()
    morning.booked(0, patient=patient)
    morning.another(morning.now + timedelta(days=2))
    elsewhere = morning.another(morning.now + timedelta(days=2, minutes=5))
    an_appointment(elsewhere[1], patient)  # from 8:15am to 8:25am
    morning.withdraws()
    said = all_of(worded(morning, WITHDRAWN))
    assert "Free at the moment: Thursday 5 March 2026 at 8am; Thursday 5 March 2026 at 8:05am;" in said
    for clashing in ("8:10am", "8:15am", "8:20am"):
        assert f"at {clashing}" not in said
    assert "8:25am" in said


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


def test_a_letter_names_no_times_that_are_gone_when_it_arrives(morning: Morning, settings: Any) -> None:
    """What is read at once names them; what is read days later says how to ask for them."""
    settings.NOTIFY_FOLDER = None
    settings.NOTIFY_SMTP_URL = settings.NOTIFY_GOVUK_KEY = ""
    morning.booked(0, patient=morning.patient(contact_by="letter"))
    morning.booked(1, patient=morning.patient(contact_by="none"))
    morning.another(morning.now + timedelta(days=2))
    with time_machine.travel(morning.now, tick=False):
        morning.withdraws()
        assert "Free at the moment" in all_of(worded(morning, WITHDRAWN))
        letter, inbox = (tried(each) for each in Message.objects.order_by("id"))
    assert {letter.status, inbox.status} == {"to-print", "inbox"}
    for body in (letter.body, inbox.body):
        assert "Free at the moment" not in body
        assert "To book another time, sign in at http://localhost:8000 or telephone us." in body


def test_an_email_names_the_times_that_are_free(morning: Morning, settings: Any, tmp_path: Path) -> None:
    settings.NOTIFY_FOLDER = tmp_path
    morning.booked(0, patient=morning.patient(by="email"))
    morning.another(morning.now + timedelta(days=2))
    with time_machine.travel(morning.now, tick=False):
        morning.withdraws()
        sent = tried(Message.objects.get())
    assert sent.status == "sent"
    assert "Free at the moment" in sent.body
    [file] = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert "Free at the moment" in file.read_text()


def test_a_text_carries_the_reference_as_email_and_letter_do(morning: Morning) -> None:
    appointment = morning.booked(0)
    moved(morning, timedelta(days=1))
    for kind in (MOVED_BY_PRACTICE, WITHDRAWN):
        words = worded(morning, kind)
        assert words
        assert f"Ref {appointment.reference}." in words.text
        assert len(words.text) <= 306
        if kind is MOVED_BY_PRACTICE:
            morning.withdraws()


def test_who_was_not_told_of_a_first_move_reads_of_the_time_that_they_know(morning: Morning) -> None:
    """Moved twice, and then withdrawn, before any message went out: the time in between means nothing to them."""
    morning.booked(0)
    moved(morning, timedelta(days=1))
    moved(morning, timedelta(days=1))
    said = all_of(worded(morning, MOVED_BY_PRACTICE))
    assert "on Wednesday 4 March 2026 at 8am. It is now on Friday 6 March 2026 at 8am" in said
    morning.withdraws()
    assert "cancelled your appointment on Wednesday 4 March at 8am" in all_of(worded(morning, WITHDRAWN))


def test_who_was_told_of_the_first_move_reads_of_the_time_that_it_gave_them(morning: Morning) -> None:
    morning.booked(0)
    moved(morning, timedelta(days=1))
    Message.objects.update(status="sent", settled_at=morning.now)
    moved(morning, timedelta(days=1))
    said = all_of(worded(morning, MOVED_BY_PRACTICE))
    assert "on Thursday 5 March 2026 at 8am. It is now on Friday 6 March 2026 at 8am" in said
    morning.withdraws()
    assert "cancelled your appointment on Thursday 5 March at 8am" in all_of(worded(morning, WITHDRAWN))


def test_a_cancelled_appointment_is_told_with_its_own_time_though_the_session_moved_before_it_was_sent(
    morning: Morning,
) -> None:
    """Cancelled at the desk; the session is moved, twice, while the message waits, and once before it was booked."""
    moved(morning, timedelta(hours=2))
    morning.now += timedelta(minutes=1)
    [slot, *_] = Slot.objects.order_by("starts_at")
    appointment = an_appointment(slot, morning.patient(), booked_at=morning.now)
    actions.cancel_for(appointment, by=morning.rita, key=uuid7(), at=morning.now)
    morning.now += timedelta(minutes=1)
    moved(morning, timedelta(days=1))
    moved(morning, timedelta(days=1))
    words = words_of("appointment-cancelled", appointment, morning.now)
    assert words is not None
    assert words.subject == "Your appointment on Wednesday 4 March at 10am is cancelled"
    assert "Friday" not in all_of(words)
    assert words_of("appointment-cancelled", appointment, morning.now + timedelta(days=1, hours=2)) is None
