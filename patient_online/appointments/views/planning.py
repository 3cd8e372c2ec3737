"""What the pages of templates and single sessions share: a form, a look at what it would make, then the saving."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from patient_online.access.audiences import StaffRequest
from patient_online.appointments.forms.parts import Offered
from patient_online.appointments.forms.templates import FEWEST_ROWS, ROWS_MORE, SessionForm
from patient_online.appointments.queries import planning, slot_types, templates
from patient_online.appointments.rules.sessions import Plan
from patient_online.appointments.rules.templates import MOST_PARTS, NotMade
from patient_online.appointments.views.sessions_words import in_words, picture
from patient_online.nhs.bank_holidays import bank_holiday_name
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refusal, Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

IN_WHICH: dict[Refusal, str] = {
    NotMade.NO_SLOTS: "part0_type",
    NotMade.PAST_MIDNIGHT: "starts",
    NotMade.CLOCKS: "starts",
    NotMade.IN_THE_WAY: "starts",
    NotMade.NO_DAY: "from_day",
    NotMade.GONE: "clinician",
    NotMade.CLOSED: "day",
    NotMade.AWAY: "day",
    NotMade.AWAY_THEN: "starts",
    NotMade.DAY_TOO_FAR: "day",
    NotMade.BEGUN: "day",
}
NOT_SENT_ON = {"csrfmiddlewaretoken", "do"}
SHOWN_AGAIN = ("more", "change")


def offered_to(request: StaffRequest, *, at: datetime) -> Offered:
    """Whom and what this practice has to choose from."""
    staff = request.staff
    return Offered(
        {each.id: each.name for each in templates.clinicians(staff, on=local_day(at))},
        {each.id: each.name for each in templates.sites(staff)},
        {each.id: each.name for each in slot_types(staff)},
        templates.worded(staff),
    )


def form_of(request: StaffRequest, kind: type[SessionForm], offered: Offered, initial: dict[str, Any]) -> SessionForm:
    """The form as it was sent, or as it opens; one more time as it was typed where more parts are asked for."""
    data = posted(request)
    if data is None:
        used = sum(1 for name in initial if name.startswith("part") and name.endswith("_type"))
        return kind(None, offered=offered, rows=max(FEWEST_ROWS, used), initial=initial)
    rows = _rows(data.get("rows", ""))
    form = kind(data, offered=offered, rows=rows)
    if data.get("do") not in SHOWN_AGAIN:
        return form
    more = ROWS_MORE if data["do"] == "more" else 0
    return kind(None, offered=offered, rows=min(MOST_PARTS, rows + more), initial=form.typed())


def _rows(typed: str) -> int:
    return int(typed) if typed.isdecimal() and 1 <= int(typed) <= MOST_PARTS else FEWEST_ROWS


def form_page(request: StaffRequest, form: SessionForm, **context: Any) -> HttpResponse:
    """The form, with room for more parts."""
    context["may_add"] = len(form.parts) < MOST_PARTS
    return render(request, "appointments/session_form.jinja", {"form": form, **context})


def save_or_show(
    request: StaffRequest, form: SessionForm, save: Callable[..., Any], *, saved: str, at: datetime, **context: Any
) -> HttpResponse:
    """Keep what was typed where that was asked for; otherwise show what it would make. A refusal is put on the form."""
    plan = form.plan()
    try:
        if request.POST.get("do") == "save":
            save(plan, key=form.cleaned_data["key"], by=request.staff, at=at)
            return redirect(saved)
        about = {"besides": context.get("besides"), "single": context.get("single", False)}
        shown = preview(request, plan, form.offered, at=at, **about)
    except Refused as refused:
        add_refusal(form, refused, about=_about(form, refused.reason))
        return form_page(request, form, **context)
    sent = [(name, each) for name, values in request.POST.lists() if name not in NOT_SENT_ON for each in values]
    return render(request, "appointments/session_preview.jinja", {**context, **shown, "sent": sent})


def _about(form: SessionForm, reason: Refusal) -> str | None:
    """The field in which to mend what was refused."""
    too_much = reason in (NotMade.TOO_LONG, NotMade.TOO_MANY)
    return form.longest if too_much else IN_WHICH.get(reason)


def preview(
    request: StaffRequest, plan: Plan, offered: Offered, *, at: datetime, besides: UUID | None, single: bool
) -> dict[str, Any]:
    """What the plan would make: in words, slot by slot, and on the next days; or Refused."""
    staff = request.staff
    of_template = partial(planning.objection, besides=besides)
    if no := (planning.objection_to_session if single else of_template)(staff, plan, at=at):
        raise no
    kept = planning.days_kept(staff, besides, at=at) if besides else set()
    days = planning.next_days(staff, plan, at=at, besides=besides, kept=kept)
    warned = {"holiday": bank_holiday_name(plan.pattern.first) if single else "", "at_night": plan.at_night}
    slots = picture(plan, offered, days, at=at)
    return {"plan": plan, **shown_of(plan, offered), **warned, "days": days, "slots": slots}


def shown_of(plan: Plan, offered: Offered) -> dict[str, Any]:
    """The plan's clinician and place, and the whole in words."""
    who, where = offered.clinicians[plan.clinician_id], offered.sites[plan.site_id]
    return {"clinician": who, "site": where, "words": in_words(plan, clinician=who, site=where)}
