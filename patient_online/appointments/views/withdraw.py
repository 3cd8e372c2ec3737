"""Sessions are withdrawn, moved and put back; each is shown first with whom it touches."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.withdraw import ChooseForm, MoveForm, SureForm
from patient_online.appointments.models import Schedule
from patient_online.appointments.notices.withdrawn import as_moved, as_withdrawn
from patient_online.appointments.rules.withdraw import MOST_DAYS, Choice, NotWithdrawn, Target, why_not_move
from patient_online.asking import Role
from patient_online.nhs.bank_holidays import bank_holiday_name
from patient_online.nhs.dates import day_read, local_day, to_london
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

DESK = (Role.MANAGER, Role.RECEPTIONIST)
ABOUT: dict[Refusal, str] = {
    NotWithdrawn.CLOSED: "day",
    NotWithdrawn.AWAY: "day",
    NotWithdrawn.AWAY_THEN: "time",
    NotWithdrawn.IN_THE_PAST: "time",
    NotWithdrawn.PAST_MIDNIGHT: "time",
    NotWithdrawn.SAME_PLACE: "time",
    NotWithdrawn.OVERLAPS: "time",
}


@practice_page(*DESK)
def withdraw(request: StaffRequest) -> HttpResponse:
    """Let staff choose sessions, show whom it touches, and withdraw them when they say yes."""
    now, choice = timezone.now(), _choice(request)
    if choice is None:
        return _choose(request)
    form = SureForm(posted(request), queries.sessions_to_tick(request.staff, choice, at=now))
    choice = replace(choice, ticked=form.ticked())
    if form.says_yes():
        given = {name: form.cleaned_data[name] for name in ("shown", "reason", "words", "key")}
        try:
            done = actions.withdraw(choice, **given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('appointments:withdrawn')}?done={done.id}")
    return _preview(request, form, queries.sessions_seen(request.staff, choice, at=now), now)


def _choose(request: StaffRequest) -> HttpResponse:
    form = ChooseForm(posted(request), *queries.who_and_where(request.staff, on=timezone.now()))
    if form.is_valid():
        given = form.cleaned_data
        asked = {"clinician": given["clinician"], "site": given["site"], "from": given["first"], "to": given["last"]}
        chosen = {name: str(value) for name, value in asked.items() if value}
        return redirect(f"{reverse('appointments:withdraw')}?{urlencode(chosen)}")
    return render(request, "appointments/withdraw_choose.jinja", {"title": _("Withdraw sessions"), "form": form})


def _choice(request: HttpRequest) -> Choice | None:
    """What the address names, or None where it names nothing that can be read."""
    asked = request.GET
    try:
        ids = {name: UUID(asked[name]) for name in ("clinician", "site") if asked.get(name)}
        if asked.get("session"):
            today = local_day(timezone.now())
            return Choice(today, today, schedule=UUID(asked["session"]))
        first = day_read(asked.get("from") or asked.get("day") or "")
        last = day_read(asked.get("to") or first.isoformat())
        times = {name: time.fromisoformat(asked[name]) for name in ("from_time", "to_time") if asked.get(name)}
    except ValueError:
        return None
    last = min(max(first, last), first + timedelta(days=MOST_DAYS - 1))
    found = Choice(
        first, last, None, ids.get("clinician"), ids.get("site"), times.get("from_time"), times.get("to_time")
    )
    return found if found.stretch.in_order else None


def _preview(request: StaffRequest, form: SureForm, plan: queries.Plan, now: datetime, **more: Any) -> HttpResponse:
    """Whom it touches, with what is new since it was shown before."""
    before = form.cleaned_data.get("seen_at") if form.is_bound and hasattr(form, "cleaned_data") else None
    form.anew(plan.shown, now, uuid7())
    context = {"title": _("Check before you withdraw"), "form": form, "plan": plan, "now": now, "before": before}
    context |= more
    context["rows"] = [(row, queries.route_of(request.staff, row.patient)) for row in plan.appointments]
    context["offers"] = {} if more else queries.offers(request.staff, plan, at=now)
    context["message"] = _message(plan, form, now) if not more else _message(plan, form, now, to=more)
    context["gone"] = queries.given_back_since(request.staff, plan, since=before) if before else 0
    queries.veil_appointments(request.staff, plan.rows, at=now)
    status = 409 if any("." in str(error.code) for error in form.non_field_errors().as_data()) else 200
    return render(request, "appointments/withdraw.jinja", context, status)


def _message(plan: queries.Plan, form: SureForm, now: datetime, *, to: dict[str, Any] | None = None) -> Any:
    """The message as the first of the patients would get it, with what was typed so far; None where nobody would."""
    words = getattr(form, "cleaned_data", {}).get("words", "")
    if not plan.appointments:
        return None
    if to is None:
        return as_withdrawn(plan.appointments[0], words, besides=[slot.id for slot in plan.slots], at=now)
    return as_moved(plan.appointments[0], words, by=to["by"], site=to["site"])


@practice_page(*DESK)
def move_session(request: StaffRequest, schedule_id: UUID) -> HttpResponse:
    """Let staff say where a session goes, show whom it touches, and move it when they say yes."""
    schedule, now = _session(request, schedule_id), timezone.now()
    to = _target(request)
    if to is None:
        return _where_to(request, schedule)
    form = SureForm(posted(request))
    if form.says_yes():
        given = {name: form.cleaned_data[name] for name in ("shown", "reason", "words", "key")}
        try:
            done = actions.move_session(schedule, to=to, **given, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('appointments:withdrawn')}?done={done.id}")
    return _move_preview(request, form, schedule, to, now)


def _where_to(request: StaffRequest, schedule: Schedule) -> HttpResponse:
    local = to_london(schedule.starts_at)
    initial = {"day": local.date(), "time": f"{local:%H:%M}"}
    initial |= {"clinician": str(schedule.clinician_id), "site": str(schedule.site_id)}
    form = MoveForm(posted(request), *queries.who_and_where(request.staff, on=timezone.now()), initial=initial)
    if form.is_valid() and _may_move(request, form, schedule):
        given = form.cleaned_data
        asked = {"to": given["starts_at"].isoformat(), "clinician": given["clinician"], "site": given["site"]}
        return redirect(f"{reverse('appointments:move_session', args=[schedule.id])}?{urlencode(asked)}")
    back = reverse("appointments:day", args=[local.date()])
    context = {"title": _("Move a session"), "form": form, "schedule": schedule, "back": back}
    return render(request, "appointments/move_session.jinja", context)


def _may_move(request: StaffRequest, form: MoveForm, schedule: Schedule) -> bool:
    """Whether the session may go there; the form says why not, before anybody's new time is shown."""
    given = form.cleaned_data
    to = Target(given["starts_at"], UUID(given["clinician"]), UUID(given["site"]))
    facts = queries.session_facts(request.staff, schedule, to)
    if no := why_not_move(facts, to, at=timezone.now()):
        add_refusal(form, Refused(no, **facts.named), about=ABOUT.get(no))
    return no is None


