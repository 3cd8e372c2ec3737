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
    now_at = queries.moved_to(request.acting, appointment, at=timezone.now())
    return {"now_at": now_at, "why_not_now": why_not_cancel(request, now_at)} if now_at else {}


def changed_by_practice(acting: Acting) -> list[Appointment]:
    """What the home page names: the appointments to come that the practice has cancelled or moved."""
    return queries.changed_by_practice(acting, at=timezone.now())


def mark_heard(request: PatientRequest, appointment: Appointment) -> None:
    """Who opens an appointment that the practice cancelled or moved has read of it: its message is not new any more."""
    if appointment.cancel_reason == WITHDRAWN or appointment.moved_by_practice_from:  # type: ignore[attr-defined]
        for message in queries.unread_of_change(request.acting, appointment):
            mark_read(message, by=request.acting, at=timezone.now())
