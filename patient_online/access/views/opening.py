"""Records that open only with a reason: it is asked for, somebody protects one, what was opened is looked into."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from patient_online.access.actions import opening as actions
from patient_online.access.audiences import StaffRequest, may_open, practice_page
from patient_online.access.forms.opening import ReasonForm
from patient_online.access.queries.openings import Opened, behind_glass, opening_of
from patient_online.access.queries.openings import openings as all_openings
from patient_online.access.rules.opening import OVERSEERS, PROTECTORS
from patient_online.patients.models import Opening, Patient
from patient_online.patients.queries import patient_seen
from patient_online.refusals import N_, Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

WHY = {
    Opening.Why.SENSITIVE: N_("The practice has said that this record is opened only with a reason."),
    Opening.Why.OWN: N_("This is your own record. Staff do not look into their own record without a reason."),
    Opening.Why.FAMILY: N_("This patient lives where you live. Staff do not look into their family's records."),
}


@practice_page(*actions.SEES_PATIENTS)
def open_record(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Ask why the record is to be opened, and open it for half an hour."""
    patient, why = _behind_glass(request, patient_id)
    if why is None:
        return redirect(_onwards(request, patient))
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            actions.open_record(patient, **form.cleaned_data, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused, about="reason")
        else:
            return redirect(_onwards(request, patient))
    title = _("Why do you open the record of %(name)s?") % {"name": patient.name}
    context = {"title": title, "form": form, "why": WHY[why], "button": _("Open the record")}
    return render(request, "access/opening/reason.jinja", context)


def _behind_glass(request: StaffRequest, patient_id: UUID) -> tuple[Patient, Opening.Why | None]:
    try:
        return behind_glass(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None


def _onwards(request: StaffRequest, patient: Patient) -> str:
    """Where they came from; else the patient's page, or the start where their role has none."""
    back = request.GET.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    page = ("appointments:patient", [patient.id])
    return reverse(page[0], args=page[1]) if may_open(request.staff, "appointments:patients") else reverse("home")


@practice_page(*PROTECTORS)
def protect(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Ask whether the record is to be opened only with a reason from now on, or without one again; and do it."""
    try:
        patient = patient_seen(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        actions.protect(patient, sensitive=not patient.sensitive, by=request.staff, at=timezone.now())
        return redirect(_onwards(request, patient))
    title = _("Open this record without a reason again?") if patient.sensitive else _("Protect this record?")
    return render(request, "access/opening/protect.jinja", {"title": title, "patient": patient})


@practice_page(*OVERSEERS)
def openings(request: StaffRequest) -> HttpResponse:
    """Show who opened which record, when and why, and whether somebody has looked into it."""
    rows = all_openings(request.staff, at=timezone.now())
    context: dict[str, Any] = {"title": _("Openings"), "rows": rows, "saved": request.GET.get("saved")}
    return render(request, "access/opening/list.jinja", context)


@practice_page(*OVERSEERS)
def opening(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    """Show one opening with its reason, and note that it was looked into."""
    one = _opened(request, opening_id)
    if request.method == "POST":
        actions.see_to(one.opening, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:openings')}?saved=1")
    return render(request, "access/opening/one.jinja", {"title": _("A record was opened"), "one": one})


def _opened(request: StaffRequest, opening_id: UUID) -> Opened:
    try:
        return opening_of(request.staff, opening_id, at=timezone.now())
    except Opening.DoesNotExist:
        raise Http404 from None
