"""The eight days on which England's clocks change from 2024 to 2027, reckoned by the law, not by a table of zones."""

from datetime import date, timedelta

from patient_online.practices.models import ServiceStatus

YEARS = range(2024, 2028)


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)


FORWARD = [last_sunday(year, 3) for year in YEARS]
BACK = [last_sunday(year, 10) for year in YEARS]
CHANGES = sorted(FORWARD + BACK)


def online_for_years() -> None:
    """Let the practices that there are have been online since before the first of these days."""
    ServiceStatus.objects.update(from_day=date(2020, 1, 1))
