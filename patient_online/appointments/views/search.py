"""The search for a free appointment, to book one or to move one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import queries
from patient_online.appointments.forms.booking import WishForm
from patient_online.appointments.models import Appointment
from patient_online.nhs.dates import day_read, local_day
from patient_online.practices.queries import ways_to_book

FORTNIGHT = timedelta(days=14)


def found(request: PatientRequest, *, length: int = 1, moving: Appointment | None = None) -> dict[str, Any]:
    """The free appointments that the request asks for: days with counts, one day's slots, and the pages around.

    They are times for appointments of `length` slots; of the kind that is being moved, unless another is chosen.
    """
    now, acting = timezone.now(), request.acting
    today = local_day(now)
    terms = queries.terms_of(acting)
    choices = queries.choices_found(acting, at=now, terms=terms)
    asked = _asked(request, choices, moving)
    form = WishForm(asked, choices)
    last_day = local_day(terms.furthest(at=now) - timedelta.resolution)
    day = _day(request.GET.get("day"))
    first = min(max(_day(request.GET.get("from")) or day or today, today), last_day)
    wish = form.wish(first, first + FORTNIGHT - timedelta(days=1), length=length)
    days = queries.days_found(acting, wish, at=now, terms=terms)
    day = day if day in days else next(iter(days), None)
    slots = queries.slots_found(acting, replace(wish, first=day, last=day), at=now, terms=terms) if day else []
    instead: dict[str, Any] = {"next_free": None, "next_release": None, "ways": []}
    if not days:
        instead["next_free"] = queries.next_free_day(acting, wish, at=now, terms=terms)
        instead |= {"next_release": queries.next_release(acting, at=now, terms=terms), "ways": ways_to_book(acting)}
    earlier = max(first - FORTNIGHT, today) if first > today else None
    later = first + FORTNIGHT if first + FORTNIGHT <= last_day else None
    shown = {"search": form, "days": days, "day": day, "slots": slots, "wish": wish, "asked": asked.urlencode()}
    return {**shown, "earlier": earlier, "later": later, **instead}


def _asked(request: PatientRequest, choices: list[dict[str, Any]], moving: Appointment | None) -> QueryDict:
    """What the patient chose, to be carried in links: without the day and the fortnight.

    Who moves an appointment and has not said what for looks for the same kind, as long as there is some of it.
    """
    chosen = request.GET.copy()
    for name in ("day", "from"):
        chosen.pop(name, None)
    label = moving.slot.type.label if moving and moving.slot.type else ""
    if "label" not in chosen and label in [row["label"] for row in choices]:
        chosen["label"] = label
    return chosen


def _day(text: str | None) -> date | None:
    try:
        return day_read(text or "")
    except ValueError:
        return None
