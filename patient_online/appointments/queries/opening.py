"""When more can be booked: the next release, or the next day that comes within reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from patient_online.appointments.models import Slot
from patient_online.appointments.queries.release import terms_of
from patient_online.appointments.queries.slots import WISHES, Wish, slots_waiting
from patient_online.appointments.rules.release import ALWAYS, NEVER, Reach, Terms
from patient_online.asking import Acting
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.storage.prepared import prepared


@dataclass(frozen=True, slots=True)
class NextRelease:
    """When more appointments can be booked online, and the first day that they are for."""

    at: datetime
    day: date


def next_release(
    acting: Acting, *, at: datetime, terms: Terms | None = None, wish: Wish | None = None, on_its_days: bool = False
) -> NextRelease | None:
    """When the next appointments that this patient may have can be booked online: at a release, or within reach.

    They are as wished, and for a day of the wish where `on_its_days`. A slot that is released too late to be booked is
    not waited for.
    """
    terms = terms or terms_of(acting)
    days = (day_bounds(wish.first)[0], day_bounds(wish.last)[1]) if wish and on_its_days else (ALWAYS, NEVER)
    wished = {name: value for name in WISHES if (value := getattr(wish, name, None))}
    if terms.rules:
        rows: Iterable[Any] = _waiting(acting, terms, wished, *days, at=at)
    else:
        who, names = (acting.practice_id, acting.patient_id, acting.account_id), tuple(wished)
        rows = _without_rules(*who, at, *days, *wished.values(), reach=terms.reach, wished=names)
    first = next(iter(rows), None)
    return NextRelease(first[0], local_day(first[1])) if first else None


@prepared
def _without_rules(*values: Any, reach: Reach, wished: tuple[str, ...]) -> QuerySet[Slot, Any]:
    """Rules make of it another statement for nearly every patient; without them it is worth keeping ready."""
    practice_id, patient_id, account_id, at, since, until, *given = values
    acting = Acting(account_id, practice_id, patient_id)
    return _waiting(acting, Terms(reach), dict(zip(wished, given, strict=True)), since, until, at=at)


def _waiting(
    acting: Acting, terms: Terms, wished: Mapping[str, Any], since: datetime, until: datetime, *, at: datetime
) -> QuerySet[Slot, Any]:
    rows: Any = slots_waiting(acting, Wish(date.min, date.max, **wished), at=at, terms=terms)
    first: QuerySet[Slot, Any] = rows.filter(starts_at__gte=since, starts_at__lt=until).values_list(
        "opens", "starts_at"
    )
    return first[:1]
