"""What the desk notes of an appointment on its day: who arrived, was sent in, left, or did not attend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.desk import Mark, NotMarked, why_not_marked
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record, record_all
from patient_online.practices.queries import policies
from patient_online.refusals import Refused

AT_THE_DESK = (Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER)
DAYS_BACK = 7  # so a policy switched on does not judge the years before it

Outcome = Appointment.Outcome
ARRIVED, SENT_IN, LEFT = Q(arrived_at__isnull=False), Q(sent_in_at__isnull=False), Q(left_at__isnull=False)
NOT_RECORDED = Q(arrived_at=None, outcome=Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Step:
    """From how an appointment stands to how it will stand, and what is changed in between."""

    before: Q
    after: Q
    change: dict[str, Any]


def _step(mark: Mark, at: datetime) -> Step:
    """The step that a mark takes. Two clocks may differ: nobody is sent in before having arrived."""
    later = {name: Greatest(Value(at), F(name)) for name in ("arrived_at", "sent_in_at")}
    dna = Q(outcome=Outcome.DID_NOT_ATTEND)
    return {
        # Who was given up and comes after all has arrived.
        Mark.ARRIVED: Step(NOT_RECORDED | dna, ARRIVED, {"arrived_at": at, "outcome": Outcome.ATTENDED}),
        Mark.SENT_IN: Step(ARRIVED & ~SENT_IN, SENT_IN, {"sent_in_at": later["arrived_at"]}),
        Mark.LEFT: Step(SENT_IN & ~LEFT, LEFT, {"left_at": later["sent_in_at"]}),
        Mark.ATTENDED: Step(NOT_RECORDED, Q(outcome=Outcome.ATTENDED), {"outcome": Outcome.ATTENDED}),
        Mark.DID_NOT_ATTEND: Step(NOT_RECORDED, dna, {"outcome": Outcome.DID_NOT_ATTEND}),
        Mark.NOT_ARRIVED: Step(ARRIVED & ~SENT_IN, ~ARRIVED, {"arrived_at": None, "outcome": Outcome.UNKNOWN}),
        Mark.NOT_SENT_IN: Step(SENT_IN & ~LEFT, ~SENT_IN, {"sent_in_at": None}),
        Mark.NOT_LEFT: Step(LEFT, ~LEFT, {"left_at": None}),
        Mark.NOT_RECORDED: Step(~ARRIVED & ~NOT_RECORDED, NOT_RECORDED, {"outcome": Outcome.UNKNOWN}),
    }[mark]


@action("appointment.marked")
def mark(appointment_id: UUID, *, what: Mark, by: Staff, at: datetime) -> Appointment:
    """Note what became of the appointment, or take it back; raises Refused.

    Pressed twice, or by two people at once, it is noted once: the number of rows changed tells.
    """
    by.require(*AT_THE_DESK)
    appointment = queries.appointment_to_mark(by, appointment_id)
    if appointment is None:
        raise Refused(NotMarked.NO_LONGER_BOOKED)
    if refusal := why_not_marked(what, starts_at=appointment.slot.starts_at, at=at):
        raise Refused(refusal)
    step = _step(what, at)
    rows = _rows(by, [appointment_id])
    if rows.filter(step.before).update(**step.change):
        record("appointment.marked", by=by, at=at, subject=appointment.id, patient=appointment.patient_id, mark=what)
    elif not rows.filter(step.after).exists():
        raise Refused(NotMarked.CHANGED)
    return appointment


@action("appointment.never_arrived")
def record_never_arrived(*, before: date, by: System, at: datetime) -> int:
    """Record who never arrived on the days before as not having attended, if the practice wants that; says how many.

    Nobody's access is closed by it.
    """
    if not policies(by)["auto_did_not_attend"]:
        return 0
    found = queries.never_arrived(by, before=before, days=DAYS_BACK)
    change = _step(Mark.DID_NOT_ATTEND, at)
    number = _rows(by, [row.id for row in found]).filter(change.before).update(**change.change)
    if found:
        record_all("appointment.never_arrived", by=by, at=at, patients=[row.patient_id for row in found])
    return number


def _rows(by: Staff | System, ids: Sequence[UUID]) -> QuerySet[Appointment]:
    """Every slot's row of the appointments."""
    return Appointment.objects.filter(
        Q(id__in=ids) | Q(continues_id__in=ids), queries.BOOKED, practice_id=by.practice_id
    )
