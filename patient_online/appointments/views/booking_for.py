"""Booking and moving for a patient: which times there are, and the one that is chosen."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.desk import BookForForm, BookWishForm
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.views import seats
from patient_online.appointments.views.previews import standing, words
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.web.page import render

ANY = "any"  # kind of slot, where one would be chosen otherwise
SAID = {"words": words, "stands": standing}


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
    """One day's times, first those of the day that is moved from; another choice is an address that can be kept."""
    now, chosen = timezone.now(), _chosen(request, context["moving"])
    today, over = local_day(now), "over" in chosen
    opens = context["moving"].slot.day if context["moving"] else today
    day = max(seats.day_named(chosen.get("on"), opens), today)
    clinician, kind = (seats.id_named(chosen.get(name)) for name in ("clinician", "kind"))
    wish = queries.BookWish(day, clinician, kind, since=None if over else now)
    clinicians, kinds = queries.who_and_what(request.staff, on=local_day(timezone.now()))
    form = BookWishForm(chosen, clinicians=clinicians, kinds=kinds, day=day)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        of_kind = given["kind"] or (ANY if context["moving"] else "")
        return redirect(f"{request.path}{_on(given['day'], {**given, 'kind': of_kind})}")
    slots = queries.slots_of_day(request.staff, wish)
    free = [slot for slot in slots if not seats.is_full(slot)]
    context |= {"form": form, "wish": wish, "now": now, "free": free}
    context |= {"full": [slot for slot in slots if seats.is_full(slot)]}
    context |= {"over": _on(day, chosen, over="1") if day == today and not over else ""}
    context |= {"before": _on(day - timedelta(days=1), chosen) if day > today else ""}
    context |= {"after": _on(day + timedelta(days=1), chosen)}
    later = None if any(not seats.is_shut(slot) for slot in free) else queries.next_day_free(request.staff, wish)
    context |= {"next_free": later, "next_address": _on(later, chosen) if later else ""}
    return render(request, "appointments/book_times.jinja", context)


def _chosen(request: StaffRequest, moving: Appointment | None) -> QueryDict:
    """What the address chooses; of an appointment that is moved the kind stays, unless another is chosen."""
    chosen = request.GET.copy()
    if moving:
        chosen.setdefault("kind", str(moving.slot.type_id))
    return chosen


def _on(day: date, chosen: Mapping[str, Any], **more: str) -> str:
    """The same page on another day, as the end of its address."""
    kept = {name: chosen[name] for name in ("clinician", "kind") if chosen.get(name)}
    return f"?{urlencode({'on': day.isoformat(), **kept, **more})}"


@practice_page(*actions.AT_THE_DESK)
def book(request: StaffRequest, patient_id: UUID, slot_id: UUID) -> HttpResponse:
    """Show the slot and the patient; book it when the desk says so, as an extra with a reason where it is full."""
    patient, slot = seats.patient_or_404(request, patient_id), seats.slot_or_404(request, slot_id)
    made = seats.made_before(request, patient_id)
    look = seats.look_at(request, patient, slot)
    form = seats.book_form(request, patient, slot, look=look, again=made is not None)
    context = {"title": _("Book for a patient"), "patient": patient, "slot": slot, "form": form, "look": look}
    if form.is_valid():
        try:
            seats.check_seen(slot, form, made)
            return seats.to_booked(_book(request, patient, slot, form))
        except Refused as refused:
            slot = context["slot"] = seats.refuse_slot(request, form, refused, slot, look=look)
    context |= {"full": look.full, **SAID}
    return render(request, "appointments/book_for.jinja", context, 409 if form.non_field_errors() else 200)


def _book(request: StaffRequest, patient: Patient, slot: Slot, form: BookForForm) -> Appointment:
    given = form.cleaned_data
    return actions.book_for(
        slot,
        patient,
        by=seats.staff_through(request, patient.id, given["channel"]),
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
    look = seats.look_at(request, appointment.patient, slot, appointment)
    form = seats.move_form(request, patient_id, slot, look=look, again=made is not None)
    if form.is_valid():
        channel, key = form.cleaned_data["channel"], form.cleaned_data["key"]
        by = seats.staff_through(request, patient_id, channel)
        try:
            seats.check_seen(slot, form, made)
            given = {"by": by, "key": key, "at": timezone.now(), **form.seat}
            return seats.to_booked(actions.rearrange_for(appointment, to=slot, **given))
        except Refused as refused:
            slot = seats.refuse_slot(request, form, refused, slot, look=look)
    context = {"title": _("Move an appointment"), "appointment": appointment, "slot": slot, "form": form}
    context |= {"look": look, **SAID, "patient": appointment.patient}
    return render(request, "appointments/move_for.jinja", context, 409 if form.non_field_errors() else 200)
