"""Slots that patients may see: what is put online, what is free, what is nearest, what comes next."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Greatest, TruncDate

from patient_online.access.queries import in_force
from patient_online.appointments.models import Slot
from patient_online.appointments.queries.held import NOTHING_HELD, Held
from patient_online.appointments.queries.places import PLACES_LEFT, TAKEN
from patient_online.appointments.queries.release import OpenTo, terms_of
from patient_online.appointments.queries.shut import NOT_SHUT, not_shut_after
from patient_online.appointments.rules.release import Terms
from patient_online.asking import Acting
from patient_online.nhs.appointments import NationalCategory
from patient_online.nhs.dates import LONDON, day_bounds, local_day
from patient_online.nhs.services import Level, Service
from patient_online.storage.prepared import prepared

WISHES = ("clinician", "sex", "site", "mode", "label")
LONGEST_SEARCH = timedelta(days=14)
NEAREST = 5
UNMAPPED = ["", *(each.value for each in NationalCategory if not each.is_mapped)]
WORDED = ~Q(type__label="") & ~Q(type__national_category__in=UNMAPPED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a patient looks for: local days from `first` to `last`, both included, and what else matters to them.

    `length` is how many slots the appointment takes, one after the other.
    """

    first: date
    last: date
    clinician: UUID | None = None
    sex: str = ""
    site: UUID | None = None
    mode: str = ""
    label: str = ""
    length: int = 1

    def within_limits(self) -> "Wish":
        """The same wish for fourteen days at most."""
        return replace(self, last=min(self.last, self.first + LONGEST_SEARCH - timedelta(days=1)))


def slots_online(acting: Acting, *, after: datetime | None = None) -> QuerySet[Slot]:
    """The slots of the practice that are put online, whoever has them, if this person may book for the patient.

    Those that start `after` an instant alone, where one is given.
    A slot whose type has no words for patients or no national category is not online, whatever the book says.
    """
    rows = Slot.objects.filter(
        not_shut_after(acting, after) if after else NOT_SHUT,
        WORDED,
        Q(starts_at__gt=after) if after else Q(),
        in_force(acting, Service.APPOINTMENTS, Level.MANAGE),
        practice_id=acting.practice_id,
        online=True,
        status=Slot.Status.OPEN,
    )
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type")


def slot_online(acting: Acting, slot_id: UUID) -> Slot | None:
    """One slot that is put online, or None."""
    found: list[Slot] = _slot_online(acting.practice_id, acting.patient_id, acting.account_id, slot_id)
    return found[0] if found else None


@prepared
def _slot_online(practice_id: str, patient_id: UUID, account_id: UUID, slot_id: UUID) -> QuerySet[Slot]:
    return slots_online(Acting(account_id, practice_id, patient_id)).filter(id=slot_id)


def slots_bookable(
    acting: Acting, *, at: datetime, length: int = 1, terms: Terms | OpenTo | None = None, besides: Held = NOTHING_HELD
) -> QuerySet[Slot]:
    """The slots that this person could book now: free, released, for such a patient, neither too soon nor too far.

    Where a `length` of more than one is wanted: the slots that such an appointment could begin with. `terms` are
    those of `terms_of`, where they are known already. What the patient has `besides` is to leave room for it.
    """
    rows = slots_online(acting, after=at).filter(_open_to(acting, terms).now(at), _released(at), ~TAKEN, besides.room())
    if length > 1:
        rows = rows.filter(_followed(acting, at, length, besides), type__joins_up_to__gte=length)
    return rows.order_by("starts_at", "schedule__clinician__name", "id")


def slots_free(acting: Acting, wish: Wish, *, at: datetime, terms: Terms | None = None) -> QuerySet[Slot]:
    """The bookable slots that lie wholly within the wish's days and are as wished, each with its `places_left`."""
    return _free(acting, wish, at, terms).annotate(places_left=PLACES_LEFT)


def _free(acting: Acting, wish: Wish, at: datetime, terms: Terms | None) -> QuerySet[Slot]:
    wish = wish.within_limits()
    return slots_between(acting, wish, day_bounds(wish.first)[0], day_bounds(wish.last)[1], at=at, terms=terms)


def slots_between(
    acting: Acting, wish: Wish, since: datetime, until: datetime, *, at: datetime, terms: Terms | OpenTo | None
) -> QuerySet[Slot]:
    """The bookable slots that lie wholly between the instants and are as wished, whatever days the wish names."""
    rows = _as_wished(slots_bookable(acting, at=at, length=wish.length, terms=terms), wish)
    # Nothing that ends in time starts too late: said for the index, which knows starts only.
    return rows.filter(starts_at__gte=since, starts_at__lt=until, ends_at__lte=until)


def _open_to(acting: Acting, terms: Terms | OpenTo | None) -> OpenTo:
    return terms if isinstance(terms, OpenTo) else OpenTo(terms or terms_of(acting))


def next_free_day(acting: Acting, wish: Wish, *, at: datetime, terms: Terms | None = None) -> date | None:
    """The first day, whichever it is, on which there is a bookable slot of the wished kind."""
    rows = _as_wished(slots_bookable(acting, at=at, length=wish.length, terms=terms), wish)
    first = rows.values_list("starts_at", flat=True).first()
    return local_day(first) if first else None


