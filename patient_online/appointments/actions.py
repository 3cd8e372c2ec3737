"""What can happen to an appointment: it is booked, cancelled, moved."""

from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, Slot, SlotType
from patient_online.appointments.rules import (
    BookingFacts,
    NotBooked,
    NotCancelled,
    needs_number,
    why_not_book,
    why_not_cancel,
    why_not_reached,
    why_not_words,
)
from patient_online.asking import Acting, NotAllowed, Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.services import Service
from patient_online.patients.actions import change_telephone
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

MOVED = "moved"
ONE_BOOKED = "appointment_one_booked_per_seat"


@dataclass(frozen=True, slots=True)
class Words:
    """What the patient says with a booking."""

    reason: str = ""
    comment: str = ""
    telephone: str = ""
    keep_telephone: bool = False

    def __str__(self) -> str:
        return "\x1f".join([self.reason, self.comment, self.telephone, str(self.keep_telephone)])


@action("appointment.booked", unasked=["red_flags_seen_at"])
def book(
    slot: Slot,
    *,
    by: Acting,
    key: UUID | None,
    at: datetime,
    words: Words = Words(),
    length: int = 1,
    red_flags_seen_at: datetime | None = None,
) -> Appointment:
    """Give the slot, and the `length` - 1 that follow it, to the patient, or raise Refused.

    Patient and slots are locked, in that order, until we commit: two patients cannot take one slot, and one patient
    cannot pass the practice's limit in two tabs.
    """
    by.require(Service.APPOINTMENTS)
    patient = _patient(by)
    appointment = _take(slot, patient, by, at, words, length, red_flags_seen_at)
    record("appointment.booked", by=by, at=at, subject=appointment.id, slot=str(slot.id))
    return appointment


@action("appointment.cancelled")
def cancel(appointment: Appointment, *, by: Acting, key: UUID | None, at: datetime, reason: str = "") -> Appointment:
    """Take the appointment back and free its slot, or raise Refused."""
    by.require(Service.APPOINTMENTS)
    rows = _to_change(appointment, by, at)
    _free(rows, by, at, reason)
    record("appointment.cancelled", by=by, at=at, subject=rows[0].id)
    appointment.status = rows[0].status
    return rows[0]


@action("appointment.moved")
def rearrange(appointment: Appointment, *, to: Slot, by: Acting, key: UUID | None, at: datetime) -> Appointment:
    """Take the new slot, then free the old one, in one transaction; or raise Refused and leave the old one as it is.

    By telephone or video the patient is reached on the number of the old appointment, or else on the one in their
    details.
    """
    by.require(Service.APPOINTMENTS)
    patient = _patient(by)
    rows = _to_change(appointment, by, at)
    old = rows[0]
    known = patient.telephone if needs_number(to.mode) else ""
    words = Words(old.reason, old.comment, old.contact_telephone or known)
    moved = _take(to, patient, by, at, words, len(rows), old.red_flags_seen_at, moved_from=old)
    _free(rows, by, at, MOVED)
    record("appointment.moved", by=by, at=at, subject=moved.id, moved_from=str(old.id), slot=str(to.id))
    appointment.status = old.status
    return moved


@action("appointment.red_flags_shown")
def show_red_flags(slot: Slot, *, by: Acting, at: datetime) -> None:
    """Remember that the signs of an emergency were shown before this slot was booked."""
    record("appointment.red_flags_shown", by=by, at=at, subject=slot.id)


@action("appointment.slot_type_worded")
def word_slot_type(
    kind: SlotType,
    *,
    label: str,
    guidance: str,
    national_category: str,
    most_future: int | None,
    by: Staff,
    at: datetime,
) -> SlotType:
    """Word what a kind of slot is for; without words or a national category patients cannot book it.

    `most_future` is how many of it a patient may have booked ahead; None sets no limit of its own.
    """
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    SlotType.objects.filter(practice_id=by.practice_id, id=kind.id).update(
        label=label, guidance=guidance, national_category=national_category, most_future=most_future
    )
    record("appointment.slot_type_worded", by=by, at=at, subject=kind.id)
    return kind


