"""How slots are taken and given back: what booking, moving and the practice's desk have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from django.db import IntegrityError

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.asking import Acting, LinkHolder, Staff
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.prepared import insert

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
    try:
        if len(rows) == 1:
            insert(rows[0])
        else:
            Appointment.objects.bulk_create(rows)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if not constraint.startswith(ONE_BOOKED):
            raise
        raise Refused(NotBooked.JUST_TAKEN) from error
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
    booked = Appointment.objects.filter(queries.BOOKED, practice_id=by.practice_id, id__in=[row.id for row in rows])
    if booked.update(**change) != len(rows):
        raise Refused(NotCancelled.ALREADY_CANCELLED)
    for row, (name, value) in product(rows, change.items()):
        setattr(row, name, value)
