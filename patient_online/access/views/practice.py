"""The practice decides its policies; and where a patient finds what it is."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, patient_page, practice_page
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.practices import actions, queries
from patient_online.practices.forms import PolicyForm
from patient_online.practices.models import Notice
from patient_online.practices.rules import POLICIES
from patient_online.web.page import posted, render


@practice_page(*ANY_ROLE)
def policies(request: StaffRequest) -> HttpResponse:
    """Show every policy with what the practice chose, the default and what it decides."""
    chosen = queries.policies(request.staff)
    rows = [(policy, chosen[policy.name]) for policy in POLICIES.values()]
    saved = POLICIES.get(request.GET.get("saved", ""))
    return render(request, "access/policies.jinja", {"title": _("Policies"), "rows": rows, "saved": saved})


@practice_page(Role.MANAGER)
def policy(request: StaffRequest, name: str) -> HttpResponse:
    """Let a manager change one policy."""
    if name not in POLICIES:
        raise Http404
    chosen = POLICIES[name]
    value = queries.policies(request.staff)[name]
    initial = {"value": ("yes" if value else "no") if chosen.is_switch else value}
    form = PolicyForm(posted(request), policy=chosen, initial=initial)
    if form.is_valid():
        given = {"name": name, "value": form.cleaned_data["value"], "by": request.staff, "at": timezone.now()}
        actions.set_policy(queries.practice_of(request.staff), **given)
        return redirect(f"{reverse('access:policies')}?saved={name}")
    context = {"title": _(chosen.title), "policy": chosen, "form": form, "button": _("Save")}
    return render(request, "access/policy.jinja", context)


@patient_page
def details(request: StaffRequest) -> HttpResponse:
    """Show a patient where the practice is, when it is open, and how else to reach it."""
    acting = request.acting  # type: ignore[attr-defined]
    context: dict[str, Any] = {"practice": queries.practice_of(acting), "times": queries.opening_times(acting)}
    context["ways"] = queries.notice(acting, Notice.Kind.ROUTES)
    context["closures"] = queries.closures(acting, on=local_day(timezone.now()))
    return render(request, "access/details.jinja", {"title": _("Your practice"), **context})