def _as_wished(rows: QuerySet[Slot], wish: Wish) -> QuerySet[Slot]:
    wanted = {
        "schedule__clinician_id": wish.clinician,
        "schedule__clinician__sex": wish.sex,
        "schedule__site_id": wish.site,
        "mode": wish.mode,
        "type__label": wish.label,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def days_with_free_slots(acting: Acting, wish: Wish, *, at: datetime, terms: Terms | None = None) -> dict[date, int]:
    """How many bookable slots lie wholly within each local day of the wish; days with none are missing."""
    return dict(counted_by_day(acting, _free(acting, wish, at, terms)))


def counted_by_day(acting: Acting, rows: QuerySet[Slot]) -> QuerySet[Slot, Any]:
    """The local days on which slots lie wholly, with how many do."""
    day = TruncDate("starts_at", tzinfo=LONDON, output_field=DateField())
    last = TruncDate(F("ends_at") - timedelta(microseconds=1), tzinfo=LONDON, output_field=DateField())
    rows = rows.order_by().annotate(on=day, until=last).filter(on=F("until"))
    return rows.values("on").annotate(free=Count("id")).order_by("on").values_list("on", "free")


def slots_waiting(acting: Acting, wish: Wish, *, at: datetime, terms: Terms | OpenTo | None) -> QuerySet[Slot]:
    """The free slots, as wished, that are not open to this patient yet; each with when it `opens`, the next first."""
    open_to = _open_to(acting, terms)
    rows = slots_online(acting, after=at).filter(~TAKEN, ~(open_to.now(at) & _released(at)))
    waiting = _as_wished(rows, wish).annotate(opens=open_to.opens(at)).filter(opens__isnull=False)
    return waiting.order_by("opens", "starts_at")


def choices_online(acting: Acting, *, at: datetime, terms: Terms | None = None) -> list[dict[str, Any]]:
    """What the practice has online for this patient from now on: who, where, how and what for, to choose from."""
    rows = slots_to_come(acting, at=at, terms=terms).values(
        "mode",
        label=F("type__label"),
        clinician=F("schedule__clinician_id"),
        clinician_name=F("schedule__clinician__name"),
        site=F("schedule__site_id"),
        site_name=F("schedule__site__name"),
    )
    return [dict(row) for row in rows.distinct()]


def slots_to_come(acting: Acting, *, at: datetime, terms: Terms | OpenTo | None) -> QuerySet[Slot]:
    """The slots that are online from now on for such a patient, whoever has them, in no order."""
    return slots_online(acting, after=at).filter(_open_to(acting, terms).some_day()).order_by()


def slots_nearest(
    acting: Acting, slot: Slot, *, at: datetime, length: int = 1, besides: Held = NOTHING_HELD, **asked: Any
) -> list[Slot]:
    """The bookable slots nearest in time to one that is gone, those of the same kind before all others; in order.

    What else is asked of them is as in `nearest_to`.
    """
    rows = slots_bookable(acting, at=at, length=length, besides=besides)
    return sorted(nearest_to(acting, rows, slot, **asked), key=lambda each: each.starts_at)


def nearest_to(
    acting: Acting, rows: QuerySet[Slot], slot: Slot, *, most: int = NEAREST, of_its_kind: bool = True
) -> QuerySet[Slot]:
    """The nearest few of these slots, that one left out, and all others of its kind unless they are wanted."""
    if not of_its_kind:
        rows = rows.exclude(type_id=slot.type_id)
    gone_at = Value(slot.starts_at)
    same_kind = ExpressionWrapper(Q(type_id=slot.type_id), BooleanField())
    away = Greatest(F("starts_at") - gone_at, gone_at - F("starts_at"))
    rows = rows.exclude(id=slot.id).annotate(places_left=PLACES_LEFT)
    return rows.order_by(same_kind.desc(), away, "starts_at", "id")[:most]


def slot_following(acting: Acting, slot: Slot, *, at: datetime) -> Slot | None:
    """The free slot that could be booked together with this one as a longer appointment, or None."""
    if slot.type.joins_up_to < 2:
        return None
    alike = {"schedule_id": slot.schedule_id, "type_id": slot.type_id, "mode": slot.mode}
    return slots_online(acting).filter(~TAKEN, _released(at), starts_at=slot.ends_at, **alike).first()


def slots_together(acting: Acting, slot: Slot, *, wanted: int, at: datetime) -> list[Slot]:
    """The slot and the free ones that follow it, `wanted` in all if there are so many."""
    together = [slot]
    while len(together) < wanted and (following := slot_following(acting, together[-1], at=at)):
        together.append(following)
    return together


def _released(at: datetime) -> Q:
    return Q(release_at=None) | Q(release_at__lte=at)


def _followed(acting: Acting, at: datetime, length: int, besides: Held) -> Exists:
    """That the slots after this one can be taken too, `length` in all: what `slot_following` finds, as a condition."""
    alike: dict[str, Any] = {name: OuterRef(name) for name in ("practice", "schedule_id", "type_id", "mode")}
    alike |= {"practice_id": acting.practice_id, "online": True, "status": Slot.Status.OPEN}
    rows = Slot.objects.filter(_released(at), ~TAKEN, besides.room(), starts_at=OuterRef("ends_at"), **alike)
    return Exists(rows.filter(_followed(acting, at, length - 1, besides)) if length > 2 else rows)
