"""What a patient is told of what became of an appointment: the practice changed it, or it was moved."""

from typing import Any

from django.utils import timezone

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import queries
from patient_online.appointments.models import Appointment
from patient_online.appointments.views.pages import why_not_cancel
from patient_online.asking import Acting
from patient_online.notify.actions import mark_read

WITHDRAWN = "withdrawn"


def where_now(request: PatientRequest, appointment: Appointment) -> dict[str, Any]:
    """Where an appointment that was moved is now, and why that one cannot be cancelled or moved, if so."""
    if not request.acting.is_known:
        return {}
    now_at = queries.moved_to(request.acting, appointment, at=timezone.now())
    return {"now_at": now_at, "why_not_now": why_not_cancel(request, now_at)} if now_at else {}


def changed_by_practice(acting: Acting) -> list[Appointment]:
    """What the home page names: the appointments to come that the practice has cancelled or moved."""
    return queries.changed_by_practice(acting, at=timezone.now())


def first_booked(acting: Acting) -> list[tuple[Appointment, bool]]:
    """What the home page names for somebody who is not known: the first one that they booked, and if it is to come."""
    first = None if acting.is_known or acting.may_book() else queries.first_booked(acting)
    return [(first, first.slot.starts_at > timezone.now())] if first else []


def mark_heard(request: PatientRequest, appointment: Appointment) -> None:
    """Who opens an appointment that the practice cancelled or moved has read of it: its message is not new any more."""
    changed = appointment.cancel_reason == WITHDRAWN or appointment.moved_by_practice_from  # type: ignore[attr-defined]
    if changed and request.acting.is_known:
        for message in queries.unread_of_change(request.acting, appointment):
            mark_read(message, by=request.acting, at=timezone.now())
