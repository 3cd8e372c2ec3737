"""What may be seen of the appointment book. The first argument is who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, TruncDate

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, Slot, SlotType
from patient_online.appointments.rules import BookingFacts, CancelFacts, SlotFacts
from patient_online.asking import Acting, Staff
from patient_online.audit.actions import record
from patient_online.nhs.dates import LONDON, day_bounds, local_day
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies

LONGEST_SEARCH = timedelta(days=14)
NEAREST = 5
BOOKED = Q(status=Appointment.Status.BOOKED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a patient looks for: local days from `first` to `last`, both included, and what else matters to them."""

    first: date
    last: date
    clinician: UUID | None = None
    sex: str = ""
    site: UUID | None = None
    mode: str = ""
    label: str = ""

    def within_limits(self) -> "Wish":
        """The same wish for fourteen days at most."""
        return replace(self, last=min(self.last, self.first + LONGEST_SEARCH - timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class NextRelease:
    """When more appointments can be booked online, and the first day that they are for."""

    at: datetime
    day: date


def slots_online(acting: Acting) -> QuerySet[Slot]:
    """The slots of the practice that are put online, whoever has them, if this person may book for the patient."""
    rows = Slot.objects.filter(
        in_force(acting, Service.APPOINTMENTS, Level.MANAGE),
        practice_id=acting.practice_id,
        online=True,
        status=Slot.Status.OPEN,
    )
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type")


def slots_bookable(acting: Acting, *, at: datetime) -> QuerySet[Slot]:
    """The slots that this person could book now: free, released, not too soon and not too far ahead."""
    policy = policies(acting)
    soonest = at + timedelta(minutes=policy["minimum_notice_minutes"])
    furthest = at + timedelta(days=policy["book_ahead_days"])
    released = Q(release_at=None) | Q(release_at__lte=at)
    rows = slots_online(acting).filter(released, ~_taken(), starts_at__gt=at, starts_at__gte=soonest)
    return rows.filter(starts_at__lte=furthest).order_by("starts_at", "schedule__clinician__name", "id")


def slots_free(acting: Acting, wish: Wish, *, at: datetime) -> QuerySet[Slot]:
    """The bookable slots that lie wholly within the wish's days and are as wished."""
    wish = wish.within_limits()
    rows = slots_bookable(acting, at=at).filter(
        starts_at__gte=day_bounds(wish.first)[0], ends_at__lte=day_bounds(wish.last)[1]
    )
    wanted = {
        "schedule__clinician_id": wish.clinician,
        "schedule__clinician__sex": wish.sex,
        "schedule__site_id": wish.site,
        "mode": wish.mode,
        "type__label": wish.label,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def days_with_free_slots(acting: Acting, wish: Wish, *, at: datetime) -> dict[date, int]:
    """How many bookable slots each local day of the wish has; days with none are missing."""
    day = TruncDate("starts_at", tzinfo=LONDON, output_field=DateField())
    rows = slots_free(acting, wish, at=at).order_by().annotate(on=day).values("on").annotate(free=Count("id"))
    return {row["on"]: row["free"] for row in rows.order_by("on")}


def next_release(acting: Acting, *, at: datetime) -> NextRelease | None:
    """When the next appointments can be booked online: a release time to come, or a day that comes within reach."""
    horizon = timedelta(days=policies(acting)["book_ahead_days"])
    rows = slots_online(acting).filter(~_taken(), starts_at__gt=at)
    opens = Greatest(F("starts_at") - horizon, F("release_at"))
    waiting = rows.annotate(opens=opens).filter(opens__gt=at).order_by("opens", "starts_at")
    first = waiting.values("opens", "starts_at").first()
    return NextRelease(first["opens"], local_day(first["starts_at"])) if first else None


def choices_online(acting: Acting, *, at: datetime) -> list[dict[str, Any]]:
    """What the practice has online from now on: who, where, how and what for, to choose from."""
    rows = slots_online(acting).filter(starts_at__gt=at).exclude(type__label="").order_by()
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


def slots_nearest(acting: Acting, slot: Slot, *, at: datetime) -> list[Slot]:
    """The bookable slots nearest in time to one that is gone, of the same kind first."""
    rows = slots_bookable(acting, at=at).exclude(id=slot.id)
    after = list(rows.filter(starts_at__gte=slot.starts_at)[:NEAREST])
    before = list(rows.filter(starts_at__lt=slot.starts_at).order_by("-starts_at")[:NEAREST])

    def away(other: Slot) -> tuple[bool, float]:
        return other.type_id != slot.type_id, abs((other.starts_at - slot.starts_at).total_seconds())

    return sorted(sorted([*before, *after], key=away)[:NEAREST], key=lambda each: each.starts_at)


def slot_following(acting: Acting, slot: Slot) -> Slot | None:
    """The free slot that could be booked together with this one as a longer appointment, or None."""
    if slot.type.joins_up_to < 2:
        return None
    rows = slots_online(acting).filter(~_taken(), schedule_id=slot.schedule_id, type_id=slot.type_id, mode=slot.mode)
    return rows.filter(starts_at=slot.ends_at).first()


def patient_for_booking(acting: Acting) -> Patient:
    """The patient, locked until the transaction ends, so that two tabs cannot pass the limit."""
    return Patient.objects.select_for_update().get(practice_id=acting.practice_id, id=acting.patient_id)


def slots_for_booking(acting: Acting, slot_id: UUID, *, wanted: int) -> list[Slot]:
    """The slot and those that follow it, `wanted` in all if there are so many, each locked in the order of ids."""
    mine = Slot.objects.filter(in_force(acting, Service.APPOINTMENTS, Level.MANAGE), practice_id=acting.practice_id)
    ids = [slot_id]
    if wanted > 1:
        first = mine.get(id=slot_id)
        after = mine.filter(schedule_id=first.schedule_id, starts_at__gte=first.starts_at).order_by("starts_at")
        ids = list(after.values_list("id", flat=True)[:wanted])
    locked = mine.filter(id__in=ids).select_related("type").select_for_update(of=("self",)).order_by("id")
    return sorted(locked, key=lambda slot: slot.starts_at)


def booking_facts(
    acting: Acting,
    slots: Sequence[Slot],
    *,
    patient: Patient,
    wanted: int,
    at: datetime,
    besides: Appointment | None = None,
) -> BookingFacts:
    """What the booking rules judge, read after the locks; `besides` is the appointment that is being moved."""
    policy = policies(acting)
    mine = Q(patient_id=acting.patient_id) & ~all_of(besides)
    overlaps = Q(slot__starts_at__lt=slots[-1].ends_at, slot__ends_at__gt=slots[0].starts_at)
    ids = [slot.id for slot in slots]
    counts = Appointment.objects.filter(
        BOOKED & (Q(slot_id__in=ids) | Q(patient_id=acting.patient_id)), practice_id=acting.practice_id
    ).aggregate(
        taken=Count("id", filter=Q(slot_id__in=ids) & ~all_of(besides)),
        ahead=Count("id", filter=mine & Q(slot__starts_at__gt=at, continues_id=None)),
        clashes=Count("id", filter=(mine & overlaps) | (Q(slot_id__in=ids) & all_of(besides))),
    )
    return BookingFacts(
        slots=tuple(_facts_of(slot) for slot in slots),
        wanted=wanted,
        joins_up_to=slots[0].type.joins_up_to,
        taken=counts["taken"] > 0,
        registered=patient.left_on is None and patient.died_on is None,
        booked_ahead=counts["ahead"],
        clashes=counts["clashes"] > 0,
        limit=policy["most_future_appointments"],
        book_ahead_days=policy["book_ahead_days"],
        minimum_notice_minutes=policy["minimum_notice_minutes"],
    )


def appointments_of(acting: Acting) -> QuerySet[Appointment]:
    """The appointments of the patient, whoever booked them, if this person may see them."""
    rows = Appointment.objects.filter(
        in_force(acting, Service.APPOINTMENTS, Level.VIEW),
        practice_id=acting.practice_id,
        patient_id=acting.patient_id,
        continues_id=None,
    )
    others = Appointment.objects.filter(practice=OuterRef("practice"))
    last = others.filter(continues_id=OuterRef("id")).order_by("-slot__ends_at").values("slot__ends_at")
    later = others.filter(moved_from_id=OuterRef("id")).values("id")
    ends_at = Greatest(F("slot__ends_at"), Subquery(last[:1]))
    related = ("slot", "slot__type", "slot__schedule__site", "slot__schedule__clinician")
    return rows.select_related(*related).annotate(ends_at=ends_at, moved_to_id=Subquery(later[:1]))


def appointment_of(acting: Acting, appointment_id: UUID, *, at: datetime) -> Appointment:
    """One appointment of the patient; the reading is audited. Raises Appointment.DoesNotExist."""
    appointment = appointments_of(acting).get(id=appointment_id)
    record("appointment.seen", by=acting, at=at, subject=appointment.id)
    return appointment


def upcoming(acting: Acting, *, at: datetime) -> list[Appointment]:
    """The patient's appointments still to come, the next first; the reading is audited."""
    rows = appointments_of(acting).filter(BOOKED, slot__ends_at__gt=at).order_by("slot__starts_at")
    record("appointment.upcoming_seen", by=acting, at=at)
    return list(rows)


def past(acting: Acting, *, at: datetime) -> list[Appointment]:
    """The patient's past and cancelled appointments, the latest first, as many as the practice shows; audited."""
    shown = policies(acting)["past_appointments_shown"]
    rows = appointments_of(acting).exclude(BOOKED & Q(slot__ends_at__gt=at)).order_by("-slot__starts_at")
    record("appointment.past_seen", by=acting, at=at)
    return list(rows[:shown])


def cancel_facts(acting: Acting, appointment: Appointment) -> CancelFacts:
    """What the cancelling rules judge."""
    policy = policies(acting)
    return CancelFacts(
        starts_at=appointment.slot.starts_at,
        booked=appointment.status == Appointment.Status.BOOKED,
        cancel_online=bool(policy["cancel_online"]),
        cutoff_minutes=policy["cancel_cutoff_minutes"],
    )


def day_list(staff: Staff, day: date, *, at: datetime) -> list[Slot]:
    """Every slot of a local day with the appointment that has it, by clinician and time; the reading is audited."""
    starts, ends = day_bounds(day)
    rows = Slot.objects.filter(practice_id=staff.practice_id, starts_at__gte=starts, starts_at__lt=ends)
    slots = list(
        rows.select_related("schedule", "schedule__site", "schedule__clinician", "type").order_by(
            "schedule__clinician__name", "schedule__starts_at", "starts_at"
        )
    )
    booked = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, slot_id__in=[slot.id for slot in slots])
    record("appointment.day_seen", by=staff, at=at, day=day.isoformat())
    by_slot = {appointment.slot_id: appointment for appointment in booked.select_related("patient")}
    for slot in slots:
        slot.taken_by = by_slot.get(slot.id)  # type: ignore[attr-defined]
    return slots


def slot_types(staff: Staff) -> QuerySet[SlotType]:
    """The kinds of slot in the practice's book."""
    return SlotType.objects.filter(practice_id=staff.practice_id).order_by("name")


def _taken() -> Exists:
    return Exists(Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), slot_id=OuterRef("id")))


def all_of(appointment: Appointment | None) -> Q:
    """The rows that make up one appointment."""
    if appointment is None:
        return Q(id=None)
    return Q(id=appointment.id) | Q(continues_id=appointment.id)


def _facts_of(slot: Slot) -> SlotFacts:
    offered = slot.online and slot.status == Slot.Status.OPEN and bool(slot.type.label and slot.type.national_category)
    return SlotFacts(
        slot.id, slot.schedule_id, slot.type_id, slot.mode, slot.starts_at, slot.ends_at, offered, slot.release_at
    )
