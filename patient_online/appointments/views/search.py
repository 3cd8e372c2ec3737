"""The search for a free appointment, to book one or to move one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import queries
from patient_online.appointments.forms.booking import WishForm
from patient_online.appointments.models import Appointment
from patient_online.appointments.queries import Wish
from patient_online.appointments.rules.release import Terms
from patient_online.asking import Acting
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
    form = WishForm(_asked(request, choices, moving), choices)
    asked, unknown_kind = form.readable(), "label" in form.errors
    form = WishForm(asked, choices) if form.errors else form
    last_day = local_day(terms.furthest(at=now) - timedelta.resolution)
    chosen = _day(request.GET.get("day"))
    first = min(max(_day(request.GET.get("from")) or chosen or today, today), last_day)
    wish = form.wish(first, first + FORTNIGHT - timedelta(days=1), length=length)
    days = queries.days_found(acting, wish, at=now, terms=terms)
    day = chosen if chosen in days else next(iter(days), None)
    slots = queries.slots_found(acting, replace(wish, first=day, last=day), at=now, terms=terms) if day else []
    earlier = max(first - FORTNIGHT, today) if first > today else None
    later = first + FORTNIGHT if first + FORTNIGHT <= last_day else None
    shown = {"search": form, "days": days, "day": day, "slots": slots, "wish": wish, "asked": asked.urlencode()}
    if unknown_kind:
        shown["kinds"] = sorted({row["label"] for row in choices})
    return {**shown, "earlier": earlier, "later": later, **_instead(acting, wish, chosen, days, now, terms)}


def _instead(
    acting: Acting, wish: Wish, chosen: date | None, days: Collection[date], now: datetime, terms: Terms
) -> dict[str, Any]:
    """What to say where nothing is left on the days that the patient chose: when more is released, what is free next.

    Who chose no day is told of those before the first that has something free.
    """
    none_on = chosen if chosen and chosen not in days and wish.first <= chosen <= wish.last else None
    none: dict[str, Any] = {"none_on": none_on, "next_free": None, "next_release": None, "ways": []}
    until = none_on or (min(days) - timedelta(days=1) if days else wish.last)
    if until < wish.first:
        return none
    empty = replace(wish, first=none_on or wish.first, last=until)
    given: dict[str, Any] = {"at": now, "terms": terms}
    released = queries.next_release(acting, wish=empty, on_its_days=True, **given)
    if days:
        return none | {"next_release": released}
    released = released or queries.next_release(acting, wish=wish, **given)
    next_free = queries.next_free_day(acting, wish, **given)
    return none | {"next_free": next_free, "next_release": released, "ways": ways_to_book(acting)}


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