def _move_preview(request: StaffRequest, form: SureForm, schedule: Schedule, to: Target, now: datetime) -> HttpResponse:
    today = local_day(now)
    plan = queries.sessions_seen(request.staff, Choice(today, today, schedule=schedule.id), at=now)
    facts = queries.session_facts(request.staff, schedule, to)
    no = why_not_move(facts, to, at=now)
    people, places = queries.who_and_where(request.staff, on=now)
    clinician = next((each for each in people if each.id == to.clinician), None)
    more = {
        "title": _("Check before you move"),
        "schedule": schedule,
        "to": to,
        "ends_at": to.starts_at + (schedule.ends_at - schedule.starts_at),
        "clinician": clinician,
        "other": _another_kind(schedule.clinician, clinician) if clinician else "",
        "site": next((each for each in places if each.id == to.site), None),
        "clashes": queries.clashes(request.staff, plan, by=to.starts_at - schedule.starts_at),
        "by": to.starts_at - schedule.starts_at,
        "holiday": bank_holiday_name(local_day(to.starts_at)),
        "why_not": _(no.words) % facts.named if no else "",
        "next_step": _(no.next_step) if no else "",
    }
    return _preview(request, form, plan, now, **more)


def _another_kind(old: StaffMember, new: StaffMember) -> str:
    """What is another about the clinician to whom a session goes, of what patients choose by: job and sex."""
    said = []
    if old.job != new.job:
        said.append(_("They had a time with: %(old)s. It would be with: %(new)s.") % {"old": old.job, "new": new.job})
    if old.sex != new.sex:
        sexes = {"old": old.get_sex_display() or _("not known"), "new": new.get_sex_display() or _("not known")}
        said.append(_("Sex of the clinician: %(old)s now, %(new)s then.") % sexes)
    return " ".join(said)


def _target(request: HttpRequest) -> Target | None:
    asked = request.GET
    try:
        starts_at = datetime.fromisoformat(asked.get("to", ""))
        found = Target(starts_at, UUID(asked.get("clinician", "")), UUID(asked.get("site", "")))
    except ValueError:
        return None
    return found if starts_at.utcoffset() is not None and 2000 <= starts_at.year < 2100 else None


def _session(request: StaffRequest, schedule_id: UUID) -> Schedule:
    try:
        return queries.session_of(request.staff, schedule_id)
    except Schedule.DoesNotExist:
        raise Http404 from None
