"""What withdrawing or moving sessions would touch: which times, who has them, how each patient would be told."""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from patient_online.appointments.models import Absence, Appointment, Schedule, Slot
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.rules.withdraw import (
    Choice,
    SessionFacts,
    Target,
    digest,
    nearest,
    staying,
)
from patient_online.asking import Staff, System
from patient_online.audit.actions import record_all
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.notify.delivering import addresses_of
from patient_online.notify.providers import routes_here
from patient_online.notify.rules import Reach, way_to
from patient_online.patients.models import Patient
from patient_online.practices.models import Closure, Site, StaffMember

OPEN = Q(status=Slot.Status.OPEN)
SEEN = Q(arrived_at__isnull=False) | ~Q(outcome=Appointment.Outcome.UNKNOWN)
BEFORE, AFTER = timedelta(days=14), timedelta(days=28)
ABOUT = ("patient", "slot", "slot__type", "slot__schedule__clinician", "slot__schedule__site")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be touched: sessions, their open times to come, and every booked row in these.

    `staying` is what is left alone: who has arrived, and who shares their time. `strangers` are patients who have
    booked since the locks were asked for.
    """

    schedules: list[Schedule]
    slots: list[Slot]
    rows: list[Appointment]
    staying: list[Appointment] = field(default_factory=list)
    strangers: frozenset[UUID] = frozenset()

    @property
    def appointments(self) -> list[Appointment]:
        """Each appointment once, by its first row, in the order of time."""
        firsts = [row for row in self.rows if row.continues_id is None]
        return sorted(firsts, key=lambda row: (row.slot.starts_at, row.slot_id, row.seat))

    @property
    def shown(self) -> str:
        """The mark of all this: it changes when anybody books or cancels, or is to be told in another way."""
        parts: list[tuple[object, ...]] = [("session", each.id, each.starts_at) for each in self.schedules]
        parts += [("slot", each.id, each.starts_at) for each in self.slots]
        parts += [("row", each.id, each.slot_id, _route(each.patient)) for each in self.rows]
        return digest(parts)


def sessions_seen(staff: Staff, choice: Choice, *, at: datetime) -> Plan:
    """What withdrawing would touch, as it is now; audited for each patient shown."""
    schedules = list(_chosen(staff, choice, at).select_related("clinician", "site").order_by("starts_at", "id"))
    slots = list(_open_slots(staff, schedules, at).order_by("starts_at", "id"))
    plan = _whole(schedules, slots, list(_booked(staff, slots).select_related(*ABOUT)))
    patients = [row.patient_id for row in plan.appointments]
    record_all("appointment.withdrawal_seen", by=staff, at=at, patients=patients)
    return plan


def sessions_held(staff: Staff, choice: Choice, *, at: datetime, clinicians: Collection[UUID] = ()) -> Plan:
    """The same, held still until the transaction ends: patients, clinicians, sessions, times and appointments are
    locked, in that order and each by id.

    Booking and moving lock the patient first, then their own appointment, then the times; who has the patient never
    waits for an appointment that somebody else holds who waits for the patient. That is why patients come before
    everything, and why the appointment of a patient who is not locked is not waited for: who booked while we came is
    a stranger, and the book has changed. Of the patients the key is left open, because who cancels holds an appointment
    alone and stores a message that refers to the patient.
    """
    schedules = list(_chosen(staff, choice, at))
    patients = set(_booked(staff, _open_slots(staff, schedules, at)).values_list("patient_id", flat=True))
    _lock(Patient.objects.filter(practice_id=staff.practice_id, id__in=patients), no_key=True)
    _lock(StaffMember.objects.filter(practice_id=staff.practice_id, id__in=clinicians))
    schedules = _lock(_chosen(staff, choice, at))
    slots = _lock(_open_slots(staff, schedules, at))
    strangers = _booked(staff, slots).exclude(patient_id__in=patients).values_list("patient_id", flat=True)
    rows = _booked(staff, slots).filter(patient_id__in=patients).select_related("slot", "patient")
    return _whole(schedules, slots, _lock(rows), frozenset(strangers))


def route_of(staff: Staff, patient: Patient) -> str:
    """How this patient is told what they must know, as the messages go: by email, by text, by letter, or not at all."""
    return _route(patient)


def _route(patient: Patient) -> str:
    return way_to(Reach(patient.contact_by, frozenset(addresses_of(patient)) & routes_here(), must_reach=True))


def _chosen(staff: Staff, choice: Choice, at: datetime) -> QuerySet[Schedule]:
    rows = Schedule.objects.filter(practice_id=staff.practice_id, withdrawn_at=None, ends_at__gt=at)
    if choice.schedule:
        return rows.filter(id=choice.schedule)
    wanted = {"clinician_id": choice.clinician, "site_id": choice.site}
    days = {"starts_at__gte": day_bounds(choice.first)[0], "starts_at__lt": day_bounds(choice.last)[1]}
    return rows.filter(**days, **{name: value for name, value in wanted.items() if value})


def _open_slots(staff: Staff, schedules: Iterable[Schedule], at: datetime) -> QuerySet[Slot]:
    ids = [each.id for each in schedules]
    return Slot.objects.filter(OPEN, practice_id=staff.practice_id, schedule_id__in=ids, starts_at__gt=at)


def _booked(staff: Staff, slots: Iterable[Slot]) -> QuerySet[Appointment]:
    ids: Any = slots.values("id") if isinstance(slots, QuerySet) else [slot.id for slot in slots]
    return Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, slot_id__in=ids)


def _lock(rows: QuerySet[Any], *, no_key: bool = False) -> list[Any]:
    return list(rows.select_for_update(of=("self",), no_key=no_key).order_by("id"))


def _whole(
    schedules: list[Schedule], slots: list[Slot], rows: list[Appointment], strangers: frozenset[UUID] = frozenset()
) -> Plan:
    """The plan without the times of an appointment whose patient has arrived, or is in the room already."""
    kept = staying([(row.id, row.continues_id, row.slot_id, row.seen) for row in rows])
    left = [row for row in rows if row.slot_id in kept and row.continues_id is None]
    return Plan(
        schedules,
        [slot for slot in slots if slot.id not in kept],
        [row for row in rows if row.slot_id not in kept],
        sorted(left, key=lambda row: (row.slot.starts_at, row.slot_id, row.seat)),
        strangers,
    )


def offers(staff: Staff, plan: Plan, *, at: datetime) -> dict[UUID, list[Slot]]:
    """For each appointment the free times of the same kind nearest to it, outside of what is touched."""
    appointments = plan.appointments
    if not appointments:
        return {}
    kinds = {row.slot.type_id for row in appointments}
    starts = [row.slot.starts_at for row in appointments]
    rows = slots_left(staff, at=at).filter(type_id__in=kinds)
    rows = rows.exclude(schedule_id__in=[each.id for each in plan.schedules])
    rows = rows.filter(starts_at__gte=min(starts) - BEFORE, starts_at__lte=max(starts) + AFTER)
    times: dict[UUID, list[tuple[datetime, UUID]]] = defaultdict(list)
    once = rows.order_by("type_id", "starts_at", "id").distinct("type_id", "starts_at")
    for kind, time, slot in once.values_list("type_id", "starts_at", "id"):
        insort(times[kind], (time, slot))
    chosen = {row.id: nearest(times[row.slot.type_id], row.slot.starts_at) for row in appointments}
    wanted = {slot for ids in chosen.values() for slot in ids}
    found = Slot.objects.filter(practice_id=staff.practice_id, id__in=wanted).select_related("schedule__clinician")
    known = {slot.id: slot for slot in found}
    return {row: [known[slot] for slot in ids if slot in known] for row, ids in chosen.items()}


def slots_left(asker: Staff | System, *, at: datetime) -> QuerySet[Slot]:
    """The times of the practice to come that have a seat left and are not kept back until later."""
    booked = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), slot_id=OuterRef("id"))
    how_many = Subquery(booked.order_by().values("slot_id").annotate(n=Count("id")).values("n"))
    left = ~Q(Exists(booked)) | Q(seats__gt=how_many)
    released = Q(release_at=None) | Q(release_at__lte=at)
    return Slot.objects.filter(~Q(SHUT), OPEN, released, left, practice_id=asker.practice_id, starts_at__gt=at)


def given_back_since(staff: Staff, plan: Plan, *, since: datetime) -> int:
    """How many appointments in these sessions have been cancelled or moved away since an instant."""
    rows = Appointment.objects.filter(practice_id=staff.practice_id, slot_id__in=[slot.id for slot in plan.slots])
    return rows.filter(status=Appointment.Status.CANCELLED, cancelled_at__gt=since, continues_id=None).count()


def session_of(staff: Staff, schedule_id: UUID) -> Schedule:
    """One session of the practice's book. Raises Schedule.DoesNotExist."""
    rows = Schedule.objects.filter(practice_id=staff.practice_id)
    return rows.select_related("clinician", "site").get(id=schedule_id)


