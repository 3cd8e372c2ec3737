"""A session goes only where a template could have made it: no closed day, not past midnight, on a whole minute."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from patient_online.appointments.actions import move_session, put_back
from patient_online.appointments.models import Absence, Schedule
from patient_online.appointments.rules.withdraw import NotWithdrawn, Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Closure
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """An hour tomorrow from 8am."""
    return a_morning(now)


def moves(morning: Morning, by: timedelta) -> None:
    schedule = morning.schedule
    target = Target(schedule.starts_at + by, schedule.clinician_id, schedule.site_id)
    given: dict[str, Any] = {"shown": morning.shown(), "reason": ILL, "by": morning.rita, "at": morning.now}
    move_session(schedule, to=target, key=uuid7(), **given)


def closed_on(morning: Morning, day: date) -> None:
    given = {"words": "Training", "entered_at": morning.now, "entered_by": uuid7()}
    Closure.objects.create(practice=morning.practice, from_day=day, to_day=day, **given)


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (timedelta(days=3), "CLOSED"),
        (timedelta(hours=15, minutes=1), "PAST_MIDNIGHT"),
        (timedelta(seconds=1), "NOT_A_MINUTE"),
        (timedelta(hours=1, microseconds=1), "NOT_A_MINUTE"),
    ],
)
def test_an_address_made_by_hand_moves_no_session_where_no_template_would_make_one(
    morning: Morning, by: timedelta, reason: str
) -> None:
    closed_on(morning, local_day(morning.schedule.starts_at + timedelta(days=3)))
    with pytest.raises(Refused) as refused:
        moves(morning, by)
    assert refused.value.reason is NotWithdrawn[reason]
    assert Schedule.objects.get().starts_at == morning.schedule.starts_at


def test_a_session_may_end_at_midnight(morning: Morning) -> None:
    moves(morning, timedelta(hours=15))
    assert Schedule.objects.get().starts_at == morning.schedule.starts_at + timedelta(hours=15)


def test_a_closure_that_was_taken_back_closes_no_day(morning: Morning) -> None:
    closed_on(morning, local_day(morning.schedule.starts_at + timedelta(days=3)))
    Closure.objects.update(taken_back_at=morning.now, taken_back_by=uuid7())
    moves(morning, timedelta(days=3))
    assert Schedule.objects.get().starts_at == morning.schedule.starts_at + timedelta(days=3)


@pytest.mark.parametrize("reason", ["CLOSED", "AWAY"])
def test_a_session_is_not_put_back_while_the_practice_is_closed_or_the_clinician_away(
    morning: Morning, reason: str
) -> None:
    day = local_day(morning.schedule.starts_at)
    morning.withdraws()
    if reason == "CLOSED":
        closed_on(morning, day)
    else:
        given = {"clinician": morning.doctor, "entered_at": morning.now, "entered_by": uuid7()}
        Absence.objects.create(practice=morning.practice, from_day=day, to_day=day, **given)
    with pytest.raises(Refused) as refused:
        put_back(morning.schedule, by=morning.rita, key=uuid7(), at=morning.now)
    assert refused.value.reason is NotWithdrawn[reason]
    assert Schedule.objects.get().withdrawn_at
