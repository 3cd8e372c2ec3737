"""A withdrawn session is put back: first who gets their time again, who does not and why, and what they are told."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.withdraw import PutBackForm
from patient_online.appointments.models import Schedule
from patient_online.appointments.notices.withdrawn import on_again_words
from patient_online.appointments.queries import Candidate
from patient_online.appointments.rules.withdraw import Target, why_not_put_back
from patient_online.appointments.views.withdraw import DESK
from patient_online.nhs.dates import time_text
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*DESK)
def put_back(request: StaffRequest, schedule_id: UUID) -> HttpResponse:
    """Say what putting a withdrawn session back means, for whom; do it when staff say yes."""
    try:
        schedule, now = queries.session_of(request.staff, schedule_id), timezone.now()
    except Schedule.DoesNotExist:
        raise Http404 from None
    all_ = queries.had_times_seen(request.staff, schedule, at=now)
    form = PutBackForm(posted(request), [(each.touched.id, _named(each)) for each in all_ if not each.why_not])
    if form.is_valid():
        given = {"again": form.cleaned_data.get("again", []), "key": form.cleaned_data["key"]}
        try:
            actions.put_back(schedule, **given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
            form.data = request.POST.copy()
            form.data["key"] = str(uuid7())
        else:
            return redirect(f"{reverse('appointments:withdrawn')}?put_back={schedule.id}")
    return _page(request, schedule, form, all_)


def _page(request: StaffRequest, schedule: Schedule, form: PutBackForm, all_: list[Candidate]) -> HttpResponse:
    now, staff = timezone.now(), request.staff
    times = queries.slots_withdrawn(staff, schedule, at=now)
    target = Target(schedule.starts_at, schedule.clinician_id, schedule.site_id)
    no = why_not_put_back(queries.session_facts(staff, schedule, target, times=times), at=now)
    told = next((each for each in all_ if not each.why_not and not each.untold), None)
    context = {
        "title": _("Put a session back"),
        "schedule": schedule,
        "form": form,
        "times": len(times),
        "may": not no,
        "staying": [each for each in all_ if each.why_not],
        "message": on_again_words(told.rows[0]) if told else None,
    }
    return render(request, "appointments/put_back.jinja", context)


def _named(candidate: Candidate) -> str:
    first = candidate.rows[0]
    named = {"time": time_text(first.slot.starts_at), "patient": first.patient.name}
    if candidate.untold:
        return _("%(time)s %(patient)s (does not know yet that it was cancelled, and is told nothing)") % named
    return _("%(time)s %(patient)s (is told that it is on again)") % named
