"""What the appointment pages share: the words of a form, a refusal shown with other times."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.booking import BookingForm, CancelForm, MoveForm, RedFlagsForm
from patient_online.appointments.models import Appointment, Slot, when_text
from patient_online.appointments.rules.booking import NotBooked, why_not_as_seen
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.rules.cancel import why_not_cancel as why_not
from patient_online.appointments.rules.saying import needs_number
from patient_online.appointments.views.chosen import (
    ANOTHER_TIME_HELPS,
    NotThisTime,
    open_slot,
    other_times,
    slot_of,
    slot_sent,
)
from patient_online.nhs.appointments import Mode
from patient_online.nhs.services import Level, Service
from patient_online.nhs.telephones import is_mobile, phone_text
from patient_online.patients.queries import telephone_of
from patient_online.refusals import Refusal, Refused
from patient_online.web.fields import add_refusal, show_instead
from patient_online.web.page import posted, render

GONE = {NotBooked.JUST_TAKEN, NotBooked.NOT_OFFERED, NotBooked.IN_THE_PAST, NotBooked.TOO_SOON}


def made_before(request: PatientRequest) -> Appointment | None:
    """The appointment that this same page made when it was sent before; None when it was not, or was refused.

    Asked where the page would say no. Where it would not, the action finds by its key that it was done.
    """
    try:
        return queries.made_under(request.acting, UUID(request.POST.get("key", "")))
    except ValueError:
        return None


def slot_chosen(request: PatientRequest, slot_id: UUID, moving: Appointment | None = None) -> Slot:
    """The slot: who opens its page is told at once where they cannot have it, who sends the form by the action.

    One that this same page took when it was sent before need not be online any more. Raises NotThisTime.
    """
    if request.method != "POST":
        return open_slot(request, slot_id, moving)
    try:
        return slot_sent(request, slot_id, moving)
    except Refused:
        if (made := made_before(request)) and made.slot_id == slot_id:
            return cast(Slot, made.slot)
        raise


def booking_form(request: PatientRequest, slot: Slot) -> BookingForm:
    """The form to book the slot; who comes from another page finds in it what they typed there.

    A length that was posted is always one of the choices: whether the slots are still free is for the rules to say.
    """
    carried = "instead" in request.POST
    following = queries.slot_following(request.acting, slot, at=timezone.now())
    offered = lengths(slot, following, asked=not carried and request.POST.get("length") == "2")
    sent = None if carried else posted(request)
    known = _known(request, slot) if sent is None else {}
    initial = known | (typed(request) if carried else {}) | starts(slot)
    if initial.get("length") not in dict(offered):
        initial["length"] = "1"
    form = BookingForm(sent, mode=slot.mode, lengths=offered, initial=initial)
    if not request.acting.is_known:
        form.leave_details()
    return form


def move_form(request: PatientRequest, slot: Slot, appointment: Appointment) -> MoveForm:
    """The form to move the appointment to the slot; the number of the appointment stands in it where one is needed."""
    asked = request.method != "POST" and needs_number(slot.mode)
    known = _known(request, slot, appointment.contact_telephone) if asked else {}
    return MoveForm(posted(request), mode=slot.mode, initial=known | starts(slot))


def typed(request: PatientRequest) -> dict[str, Any]:
    """What the patient typed for a booking, to be carried to another page: all but what belongs to this one."""
    names = [name for name in BookingForm.base_fields if name not in ("key", "starts")]
    return {name: request.POST[name] for name in names if name in request.POST}


def starts(slot: Slot) -> dict[str, str]:
    """What a form keeps of the time that is on the page with it."""
    return {"starts": slot.starts_at.isoformat()}


def check_seen(request: PatientRequest, slot: Slot, form: BookingForm | MoveForm | CancelForm) -> None:
    """Raise Refused where the practice has moved the slot since the patient looked at it.

    What this same page did when it was sent before was done with the time that was on it.
    """
    no = why_not_as_seen(seen=form.cleaned_data["starts"], starts_at=slot.starts_at)
    if no and made_before(request) is None:
        raise Refused(no, when=when_text(slot.starts_at))


def _known(request: PatientRequest, slot: Slot, number: str = "") -> dict[str, Any]:
    """What we know already, so that nobody types it again: for telephone and video, the patient's number.

    A landline is not put where a mobile is asked for.
    """
    if not needs_number(slot.mode) or not request.acting.is_known:
        return {}
    number = number or telephone_of(request.acting, at=timezone.now())
    fits = number and (slot.mode != Mode.VIDEO or is_mobile(number))
    return {"telephone": phone_text(number) if fits else ""}


def ends_at(request: PatientRequest, slot: Slot, appointment: Appointment) -> datetime:
    """When the appointment would end if it were moved to the slot: as many slots as it has now, if so many are free."""
    wanted = appointment.length  # type: ignore[attr-defined]
    return queries.slots_together(request.acting, slot, wanted=wanted, at=timezone.now())[-1].ends_at


def lengths(slot: Slot, following: Slot | None, *, asked: bool = False) -> list[tuple[str, str]]:
    """How long it may be: one slot, or two where the next one is free and of the same kind, or where two are asked."""
    minutes = _minutes(slot)
    single = ("1", _("%(minutes)s minutes") % {"minutes": minutes})
    if following is None and not asked:
        return [single]
    both = minutes + _minutes(following or slot)
    return [single, ("2", _("%(minutes)s minutes (a double appointment)") % {"minutes": both})]


def _minutes(slot: Slot) -> int:
    return int((slot.ends_at - slot.starts_at).total_seconds()) // 60


def book(request: PatientRequest, slot: Slot, form: BookingForm, seen_at: datetime | None) -> Appointment:
    """Book the slot with what the patient said; raises Refused."""
    given = form.cleaned_data
    telephone, keep = given.get("telephone", ""), given.get("keep_telephone", False)
    return actions.book(
        slot,
        by=request.acting,
        key=given["key"],
        at=timezone.now(),
        words=actions.Words(given["reason"], given["comment"], telephone, keep),
        length=int(given["length"]),
        red_flags_seen_at=seen_at,
    )


def rearrange(request: PatientRequest, appointment: Appointment, to: Slot, form: MoveForm) -> Appointment:
    """Move the appointment to the slot with what the patient said; raises Refused."""
    given = form.cleaned_data
    said: dict[str, Any] = {"key": given["key"], "telephone": given.get("telephone", "")}
    return actions.rearrange(appointment, to=to, by=request.acting, at=timezone.now(), **said)


def red_flags(request: PatientRequest, slot: Slot, form: RedFlagsForm) -> HttpResponse:
    """The signs of an emergency; what was typed for the booking already is carried past them."""
    actions.show_red_flags(slot, by=request.acting, at=timezone.now())
    carried = typed(request) | {"instead": "1"} if typed(request) else {}
    context = {"title": _("Before you book"), "slot": slot, "form": form, "carried": carried}
    return render(request, "appointments/red_flags.jinja", context)


def refused(request: PatientRequest, template: str, context: dict[str, Any], no: Refused) -> HttpResponse:
    """The page again, with why not, what to do, and other times where there are some; nothing typed is lost."""
    form = context["form"]
    if no.reason is NotCancelled.ALREADY_CANCELLED:
        return back_to(context["appointment"], said="unchanged")
    if no.reason is NotBooked.SIGNS_NOT_READ:
        return red_flags(request, context["slot"], RedFlagsForm())
    add_refusal(form, no)
    if no.reason is NotBooked.MOVED:
        context |= _moved(request, **context) if "slot" in context else {}
        show_instead(form, **starts(context.get("slot") or context["appointment"].slot))
    if "slot" in context:
        context |= other_times(request, no, context["slot"], context.get("appointment"))
        context |= _dead(no, moving="appointment" in context)
    return render(request, template, context, 409)


def _dead(no: Refused, *, moving: bool) -> dict[str, Any]:
    """That the time cannot be had whatever else is said, in a heading; nothing where the same page may still do it."""
    if no.reason not in ANOTHER_TIME_HELPS or (no.reason is NotBooked.NOT_TOGETHER and not moving):
        return {}
    if no.reason in GONE:
        return {"dead": True, "title": _("This time has gone")}
    return {"dead": True, "title": _("You cannot move to this time") if moving else _("You cannot book this time")}


def before_signs(request: PatientRequest, slot: Slot) -> HttpResponse:
    """The signs of an emergency, for who sends the form without them; who cannot have the time is told that first.

    Raises NotThisTime where nothing would be lost by it: no other time would help, or nothing was confirmed.
    """
    no = queries.why_not_chosen(request.acting, slot, at=timezone.now())
    if no is None:
        return red_flags(request, slot, RedFlagsForm())
    if no.reason not in ANOTHER_TIME_HELPS or "instead" in request.POST:
        raise NotThisTime(slot, no)
    context = {"title": _("Confirm your appointment"), "slot": slot, "form": booking_form(request, slot)}
    return refused(request, "appointments/confirm.jinja", context, no)


def back_to(appointment: Appointment, *, said: str) -> HttpResponse:
    """Lead to the appointment's page, which says what came of the press."""
    return redirect(reverse("appointments:one", args=[appointment.id]) + f"?said={said}")


