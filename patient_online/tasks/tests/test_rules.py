"""When tasks are due: working days of England, whatever the season."""

from datetime import date, datetime, timedelta

import pytest

from patient_online.nhs.bank_holidays import is_working_day
from patient_online.nhs.dates import day_bounds, london
from patient_online.tasks.rules import NotCovered, due_after, last_day, why_no_cover


@pytest.mark.parametrize(
    ("made", "days", "last"),
    [
        (london(2026, 3, 3, 8), 3, date(2026, 3, 6)),
        (london(2026, 3, 6, 17), 1, date(2026, 3, 9)),
        (london(2026, 3, 7, 12), 1, date(2026, 3, 9)),
        (london(2026, 4, 2, 9), 3, date(2026, 4, 9)),
        (london(2026, 12, 24, 9), 2, date(2026, 12, 30)),
        (london(2026, 3, 27, 9), 1, date(2026, 3, 30)),
    ],
    ids=["midweek", "Friday afternoon", "Saturday", "before Easter", "before Christmas", "the clocks go forward"],
)
def test_a_task_is_due_as_the_last_of_its_working_days_ends(made: datetime, days: int, last: date) -> None:
    due = due_after(made, days)
    assert due == day_bounds(last)[1]
    assert last_day(due) == last


def test_what_comes_on_any_day_of_ten_years_is_due_on_a_working_day_with_as_many_between() -> None:
    day = date(2024, 1, 1)
    while day.year < 2034:
        last = last_day(due_after(london(day.year, day.month, day.day, 10), 3))
        between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
        assert is_working_day(last)
        assert sum(map(is_working_day, between)) == 3
        day += timedelta(days=1)


TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("first", "last", "oneself", "why"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), False, None),
        (date(2026, 3, 1), date(2026, 3, 4), False, None),
        (date(2026, 3, 3), date(2026, 3, 4), True, NotCovered.ONESELF),
        (date(2026, 3, 5), date(2026, 3, 4), False, NotCovered.IN_DISORDER),
        (date(2026, 3, 1), date(2026, 3, 2), False, NotCovered.PAST),
        (date(2026, 3, 3), date(2027, 3, 5), False, NotCovered.TOO_LONG),
        (date(2027, 4, 3), date(2027, 4, 5), False, NotCovered.TOO_LONG),
    ],
)
def test_each_reason_why_nobody_can_cover(first: date, last: date, oneself: bool, why: NotCovered | None) -> None:
    assert why_no_cover(first, last, oneself=oneself, today=TODAY) is why
