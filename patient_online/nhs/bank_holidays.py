"""England's bank holidays and working days, known offline.

A holiday at a weekend counts on its own day and on its substitute day: the government's list names only the
substitute, but a Saturday clinic must not open on Christmas Day 2027.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from patient_online.nhs.dates import whole_day

# The library's names and, beside them, the government's.
_PUBLISHED_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
_SATURDAY = 5


def is_bank_holiday(day: date) -> bool:
    """Whether the day is a bank holiday in England."""
    return bank_holiday_name(day) is not None


def bank_holiday_name(day: date) -> str | None:
    """What England's bank holiday on the day is called, such as `Boxing Day (substitute day)`; None on other days."""
    return _of_year(whole_day(day).year).get(day)


def is_working_day(day: date) -> bool:
    """Whether the day is Monday to Friday and no bank holiday in England."""
    return whole_day(day).weekday() < _SATURDAY and not is_bank_holiday(day)


def next_working_day(day: date) -> date:
    """The first working day after the day, never the day itself."""
    following = whole_day(day) + timedelta(days=1)
    while not is_working_day(following):
        following += timedelta(days=1)
    return following


@cache
def _of_year(year: int) -> Mapping[date, str]:
    """The year's bank holidays by day.

    A fresh table for each year, complete before anyone sees it: the library's own grows while it is read, and two
    threads could see it half filled.
    """
    table = country_holidays("GB", subdiv="ENG", years=year, expand=False, language="en_GB")
    return {day: _published_name(name) for day, name in table.items() if day.year == year}


def _published_name(name: str) -> str:
    """The holiday's name as the government writes it."""
    plain = name.removesuffix(" (observed)")
    suffix = " (substitute day)" if plain != name else ""
    return _PUBLISHED_NAMES.get(plain, plain) + suffix
