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
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Acting
from patient_online.nhs.appointments import NationalCategory
from patient_online.nhs.dates import LONDON, day_bounds, local_day
from patient_online.nhs.services import Level, Service
from patient_online.practices.queries import policies

LONGEST_SEARCH = timedelta(days=14)
NEAREST = 5
BOOKED = Q(status=Appointment.Status.BOOKED)
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


@dataclass(frozen=True, slots=True)
class NextRelease:
    """When more appointments can be booked online, and the first day that they are for."""

    at: datetime
    day: date


def slots_online(acting: Acting) -> QuerySet[Slot]:
    """The slots of the practice that are put online, whoever has them, if this person may book for the patient.

    A slot whose type has no words for patients or no national category is not online, whatever the book says.
    """
    rows = Slot.objects.filter(
        WORDED,
        in_force(acting, Service.APPOINTMENTS, Level.MANAGE),
        practice_id=acting.practice_id,
        online=True,
        status=Slot.Status.OPEN,
    )
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type")


def slots_bookable(acting: Acting, *, at: datetime, length: int = 1) -> QuerySet[Slot]:
    """The slots that this person could book now: free, released, not too soon and not too far ahead.

    Where a `length` of more than one is wanted: the slots that such an appointment could begin with.
    """
    policy = policies(acting)
    soonest = at + timedelta(minutes=policy["minimum_notice_minutes"])
    furthest = at + timedelta(days=policy["book_ahead_days"])
    rows = slots_online(acting).filter(_released(at), ~_taken(), starts_at__gt=at, starts_at__gte=soonest)
    if length > 1:
        rows = rows.filter(_followed(acting, at, length), type__joins_up_to__gte=length)
    return rows.filter(starts_at__lte=furthest).order_by("starts_at", "schedule__clinician__name", "id")


def slots_free(acting: Acting, wish: Wish, *, at: datetime) -> QuerySet[Slot]:
    """The bookable slots that lie wholly within the wish's days and are as wished."""
    wish = wish.within_limits()
    rows = _as_wished(slots_bookable(acting, at=at, length=wish.length), wish)
    return rows.filter(starts_at__gte=day_bounds(wish.first)[0], ends_at__lte=day_bounds(wish.last)[1])


def next_free_day(acting: Acting, wish: Wish, *, at: datetime) -> date | None:
    """The first day, whichever it is, on which there is a bookable slot of the wished kind."""
    rows = _as_wished(slots_bookable(acting, at=at, length=wish.length), wish)
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


def days_with_free_slots(acting: Acting, wish: Wish, *, at: datetime) -> dict[date, int]:
    """How many bookable slots lie wholly within each local day of the wish; days with none are missing."""
    day = TruncDate("starts_at", tzinfo=LONDON, output_field=DateField())
    last = TruncDate(F("ends_at") - timedelta(microseconds=1), tzinfo=LONDON, output_field=DateField())
    rows = slots_free(acting, wish, at=at).order_by().annotate(on=day, until=last).filter(on=F("until"))
    counts = rows.values("on").annotate(free=Count("id")).order_by("on")
    return dict(counts.values_list("on", "free"))


def next_release(acting: Acting, *, at: datetime) -> NextRelease | None:
    """When the next appointments can be booked online: a release time to come, or a day that comes within reach.

    A slot that is released too late to be booked is not waited for.
    """
    policy = policies(acting)
    horizon, notice = timedelta(days=policy["book_ahead_days"]), timedelta(minutes=policy["minimum_notice_minutes"])
    rows = slots_online(acting).filter(~_taken(), starts_at__gt=at)
    rows = rows.annotate(opens=Greatest(F("starts_at") - horizon, F("release_at")))
    waiting = rows.filter(opens__gt=at, opens__lt=F("starts_at"), opens__lte=F("starts_at") - notice)
    first = waiting.order_by("opens", "starts_at").values("opens", "starts_at").first()
    return NextRelease(first["opens"], local_day(first["starts_at"])) if first else None


def choices_online(acting: Acting, *, at: datetime) -> list[dict[str, Any]]:
    """What the practice has online from now on: who, where, how and what for, to choose from."""
    rows = slots_online(acting).filter(starts_at__gt=at).order_by()
    return [
        dict(row)
        for row in rows.values(
            "mode",
            label=F("type__label"),
            clinician=F("schedule__clinician_id"),
            clinician_name=F("schedule__clinician__name"),
            site=F("schedule__site_id"),
            site_name=F("schedule__site__name"),
        ).distinct()
    ]


def slots_nearest(acting: Acting, slot: Slot, *, at: datetime, length: int = 1) -> list[Slot]:
    """The bookable slots nearest in time to one that is gone, those of the same kind before all others; in order."""
    gone_at = Value(slot.starts_at)
    same_kind = ExpressionWrapper(Q(type_id=slot.type_id), BooleanField())
    away = Greatest(F("starts_at") - gone_at, gone_at - F("starts_at"))
    rows = slots_bookable(acting, at=at, length=length).exclude(id=slot.id)
    nearest = rows.order_by(same_kind.desc(), away, "starts_at", "id")[:NEAREST]
    return sorted(nearest, key=lambda each: each.starts_at)


def slot_following(acting: Acting, slot: Slot, *, at: datetime) -> Slot | None:
    """The free slot that could be booked together with this one as a longer appointment, or None."""
    if slot.type.joins_up_to < 2:
        return None
    alike = {"schedule_id": slot.schedule_id, "type_id": slot.type_id, "mode": slot.mode}
    return slots_online(acting).filter(~_taken(), _released(at), starts_at=slot.ends_at, **alike).first()


def slots_together(acting: Acting, slot: Slot, *, wanted: int, at: datetime) -> list[Slot]:
    """The slot and the free ones that follow it, `wanted` in all if there are so many."""
    together = [slot]
    while len(together) < wanted and (following := slot_following(acting, together[-1], at=at)):
        together.append(following)
    return together


def _released(at: datetime) -> Q:
    return Q(release_at=None) | Q(release_at__lte=at)


def _followed(acting: Acting, at: datetime, length: int) -> Exists:
    """That the slots after this one can be taken too, `length` in all: what `slot_following` finds, as a condition."""
    alike = {name: OuterRef(name) for name in ("practice", "schedule_id", "type_id", "mode")}
    open_ = {"practice_id": acting.practice_id, "online": True, "status": Slot.Status.OPEN}
    rows = Slot.objects.filter(_released(at), ~_taken(), starts_at=OuterRef("ends_at"), **alike, **open_)
    return Exists(rows.filter(_followed(acting, at, length - 1)) if length > 2 else rows)


def _taken() -> Q:
    """That no seat is left."""
    booked = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), slot_id=OuterRef("id"))
    how_many = Coalesce(Subquery(booked.order_by().values("slot_id").annotate(n=Count("id")).values("n")), 0)
    return Q(Exists(booked), seats=1) | Q(seats__gt=1, seats__lte=how_many)
