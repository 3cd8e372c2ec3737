"""The search for free slots as the pages ask for it: the plain queries' own statements, kept ready.

`slots_free`, `days_with_free_slots` and `choices_online` say what is found; these give the same, many times as fast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Min, QuerySet

from patient_online.appointments.models import Slot
from patient_online.appointments.queries.held import NOTHING_HELD, Held
from patient_online.appointments.queries.places import PLACES_LEFT
from patient_online.appointments.queries.release import Openings, OpenTo, terms_of
from patient_online.appointments.queries.slots import (
    NEAREST,
    WISHES,
    Wish,
    counted_by_day,
    nearest_to,
    slots_between,
    slots_bookable,
    slots_to_come,
)
from patient_online.appointments.rules.release import ALWAYS, NEVER, Opening, Reach, Terms
from patient_online.asking import Acting
from patient_online.nhs.dates import day_bounds
from patient_online.storage.prepared import prepared

CHOICE = ("mode", "label", "clinician", "clinician_name", "site", "site_name")
ANY_REACH = Reach(0, 0)
A_DAY = timedelta(days=1)


def slots_found(acting: Acting, wish: Wish, *, at: datetime, terms: Terms) -> list[Slot]:
    """The slots that are free for this patient as they wish, in order."""
    return list(_asked(_slots, acting, wish, at, terms))


def days_found(acting: Acting, wish: Wish, *, at: datetime, terms: Terms) -> dict[date, int]:
    """How many slots are free as wished on each local day."""
    return dict(_asked(_days, acting, wish, at, terms))


def choices_found(acting: Acting, *, at: datetime, terms: Terms) -> list[dict[str, Any]]:
    """What the practice has online for this patient from now on, to choose from."""
    openings = OpenTo(terms).days()
    given, shape = _given(terms, openings)
    rows: list[Any] = _choices(acting.practice_id, acting.patient_id, acting.account_id, at, *given, shape=shape)
    # Two kinds of slot may have the same words for patients.
    return [dict(each) for each in dict.fromkeys(tuple(row.items()) for row in rows)]


def nearest_found(
    acting: Acting,
    slot: Slot,
    *,
    at: datetime,
    length: int = 1,
    most: int = NEAREST,
    of_its_kind: bool = True,
    besides: Held = NOTHING_HELD,
) -> list[Slot]:
    """The bookable slots nearest in time to one that is gone, as `slots_nearest` says, in order."""
    terms = terms_of(acting)
    given, shape = _given(terms, OpenTo(terms).openings(at))
    has = besides.rounded()
    who = acting.practice_id, acting.patient_id, acting.account_id
    values = [*who, at, slot.id, slot.type_id, slot.starts_at]
    shaped: dict[str, Any] = {"shape": replace(shape, length=length, held=has.shape), "most": most}
    found: list[Slot] = []
    for alike in (True, False) if of_its_kind else (False,):
        between = partial(_between, values, [*has.values(), *given], alike=alike, **shaped)
        found += _few(most - len(found), slot.starts_at, between)
    return sorted(found, key=lambda each: each.starts_at)


def _between(values: Sequence[Any], given: Sequence[Any], since: datetime, until: datetime, **shape: Any) -> list[Slot]:
    return _nearest(*values, since, until, *given, **shape)


def _few(wanted: int, starts_at: datetime, between: Callable[[datetime, datetime], list[Slot]]) -> list[Slot]:
    """So many of the nearest. Where a day before and after has enough, none that lies further off is nearer."""
    near = between(starts_at - A_DAY, starts_at + A_DAY) if wanted else []
    return (near if len(near) >= wanted else between(ALWAYS, NEVER))[:wanted]


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes one statement another: how many kinds have rules, whose each opening is, what is wished and held."""

    kinds: int
    openings: tuple[int | None, ...]
    wished: tuple[str, ...] = ()
    length: int = 1
    held: tuple[int, int] = (0, 0)

    def open_to(self, given: Sequence[Any]) -> OpenTo:
        """The openings as conditions, from the values that `_given` made of them."""
        kinds, ends = list(given[: self.kinds]), given[self.kinds :]
        each = [
            (None if kind is None else kinds[kind], Opening(*ends[2 * n : 2 * n + 2]))
            for n, kind in enumerate(self.openings)
        ]
        return OpenAsGiven(Terms(ANY_REACH, rules=dict.fromkeys(kinds, ())), each)

    def wish(self, given: Sequence[Any], day: date) -> Wish:
        """The wish, from the values of what is wished; the days do not matter."""
        wished: dict[str, Any] = dict(zip(self.wished, given, strict=True))
        return replace(Wish(day, day, length=self.length), **wished)


