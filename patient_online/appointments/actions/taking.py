"""How slots are taken and given back: what booking, moving and the practice's desk have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.asking import Acting, LinkHolder, Staff
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.postgres import prepared_cursor
from patient_online.storage.writing import insert

FREE = """
UPDATE appointments_appointment
SET status = %s, cancelled_at = %s, cancelled_by = %s, cancelled_through = %s, cancel_reason = %s
WHERE practice_id = %s AND id = ANY(%s) AND status = 'booked'
"""
MEANINGS = {"appointment_one_booked_per_seat": NotBooked.JUST_TAKEN}


@dataclass(frozen=True, slots=True)
class Words:
    """What the patient says with a booking."""

    reason: str = ""
    comment: str = ""
    telephone: str = ""
    keep_telephone: bool = False

    def __str__(self) -> str:
        return "\x1f".join([self.reason, self.comment, self.telephone, str(self.keep_telephone)])


NOTHING_SAID = Words()


@dataclass(frozen=True, slots=True)
class Order:
    """For whom slots are taken, and what goes with the appointment."""

    patient: Patient
    words: Words = NOTHING_SAID
    red_flags_seen_at: datetime | None = None
    moved_from: Appointment | None = None
    extra_reason: str = ""


def take(slots: Sequence[Slot], seats: Sequence[int], order: Order, *, by: Acting | Staff, at: datetime) -> Appointment:
    """Keep an appointment in these seats of the slots, which are locked; the first row is given back.

    The constraint refuses a seat that somebody took without waiting for its lock.
    """
    rows = _rows(slots, seats, order, by, at)
    for row in rows:
        insert(row, meanings=MEANINGS)
    return rows[0]


def _rows(
    slots: Sequence[Slot], seats: Sequence[int], order: Order, by: Acting | Staff, at: datetime
) -> list[Appointment]:
    rows: list[Appointment] = []
    for slot, seat in zip(slots, seats, strict=True):
        row = Appointment(
            practice_id=by.practice_id,
            slot=slot,
            seat=seat,
            patient=order.patient,
            continues=rows[0] if rows else None,
            moved_from=None if rows else order.moved_from,
            reason=order.words.reason,
            comment=order.words.comment,
            contact_telephone=order.words.telephone,
            extra_reason=order.extra_reason,
            red_flags_seen_at=order.red_flags_seen_at,
            booked_at=at,
            booked_by=by.account_id,
            booked_through=by.channel,
        )
        rows.append(row)
    return rows


def free(rows: Sequence[Appointment], *, by: Acting | Staff | LinkHolder, at: datetime, reason: str) -> None:
    """Cancel every row of an appointment that is locked and may be cancelled."""
    change = {
        "status": Appointment.Status.CANCELLED,
        "cancelled_at": at,
        "cancelled_by": by.account_id,
        "cancelled_through": by.channel,
        "cancel_reason": reason,
    }
    with prepared_cursor() as cursor:
        cursor.execute(FREE, [*change.values(), by.practice_id, [row.id for row in rows]])
        freed = cursor.rowcount
    if freed != len(rows):
        raise Refused(NotCancelled.ALREADY_CANCELLED)
    for row, (name, value) in product(rows, change.items()):
        setattr(row, name, value)
