"""What the booking rules judge, read under the locks that hold it still."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, BookingRule, Slot, SlotType, for_whom, when_text
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.release import rules_of, terms_of
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.rules.booking import BookingFacts, NotBooked, released_when
from patient_online.appointments.rules.cancel import CancelFacts
from patient_online.appointments.rules.release import Terms
from patient_online.asking import Acting, LinkHolder, Staff, System
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies
from patient_online.storage.prepared import only, prepared


def patient_for_booking(acting: Acting) -> Patient | None:
    """The patient, locked until the transaction ends, so that two tabs cannot pass the limit.

    None when this person may no longer manage the patient's appointments. The key is left open: who cancels without
    this lock stores a message to the patient, which refers to it, and would wait here for one who waits for them.
    """
    patient = only(Patient, _patient_locked(acting.practice_id, acting.patient_id, acting.account_id))
    return patient if patient.granted else None


@prepared
def _patient_locked(practice_id: str, patient_id: UUID, account_id: UUID) -> QuerySet[Patient]:
    acting = Acting(account_id, practice_id, patient_id)
    known = Patient.objects.annotate(granted=in_force(acting, Service.APPOINTMENTS, Level.MANAGE))
    locked = known.select_for_update(of=("self",), no_key=True)
    return locked.filter(practice_id=practice_id, id=patient_id)


def appointment_to_change(acting: Acting, appointment_id: UUID) -> list[Appointment]:
    """Every row of the patient's appointment as it is now, the first one first, locked until the transaction ends.

    Nothing when this person has no such appointment to manage.
    """
    return _rows_locked(acting.practice_id, acting.patient_id, acting.account_id, appointment_id)


@prepared
def _rows_locked(practice_id: str, patient_id: UUID, account_id: UUID, appointment_id: UUID) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(
        Q(id=appointment_id, continues_id=None) | Q(continues_id=appointment_id),
        in_force(Acting(account_id, practice_id, patient_id), Service.APPOINTMENTS, Level.MANAGE),
        practice_id=practice_id,
        patient_id=patient_id,
    )
    return rows.select_related("slot", "patient").select_for_update(of=("self",)).order_by("slot__starts_at")


def slots_for_booking(acting: Acting, slot_id: UUID, *, wanted: int) -> list[Slot]:
    """The slot and those that follow it, `wanted` in all if there are so many, each locked in the order of ids.

    Asked once `patient_for_booking` has told that this person may book. Each comes with `signs_used`: what this person
    read of the signs of an emergency until then is used up by a booking.
    """
    rows = _slots_locked(acting.practice_id, acting.patient_id, acting.account_id, slot_id, wanted=wanted)
    return sorted(rows, key=lambda slot: slot.starts_at)


@prepared
def _slots_locked(
    practice_id: str, patient_id: UUID, account_id: UUID, slot_id: UUID, *, wanted: int
) -> QuerySet[Slot]:
    book = Slot.objects.filter(practice_id=practice_id)
    chosen = Q(id=slot_id)
    if wanted > 1:
        first = book.filter(id=slot_id)
        after = book.filter(
            schedule_id=Subquery(first.values("schedule_id")), starts_at__gte=Subquery(first.values("starts_at"))
        )
        chosen = Q(id__in=after.order_by("starts_at").values("id")[:wanted])
    read = Appointment.objects.filter(
        practice_id=practice_id, patient_id=patient_id, booked_by=account_id, moved_from_id=None
    ).filter(red_flags_seen_at__isnull=False)
    used = Subquery(read.order_by("-red_flags_seen_at").values("red_flags_seen_at")[:1])
    rows = book.filter(chosen).annotate(shut=SHUT, signs_used=used).select_related("type")
    return rows.select_for_update(of=("self",)).order_by("id")


def booking_facts(
    acting: Acting,
    slots: Sequence[Slot],
    *,
    patient: Patient,
    wanted: int,
    at: datetime,
    besides: Appointment | None = None,
    terms: Terms | None = None,
) -> BookingFacts:
    """What the booking rules judge, read after the locks; `besides` is moved, `terms` are known already, if any are."""
    policy, type_id = policies(acting), slots[0].type_id
    terms = terms or terms_of(acting, type_id=type_id)
    return BookingFacts(
        slots=tuple(slot.facts for slot in slots),
        wanted=wanted,
        joins_up_to=slots[0].type.joins_up_to,
        registered=patient.left_on is None and patient.died_on is None,
        limit=policy["most_future_appointments"],
        book_ahead_days=policy["book_ahead_days"],
        minimum_notice_minutes=policy["minimum_notice_minutes"],
        moving=besides is not None,
        limit_of_type=slots[0].type.most_future,
        moved_type_id=besides.slot.type_id if besides else None,
        rules=tuple(terms.rules.get(type_id, ())),
        who=terms.who,
        first_only=not acting.is_known,
        booked_before=not acting.is_known and has_booked(acting),
        **_counted(acting, slots, at, besides),
    )


def has_booked(acting: Acting) -> bool:
    """Whether this person has ever booked for the patient, whatever became of it."""
    theirs = {"patient_id": acting.patient_id, "booked_by": acting.account_id}
    return Appointment.objects.filter(practice_id=acting.practice_id, **theirs).exists()


def first_booked(acting: Acting) -> Appointment | None:
    """What somebody who is not known has booked for the patient: their one first appointment, whatever became of it."""
    theirs = {"patient_id": acting.patient_id, "booked_by": acting.account_id, "continues_id": None}
    rows = Appointment.objects.filter(practice_id=acting.practice_id, **theirs).select_related("slot", "slot__type")
    return rows.order_by("booked_at").first()


def booked_themselves(acting: Acting, appointment_id: UUID, *, at: datetime) -> bool:
    """Whether this person has booked the appointment themselves, and its time has not come."""
    theirs = {"patient_id": acting.patient_id, "booked_by": acting.account_id, "slot__starts_at__gt": at}
    return Appointment.objects.filter(practice_id=acting.practice_id, id=appointment_id, **theirs).exists()


def _counted(acting: Acting, slots: Sequence[Slot], at: datetime, besides: Appointment | None) -> dict[str, Any]:
    """Which seats are left, what is booked ahead, and what clashes: at the same time, or the same slot."""
    ids = [slot.id for slot in slots]
    rows = _taken_or_theirs(acting.practice_id, acting.patient_id, at, *ids)
    used: dict[UUID, set[int]] = {id_: set() for id_ in ids}
    ahead, of_type, clashes = 0, 0, False
    for id_, continues_id, patient_id, slot_id, seat, type_id, starts_at, ends_at in rows:
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


@prepared
def _taken_or_theirs(practice_id: str, patient_id: UUID, at: datetime, *slot_ids: UUID) -> QuerySet[Any]:
    """Who has the slots, and what the patient has to come."""
    wanted = Q(slot_id__in=slot_ids) | Q(patient_id=patient_id, slot__ends_at__gt=at)
    rows = Appointment.objects.filter(BOOKED, wanted, practice_id=practice_id)
    names = ("id", "continues_id", "patient_id", "slot_id", "seat", "slot__type_id", "slot__starts_at", "slot__ends_at")
    return rows.values_list(*names)


def _first_free(used: Collection[int]) -> int:
    """The lowest number of a seat that is not used."""
    return next(seat for seat in count(1) if seat not in used)


def cancel_facts(asker: Acting | LinkHolder | System, appointment: Appointment) -> CancelFacts:
    """What the cancelling rules judge."""
    policy = policies(asker)
    return CancelFacts(
        starts_at=appointment.slot.starts_at,
        booked=appointment.status == Appointment.Status.BOOKED,
        cancel_online=bool(policy["cancel_online"]),
        cutoff_minutes=policy["cancel_cutoff_minutes"],
        seen=appointment.seen,
    )


def refusal_facts(
    asker: Acting | Staff,
    refusal: NotBooked | None,
    facts: BookingFacts,
    kind: SlotType,
    *,
    at: datetime,
    rules: Iterable[BookingRule] | None = None,
) -> dict[str, Any]:
    """What the words of a refusal name; `rules` are those of the kind of slot, where they are known already."""
    if refusal is NotBooked.NOT_FOR_YOU:
        return {"who": for_whom(rules_of(asker).filter(type_id=kind.id) if rules is None else rules)}
    if refusal is NotBooked.NOT_RELEASED:
        return {"when": when_text(released_when(facts, at=at))}
    if refusal is NotBooked.LIMIT_OF_KIND_REACHED:
        return {"limit": facts.limit_of_type, "kind": kind.label}
    return {"limit": facts.limit}
