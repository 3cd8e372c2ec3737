"""Who was reminded of a time that the practice then moved is reminded of the new one too, at its hour."""

from datetime import datetime, timedelta

import pytest
import time_machine

from patient_online.appointments import jobs
from patient_online.appointments.actions import move_session
from patient_online.appointments.models import Appointment, Schedule
from patient_online.appointments.rules.withdraw import Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.appointments.tests.told import words_of
from patient_online.demo.factories import a_clinician_of
from patient_online.notify.models import Message
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db
REMINDER = "appointment-reminder"
AHEAD = timedelta(hours=48)


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """Six times from 8am in a week."""
    return a_morning(now + timedelta(days=6))


def booked(morning: Morning) -> Appointment:
    return morning.booked(0, booked_at=morning.now - timedelta(days=30))


def ticks(at: datetime) -> None:
    """The worker's clock comes to this minute, and both jobs run."""
    with time_machine.travel(at, tick=False):
        jobs.remind(0)
        jobs.remind_late(0)


def moved(morning: Morning, at: datetime, by: timedelta = timedelta(0), **given: object) -> datetime:
    """The practice moves the session; when it starts now."""
    schedule = Schedule.objects.get()
    target = Target(
        schedule.starts_at + by,
        **{"clinician": schedule.clinician_id, "site": schedule.site_id, **given},  # type: ignore[arg-type]
    )
    morning.now = at
    move_session(schedule, to=target, shown=morning.shown(), reason=ILL, by=morning.rita, key=uuid7(), at=at)
    return target.starts_at


def reminded_at(appointment: Appointment) -> list[datetime]:
    rows = Message.objects.filter(about=appointment.id, kind=REMINDER).order_by("id")
    return list(rows.values_list("made_at", flat=True))


def test_after_a_move_of_fourteen_days_who_was_reminded_already_is_reminded_of_the_new_day(morning: Morning) -> None:
    appointment = booked(morning)
    old = morning.schedule.starts_at
    ticks(old - AHEAD)
    new = moved(morning, old - timedelta(hours=30), timedelta(days=14))
    for at in (old - timedelta(hours=29), new - AHEAD - timedelta(minutes=1), new - AHEAD, new - AHEAD):
        ticks(at)
    assert reminded_at(appointment) == [old - AHEAD, new - AHEAD]
    last = Message.objects.filter(about=appointment.id, kind=REMINDER).order_by("id").last()
    assert last
    assert words_of(REMINDER, appointment, new - AHEAD, part=last.part)


def test_each_move_has_its_own_reminder_even_back_to_the_first_day(morning: Morning) -> None:
    appointment = booked(morning)
    first = morning.schedule.starts_at
    ticks(first - AHEAD)
    new = moved(morning, first - timedelta(hours=47), timedelta(days=14))
    ticks(new - AHEAD)
    back = moved(morning, new - timedelta(hours=40), timedelta(days=7))
    ticks(back - AHEAD)
    assert reminded_at(appointment) == [first - AHEAD, new - AHEAD, back - AHEAD]


def test_a_reminder_of_the_old_day_that_still_waits_is_not_sent_once_the_session_is_moved(morning: Morning) -> None:
    appointment = booked(morning)
    old = morning.schedule.starts_at
    ticks(old - AHEAD)
    part = Message.objects.get(about=appointment.id, kind=REMINDER).part
    assert words_of(REMINDER, appointment, old - AHEAD, part=part)
    moved(morning, old - timedelta(hours=47), timedelta(days=14))
    assert words_of(REMINDER, appointment, old - timedelta(hours=46), part=part) is None


def test_who_was_told_of_the_move_after_the_hour_of_the_reminder_is_not_reminded_at_once(morning: Morning) -> None:
    """They have just been told: it is as if they had just booked."""
    appointment = booked(morning)
    old = morning.schedule.starts_at
    ticks(old - AHEAD)
    moved(morning, old - timedelta(hours=30), timedelta(minutes=30))
    ticks(old - timedelta(hours=29))
    assert reminded_at(appointment) == [old - AHEAD]


def test_who_only_gets_another_clinician_is_not_reminded_twice(morning: Morning) -> None:
    appointment = booked(morning)
    old = morning.schedule.starts_at
    ticks(old - AHEAD)
    moved(morning, old - timedelta(hours=47), clinician=a_clinician_of(morning.practice).id)
    ticks(old - timedelta(hours=46))
    assert reminded_at(appointment) == [old - AHEAD]