@dataclass(frozen=True, slots=True)
class OpenAsGiven(OpenTo):
    """Openings that were reckoned already."""

    given: Openings

    def openings(self, at: datetime) -> Openings:
        """Those that were given."""
        return self.given

    def days(self) -> Openings:
        """Those that were given."""
        return self.given


def _given(terms: Terms, openings: Openings) -> tuple[list[Any], Shape]:
    """The kinds that have rules and the ends of each opening, as values; and the shape of that."""
    kinds = list(terms.rules)
    ends = [end for _, each in openings for end in (each.since, each.until)]
    return [*kinds, *ends], Shape(len(kinds), tuple(kind and kinds.index(kind) for kind, _ in openings))  # type: ignore[misc]


def _asked(run: Any, acting: Acting, wish: Wish, at: datetime, terms: Terms) -> list[Any]:
    wish = wish.within_limits()
    given, shape = _given(terms, OpenTo(terms).openings(at))
    wished = [name for name in WISHES if getattr(wish, name)]
    ends = day_bounds(wish.first)[0], day_bounds(wish.last)[1]
    who = acting.practice_id, acting.patient_id, acting.account_id
    values = [*who, at, *ends, *(getattr(wish, name) for name in wished), *given]
    found: list[Any] = run(*values, shape=replace(shape, wished=tuple(wished), length=wish.length))
    return found


def _rows(values: Sequence[Any], shape: Shape) -> QuerySet[Slot]:
    practice_id, patient_id, account_id, at, since, until, *rest = values
    wished = len(shape.wished)
    acting, wish = Acting(account_id, practice_id, patient_id), shape.wish(rest[:wished], since.date())
    return slots_between(acting, wish, since, until, at=at, terms=shape.open_to(rest[wished:]))


@prepared
def _slots(*values: Any, shape: Shape) -> QuerySet[Slot]:
    return _rows(values, shape).annotate(places_left=PLACES_LEFT)


@prepared
def _days(*values: Any, shape: Shape) -> QuerySet[Slot, Any]:
    practice_id, patient_id, account_id = values[:3]
    return counted_by_day(Acting(account_id, practice_id, patient_id), _rows(values, shape))


@prepared
def _choices(
    practice_id: str, patient_id: UUID, account_id: UUID, at: datetime, *given: Any, shape: Shape
) -> QuerySet[Slot, Any]:
    """The kinds told apart by their ids: to tell their names apart takes longer than all the rest."""
    rows = slots_to_come(Acting(account_id, practice_id, patient_id), at=at, terms=shape.open_to(given))
    each: Any = rows.values("type_id", "mode", clinician=F("schedule__clinician_id"), site=F("schedule__site_id"))
    names = {"label": "type__label", "clinician_name": "schedule__clinician__name", "site_name": "schedule__site__name"}
    named: QuerySet[Slot, Any] = each.annotate(**{name: Min(its) for name, its in names.items()}).values(*CHOICE)
    return named


@prepared
def _nearest(*values: Any, shape: Shape, most: int, alike: bool) -> QuerySet[Slot]:
    """The nearest few of the same kind, or of all others, that begin between two times."""
    practice_id, patient_id, account_id, at, slot_id, type_id, starts_at, since, until, *rest = values
    much = 2 * shape.held[0] + shape.held[1]
    has, given = Held.of(shape.held, rest[:much]), rest[much:]
    acting, slot = Acting(account_id, practice_id, patient_id), Slot(id=slot_id, type_id=type_id, starts_at=starts_at)
    rows = slots_bookable(acting, at=at, length=shape.length, terms=shape.open_to(given), besides=has)
    rows = rows.filter(starts_at__gte=since, starts_at__lte=until, **{"type_id": type_id} if alike else {})
    return nearest_to(acting, rows, slot, most=most, of_its_kind=alike)