def _moved(request: PatientRequest, slot: Slot, appointment: Appointment | None = None, **_: Any) -> dict[str, Any]:
    """The slot where it is now."""
    slot = slot_of(request, slot.id)
    return {"slot": slot} | ({"ends_at": ends_at(request, slot, appointment)} if appointment else {})


def appointment_or_404(request: PatientRequest, appointment_id: UUID, *, or_first: bool = False) -> Appointment:
    """The patient's appointment, or the page that says there is none; raises Refused where none may be looked at.

    On some pages, who is not known is shown their first one, booked by themselves, until its time comes.
    """
    acting, now = request.acting, timezone.now()
    if acting.is_known or not (or_first and queries.booked_themselves(acting, appointment_id, at=now)):
        acting.require(Service.APPOINTMENTS, Level.VIEW)
    try:
        return queries.appointment_of(acting, appointment_id, at=now)
    except Appointment.DoesNotExist:
        raise Http404 from None


def why_not_cancel(request: PatientRequest, appointment: Appointment) -> Refusal | None:
    """Why this person cannot cancel or move the appointment now, or None."""
    facts = queries.cancel_facts(request.acting, appointment)
    return request.acting.may_book() or why_not(facts, at=timezone.now())


def is_over(appointment: Appointment) -> bool:
    """Whether the appointment's time has passed."""
    return bool(appointment.ends_at <= timezone.now())  # type: ignore[attr-defined]
