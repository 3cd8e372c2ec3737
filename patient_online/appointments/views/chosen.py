"""The page for who has chosen a time that they cannot have: why not, what to do, and other times."""

import functools
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.practices.queries import practice_of
from patient_online.refusals import Refused
from patient_online.web.audiences import View
from patient_online.web.page import render

ANOTHER_TIME_HELPS = {
    NotBooked.JUST_TAKEN,
    NotBooked.NOT_OFFERED,
    NotBooked.NOT_RELEASED,
    NotBooked.NOT_FOR_YOU,
    NotBooked.IN_THE_PAST,
    NotBooked.TOO_SOON,
    NotBooked.TOO_FAR_AHEAD,
    NotBooked.CLASHES,
    NotBooked.NOT_TOGETHER,
    NotBooked.LIMIT_OF_KIND_REACHED,
}
# What the patient has is in the way: they are led to it.
ONES_OWN_HELPS = {NotBooked.LIMIT_REACHED, NotBooked.LIMIT_OF_KIND_REACHED, NotBooked.CLASHES}


class NotThisTime(Refused):
    """Raised when a patient opens the page of a time that they cannot have; it knows the time."""

    def __init__(self, slot: Slot, no: Refused, moving: Appointment | None = None) -> None:
        super().__init__(no.reason, **no.facts)
        self.slot, self.moving = slot, moving


def says_why_not(view: View) -> View:
    """Answer with other times where the view finds that the patient cannot have the one that they chose."""
    answer = cast(Callable[..., HttpResponse], view)

    @functools.wraps(view)
    def page(request: PatientRequest, **named: UUID) -> HttpResponse:
        try:
            return answer(request, **named)
        except NotThisTime as no:
            return _not_this_time(request, no)

    return cast(View, page)


def open_slot(request: PatientRequest, slot_id: UUID, moving: Appointment | None = None) -> Slot:
    """The slot whose page the patient opens; raises NotThisTime where they cannot have it, before anything is asked."""
    slot = slot_of(request, slot_id)
    if no := queries.why_not_chosen(request.acting, slot, at=timezone.now(), moving=moving):
        raise NotThisTime(slot, no, moving)
    return slot


def slot_sent(request: PatientRequest, slot_id: UUID, moving: Appointment | None = None) -> Slot:
    """The slot for which the patient sends a form: what they typed is kept, so the action is to say why not.

    Raises NotThisTime where it is no longer meant for patients at all: nothing more is said of it.
    """
    slot = slot_of(request, slot_id)
    if not slot.online:
        raise NotThisTime(slot, Refused(NotBooked.NOT_OFFERED), moving)
    return slot


def slot_of(request: PatientRequest, slot_id: UUID) -> Slot:
    """The slot as it is in the book, online or not. Raises Refused where there is none."""
    slot = queries.slot_chosen(request.acting, slot_id)
    if slot is None:
        raise Refused(NotBooked.NOT_OFFERED)
    return slot


def other_times(
    request: PatientRequest, no: Refused, slot: Slot, moving: Appointment | None = None
) -> dict[str, list[Slot]]:
    """The other times for the page that says no; nothing where no other time would help."""
    if no.reason not in ANOTHER_TIME_HELPS:
        return {}
    may_have_kind = no.reason is not NotBooked.LIMIT_OF_KIND_REACHED
    given: dict[str, Any] = {"at": timezone.now(), "moving": moving, "of_its_kind": may_have_kind}
    return {"nearest": queries.others(request.acting, slot, **given)}


def _not_this_time(request: PatientRequest, no: NotThisTime) -> HttpResponse:
    """Say why not; it counts about once a day as something that could not be had."""
    actions.tell_why_not(no.slot, cast(NotBooked, no.reason), by=request.acting, at=timezone.now())
    title = _("You cannot move your appointment to this time") if no.moving else _("You cannot book this appointment")
    context = {"title": title, "no": no, "slot": no.slot, "moving": no.moving, "practice": practice_of(request.acting)}
    context |= other_times(request, no, no.slot, no.moving)
    context["own"] = no.reason in ONES_OWN_HELPS
    return render(request, "appointments/not_this_time.jinja", context, 409)
