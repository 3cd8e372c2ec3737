"""A patient's appointments: look for one, book it, see it, move it, cancel it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.booking import CancelForm, RedFlagsForm
from patient_online.appointments.models import Appointment
from patient_online.appointments.views import heard, pages, signs
from patient_online.appointments.views.calendars import calendar_file_of
from patient_online.appointments.views.chosen import says_why_not
from patient_online.appointments.views.search import found as found_for
from patient_online.appointments.views.unmet import count_empty_search
from patient_online.nhs.services import Level, Service
from patient_online.practices.queries import policies, practice_of
from patient_online.refusals import Refused
from patient_online.web.page import posted, render


@patient_page
def mine(request: PatientRequest) -> HttpResponse:
    """List the appointments to come, and those that have been."""
    request.acting.require(Service.APPOINTMENTS, Level.VIEW)
    now = timezone.now()
    context = {"upcoming": queries.upcoming(request.acting, at=now), "past": queries.past(request.acting, at=now)}
    limit = policies(request.acting)["most_future_appointments"]
    given = {"title": _("Your appointments"), "limit": limit, "full": len(context["upcoming"]) >= limit, **context}
    given["may_book"] = request.acting.may(Service.APPOINTMENTS) is None
    return render(request, "appointments/mine.jinja", given)


@patient_page
def search(request: PatientRequest) -> HttpResponse:
    """Show the free appointments of a fortnight, day by day."""
    request.acting.require_to_book()
    context: dict[str, Any] = {"title": _("Book an appointment")}
    if stop := queries.why_nothing_can_be_booked(request.acting, at=timezone.now()):
        return render(request, "appointments/nothing_to_book.jinja", {**context, "stop": stop})
    found = found_for(request)
    if not found["days"]:
        count_empty_search(request)
    return render(request, "appointments/search.jinja", context | found)


@patient_page
@says_why_not
def red_flags(request: PatientRequest, slot_id: UUID) -> HttpResponse:
    """Show the signs of an emergency before a booking, and remember that they were shown."""
    request.acting.require_to_book()
    slot = pages.slot_chosen(request, slot_id)
    form = RedFlagsForm(posted(request))
    if form.is_valid():
        # What was typed already is in the request: the browser sends it on to the next page.
        again = "instead" in request.POST
        return signs.keep(request, redirect("appointments:confirm", slot_id, preserve_request=again))
    return pages.red_flags(request, slot, form)


@patient_page
@says_why_not
def confirm(request: PatientRequest, slot_id: UUID) -> HttpResponse:
    """Show the slot that the patient chose; book it when they say so."""
    request.acting.require_to_book()
    seen_at = signs.read_at(request)
    if seen_at is None and request.method != "POST":
        return redirect("appointments:red_flags", slot_id)
    slot = pages.slot_chosen(request, slot_id)
    if seen_at is None and pages.made_before(request) is None:
        return pages.before_signs(request, slot)
    form = pages.booking_form(request, slot)
    context = {"title": _("Confirm your appointment"), "slot": slot, "form": form}
    if form.is_valid():
        try:
            pages.check_seen(request, slot, form)
            appointment = pages.book(request, slot, form, seen_at)
        except Refused as refused:
            return pages.refused(request, "appointments/confirm.jinja", context, refused)
        return signs.spend(redirect("appointments:booked", appointment.id))
    return render(request, "appointments/confirm.jinja", context)


@patient_page
def booked(request: PatientRequest, appointment_id: UUID) -> HttpResponse:
    """Say that the appointment is booked, with all that the patient may want to keep."""
    appointment = pages.appointment_or_404(request, appointment_id, or_first=True)
    if appointment.status == Appointment.Status.CANCELLED:
        return redirect("appointments:one", appointment.id)
    title = _("Appointment moved") if appointment.moved_from_id else _("Appointment booked")
    context = {"title": title, "appointment": appointment, "practice": practice_of(request.acting)}
    return render(request, "appointments/booked.jinja", context)


@patient_page
def one(request: PatientRequest, appointment_id: UUID) -> HttpResponse:
    """Show one appointment and what can be done with it."""
    appointment = pages.appointment_or_404(request, appointment_id, or_first=True)
    heard.mark_heard(request, appointment)
    context = {"title": _("Your appointment"), "appointment": appointment, "practice": practice_of(request.acting)}
    context |= {"refusal": pages.why_not_cancel(request, appointment), "over": pages.is_over(appointment)}
    context |= {"said": request.GET.get("said", ""), **heard.where_now(request, appointment)}
    return render(request, "appointments/one.jinja", context)


@patient_page
def calendar(request: PatientRequest, appointment_id: UUID) -> HttpResponse:
    """Give the appointment as a calendar file."""
    appointment = pages.appointment_or_404(request, appointment_id, or_first=True)
    file = calendar_file_of(appointment, practice_of(request.acting), at=timezone.now())
    name = 'attachment; filename="appointment.ics"'
    return HttpResponse(file, "text/calendar; charset=utf-8", headers={"Content-Disposition": name})


@patient_page
def cancel(request: PatientRequest, appointment_id: UUID) -> HttpResponse:
    """Ask whether the patient is sure, then cancel."""
    appointment = pages.appointment_or_404(request, appointment_id, or_first=True)
    form = CancelForm(posted(request), initial=pages.starts(appointment.slot))
    context = {"title": _("Cancel your appointment"), "appointment": appointment, "form": form}
    if form.is_valid():
        given = form.cleaned_data
        try:
            pages.check_seen(request, appointment.slot, form)
            actions.cancel(appointment, by=request.acting, key=given["key"], at=timezone.now(), reason=given["reason"])
        except Refused as refused:
            return pages.refused(request, "appointments/cancel.jinja", context, refused)
        return pages.back_to(appointment, said="cancelled")
    if pages.why_not_cancel(request, appointment):
        return redirect("appointments:one", appointment.id)
    return render(request, "appointments/cancel.jinja", context)


@patient_page
def move(request: PatientRequest, appointment_id: UUID) -> HttpResponse:
    """Show the free appointments that this one could be moved to."""
    appointment = pages.appointment_or_404(request, appointment_id)
    if pages.why_not_cancel(request, appointment):
        return redirect("appointments:one", appointment.id)
    context = {"title": _("Choose a new time"), "moving": appointment}
    found = found_for(request, length=appointment.length, moving=appointment)  # type: ignore[attr-defined]
    if not found["days"]:
        count_empty_search(request)
    return render(request, "appointments/search.jinja", context | found)


@patient_page
@says_why_not
def confirm_move(request: PatientRequest, appointment_id: UUID, slot_id: UUID) -> HttpResponse:
    """Show the old time and the new one; move when the patient says so."""
    appointment = pages.appointment_or_404(request, appointment_id)
    if request.method != "POST" and pages.why_not_cancel(request, appointment):
        return redirect("appointments:one", appointment.id)
    slot = pages.slot_chosen(request, slot_id, appointment)
    form = pages.move_form(request, slot, appointment)
    context = {"title": _("Move your appointment"), "appointment": appointment, "slot": slot, "form": form}
    context["ends_at"] = pages.ends_at(request, slot, appointment)
    if form.is_valid():
        try:
            pages.check_seen(request, slot, form)
            moved = pages.rearrange(request, appointment, slot, form)
        except Refused as refused:
            return pages.refused(request, "appointments/confirm_move.jinja", context, refused)
        return redirect("appointments:booked", moved.id)
    return render(request, "appointments/confirm_move.jinja", context)