def session_facts(staff: Staff, schedule: Schedule, to: Target) -> SessionFacts:
    """What the rules judge of a session that is to be there: asked under the clinician's lock, it stays true."""
    day, ends_at = local_day(to.starts_at), to.starts_at + (schedule.ends_at - schedule.starts_at)
    own: dict[str, Any] = {"practice_id": staff.practice_id, "clinician_id": to.clinician}
    here = Q(to_day=None) | Q(to_day__gte=day)
    people = StaffMember.objects.filter(here, practice_id=staff.practice_id, from_day__lte=day)
    clinician = people.filter(id=to.clinician, sees_patients=True).first()
    about = Q(from_day__lte=day, to_day__gte=day, taken_back_at=None)
    closures = Closure.objects.filter(about, practice_id=staff.practice_id)
    seats = Appointment.objects.filter(BOOKED, SEEN, practice_id=staff.practice_id, slot__schedule_id=schedule.id)
    others = Schedule.objects.filter(**own, withdrawn_at=None, starts_at__lt=ends_at, ends_at__gt=to.starts_at)
    return SessionFacts(
        schedule.starts_at,
        schedule.clinician_id,
        schedule.site_id,
        clinician_name=clinician.name if clinician else "",
        known=bool(clinician) and Site.objects.filter(practice_id=staff.practice_id, id=to.site).exists(),
        away=Absence.objects.filter(about, **own).exists(),
        closed=closures.exists(),
        lasts=schedule.ends_at - schedule.starts_at,
        arrived=seats.exists(),
        others=[each.name for each in others.exclude(id=schedule.id).order_by("starts_at")],
    )


