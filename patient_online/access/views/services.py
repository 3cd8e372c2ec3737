"""The practice switches its online services: each with what is planned, a look before it is saved, and its history."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, practice_page
from patient_online.access.queries.switching import MOST_COUNTED, patients_touched
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Level, Service
from patient_online.practices import actions, queries
from patient_online.practices.forms import ServiceForm
from patient_online.practices.rules import BUILT, DECIDED, Decided, NotSwitched
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*ANY_ROLE)
def services(request: StaffRequest) -> HttpResponse:
    """Show how each online service stands today, and what is planned."""
    today, staff = local_day(timezone.now()), request.staff
    known = queries.services(staff, practice_id=staff.practice_id, on=today)
    planned = queries.services_planned(staff, after=today)
    rows = [(each, known.get(each), planned.get(each, []), each in DECIDED, each in BUILT) for each in Service]
    saved = next((each for each in Service if each == request.GET.get("saved")), None)
    context = {"rows": rows, "saved": saved, "taken_back": request.GET.get("taken-back") == "1"}
    return render(request, "access/services.jinja", {"title": _("Online services"), **context})


@practice_page(Role.MANAGER)
def service(request: StaffRequest, name: str) -> HttpResponse:
    """Let a manager say how an online service stands from a day on: looked at first, then saved."""
    chosen, now = _decided_or_404(name), timezone.now()
    form = ServiceForm(posted(request), service=chosen, initial=_now(request, chosen))
    looks = form.is_valid() and not _refused(request, chosen, form)
    if looks and request.POST.get("do") == "save" and not form.asks_to_be_sure():
        try:
            practice = queries.practice_of(request.staff)
            actions.switch_service(practice, service=chosen, **form.decided(), by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:services')}?saved={name}")
    if looks:
        return _look(request, chosen, form)
    context = {"service": chosen, "form": form, "button": _("Continue"), "built": chosen in BUILT}
    return render(request, "access/service.jinja", {"title": _("Switch an online service"), **context})


def _now(request: StaffRequest, chosen: Service) -> dict[str, Any]:
    """The answers as the service stands today."""
    today = local_day(timezone.now())
    row = queries.services(request.staff, practice_id=request.staff.practice_id, on=today).get(chosen)
    return {"from_day": today} | ({"status": row.status, "ceiling": row.ceiling} if row else {"ceiling": "manage"})


def _refused(request: StaffRequest, chosen: Service, form: ServiceForm) -> bool:
    """Whether the rules say no already, before anybody is asked to confirm it; the form says why."""
    typed, today = form.cleaned_data, local_day(timezone.now())
    new = Decided(chosen, typed["from_day"], typed["status"], typed.get("ceiling", Level.MANAGE))
    refused = queries.why_not_switch(request.staff, new, today=today)
    if refused:
        add_refusal(form, refused, about="from_day" if refused.reason is NotSwitched.PAST_DAY else None)
    return refused is not None


def _look(request: StaffRequest, chosen: Service, form: ServiceForm) -> HttpResponse:
    """What will happen, from when, and to how many patients; and a tick where they lose something."""
    today = local_day(timezone.now())
    before = queries.services(request.staff, practice_id=request.staff.practice_id, on=form.cleaned_data["from_day"])
    given = {name: value for name, value in request.POST.items() if name.partition("_")[0] in KEPT}
    context: dict[str, Any] = {"service": chosen, "form": form, "given": given, "built": chosen in BUILT}
    context |= {"to": form.decided(), "was": before.get(chosen), "at_once": form.cleaned_data["from_day"] == today}
    context |= {"touched": patients_touched(request.staff, chosen), "most": MOST_COUNTED}
    return render(request, "access/service_look.jinja", {"title": _("Check before you switch"), **context})


KEPT = {"status", "ceiling", "from"}


@practice_page(*ANY_ROLE)
def history(request: StaffRequest, name: str) -> HttpResponse:
    """Show every decision about an online service: who, when, from when, and from what to what."""
    chosen = _decided_or_404(name)
    context: dict[str, Any] = {"service": chosen, "rows": queries.service_history(request.staff, chosen)}
    context |= {"names": queries.staff_names(request.staff), "today": local_day(timezone.now())}
    return render(request, "access/service_history.jinja", {"title": _("History of an online service"), **context})


@practice_page(Role.MANAGER)
def take_back(request: StaffRequest, name: str, row_id: UUID) -> HttpResponse:
    """Ask a manager whether a planned change is not to come, and take it back."""
    row, now = queries.planned_switch(request.staff, row_id), timezone.now()
    if row is None or row.service != name:
        raise Http404
    if request.method == "POST":
        actions.take_back_switch(row, by=request.staff, at=now)
        return redirect(f"{reverse('access:services')}?taken-back=1")
    if row.from_day <= local_day(now):
        raise Refused(NotSwitched.NOT_PLANNED)
    context = {"service": Service(name), "row": row}
    return render(request, "access/switch_taken_back.jinja", {"title": _("Take back a planned change"), **context})


def _decided_or_404(name: str) -> Service:
    if name not in DECIDED:
        raise Http404
    return Service(name)
