"""The release rules of a kind of slot: a manager sees them in words, adds, changes, removes and tries them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.release import IN_WHICH, RuleForm, unsaved
from patient_online.appointments.models import BookingRule, SlotType
from patient_online.appointments.rules.covering import covered
from patient_online.appointments.rules.release import Reach, RuleFacts
from patient_online.appointments.views import previews
from patient_online.asking import Role
from patient_online.practices.queries import policies
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(Role.MANAGER)
def rules(request: StaffRequest, type_id: UUID) -> HttpResponse:
    """Show in words for whom a kind of slot is online, and from when."""
    kind = get_object_or_404(queries.slot_types(request.staff), id=type_id)
    known = {"kind": kind, "rules": queries.rules_of(request.staff).filter(type_id=type_id)}
    context = {"title": _("Who can book it, and from when"), "policy": policies(request.staff), **known}
    return render(request, "appointments/rules.jinja", context)


@practice_page(Role.MANAGER)
def add_rule(request: StaffRequest, type_id: UUID) -> HttpResponse:
    """Let a manager add a rule, or try what it would do."""
    kind = get_object_or_404(queries.slot_types(request.staff), id=type_id)
    asks: dict[str, Any] = {"covers": _covers(request, kind, None), "narrows": partial(_narrows, request, kind)}
    form = RuleForm(posted(request), cohorts=queries.cohorts(request.staff), **asks)
    return _try_or_keep(request, kind, form, None, _("Add a rule"))


@practice_page(Role.MANAGER)
def change_rule(request: StaffRequest, type_id: UUID, rule_id: UUID) -> HttpResponse:
    """Let a manager change a rule, or try what that would do."""
    rule = get_object_or_404(queries.rules_of(request.staff), id=rule_id, type_id=type_id)
    covers = _covers(request, rule.type, rule)
    form = RuleForm(posted(request), cohorts=queries.cohorts(request.staff), rule=rule, covers=covers)
    return _try_or_keep(request, rule.type, form, rule, _("Change a rule"))


@practice_page(Role.MANAGER)
def remove_rule(request: StaffRequest, type_id: UUID, rule_id: UUID) -> HttpResponse:
    """Ask whether the manager is sure, show what it would do, then remove the rule."""
    rule = get_object_or_404(queries.rules_of(request.staff), id=rule_id, type_id=type_id)
    if "preview" in request.POST:
        return previews.page(request, queries.Change(old=rule), what=_("Without this rule: %(rule)s") % _said(rule))
    if request.method == "POST" and "edit" not in request.POST:
        actions.remove_rule(rule, by=request.staff, at=timezone.now())
        return _saved(type_id)
    last = not queries.rules_of(request.staff).filter(type_id=type_id).exclude(id=rule_id).exists()
    context = {"title": _("Remove this rule?"), "rule": rule, "last": last}
    return render(request, "appointments/remove_rule.jinja", context)


def _covers(request: StaffRequest, kind: SlotType, old: BookingRule | None) -> Callable[[RuleFacts], bool]:
    """Whether a rule in the place of the old one would leave others of the kind without effect."""
    rows = queries.rules_of(request.staff).filter(type_id=kind.id)
    others = [row.facts for row in rows if old is None or row.id != old.id]
    return partial(covered, others=others, reach=Reach.of(policies(request.staff)), at=timezone.now())


def _narrows(request: StaffRequest, kind: SlotType, facts: RuleFacts) -> dict[str, Any]:
    """Whom the first rule of a kind leaves of those who could book it until now, if it leaves anybody out."""
    narrow = facts.cohort_id or facts.sex or facts.least_age is not None or facts.most_age is not None
    if not narrow or queries.rules_of(request.staff).filter(type_id=kind.id).exists():
        return {}
    fitting, all_ = queries.how_many_fit(request.staff, facts, at=timezone.now())
    return {**_said(unsaved(kind, facts, queries.cohorts(request.staff))), "fitting": fitting, "all": all_}


def _try_or_keep(
    request: StaffRequest, kind: SlotType, form: RuleForm, old: BookingRule | None, title: str
) -> HttpResponse:
    """Show the form; show what the rule would do when that is asked; keep it otherwise."""
    if form.is_valid() and "edit" not in request.POST:
        facts = form.facts()
        if "preview" in request.POST:
            new = unsaved(kind, facts, queries.cohorts(request.staff))
            return previews.page(
                request, queries.Change(old=old, new=new), what=_("With this rule: %(rule)s") % _said(new)
            )
        try:
            _keep(request, kind, form, old)
        except Refused as refused:
            add_refusal(form, refused, about=IN_WHICH.get(refused.reason))
        else:
            return _saved(kind.id)
    return render(request, "appointments/rule.jinja", {"title": title, "kind": kind, "form": form})


def _keep(request: StaffRequest, kind: SlotType, form: RuleForm, old: BookingRule | None) -> None:
    now = timezone.now()
    if old:
        actions.change_rule(old, rule=form.facts(), by=request.staff, at=now)
    else:
        actions.add_rule(kind, rule=form.facts(), by=request.staff, key=form.cleaned_data["key"], at=now)


def _said(rule: BookingRule) -> dict[str, str]:
    return {"rule": rule.words}


def _saved(type_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('appointments:rules', args=[type_id])}?saved=1")
