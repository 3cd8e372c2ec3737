"""What the booking rules judge, read under the locks that hold it still."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Q, Subquery

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries.slots import BOOKED, UNMAPPED
from patient_online.appointments.rules import BookingFacts, CancelFacts, SlotFacts
from patient_online.asking import Acting
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies


def patient_for_booking(acting: Acting) -> Patient | None:
    """The patient, locked until the transaction ends, so that two tabs cannot pass the limit.

    None when this person may no longer manage the patient's appointments.
    """
    known = Patient.objects.annotate(granted=in_force(acting, Service.APPOINTMENTS, Level.MANAGE))
    locked = known.select_for_update(of=("self",))
    patient = locked.get(practice_id=acting.practice_id, id=acting.patient_id)
    return patient if patient.granted else None


def appointment_to_change(acting: Acting, appointment_id: UUID) -> list[Appointment]:
    """Every row of the patient's appointment as it is now, the first one first, locked until the transaction ends.

    Nothing when this person has no such appointment to manage.
    """
    rows = Appointment.objects.filter(
        Q(id=appointment_id, continues_id=None) | Q(continues_id=appointment_id),
        in_force(acting, Service.APPOINTMENTS, Level.MANAGE),
        practice_id=acting.practice_id,
        patient_id=acting.patient_id,
    )
    return list(rows.select_related("slot").select_for_update(of=("self",)).order_by("slot__starts_at"))


def slots_for_booking(acting: Acting, slot_id: UUID, *, wanted: int) -> list[Slot]:
    """The slot and those that follow it, `wanted` in all if there are so many, each locked in the order of ids.

    Asked once `patient_for_booking` has told that this person may book.
    """
    book = Slot.objects.filter(practice_id=acting.practice_id)
    chosen = Q(id=slot_id)
    if wanted > 1:
        first = book.filter(id=slot_id)
        after = book.filter(
            schedule_id=Subquery(first.values("schedule_id")), starts_at__gte=Subquery(first.values("starts_at"))
        )
        chosen = Q(id__in=after.order_by("starts_at").values("id")[:wanted])
    locked = book.filter(chosen).select_related("type").select_for_update(of=("self",)).order_by("id")
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
    return BookingFacts(
        slots=tuple(_facts_of(slot) for slot in slots),
        wanted=wanted,
        joins_up_to=slots[0].type.joins_up_to,
        registered=patient.left_on is None and patient.died_on is None,
        limit=policy["most_future_appointments"],
        book_ahead_days=policy["book_ahead_days"],
        minimum_notice_minutes=policy["minimum_notice_minutes"],
        moving=besides is not None,
        limit_of_type=slots[0].type.most_future,
        moved_type_id=besides.slot.type_id if besides else None,
        **_counted(acting, slots, at, besides),
    )


def _counted(acting: Acting, slots: Sequence[Slot], at: datetime, besides: Appointment | None) -> dict[str, Any]:
    """Which seats are left, what is booked ahead, and what clashes: at the same time, or the same slot."""
    ids = {slot.id for slot in slots}
    wanted = Q(slot_id__in=ids) | Q(patient_id=acting.patient_id, slot__ends_at__gt=at)
    rows = Appointment.objects.filter(BOOKED, wanted, practice_id=acting.practice_id)
    used: dict[UUID, set[int]] = {id_: set() for id_ in ids}
    ahead, of_type, clashes = 0, 0, False
    names = ("id", "continues_id", "patient_id", "slot_id", "seat", "slot__type_id", "slot__starts_at", "slot__ends_at")
    for id_, continues_id, patient_id, slot_id, seat, type_id, starts_at, ends_at in rows.values_list(*names):
        if patient_id != acting.patient_id:
            used[slot_id].add(seat)
        elif besides is None or besides.id not in (id_, continues_id):
            counts = continues_id is None and starts_at > at
            ahead += counts
            of_type += counts and type_id == slots[0].type_id
            clashes |= starts_at < slots[-1].ends_at and ends_at > slots[0].starts_at
        else:
            clashes |= slot_id in ids
    full = [len(used[slot.id]) >= slot.seats for slot in slots]
    return {
        "taken": full[0],
        "later_taken": any(full[1:]),
        "seats": tuple(_first_free(used[slot.id]) for slot in slots),
        "booked_ahead": ahead,
        "booked_ahead_of_type": of_type,
        "clashes": clashes,
    }


def _first_free(used: Collection[int]) -> int:
    """The lowest number of a seat that is not used."""
    return next(seat for seat in count(1) if seat not in used)


def cancel_facts(acting: Acting, appointment: Appointment) -> CancelFacts:
    """What the cancelling rules judge."""
    policy = policies(acting)
    return CancelFacts(
        starts_at=appointment.slot.starts_at,
        booked=appointment.status == Appointment.Status.BOOKED,
        cancel_online=bool(policy["cancel_online"]),
        cutoff_minutes=policy["cancel_cutoff_minutes"],
    )


def _facts_of(slot: Slot) -> SlotFacts:
    kind = slot.type
    worded = bool(kind.label) and kind.national_category not in UNMAPPED
    offered = slot.online and slot.status == Slot.Status.OPEN and worded
    return SlotFacts(
        slot.id, slot.schedule_id, slot.type_id, slot.mode, slot.starts_at, slot.ends_at, offered, slot.release_at
    )
