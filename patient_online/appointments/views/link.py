"""The page behind the link in a message: give this one appointment back, without signing in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment
from patient_online.appointments.notices.links import opened
from patient_online.appointments.rules.cancel import NotCancelled, why_not_cancel
from patient_online.asking import Anyone, LinkHolder
from patient_online.refusals import Refusal, Refused
from patient_online.web.audiences import public_page
from patient_online.web.page import render

# A browser that kept the page would show it to the next person; a search engine that found one would show it to all.
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",
}


@public_page
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Show which appointment it is; give it back when the button is pressed. Looking changes nothing."""
    holder = _holder(request, token)
    if holder is None:
        return _private(
            render(request, "appointments/link_unknown.jinja", {"title": _("This link does not work")}, 404)
        )
    if request.method != "POST":
        return _private(_page(request, holder))
    try:
        actions.cancel_by_link(by=holder, at=timezone.now())
    except Refused as refused:
        if refused.reason is not NotCancelled.ALREADY_CANCELLED:
            return _private(_page(request, holder, refused.reason))
    return _private(redirect("cancel_by_link", token))


def _holder(request: HttpRequest, token: str) -> LinkHolder | None:
    named = opened(token)
    return queries.holder_of(Anyone(request.id), *named) if named else None  # type: ignore[attr-defined]


def _page(request: HttpRequest, holder: LinkHolder, refusal: Refusal | None = None) -> HttpResponse:
    now = timezone.now()
    appointment = queries.appointment_linked(holder, at=now)
    why_not = refusal or why_not_cancel(queries.cancel_facts(holder, appointment), at=now)
    context: dict[str, Any] = {"title": _title(appointment, why_not), "appointment": appointment, "why_not": why_not}
    context["gone"] = why_not is NotCancelled.ALREADY_CANCELLED
    # Whoever finds the message later learns neither where somebody was nor when.
    context["over"] = appointment.status != Appointment.Status.BOOKED or appointment.slot.starts_at <= now
    return render(request, "appointments/link.jinja", context, 409 if refusal else 200)


def _title(appointment: Appointment, why_not: Refusal | None) -> str:
    if why_not is NotCancelled.ALREADY_CANCELLED:
        moved = appointment.moved  # type: ignore[attr-defined]
        return _("This appointment was moved") if moved else _("This appointment is cancelled")
    if why_not is NotCancelled.IN_THE_PAST:
        return _("This appointment has already started")
    return _("You cannot cancel this appointment here") if why_not else _("Do you want to cancel this appointment?")


def _private(response: HttpResponse) -> HttpResponse:
    for header, value in PRIVATE.items():
        response[header] = value
    return response