def clashes(staff: Staff, plan: Plan, *, by: timedelta) -> dict[UUID, Appointment]:
    """Whose appointment, moved by so much, would lie over another of theirs: that other one, by the id of the first."""
    firsts = plan.appointments
    new = {row.slot_id: (row.slot.starts_at + by, row.slot.ends_at + by) for row in plan.rows}
    if not new:
        return {}
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, patient_id__in=_patients(firsts))
    rows = rows.exclude(slot_id__in=list(new)).select_related("slot")
    ends, starts = max(end for _, end in new.values()), min(start for start, _ in new.values())
    others = list(rows.filter(slot__starts_at__lt=ends, slot__ends_at__gt=starts))
    return {
        row.continues_id or row.id: other
        for row in plan.rows
        for other in others
        if other.patient_id == row.patient_id
        and other.slot.starts_at < new[row.slot_id][1]
        and other.slot.ends_at > new[row.slot_id][0]
    }


def _patients(rows: Sequence[Appointment]) -> set[UUID]:
    return {row.patient_id for row in rows}


def who_and_where(staff: Staff, *, on: datetime) -> tuple[list[StaffMember], list[Site]]:
    """The clinicians who work at the practice from a day on, and its sites: what sessions are chosen by."""
    here = Q(to_day=None) | Q(to_day__gte=local_day(on))
    people = StaffMember.objects.filter(here, practice_id=staff.practice_id, sees_patients=True)
    sites = Site.objects.filter(practice_id=staff.practice_id)
    return list(people.order_by("name", "id")), list(sites.order_by("-is_main", "name"))
