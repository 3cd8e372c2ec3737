"""One more slot in a session of the book, for whom the desk wants to squeeze in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions
from patient_online.appointments.forms.adding import AddSlotForm
from patient_online.appointments.models import Slot
from patient_online.appointments.queries import adding, slot_types
from patient_online.appointments.rules.adding import room_in
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*actions.AT_THE_DESK)
def add_slot(request: StaffRequest, schedule_id: UUID) -> HttpResponse:
    """Let the desk add one slot to a session, and book it for a patient next if they want."""
    session = adding.session_to_add_to(request.staff, schedule_id)
    if session is None:
        raise Http404
    slots = adding.slots_of_session(request.staff, session)
    form = AddSlotForm(posted(request), kinds=list(slot_types(request.staff)), initial=_like(slots))
    if form.is_valid():
        given = {**form.slot, "key": form.cleaned_data["key"]}
        try:
            slot = actions.add_slot(session, **given, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(_afterwards(request, slot))
    context: dict[str, Any] = {"title": _("Add a slot"), "form": form, "session": session}
    times = [(slot.starts_at, slot.ends_at) for slot in slots]
    context |= {"room": room_in((session.starts_at, session.ends_at), times), "day": local_day(session.starts_at)}
    return render(request, "appointments/add_slot.jinja", context, 409 if form.non_field_errors() else 200)


def _like(slots: Sequence[Slot]) -> dict[str, Any]:
    """How the last slot of the session is: one more is most often such a one, but not online."""
    if not slots:
        return {}
    last = slots[-1]
    minutes = int((last.ends_at - last.starts_at).total_seconds()) // 60
    return {"minutes": minutes, "kind": str(last.type_id), "mode": last.mode}


def _afterwards(request: StaffRequest, slot: Slot) -> str:
    """To the patient for whom it is, or to its place in the day's list."""
    if request.POST.get("do") == "book":
        return f"{reverse('appointments:patients')}?slot={slot.id}"
    return f"{reverse('appointments:day', args=[slot.day])}?added=1#s-{slot.id}"
