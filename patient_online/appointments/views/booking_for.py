"""Booking and moving for a patient: which times there are, and the one that is chosen."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.desk import BookForForm, BookWishForm
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.views import seats
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.web.page import render


@practice_page(*actions.AT_THE_DESK)
def times(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Show a day's times to book for the patient: free ones, those not online, and full ones to add an extra to."""
    patient = seats.patient_or_404(request, patient_id)
    return _times(request, {"title": _("Book for a patient"), "patient": patient, "moving": None})


@practice_page(*actions.AT_THE_DESK)
def move_times(request: StaffRequest, patient_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Show the same, to move an appointment to."""
    appointment = seats.appointment_or_404(request, patient_id, appointment_id)
    context = {"title": _("Move an appointment"), "patient": appointment.patient, "moving": appointment}
    return _times(request, context)


def _times(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """One day's times; who chooses another day or clinician is sent to an address that can be kept."""
    today, chosen = local_day(timezone.now()), request.GET
    day = max(seats.day_named(chosen.get("on"), today), today)
    wish = queries.BookWish(day, seats.id_named(chosen.get("clinician")), seats.id_named(chosen.get("kind")))
    clinicians, kinds = queries.who_and_what(request.staff)
    form = BookWishForm(chosen, clinicians=clinicians, kinds=kinds, day=day)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        return redirect(f"{request.path}{_on(given['day'], given)}")
    slots = queries.slots_of_day(request.staff, wish)
    context |= {"form": form, "wish": wish, "slots": slots}
    context |= {"before": _on(day - timedelta(days=1), chosen) if day > today else ""}
    context |= {"after": _on(day + timedelta(days=1), chosen)}
    later = None if any(not seats.is_full(slot) for slot in slots) else queries.next_day_free(request.staff, wish)
    context |= {"next_free": later, "next_address": _on(later, chosen) if later else ""}
    return render(request, "appointments/book_times.jinja", context)


def _on(day: date, chosen: Mapping[str, Any]) -> str:
    """The same page on another day, as the end of its address."""
    kept = {name: chosen[name] for name in ("clinician", "kind") if chosen.get(name)}
    return f"?{urlencode({'on': day.isoformat(), **kept})}"


@practice_page(*actions.AT_THE_DESK)
def book(request: StaffRequest, patient_id: UUID, slot_id: UUID) -> HttpResponse:
    """Show the slot and the patient; book it when the desk says so, as an extra with a reason where it is full."""
    patient, slot = seats.patient_or_404(request, patient_id), seats.slot_or_404(request, slot_id)
    made = seats.made_before(request, patient_id)
    clashes = queries.clashing(request.staff, patient.id, slot)
    form = seats.book_form(request, patient, slot, clashes=bool(clashes), again=made is not None)
    context = {"title": _("Book for a patient"), "patient": patient, "slot": slot, "form": form, "clashes": clashes}
    if form.is_valid():
        try:
            seats.check_seen(slot, form, made)
            return seats.to_booked(_book(request, patient, slot, form))
        except Refused as refused:
            slot = context["slot"] = seats.refuse_slot(request, form, refused, slot, clashes=bool(clashes))
    context["full"] = seats.is_full(slot)
    return render(request, "appointments/book_for.jinja", context, 409 if form.non_field_errors() else 200)


def _book(request: StaffRequest, patient: Patient, slot: Slot, form: BookForForm) -> Appointment:
    given = form.cleaned_data
    return actions.book_for(
        slot,
        patient,
        by=seats.staff_through(request, given["channel"]),
        key=given["key"],
        at=timezone.now(),
        words=actions.Words(given["reason"], given["comment"], given.get("telephone", "")),
        length=int(given["length"]),
        **form.seat,
    )


@practice_page(*actions.AT_THE_DESK)
def move(request: StaffRequest, patient_id: UUID, appointment_id: UUID, slot_id: UUID) -> HttpResponse:
    """Show the old time and the new one; move when the desk says so."""
    appointment = seats.appointment_or_404(request, patient_id, appointment_id)
    slot = seats.slot_or_404(request, slot_id)
    made = seats.made_before(request, patient_id)
    clashes = queries.clashing(request.staff, patient_id, slot, besides=appointment.id)
    form = seats.move_form(request, slot, clashes=bool(clashes), again=made is not None)
    if form.is_valid():
        by, key = seats.staff_through(request, form.cleaned_data["channel"]), form.cleaned_data["key"]
        try:
            seats.check_seen(slot, form, made)
            given = {"by": by, "key": key, "at": timezone.now(), **form.seat}
            return seats.to_booked(actions.rearrange_for(appointment, to=slot, **given))
        except Refused as refused:
            slot = seats.refuse_slot(request, form, refused, slot, clashes=bool(clashes))
    context = {"title": _("Move an appointment"), "appointment": appointment, "slot": slot, "form": form}
    context |= {"clashes": clashes, "full": seats.is_full(slot), "patient": appointment.patient}
    return render(request, "appointments/move_for.jinja", context, 409 if form.non_field_errors() else 200)
