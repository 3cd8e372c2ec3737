"""Sessions in words: on which days, from when to when, with whom and where; and what their slots look like."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patient_online.appointments.forms.parts import Offered
from patient_online.appointments.forms.templates import WEEKDAYS
from patient_online.appointments.rules.sessions import Plan, Planned, cut
from patient_online.nhs.dates import day_bounds, local_day, time_range_text
from patient_online.nhs.patterns import LAST, Kind, Pattern


def days_in_words(pattern: Pattern) -> str:
    """The days of the pattern, such as `Every other Thursday`, without the first and the last."""
    facts = {"days": _joined([str(dict(WEEKDAYS)[str(day)]) for day in pattern.weekdays]), "nth": _nth(pattern.nth)}
    if pattern.kind is Kind.NTH_WORKING_DAY:
        return _("The %(nth)s working day of each month") % facts
    if pattern.kind is Kind.NTH_WEEKDAY:
        return _("The %(nth)s %(days)s of each month") % facts
    if pattern.every == 1:
        return _("Every %(days)s") % facts
    return (_("Every other %(days)s") if pattern.every == 2 else _every_so_many(pattern)) % facts


def _every_so_many(pattern: Pattern) -> str:
    return _("Every %(number)s weeks on %%(days)s") % {"number": pattern.every}


def _nth(nth: int) -> str:
    named = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), LAST: _("last")}
    return named.get(nth) or _("number %(number)s") % {"number": nth}


def _joined(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def times_in_words(plan: Plan) -> str:
    """From when to when, by the clock on the wall."""
    midnight = datetime.combine(plan.pattern.first, plan.starts)
    return time_range_text(plan.starts, (midnight + timedelta(minutes=plan.minutes)).time())


def in_words(plan: Plan, *, clinician: str, site: str) -> str:
    """The whole of it: `Every other Thursday, 8:30am to 11:40am, Dr Ada Exampleby, Main building`."""
    return ", ".join([days_in_words(plan.pattern), times_in_words(plan), clinician, site])


def picture(plan: Plan, offered: Offered, days: list[Planned], *, at: datetime) -> list[dict[str, Any]]:
    """Each slot and break of the session, with its times on the first day on which it is held."""
    midnight = day_bounds(local_day(at))[0]
    whole = (day.starts_at for day in days if day.starts_at and not day.shut)
    starts_at = next(whole, midnight + timedelta(minutes=plan.minute_of_day))
    return [
        {
            "times": time_range_text(each.starts_at, each.ends_at),
            "kind": offered.kinds[each.part.type_id] if each.part.type_id else "",
            "part": each.part,
        }
        for each in cut(plan.parts, starts_at)
    ]


def counted(plan: Plan) -> str:
    """How many slots it has."""
    number = sum(part.count for part in plan.parts if part.type_id)
    return ngettext("%(number)s slot", "%(number)s slots", number) % {"number": number}
