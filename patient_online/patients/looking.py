"""What staff type to find a patient, taken apart: parts of a name, and dates of birth. Plain Python."""

import re
from datetime import date

from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext as _

from patient_online.nhs.names import folded as folded
from patient_online.nhs.numbers import is_valid
from patient_online.web.fields import MONTHS

FEWEST_LETTERS = 2
DAY = re.compile(
    r"\b(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<day>\d{1,2})[\s./-]+(?P<month>\d{1,2}|[a-z]{3,9})[\s./-]+(?P<year>\d{4}))\b",
    re.IGNORECASE,
)


def parts_of(text: str) -> list[str]:
    """The parts of a name that stand in the text, folded."""
    return folded(DAY.sub(" ", text)).split()


def days_in(text: str) -> list[date | None]:
    """The dates of birth that stand in the text; None for one that there is not."""
    return [_day(found) for found in DAY.finditer(text)]


def why_not_looked_for(text: str) -> str:
    """What is wrong with the text, to be said to who typed it: a day that there is not, or too little; or nothing."""
    if is_valid(text):
        return ""
    for found in DAY.finditer(text):
        if _day(found) is None:
            return _("%(day)s is not a real date") % {"day": _as_said(found)}
    if not days_in(text) and sum(map(len, parts_of(text))) < FEWEST_LETTERS:
        return _("Enter at least two letters of the name, a date of birth or an NHS number")
    return ""


def _day(found: re.Match[str]) -> date | None:
    year, month, day = _typed(found)
    try:
        return date(int(year), _month(month), int(day))
    except ValueError:
        return None


def _typed(found: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day as they were typed, whichever way round."""
    return found["year"] or found["y"], found["month"] or found["m"], found["day"] or found["d"]


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.index(text[:3].lower()) + 1


def _as_said(found: re.Match[str]) -> str:
    """The day with the name of its month, where there is such a month."""
    year, month, day = _typed(found)
    try:
        return f"{int(day)} {MONTH_NAMES[_month(month)]} {year}"
    except (KeyError, ValueError):
        return " ".join(found[0].split())
