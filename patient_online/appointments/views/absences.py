"""When clinicians are away: absences entered and taken back."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions
from patient_online.appointments.forms.absences import AbsenceForm
from patient_online.appointments.models import Absence
from patient_online.appointments.queries import templates as queries
from patient_online.appointments.views.templates import LOOKING
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*LOOKING)
def absences(request: StaffRequest) -> HttpResponse:
    """Show who is away, and when."""
    now = timezone.now()
    rows = list(queries.absences(request.staff, on=local_day(now)))
    sessions = queries.sessions_in(request.staff, rows, at=now)
    shown = [(absence, *sessions[absence.id], _withdrawal(absence)) for absence in rows]
    may_withdraw = bool(set(request.staff.roles) & {Role.MANAGER, Role.RECEPTIONIST})
    context = {"title": _("Absences"), "rows": shown, "may_withdraw": may_withdraw}
    return render(request, "appointments/absences.jinja", context)


@practice_page(Role.MANAGER)
def new_absence(request: StaffRequest) -> HttpResponse:
    """Let a manager say that a clinician is away; where sessions are in the way, go on to withdrawing them."""
    now = timezone.now()
    known = {each.id: each.name for each in queries.clinicians(request.staff, on=local_day(now))}
    form = AbsenceForm(posted(request), clinicians=known)
    if form.is_valid():
        given = {**form.cleaned_data, "clinician_id": UUID(form.cleaned_data["clinician"])}
        del given["clinician"]
        try:
            absence = actions.enter_absence(**given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(_after(request, absence))
    context = {"title": _("Enter an absence"), "form": form, "button": _("Save"), "back": _all()}
    return render(request, "web/form_page.jinja", context)


def _all() -> str:
    return reverse("appointments:absences")


def _after(request: StaffRequest, absence: Absence) -> str:
    """Where to go once it is entered: to what has to be withdrawn, if there is anything."""
    if not queries.sessions_away(request.staff, absence, at=timezone.now()).exists():
        return f"{_all()}?saved=1"
    return _withdrawal(absence)


def _withdrawal(absence: Absence) -> str:
    """Where the clinician's sessions of that time are withdrawn."""
    asked = {"clinician": str(absence.clinician_id), **stretch_of(absence).asked}
    return f"{reverse('appointments:withdraw')}?{urlencode(asked)}"


@practice_page(Role.MANAGER)
def take_back_absence(request: StaffRequest, absence_id: UUID) -> HttpResponse:
    """Ask whether the absence is really taken back; do so when they say yes."""
    now = timezone.now()
    absence = get_object_or_404(queries.absences(request.staff, on=local_day(now)), id=absence_id)
    if request.method == "POST":
        actions.take_back_absence(absence, by=request.staff, at=now)
        return redirect(f"{_all()}?taken_back=1")
    context = {"title": _("Take an absence back"), "absence": absence, "back": _all()}
    return render(request, "appointments/absence_taken_back.jinja", context)
