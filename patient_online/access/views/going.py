"""A patient has left or died: it is noted at the desk, and on the same day it can be undone."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.actions.going import MAY_NOTE
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.going import GoneForm
from patient_online.access.models import Link
from patient_online.access.queries.going import gone_facts
from patient_online.access.rules.going import NotGone, why_not_back
from patient_online.access.views.online import patient_or_404, saved
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*MAY_NOTE)
def gone(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Let the desk note that a patient has left or died; all online access ends with it."""
    patient, now = patient_or_404(request, patient_id), timezone.now()
    if patient.left_on or patient.died_on:
        raise Refused(NotGone.ALREADY_GONE)
    form = GoneForm(posted(request), initial={"day": local_day(now)})
    if form.is_valid():
        given: dict[str, Any] = {"why": Link.Why(form.cleaned_data["why"]), "day": form.cleaned_data["day"]}
        try:
            actions.note_patient_gone(patient, **given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, "gone")
    context = {"title": _("The patient has left or died"), "patient": patient, "form": form, "button": _("Note it")}
    return render(request, "access/online/gone.jinja", context)


@practice_page(*MAY_NOTE)
def take_back(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Ask whether it was a mistake, then undo it: only on the day on which it was noted."""
    patient, now = patient_or_404(request, patient_id), timezone.now()
    if refusal := why_not_back(gone_facts(request.staff, patient), today=local_day(now)):
        raise Refused(refusal)
    if request.method == "POST":
        actions.note_patient_back(patient, by=request.staff, at=now)
        return saved(patient_id, "back")
    context = {"title": _("The patient is still here"), "patient": patient, "button": _("Yes, it was a mistake")}
    return render(request, "access/online/back.jinja", context)
