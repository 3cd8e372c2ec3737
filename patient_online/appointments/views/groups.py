"""Groups of patients: staff make them, name them, and put patients into them or take them out."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.release import GroupForm, NumbersForm
from patient_online.appointments.models import Cohort, CohortMember
from patient_online.appointments.views import previews
from patient_online.asking import Role
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

keepers = practice_page(Role.MANAGER, Role.RECEPTIONIST)


@keepers
def groups(request: StaffRequest) -> HttpResponse:
    """Show the groups and how many patients are in each."""
    context = {"title": _("Groups of patients"), "groups": queries.cohorts(request.staff)}
    return render(request, "appointments/groups.jinja", context)


@keepers
def add_group(request: StaffRequest) -> HttpResponse:
    """Let staff make a group."""
    form = GroupForm(posted(request))
    if form.is_valid():
        try:
            group = actions.add_cohort(by=request.staff, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused, about="name")
        else:
            return redirect("appointments:join_group", group.id)
    context = {"title": _("Make a group"), "form": form, "button": _("Make the group")}
    return render(request, "appointments/add_group.jinja", context)


@keepers
def group(request: StaffRequest, group_id: UUID) -> HttpResponse:
    """Show who is in a group, a hundred at a time."""
    cohort, now = _cohort(request, group_id), timezone.now()
    text = request.GET.get("page", "")
    page = max(int(text), 1) if text.isdecimal() and len(text) < 4 else 1
    members = queries.cohort_members(request.staff, cohort, page=page, at=now)
    context = {"title": cohort.name, "group": cohort, "members": members, "page": page, "a_page": queries.A_PAGE}
    return render(request, "appointments/group.jinja", context)


@keepers
def rename_group(request: StaffRequest, group_id: UUID) -> HttpResponse:
    """Let staff give a group another name."""
    cohort = _cohort(request, group_id)
    form = GroupForm(posted(request), initial={"name": cohort.name})
    if form.is_valid():
        try:
            actions.rename_cohort(cohort, name=form.cleaned_data["name"], by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused, about="name")
        else:
            return _saved(cohort)
    context = {"title": _("Rename the group"), "group": cohort, "form": form, "button": _("Save")}
    return render(request, "appointments/rename_group.jinja", context)


@keepers
def join_group(request: StaffRequest, group_id: UUID) -> HttpResponse:
    """Let staff paste NHS numbers; each line is taken, or stays in the box and is told why."""
    cohort = _cohort(request, group_id)
    if "preview" in request.POST:
        what = _("If the patient were in the group “%(group)s”") % {"group": cohort.name}
        return previews.page(request, queries.Change(joins=frozenset([cohort.id])), what=what)
    form = NumbersForm(posted(request))
    context: dict[str, Any] = {"title": _("Add patients to the group"), "group": cohort, "form": form}
    if form.is_valid() and "edit" not in request.POST:
        try:
            lines = actions.add_members(cohort, text=form.cleaned_data["numbers"], by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused, about="numbers")
        else:
            left = [line for line in lines if line.refused]
            context |= {"taken": len(lines) - len(left), "left": left}
            context["form"] = NumbersForm(initial={"numbers": "\n".join(line.text for line in left)})
    return render(request, "appointments/join_group.jinja", context)


@keepers
def leave_group(request: StaffRequest, group_id: UUID, member_id: UUID) -> HttpResponse:
    """Ask whether staff are sure, then take the patient out of the group."""
    try:
        member = queries.member_of(request.staff, group_id, member_id, at=timezone.now())
    except CohortMember.DoesNotExist:
        raise Http404 from None
    if "preview" in request.POST:
        return _without(request, member)
    if request.method == "POST" and "edit" not in request.POST:
        actions.remove_member(member, by=request.staff, at=timezone.now())
        return _saved(member.cohort)
    context = {"title": _("Take this patient out of the group?"), "member": member}
    return render(request, "appointments/leave_group.jinja", context)


def _without(request: StaffRequest, member: CohortMember) -> HttpResponse:
    """What the patient, or another one, would see who were not in the group any more."""
    what = _("Without being in the group “%(group)s”") % {"group": member.cohort.name}
    return previews.page(
        request, queries.Change(leaves=frozenset([member.cohort_id])), what=what, whom=member.patient_id
    )


def _cohort(request: StaffRequest, group_id: UUID) -> Cohort:
    return get_object_or_404(queries.cohorts(request.staff), id=group_id)


def _saved(cohort: Cohort) -> HttpResponse:
    return redirect(f"{reverse('appointments:group', args=[cohort.id])}?saved=1")
