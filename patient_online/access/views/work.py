"""The work list: what the practice must decide, whose it is and until when; and who covers for whom."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.asking import Role, Staff
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused
from patient_online.tasks import actions, queries
from patient_online.tasks.forms import CoverForm, OwnerForm
from patient_online.tasks.kinds import known_kind, seen_by
from patient_online.tasks.models import Task
from patient_online.tasks.queries import Shown, Whose
from patient_online.tasks.rules import NotCovered, NotOwned
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

DECIDING = (Role.RECEPTIONIST, Role.DISPENSER, Role.NURSE, Role.GP, Role.MANAGER, Role.GOVERNANCE)


@practice_page(*DECIDING)
def work(request: StaffRequest) -> HttpResponse:
    """Show the tasks that are due first: one's own, nobody's, or all that one's roles let one see."""
    now, asked = timezone.now(), request.GET
    whose = Whose(asked["whose"]) if asked.get("whose") in set(Whose) else Whose.ALL
    kind = asked.get("kind", "") if known_kind(asked.get("kind", "")) else ""
    rows, more = queries.tasks_listed(request.staff, whose, kind=kind, after=_after(asked.get("after", "")), at=now)
    context: dict[str, Any] = {"rows": [(row, page_of(row)) for row in rows], "whose": whose, "kind": kind}
    context |= {"next": _next(whose, kind, more), "counts": queries.counts(request.staff, at=now)}
    context |= {"kinds": _kinds(request), "saved": asked.get("saved"), "first": "after" not in asked}
    return render(request, "access/work/list.jinja", {"title": _("Work list"), **context})


def _kinds(request: StaffRequest) -> list[dict[str, str]]:
    kinds = [{"value": kind.name, "text": _(kind.title)} for kind in seen_by(request.staff.roles)]
    return [{"value": "", "text": _("Every kind")}, *kinds]


def page_of(row: Shown) -> str:
    """Where the task is decided; nothing where the roles, or this version of the program, do not decide it."""
    return reverse(row.kind.page, args=[row.about]) if row.kind and row.decides else ""


def _after(text: str) -> tuple[datetime, UUID] | None:
    """Where the page begins that the address names; the first page where it names none that could be."""
    due, _bar, task_id = text.partition("_")
    try:
        at = datetime.fromisoformat(due)
        return (at, UUID(task_id)) if at.tzinfo else None
    except ValueError:
        return None


def _next(whose: Whose, kind: str, more: tuple[datetime, UUID] | None) -> str:
    if more is None:
        return ""
    where = {"whose": whose.value, "kind": kind, "after": f"{more[0].isoformat()}_{more[1]}"}
    return f"{reverse('access:work')}?{urlencode(where)}"


@practice_page(*DECIDING)
def task(request: StaffRequest, task_id: UUID) -> HttpResponse:
    """Show one task; let staff take it, give it to somebody, or put it back."""
    row = queries.task_of(request.staff, task_id, at=timezone.now())
    if row is None:
        raise Http404
    if row.task.status != Task.Status.OPEN:
        raise Refused(NotOwned.ENDED)
    people = queries.who_may_have(request.staff, row.kind, on=local_day(timezone.now()))
    form = OwnerForm(posted(request), people=people, mine=request.staff, now=row.task.owner_id)
    if form.is_valid():
        try:
            done = _hand_over(request, row, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused, seen=str(row.task.owner_id or ""))
        else:
            return redirect(f"{reverse('access:work')}?saved={done}")
    context = {
        "title": _(row.kind.title) if row.kind else row.task.kind,
        "row": row,
        "page": page_of(row),
        "form": form,
    }
    return render(request, "access/work/task.jinja", {**context, "button": _("Save")})


def _hand_over(request: StaffRequest, row: Shown, *, owner: UUID | None, seen: UUID | None) -> str:
    """Do what was asked, if the task still is whose it was when the page was opened; which it was."""
    given: dict[str, Any] = {"was": seen, "by": request.staff, "at": timezone.now()}
    if owner is None:
        actions.put_back(row.task, **given)
        return "put-back"
    if owner == request.staff.staff_id:
        actions.take(row.task, **given)
        return "taken"
    actions.give(row.task, to=owner, **given)
    return "given"


@practice_page(*DECIDING)
def cover(request: StaffRequest) -> HttpResponse:
    """Show who covers for whom, and let staff say who sees to their tasks while they are away."""
    staff, now = request.staff, timezone.now()
    manages = Role.MANAGER in staff.roles
    form = CoverForm(posted(request), people=_who_may_cover(staff, local_day(now)), mine=staff, for_others=manages)
    if form.is_valid():
        try:
            actions.cover(**form.cleaned_data, by=staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:cover')}?saved=entered")
    context = {"title": _("Who covers for whom"), "form": form, "saved": request.GET.get("saved"), "button": _("Save")}
    context |= {"covers": queries.covers(staff, on=local_day(now)), "manages": manages}
    return render(request, "access/work/cover.jinja", context)


def _who_may_cover(staff: Staff, today: date) -> list[StaffMember]:
    """Whom to choose among: a manager says it of anybody; the rest, of those who see their tasks."""
    if Role.MANAGER in staff.roles:
        return queries.colleagues(staff, on=today)
    return queries.who_may_cover(staff, staff.staff_id, on=today)


@practice_page(*DECIDING)
def take_back_cover(request: StaffRequest, cover_id: UUID) -> HttpResponse:
    """Ask whether nobody needs to cover after all, and take the cover back."""
    row = queries.cover_of(request.staff, cover_id)
    if row is None:
        raise Http404
    if request.method == "POST":
        actions.take_back_cover(row, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:cover')}?saved=taken-back")
    if row.taken_back_at:
        raise Refused(NotCovered.ALREADY_TAKEN_BACK)
    return render(request, "access/work/cover_taken_back.jinja", {"title": _("Take back cover"), "row": row})
