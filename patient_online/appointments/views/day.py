"""The day of the practice's book: who comes, and who arrived, was sent in, left or did not attend."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.desk import JumpForm, MarkForm
from patient_online.appointments.views.seats import id_named
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*actions.AT_THE_DESK)
def day(request: StaffRequest, on: date | None = None) -> HttpResponse:
    """Show a day's slots and who has them, by clinician; note what becomes of who comes."""
    now = timezone.now()
    on = on or local_day(now)
    form = MarkForm(posted(request))
    if form.is_valid():
        what, appointment_id = form.cleaned_data["mark"]
        try:
            actions.mark(appointment_id, what=what, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{_address(request, on)}#a-{appointment_id}")
    return _page(request, on, form, now)


def _page(request: StaffRequest, on: date, form: MarkForm, now: datetime) -> HttpResponse:
    """The day as it is now, or the one that somebody jumps to."""
    wanted = {name: id_named(request.GET.get(name)) for name in ("clinician", "site")}
    listed = queries.day_list(request.staff, on, at=now, **wanted)
    jump = JumpForm(request.GET, clinicians=listed.clinicians, sites=listed.sites, day=on)
    if jump.is_bound and jump.is_valid():
        return redirect(_address(request, jump.cleaned_data["day"] or on))
    context: dict[str, Any] = {"title": _("Appointment book"), "list": listed, "now": now, "jump": jump}
    around = {"before": on - timedelta(days=1), "today": local_day(now), "after": on + timedelta(days=1)}
    context |= {name: _address(request, each) for name, each in {"here": on, **around}.items()}
    context["withdraw"] = f"{reverse('appointments:withdraw')}?{urlencode({'day': on.isoformat(), **_kept(request)})}"
    context |= {"form": form if form.errors else jump, "is_over": on < around["today"]}
    return render(request, "appointments/day.jinja", context, 409 if form.errors else 200)


def _address(request: StaffRequest, on: date) -> str:
    """The page of a day, of the clinician and site that are looked at."""
    kept, address = _kept(request), reverse("appointments:day", args=[on])
    return f"{address}?{urlencode(kept)}" if kept else address


def _kept(request: StaffRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("clinician", "site") if id_named(request.GET.get(name))}
