"""The practice decides about a patient's name and address: what they ask for, beside what is kept; or at the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions.amending import DESK, correct_details, decide_amendment
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.amending import DecideForm
from patient_online.access.models import DetailsRequest
from patient_online.access.queries.amending import details_request
from patient_online.patients.amending import LABELS, details_of
from patient_online.patients.forms import DetailsForm
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*DESK)
def decide(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Show what a patient asks to have put right beside what is kept; accept all or some of it, or refuse it."""
    asked = _request_or_404(request, request_id)
    mark = details_of(asked.patient).mark
    form = DecideForm(posted(request), changes=asked.changes, mark=mark)
    if form.is_valid():
        try:
            _decide(request, asked, form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused, seen=mark)
        else:
            return redirect(f"{reverse('access:details_request', args=[request_id])}?saved=1")
    context = {"asked": asked, "rows": _rows(asked), "form": form, "saved": "saved" in request.GET}
    title = _("Change of name or address")
    return render(
        request, "access/amending/decide.jinja", {"title": title, "button": _("Save the decision"), **context}
    )


def _decide(request: StaffRequest, asked: DetailsRequest, typed: dict[str, Any]) -> None:
    given = {name: typed[name] for name in ("accepted", "answer", "seen", "key")}
    refuse = typed["decision"] == "refuse"
    decide_amendment(asked, **given, refuse=refuse, by=request.staff, at=timezone.now())


def _rows(asked: DetailsRequest) -> list[dict[str, Any]]:
    """Each field that is to change: what is kept now, what is asked for, and what was kept when it was asked."""
    kept = details_of(asked.patient)
    rows = [(name, label, getattr(kept, name)) for name, label in LABELS.items() if name in asked.changes]
    return [
        {
            "label": _(label),
            "now": _lines(now),
            "was": _lines(was),
            "to": _lines(to),
            "accepted": bool(more and more[0]),
        }
        for name, label, now in rows
        for was, to, *more in [asked.changes[name]]
    ]


def _lines(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _request_or_404(request: StaffRequest, request_id: UUID) -> DetailsRequest:
    try:
        return details_request(request.staff, request_id, at=timezone.now())
    except DetailsRequest.DoesNotExist:
        raise Http404 from None


@practice_page(*DESK)
def correct(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Let the desk put a name or address right that the patient gives there."""
    now = timezone.now()
    patient = _patient_or_404(request, patient_id, now)
    form = DetailsForm(posted(request), known=details_of(patient))
    if form.is_valid():
        given = {"seen": form.cleaned_data["seen"], "key": form.cleaned_data["key"]}
        try:
            correct_details(patient, form.details(), **given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused, seen=details_of(patient).mark)
        else:
            return redirect(f"{reverse('access:correct_details', args=[patient_id])}?saved=1")
    context = {"patient": patient, "form": form, "saved": "saved" in request.GET, "button": _("Save")}
    context["kept"] = _lines((patient.name, *patient.address, patient.postcode))
    return render(request, "access/amending/correct.jinja", {"title": _("Name and address"), **context})


def _patient_or_404(request: StaffRequest, patient_id: UUID, at: datetime) -> Patient:
    try:
        return patient_seen(request.staff, patient_id, at=at)
    except Patient.DoesNotExist:
        raise Http404 from None
