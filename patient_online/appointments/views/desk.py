"""The desk: finding a patient, and their whole history of appointments."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.desk import FindForm
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.reference import ending_of
from patient_online.appointments.views import seats
from patient_online.patients.queries import find_patients
from patient_online.practices.queries import practice_of
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render
from patient_online.web.searches import put_aside, taken_up

SEARCH = "patients"


@practice_page(*actions.AT_THE_DESK)
def patients(request: StaffRequest) -> HttpResponse:
    """Find a patient by name, date of birth, NHS number or reference; nobody is listed unasked."""
    now, slot = timezone.now(), seats.slot_named(request, request.GET.get("slot"))
    form = FindForm(posted(request))
    if form.is_valid():
        given = {"slot": str(slot.id)} if slot else {}
        number = put_aside(request.session, SEARCH, form.cleaned_data["q"], at=now)
        return redirect(f"{request.path}?{urlencode({**given, 'found': number})}")
    text = taken_up(request.session, SEARCH, request.GET.get("found", ""), at=now)
    context = {"title": _("Patients"), "form": form, "slot": slot}
    if text and not form.is_bound:
        context |= _found(request, text) | {"form": FindForm({"q": text})}
    return render(request, "appointments/patients.jinja", context)


def _found(request: StaffRequest, text: str) -> dict[str, Any]:
    now, reference = timezone.now(), ending_of(text)
    called = queries.appointments_called(request.staff, text, at=now)
    found = find_patients(request.staff, text, at=now)
    return {"called": called, "reference": reference, "found": found, "letters_alone": text.isalpha()}


@practice_page(*actions.AT_THE_DESK)
def patient(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Show who the patient is, and every appointment they ever had here, whatever became of it."""
    now, who = timezone.now(), seats.patient_or_404(request, patient_id)
    rows = queries.history_of(request.staff, who, at=now)
    names = queries.names_of(request.staff, [by for row in rows for by in (row.booked_by, row.cancelled_by)])
    upcoming = [row for row in rows if row.status == Appointment.Status.BOOKED and row.ends_at > now]  # type: ignore[attr-defined]
    past = [row for row in rows if row not in upcoming]
    context = {"title": who.name, "patient": who, "upcoming": upcoming[::-1], "past": past, "names": names}
    context |= {"now": now, "gone": who.left_on or who.died_on}
    return render(request, "appointments/patient.jinja", context)


@practice_page(*actions.AT_THE_DESK)
def booked(request: StaffRequest, patient_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Say what is booked, with the reference, as a slip to print for the patient."""
    appointment = seats.appointment_or_404(request, patient_id, appointment_id)
    if appointment.status == Appointment.Status.CANCELLED:
        title = _("Appointment cancelled")
    else:
        title = _("Appointment moved") if appointment.moved_from_id else _("Appointment booked")
    context = {"title": title, "appointment": appointment, "practice": practice_of(request.staff)}
    return render(request, "appointments/booked_for.jinja", context)


@practice_page(*actions.AT_THE_DESK)
def cancel(request: StaffRequest, patient_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Ask whether it is the right one, then cancel it for the patient."""
    appointment = seats.appointment_or_404(request, patient_id, appointment_id)
    form = seats.cancel_form(request, patient_id)
    if form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        channel = given["channel"]
        by = seats.staff_through(request, patient_id, channel) if channel else request.staff
        try:
            actions.cancel_for(appointment, by=by, key=given["key"], at=now, reason=given["reason"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return seats.to_booked(appointment)
    context = {"title": _("Cancel an appointment"), "appointment": appointment, "form": form}
    return render(request, "appointments/cancel_for.jinja", context)
