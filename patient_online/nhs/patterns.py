"""Patterns of days: every other Thursday, the second Thursday of the month, the first working day of the month.

Days alone, no times: what the clock on the wall shows on such a day is for `dates.from_wall_clock`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from patient_online.nhs.bank_holidays import is_bank_holiday, is_working_day

ONE_DAY = timedelta(days=1)
LAST = -1


class Kind(StrEnum):
    """What a pattern counts: weeks, or something within each month."""

    WEEKLY = "weekly"
    NTH_WEEKDAY = "nth-weekday"
    NTH_WORKING_DAY = "nth-working-day"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Days that come again, from `first` to `last`, both included; without `last` for ever.

    `weekdays` are numbers from 1 (Monday) to 7 and mean nothing where working days are counted. `every` counts weeks
    from the week of `first`, which begins on its Monday; `nth` counts within the month, -1 is the last.
    """

    kind: Kind
    first: date
    last: date | None = None
    weekdays: tuple[int, ...] = ()
    every: int = 1
    nth: int = 1
    except_bank_holidays: bool = True

    def days(self, start: date, end: date) -> Iterator[date]:
        """The days of the pattern from start to end, both included, in their order."""
        return (day for day in self.days_with_holidays(start, end) if not self.leaves_out(day))

    def days_with_holidays(self, start: date, end: date) -> Iterator[date]:
        """The same days with those that are left out because they are bank holidays."""
        start = max(start, self.first)
        end = end if self.last is None else min(end, self.last)
        return (day for day in self._days_about(start, end) if start <= day <= end)

    def leaves_out(self, day: date) -> bool:
        """Whether a day that would be one of the pattern's is none, because it is a bank holiday."""
        return self.except_bank_holidays and is_bank_holiday(day)

    def _days_about(self, start: date, end: date) -> Iterator[date]:
        """The pattern's days in every week or month that the time between touches."""
        if self.kind is Kind.WEEKLY:
            weeks = self._weeks(start, end)
            return (week + (weekday - 1) * ONE_DAY for week in weeks for weekday in self._order)
        of_month = self._weekdays_of if self.kind is Kind.NTH_WEEKDAY else self._working_day_of
        return (day for month in _months(start, end) for day in of_month(month))

    @property
    def _order(self) -> list[int]:
        return sorted(set(self.weekdays))

    def _weeks(self, start: date, end: date) -> Iterator[date]:
        """The Mondays of the weeks that count."""
        step = self.every * 7 * ONE_DAY
        passed = (_monday(start) - _monday(self.first)) // step
        week = _monday(self.first) + passed * step
        while week <= end:
            yield week
            week += step

    def _weekdays_of(self, month: date) -> list[date]:
        """The nth of each of the weekdays in the month that begins on the day."""
        found = (_nth([day for day in _days_of(month) if day.isoweekday() == one], self.nth) for one in self._order)
        return sorted(day for day in found if day)

    def _working_day_of(self, month: date) -> list[date]:
        """The nth working day of the month that begins on the day; none where it has not so many."""
        day = _nth([day for day in _days_of(month) if is_working_day(day)], self.nth)
        return [day] if day else []


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def _months(start: date, end: date) -> Iterator[date]:
    """The first day of each month that the time between touches."""
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + 31 * ONE_DAY).replace(day=1)


def _days_of(month: date) -> Iterator[date]:
    """The days of the month that begins on the day."""
    return takewhile(lambda day: day.month == month.month, (month + n * ONE_DAY for n in range(32)))


def _nth(days: list[date], nth: int) -> date | None:
    """The nth of the days, or the last for -1; None where there are not so many."""
    index = nth if nth == LAST else nth - 1
    return days[index] if days and index < len(days) else None
