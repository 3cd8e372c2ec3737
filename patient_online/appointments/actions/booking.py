"""What can happen to an appointment: it is booked, cancelled, moved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from patient_online.appointments import queries
from patient_online.appointments.actions.taking import NOTHING_SAID, Order, Words, free, take
from patient_online.appointments.models import Appointment, Slot, when_text
from patient_online.appointments.rules.booking import NotBooked, why_not_as_seen, why_not_book
from patient_online.appointments.rules.cancel import NotCancelled, why_not_cancel
from patient_online.appointments.rules.saying import needs_number, why_not_reached, why_not_signs, why_not_words
from patient_online.asking import Acting, NotAllowed
from patient_online.audit.actions import action, record
from patient_online.nhs.services import Service
from patient_online.notify.actions import send
from patient_online.patients.actions import change_telephone
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

MOVED = "moved"


@action("appointment.booked", unasked=["red_flags_seen_at"])
def book(
    slot: Slot,
    *,
    by: Acting,
    key: UUID | None,
    at: datetime,
    words: Words = NOTHING_SAID,
    length: int = 1,
    red_flags_seen_at: datetime | None = None,
) -> Appointment:
    """Give the slot, and the `length` - 1 that follow it, to the patient, or raise Refused.

    The slot is as the patient saw it: at a time that it has been moved to since, nobody is booked unasked.
    Patient and slots are locked, in that order, until we commit: two patients cannot take one slot, and one patient
    cannot pass the practice's limit in two tabs.
    """
    by.require_to_book()
    patient = _patient(by)
    order = Order(patient, words, red_flags_seen_at)
    appointment = take(*_found_free(slot, length, order, by, at), order, by=by, at=at)
    record("appointment.booked", by=by, at=at, subject=appointment.id, slot=str(slot.id))
    send("appointment-booked", to=patient, about=appointment.id, by=by, at=at)
    return appointment


@action("appointment.cancelled")
def cancel(appointment: Appointment, *, by: Acting, key: UUID | None, at: datetime, reason: str = "") -> Appointment:
    """Take the appointment back and free its slot, or raise Refused."""
    by.require_to_book()
    rows = _to_change(appointment, by, at)
    free(rows, by=by, at=at, reason=reason)
    record("appointment.cancelled", by=by, at=at, subject=rows[0].id)
    send("appointment-cancelled", to=rows[0].patient, about=rows[0].id, by=by, at=at)
    appointment.status = rows[0].status
    return rows[0]


@action("appointment.moved")
def rearrange(
    appointment: Appointment, *, to: Slot, by: Acting, key: UUID | None, at: datetime, telephone: str = ""
) -> Appointment:
    """Free the old slot and take the new one, in one transaction; or raise Refused and leave the old one as it is.

    By telephone or video the patient is reached on the number they give now, on that of the old appointment, or else
    on the one in their details.
    """
    by.require(Service.APPOINTMENTS)
    patient = _patient(by)
    rows = _to_change(appointment, by, at)
    old = rows[0]
    known = patient.telephone if needs_number(to.mode) else ""
    words = Words(old.reason, old.comment, telephone or old.contact_telephone or known)
    order = Order(patient, words, old.red_flags_seen_at, moved_from=old)
    slots, seats = _found_free(to, len(rows), order, by, at)
    free(rows, by=by, at=at, reason=MOVED)
    moved = take(slots, seats, order, by=by, at=at)
    record("appointment.moved", by=by, at=at, subject=moved.id, moved_from=str(old.id), slot=str(to.id))
    send("appointment-moved", to=patient, about=moved.id, by=by, at=at)
    appointment.status = old.status
    return moved


@action("appointment.red_flags_shown")
def show_red_flags(slot: Slot, *, by: Acting, at: datetime) -> None:
    """Remember that the signs of an emergency were shown before this slot was booked."""
    record("appointment.red_flags_shown", by=by, at=at, subject=slot.id)


def _patient(by: Acting) -> Patient:
    patient = queries.patient_for_booking(by)
    if patient is None:
        raise Refused(NotAllowed.SERVICE_NOT_YOURS)
    return patient


def _to_change(appointment: Appointment, by: Acting, at: datetime) -> list[Appointment]:
    """The appointment's rows as they stand now, or Refused: what the caller has may be old, or another patient's."""
    rows = queries.appointment_to_change(by, appointment.id)
    if not rows or not (by.is_known or rows[0].booked_by == by.account_id):
        raise Refused(NotCancelled.NOT_FOUND)
    if refusal := why_not_cancel(queries.cancel_facts(by, rows[0]), at=at):
        raise Refused(refusal)
    return rows


def _found_free(
    slot: Slot, length: int, order: Order, by: Acting, at: datetime
) -> tuple[Sequence[Slot], Sequence[int]]:
    """The slots, locked, and the seat to be taken in each; or Refused."""
    slots = queries.slots_for_booking(by, slot.id, wanted=length)
    if not slots:
        raise Refused(NotBooked.NOT_OFFERED)
    if moved := why_not_as_seen(seen=slot.starts_at, starts_at=slots[0].starts_at):
        raise Refused(moved, when=when_text(slots[0].starts_at))
    words = order.words
    facts = queries.booking_facts(by, slots, patient=order.patient, wanted=length, at=at, besides=order.moved_from)
    if refusal := why_not_book(facts, at=at):
        raise Refused(refusal, **queries.refusal_facts(by, refusal, facts, slots[0].type, at=at))
    if refusal := why_not_words(reason=words.reason, comment=words.comment):
        raise Refused(refusal)
    if refusal := why_not_reached(mode=slots[0].mode, telephone=words.telephone):
        raise Refused(refusal)
    used: datetime | None = None if order.moved_from else slots[0].signs_used  # type: ignore[attr-defined]
    if refusal := why_not_signs(read=order.red_flags_seen_at, used=used):
        raise Refused(refusal)
    if words.keep_telephone and words.telephone and by.is_known:
        change_telephone(order.patient, telephone=words.telephone, by=by, at=at)
    return slots, facts.seats