def _patient(by: Acting) -> Patient:
    patient = queries.patient_for_booking(by)
    if patient is None:
        raise Refused(NotAllowed.SERVICE_NOT_YOURS)
    return patient


def _to_change(appointment: Appointment, by: Acting, at: datetime) -> list[Appointment]:
    """The appointment's rows as they stand now, or Refused: what the caller has may be old, or another patient's."""
    rows = queries.appointment_to_change(by, appointment.id)
    if not rows:
        raise Refused(NotCancelled.NOT_FOUND)
    if refusal := why_not_cancel(queries.cancel_facts(by, rows[0]), at=at):
        raise Refused(refusal)
    return rows


def _take(
    slot: Slot,
    patient: Patient,
    by: Acting,
    at: datetime,
    words: Words,
    length: int,
    red_flags_seen_at: datetime | None,
    moved_from: Appointment | None = None,
) -> Appointment:
    slots = queries.slots_for_booking(by, slot.id, wanted=length)
    if not slots:
        raise Refused(NotBooked.NOT_OFFERED)
    facts = queries.booking_facts(by, slots, patient=patient, wanted=length, at=at, besides=moved_from)
    if refusal := why_not_book(facts, at=at):
        raise Refused(refusal, **_named(refusal, facts, slots[0].type))
    if refusal := why_not_words(reason=words.reason, comment=words.comment):
        raise Refused(refusal)
    if refusal := why_not_reached(mode=slots[0].mode, telephone=words.telephone):
        raise Refused(refusal)
    if words.keep_telephone and words.telephone:
        change_telephone(patient, telephone=words.telephone, by=by, at=at)
    return _added(_rows(slots, patient, by, at, words, red_flags_seen_at, moved_from))


def _named(refusal: NotBooked, facts: BookingFacts, kind: SlotType) -> dict[str, Any]:
    """The facts that the words of a refusal name."""
    if refusal is NotBooked.LIMIT_OF_KIND_REACHED:
        return {"limit": facts.limit_of_type, "kind": kind.label}
    return {"limit": facts.limit}


def _added(rows: list[Appointment]) -> Appointment:
    """Keep the rows; the constraint refuses a slot that somebody took without waiting for its lock."""
    try:
        Appointment.objects.bulk_create(rows)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if not constraint.startswith(ONE_BOOKED):
            raise
        raise Refused(NotBooked.JUST_TAKEN) from error
    return rows[0]


def _rows(
    slots: list[Slot],
    patient: Patient,
    by: Acting,
    at: datetime,
    words: Words,
    red_flags_seen_at: datetime | None,
    moved_from: Appointment | None,
) -> list[Appointment]:
    rows: list[Appointment] = []
    for slot in slots:
        first = rows[0] if rows else None
        rows.append(
            Appointment(
                practice_id=by.practice_id,
                slot=slot,
                patient=patient,
                continues=first,
                moved_from=moved_from if first is None else None,
                reason=words.reason,
                comment=words.comment,
                contact_telephone=words.telephone,
                red_flags_seen_at=red_flags_seen_at,
                booked_at=at,
                booked_by=by.account_id,
                booked_through=by.channel,
            )
        )
    return rows


def _free(rows: list[Appointment], by: Acting, at: datetime, reason: str) -> None:
    """Cancel every row of an appointment that is locked and may be cancelled."""
    change = {
        "status": Appointment.Status.CANCELLED,
        "cancelled_at": at,
        "cancelled_by": by.account_id,
        "cancelled_through": by.channel,
        "cancel_reason": reason,
    }
    booked = Appointment.objects.filter(queries.BOOKED, practice_id=by.practice_id, id__in=[row.id for row in rows])
    if booked.update(**change) != len(rows):
        raise Refused(NotCancelled.ALREADY_CANCELLED)
    for row, (name, value) in product(rows, change.items()):
        setattr(row, name, value)
