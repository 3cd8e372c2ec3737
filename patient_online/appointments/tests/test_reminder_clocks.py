"""Reminders that are due in the hour that is missing in spring and doubled in autumn, at all eight changes to 2027."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from patient_online.appointments.tests.test_reminders import (
    CHANGES,
    booked_at,
    minutes_around,
    reminded_from,
    reminders_of,
    ticks,
)
from patient_online.appointments.tests.told import words_of
from patient_online.nhs.dates import from_wall_clock, time_text
from patient_online.practices.models import Practice

pytestmark = pytest.mark.django_db
AROUND_THE_TURN = (-60, -31, -1, 0, 1, 29, 59, 60)  # minutes from one o'clock in Greenwich


@pytest.mark.parametrize("hours", [(48, 3), (24, 1), (2, 72)], ids=str)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_what_is_due_in_the_missing_or_doubled_hour_comes_once_at_its_instant(
    practice: Practice, change: date, hours: tuple[int, int]
) -> None:
    """For each instant around the turn an appointment whose first reminder is due then, and one whose second is."""
    reminded_from(practice, *hours)
    turn = datetime.combine(change, time(1), UTC)
    starts = [turn + timedelta(minutes=n, hours=ahead) for n in AROUND_THE_TURN for ahead in hours]
    appointments = [booked_at(practice, at) for at in starts]
    for minute in minutes_around([at - timedelta(hours=ahead) for at in starts for ahead in hours]):
        ticks(minute)
    for appointment, at in zip(appointments, starts, strict=True):
        assert reminders_of(appointment) == [(n, at - timedelta(hours=ahead)) for n, ahead in enumerate(hours, 1)]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_reminder_across_the_change_says_the_time_that_the_clock_will_show(practice: Practice, change: date) -> None:
    starts_at = from_wall_clock(change, time(9))
    booked = booked_at(practice, starts_at)
    ticks(starts_at - timedelta(hours=48))
    told = words_of("appointment-reminder", booked, starts_at - timedelta(hours=48))
    assert told
    assert "at 9am" in told.subject
    assert time_text(starts_at) == "9am"
