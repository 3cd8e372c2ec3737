"""The last that may be and the first that may not: how long a session is, how many slots it has, and which days."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from patient_online.appointments.rules.sessions import Calendar, LeftOut, Part, Plan, planned_days
from patient_online.appointments.rules.templates import (
    AWAY_AHEAD_DAYS,
    LONGEST_SESSION,
    MOST_SLOTS_IN_ALL,
    NotAway,
    NotMade,
    why_not_away,
    why_not_plan,
    why_not_stop,
)
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.nhs.stretches import Stretch

GP, TODAY, DAY, MINUTE = UUID(int=1), date(2026, 3, 3), timedelta(days=1), timedelta(minutes=1)


def why_not(*parts: Part, starts: time = time(8), first: date = TODAY) -> NotMade | None:
    """Why there can be no such session every Tuesday, or None."""
    plan = Plan("Surgery", UUID(int=2), UUID(int=3), starts, parts, Pattern(Kind.WEEKLY, first, None, (2,)))
    return why_not_plan(plan, worded={GP: True}, today=TODAY)


def test_a_session_of_fourteen_hours_may_be_and_one_of_a_minute_more_may_not() -> None:
    assert LONGEST_SESSION == 14 * 60
    assert why_not(Part(60, 14, GP)) is None
    assert why_not(Part(60, 14, GP), Part(1)) is NotMade.TOO_LONG


def test_a_session_may_have_two_hundred_slots_and_breaks_are_none() -> None:
    assert MOST_SLOTS_IN_ALL == 200
    assert why_not(Part(2, 100, GP), Part(2, 100, GP)) is None
    assert why_not(Part(2, 100, GP), Part(2, 100, GP), Part(2, 60)) is None
    assert why_not(Part(2, 100, GP), Part(2, 101, GP)) is NotMade.TOO_MANY


def test_a_session_may_end_at_midnight_and_not_a_minute_later() -> None:
    assert why_not(Part(30, 3, GP), starts=time(22, 30)) is None
    assert why_not(Part(30, 3, GP), starts=time(22, 31)) is NotMade.PAST_MIDNIGHT


def test_a_template_may_begin_in_some_years_and_is_then_looked_at_from_its_first_day() -> None:
    assert why_not(Part(10, 1, GP), first=TODAY + 1500 * DAY) is None


@pytest.mark.parametrize(
    ("from_day", "stops", "said"),
    [
        (TODAY - DAY, None, NotMade.IN_THE_PAST),
        (TODAY, None, None),
        (TODAY + DAY, TODAY, NotMade.STOPPED_ALREADY),
        (TODAY, TODAY, None),  # its last day is today, and it is stopped before that day's session
        (TODAY, TODAY + DAY, None),
    ],
)
def test_a_template_can_be_stopped_until_its_own_last_day(
    from_day: date, stops: date | None, said: NotMade | None
) -> None:
    assert why_not_stop(from_day, stops=stops, today=TODAY) is said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (TODAY - 9 * DAY, TODAY - DAY, NotAway.DAYS_HAVE_BEEN),
        (TODAY - 9 * DAY, TODAY, None),
        (TODAY, TODAY, None),
        (TODAY + DAY, TODAY, NotAway.IN_DISORDER),
        (TODAY, TODAY + AWAY_AHEAD_DAYS * DAY, None),
        (TODAY, TODAY + (AWAY_AHEAD_DAYS + 1) * DAY, NotAway.TOO_FAR),
    ],
)
def test_an_absence_may_end_today_and_two_years_ahead(first: date, last: date, said: NotAway | None) -> None:
    assert why_not_away(Stretch(first, last), today=TODAY) is said


def test_a_session_of_which_the_first_part_is_shut_begins_with_what_is_left() -> None:
    """It is ten past eight: what is left has not begun. A closure that only takes the break takes nothing."""
    parts = (Part(10, 3, GP), Part(20), Part(10, 3, GP))
    plan = Plan("Surgery", UUID(int=2), UUID(int=3), time(8), parts, Pattern(Kind.WEEKLY, TODAY, None, (2,)))
    until_half_past = Stretch(TODAY, TODAY, None, time(8, 30))
    calendar = Calendar([until_half_past, Stretch(TODAY, TODAY, time(8, 30), time(8, 50))])
    at = datetime(2026, 3, 3, 8, 10, tzinfo=UTC)
    [planned] = planned_days(plan, calendar, start=TODAY, end=TODAY, at=at)
    assert planned.left_out is None
    assert planned.times == (at + 40 * MINUTE, at + 70 * MINUTE)
    assert planned.shut == ((LeftOut.CLOSED, until_half_past),)
    [late] = planned_days(plan, calendar, start=TODAY, end=TODAY, at=at + 40 * MINUTE)
    assert late.left_out is LeftOut.BEGUN
