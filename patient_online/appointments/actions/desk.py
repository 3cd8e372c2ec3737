"""What the practice's desk does for a patient, there or on the telephone: it books, cancels and moves.

How the patient came is the channel of `by`, and stays with the appointment: what is done for them is not self-service.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.appointments import queries
from patient_online.appointments.actions.booking import MOVED
from patient_online.appointments.actions.day import AT_THE_DESK
from patient_online.appointments.actions.taking import NOTHING_SAID, Order, Words, free, take
from patient_online.appointments.models import Appointment, Slot, when_text
from patient_online.appointments.rules.booking import NotBooked, why_not_as_seen
from patient_online.appointments.rules.desk import MOST_EXTRA_REASON, NotAtDesk, why_not_at_desk, why_not_given_back
from patient_online.appointments.rules.saying import needs_number, why_not_words
from patient_online.asking import Staff
from patient_online.audit.actions import action, record
from patient_online.notify.actions import send
from patient_online.patients.models import Patient
from patient_online.refusals import Refused


@action("appointment.booked_at_desk")
def book_for(
    slot: Slot,
    whom: Patient,
    *,
    by: Staff,
    key: UUID | None,
    at: datetime,
    words: Words = NOTHING_SAID,
    length: int = 1,
    extra_reason: str = "",
    knows_of_clash: bool = False,
) -> Appointment:
    """Give the slot, and the `length` - 1 that follow it, to the patient, or raise Refused.

    With an `extra_reason` a full slot takes one more: staff double-book on purpose, patients never. Patient and slots
    are locked in the order in which patients lock them.
    """
    by.require_at(whom.practice_id, *AT_THE_DESK)
    patient = queries.patient_held(by, whom.id)
    order = Order(patient, words, extra_reason=extra_reason)
    appointment, against = _take(slot, length, order, by, at, knows_of_clash)
    extra = bool(appointment.extra_reason)
    given: dict[str, Any] = {"subject": appointment.id, "patient": patient.id, "slot": str(slot.id), "extra": extra}
    record("appointment.booked_at_desk", by=by, at=at, **given, **against)
    send("appointment-booked", to=patient, about=appointment.id, by=by, at=at)
    return appointment


@action("appointment.cancelled_at_desk")
def cancel_for(appointment: Appointment, *, by: Staff, key: UUID | None, at: datetime, reason: str = "") -> Appointment:
    """Take the patient's appointment back and free its slot, or raise Refused."""
    by.require_at(appointment.practice_id, *AT_THE_DESK)
    patient = queries.patient_held(by, appointment.patient_id)
    rows = _to_give_back(appointment, by, at)
    free(rows, by=by, at=at, reason=reason)
    record("appointment.cancelled_at_desk", by=by, at=at, subject=rows[0].id, patient=patient.id)
    send("appointment-cancelled", to=patient, about=rows[0].id, by=by, at=at)
    return rows[0]


@action("appointment.moved_at_desk")
def rearrange_for(
    appointment: Appointment,
    *,
    to: Slot,
    by: Staff,
    key: UUID | None,
    at: datetime,
    extra_reason: str = "",
    knows_of_clash: bool = False,
) -> Appointment:
    """Take the new slot for the patient, then free the old one, in one transaction; or raise Refused."""
    by.require_at(appointment.practice_id, *AT_THE_DESK)
    patient = queries.patient_held(by, appointment.patient_id)
    rows = _to_give_back(appointment, by, at)
    old = rows[0]
    words = Words(old.reason, old.comment, old.contact_telephone or patient.telephone)
    order = Order(patient, words, old.red_flags_seen_at, moved_from=old, extra_reason=extra_reason)
    moved, against = _take(to, len(rows), order, by, at, knows_of_clash)
    free(rows, by=by, at=at, reason=MOVED)
    given: dict[str, Any] = {"subject": moved.id, "patient": patient.id, "slot": str(to.id), "moved_from": str(old.id)}
    record("appointment.moved_at_desk", by=by, at=at, **given, extra=bool(moved.extra_reason), **against)
    send("appointment-moved", to=patient, about=moved.id, by=by, at=at)
    return moved


def _to_give_back(appointment: Appointment, by: Staff, at: datetime) -> list[Appointment]:
    rows = queries.appointment_held(by, appointment.patient_id, appointment.id)
    if not rows:
        raise Refused(NotAtDesk.NOT_THERE)
    first = rows[0]
    refusal = why_not_given_back(
        booked=first.status == Appointment.Status.BOOKED,
        recorded=bool(first.outcome) or first.arrived_at is not None,
        starts_at=first.slot.starts_at,
        at=at,
    )
    if refusal:
        raise Refused(refusal)
    return rows


def _take(
    slot: Slot, length: int, order: Order, by: Staff, at: datetime, knows_of_clash: bool
) -> tuple[Appointment, dict[str, Any]]:
    """The appointment, and for the trail the rule that would have said no online."""
    slots = queries.slots_held(by, slot.id, wanted=length)
    if not slots:
        raise Refused(NotAtDesk.WITHDRAWN)
    if moved := why_not_as_seen(seen=slot.starts_at, starts_at=slots[0].starts_at):
        raise Refused(moved, when=when_text(slots[0].starts_at))
    words, extra = order.words, order.extra_reason
    if refusal := why_not_words(reason=words.reason, comment=words.comment):
        raise Refused(refusal)
    if len(extra) > MOST_EXTRA_REASON:
        raise Refused(NotBooked.TOO_LONG)
    known: dict[str, Any] = {"patient": order.patient, "wanted": length, "besides": order.moved_from}
    facts, seats = queries.desk_facts(by, slots, **known, extra=bool(extra), knows_of_clash=knows_of_clash)
    if no := why_not_at_desk(facts, at=at):
        raise Refused(no)
    telephone = words.telephone if needs_number(slots[0].mode) else ""
    words = Words(words.reason, words.comment, telephone)
    # A seat that is free after all is an ordinary one: the reason for one more is not kept.
    kept = replace(order, words=words, extra_reason=extra if facts.full else "")
    online = queries.online_would_say(by, slots, patient=order.patient, at=at, besides=order.moved_from)
    against = {"against": online.refusal.rule} if online.refusal else {}
    return take(slots, seats, kept, by=by, at=at), against
