"""What withdrawing or moving sessions would touch: which times, who has them, how each patient would be told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from patient_online.appointments.models import Appointment, Schedule, Slot
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.rules.withdraw import Choice, digest, staying
from patient_online.asking import Staff, System
from patient_online.audit.actions import record_all
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import Stretch
from patient_online.notify.delivering import addresses_of
from patient_online.notify.providers import routes_here
from patient_online.notify.rules import Reach, way_to
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember

OPEN = Q(status=Slot.Status.OPEN)
SEEN = Q(arrived_at__isnull=False) | ~Q(outcome=Appointment.Outcome.UNKNOWN)
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


def sessions_to_tick(staff: Staff, choice: Choice, *, at: datetime) -> list[Schedule]:
    """The sessions among which somebody ticks those that they mean, in the order of time."""
    rows = _chosen(staff, replace(choice, ticked=None), at).select_related("clinician", "site")
    return list(rows.order_by("starts_at", "id"))


def sessions_seen(staff: Staff, choice: Choice, *, at: datetime) -> Plan:
    """What withdrawing would touch, as it is now; audited for each patient shown."""
    schedules = list(_chosen(staff, choice, at).select_related("clinician", "site").order_by("starts_at", "id"))
    slots = list(_open_slots(staff, schedules, choice, at).order_by("starts_at", "id"))
    plan = _whole(schedules, slots, list(_booked(staff, slots, choice, at).select_related(*ABOUT)))
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
    first_seen = _booked(staff, _open_slots(staff, schedules, choice, at), choice, at)
    patients = set(first_seen.values_list("patient_id", flat=True))
    _lock(Patient.objects.filter(practice_id=staff.practice_id, id__in=patients), no_key=True)
    _lock(StaffMember.objects.filter(practice_id=staff.practice_id, id__in=clinicians))
    schedules = _lock(_chosen(staff, choice, at))
    slots = _lock(_open_slots(staff, schedules, choice, at))
    booked = _booked(staff, slots, choice, at)
    strangers = booked.exclude(patient_id__in=patients).values_list("patient_id", flat=True)
    rows = booked.filter(patient_id__in=patients).select_related("slot", "patient")
    return _whole(schedules, slots, _lock(rows), frozenset(strangers))


def without_times(staff: Staff, plan: Plan, *, at: datetime) -> list[UUID]:
    """Those of the sessions of a plan that have not begun and have no open time: they are withdrawn as a whole."""
    open_times = Slot.objects.filter(OPEN, practice=OuterRef("practice"), schedule_id=OuterRef("id"))
    ids = [each.id for each in plan.schedules]
    rows = Schedule.objects.filter(~Exists(open_times), practice_id=staff.practice_id, id__in=ids, starts_at__gt=at)
    return list(rows.values_list("id", flat=True))


def route_of(staff: Staff, patient: Patient) -> str:
    """How this patient is told what they must know, as the messages go: by email, by text, by letter, or not at all."""
    return _route(patient)


def _route(patient: Patient) -> str:
    return way_to(Reach(patient.contact_by, frozenset(addresses_of(patient)) & routes_here(), must_reach=True))


def _chosen(staff: Staff, choice: Choice, at: datetime) -> QuerySet[Schedule]:
    rows = Schedule.objects.filter(practice_id=staff.practice_id, withdrawn_at=None, ends_at__gt=at)
    if choice.ticked is not None:
        rows = rows.filter(id__in=[session for session, _ in choice.ticked])
    if choice.schedule:
        return rows.filter(id=choice.schedule)
    wanted = {"clinician_id": choice.clinician, "site_id": choice.site}
    begins, over = choice.stretch.instants
    then = {"starts_at__lt": over, "ends_at__gt": begins}
    return rows.filter(**then, **{name: value for name, value in wanted.items() if value})


def _open_slots(staff: Staff, schedules: Iterable[Schedule], choice: Choice, at: datetime) -> QuerySet[Slot]:
    """The times to come of these sessions that are meant: those in the stretch, and from the time on that is named."""
    ids = {each.id: each for each in schedules}
    rows = Slot.objects.filter(OPEN, practice_id=staff.practice_id, schedule_id__in=list(ids), starts_at__gt=at)
    if choice.schedule is None:
        begins, over = choice.stretch.instants
        rows = rows.filter(starts_at__lt=over, ends_at__gt=begins)
    for session, since in choice.begins.items():
        if session in ids:
            first = Stretch(day := local_day(ids[session].starts_at), day, since).instants[0]
            rows = rows.exclude(schedule_id=session, starts_at__lt=first)
    return rows


def _booked(staff: Staff, slots: Iterable[Slot], choice: Choice, at: datetime) -> QuerySet[Appointment]:
    """What is booked there. Of a longer appointment of which a part goes, the part that would stay goes too."""
    ids: Any = slots.values("id") if isinstance(slots, QuerySet) else [slot.id for slot in slots]
    booked = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id)
    there = booked.filter(slot_id__in=ids)
    if not choice.in_part:
        return there
    firsts, more = there.values("id"), there.filter(continues_id__isnull=False).values("continues_id")
    parts = Q(slot_id__in=ids) | Q(id__in=more) | Q(continues_id__in=firsts) | Q(continues_id__in=more)
    return booked.filter(parts, slot__starts_at__gt=at)


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
