"""Sessions that come again: the templates of a practice, and single sessions."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions
from patient_online.appointments.forms.absences import StopForm
from patient_online.appointments.forms.templates import OneSessionForm, TemplateForm, plan_typed
from patient_online.appointments.models import SessionTemplate
from patient_online.appointments.queries import planning
from patient_online.appointments.queries import templates as queries
from patient_online.appointments.rules.templates import why_not_stop
from patient_online.appointments.views.planning import form_of, form_page, offered_to, save_or_show
from patient_online.appointments.views.sessions_words import counted, in_words, picture
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

LOOKING = (Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER)


@practice_page(*LOOKING)
def templates(request: StaffRequest) -> HttpResponse:
    """Show the templates in words, by clinician."""
    found = list(queries.templates(request.staff, on=local_day(timezone.now())))
    plans = queries.plans_of(request.staff, found)
    rows = [(each, _words(each, plans[each.id]), counted(plans[each.id])) for each in found]
    return render(request, "appointments/templates.jinja", {"title": _("Sessions"), "rows": rows})


@practice_page(*LOOKING)
def template(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Show one template: its slots, and the next days it falls on."""
    now, found = timezone.now(), _found(request, template_id)
    plan = queries.plan_of(request.staff, found)
    days = planning.next_days(request.staff, plan, at=now, besides=found.id)
    slots = picture(plan, offered_to(request, at=now), days, at=now)
    context = {"title": found.name, "template": found, "plan": plan, "words": _words(found, plan)}
    return render(request, "appointments/template.jinja", {**context, "days": days, "slots": slots})


@practice_page(Role.MANAGER)
def new_template(request: StaffRequest) -> HttpResponse:
    """Let a manager add a template, after a look at what it makes."""
    now = timezone.now()
    initial = {"kind": "weekly", "except_bank_holidays": True, "from_day": local_day(now)}
    form = form_of(request, TemplateForm, offered_to(request, at=now), initial)
    context = {"title": _("Add a session that comes again"), "back": reverse("appointments:templates")}
    if not form.is_valid():
        return form_page(request, form, **context)
    saved = f"{reverse('appointments:templates')}?saved=1"
    return save_or_show(request, form, actions.add_template, saved=saved, at=now, **context)


@practice_page(Role.MANAGER)
def change_template(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Let a manager change a template, after a look at what it changes."""
    now, found = timezone.now(), _found(request, template_id)
    initial = plan_typed(queries.plan_of(request.staff, found))
    form = form_of(request, TemplateForm, offered_to(request, at=now), initial)
    here = reverse("appointments:template", args=[found.id])
    context = {"title": _("Change a session that comes again"), "back": here, "besides": found.id}
    if not form.is_valid():
        return form_page(request, form, **context)
    context["changes"] = _counts(request, found, now)
    save = partial(_change, found)
    return save_or_show(request, form, save, saved=f"{here}?saved=1", at=now, **context)


def _change(found: SessionTemplate, plan: Any, **given: Any) -> None:
    actions.change_template(found, plan=plan, **given)


@practice_page(Role.MANAGER)
def stop_template(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Let a manager stop a template from a day on, after a look at what that does."""
    now, found = timezone.now(), _found(request, template_id)
    form = StopForm(posted(request), initial={"from_day": local_day(now)})
    context: dict[str, Any] = {"title": _("Stop a session that comes again"), "template": found, "form": form}
    context["words"] = _words(found, queries.plan_of(request.staff, found))
    if form.is_valid():
        try:
            return _stop(request, found, form.cleaned_data["from_day"], context, now)
        except Refused as refused:
            add_refusal(form, refused)
    return render(request, "appointments/template_stop.jinja", context)


def _stop(
    request: StaffRequest, found: SessionTemplate, from_day: date, context: dict[str, Any], now: datetime
) -> HttpResponse:
    """Stop it where that was confirmed; otherwise show what it does, or raise Refused where it cannot be."""
    if request.POST.get("do") == "stop":
        actions.stop_template(found, from_day=from_day, by=request.staff, at=now)
        return redirect(f"{reverse('appointments:templates')}?stopped=1")
    if no := why_not_stop(from_day, stops=found.to_day, today=local_day(now)):
        raise Refused(no)
    changes = _counts(request, found, now, from_day)
    return render(request, "appointments/template_stop_sure.jinja", {**context, "from_day": from_day, **changes})


@practice_page(Role.MANAGER)
def new_session(request: StaffRequest) -> HttpResponse:
    """Let a manager put a single session into the book, after a look at it."""
    now = timezone.now()
    form = form_of(request, OneSessionForm, offered_to(request, at=now), {"day": local_day(now)})
    context = {"title": _("Add a single session"), "back": reverse("appointments:templates"), "single": True}
    if not form.is_valid():
        return form_page(request, form, **context)
    saved = f"{reverse('appointments:day', args=[form.cleaned_data['day']])}?saved=1"
    return save_or_show(request, form, actions.add_session, saved=saved, at=now, **context)


def _found(request: StaffRequest, template_id: UUID) -> SessionTemplate:
    found = queries.templates(request.staff, on=local_day(timezone.now())).filter(id=template_id).first()
    if found is None:
        raise Http404
    return found


def _words(template: SessionTemplate, plan: Any) -> str:
    return in_words(plan, clinician=template.clinician.name, site=template.site.name)


def _counts(
    request: StaffRequest, found: SessionTemplate, now: datetime, from_day: date | None = None
) -> dict[str, Any]:
    """How many of its sessions to come are free, and those that stay because of somebody's appointment."""
    rows = list(queries.sessions_to_come(request.staff, found, at=now, from_day=from_day))
    stay = [row for row in rows if row.taken]  # type: ignore[attr-defined]
    return {"free": len(rows) - len(stay), "stay": stay}
