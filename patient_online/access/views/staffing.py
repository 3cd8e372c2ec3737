"""Who works at the practice: the list, somebody new, other roles, the end of somebody's work, and back again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions import inviting, staffing
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.staffing import NOT_AT_ALL, ON_PAPER, ChangePlaceForm, LeaveForm, NewPlaceForm
from patient_online.access.queries.staffing import Place, history_of_place, place_of, places
from patient_online.access.rules.staffing import KEEPERS, ROLES
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.practices.queries import staff_names
from patient_online.refusals import N_, Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

EVENTS = {
    "staff.added": N_("Added"),
    "staff.changed": N_("Changed"),
    "staff.invited": N_("Given a way to sign in"),
    "staff.accepted": N_("Accepted the invitation"),
    "staff.left": N_("Work here ends"),
    "staff.gone": N_("Access ended on the day set"),
    "staff.stays": N_("Works here again"),
}


@practice_page(*KEEPERS)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Show everybody who works or worked at the practice, with their roles and since when."""
    rows = places(request.staff, at=timezone.now())
    context = {"here": [row for row in rows if not row.over], "gone": [row for row in rows if row.over]}
    return render(request, "access/staff/list.jinja", {"title": _("Staff"), "role_words": ROLES, **context})


@practice_page(*KEEPERS)
def add(request: StaffRequest) -> HttpResponse:
    """Add somebody, and invite them where they are to sign in."""
    form, now = NewPlaceForm(posted(request)), timezone.now()
    if form.is_valid():
        given = dict(form.cleaned_data)
        how, email = given.pop("how"), given.pop("email")
        member = staffing.add_member(given.pop("name"), given.pop("job"), **given, by=request.staff, at=now)
        return _added(request, member, how, email)
    context = {"title": _("Add somebody to the staff"), "form": form, "button": _("Add"), "back": _all()}
    return render(request, "web/form_page.jinja", context)


def _added(request: StaffRequest, member: StaffMember, how: str, email: str) -> HttpResponse:
    if email and _place(request, member.id).member.account_id is None:
        inviting.invite(member, email=email, by=request.staff, at=timezone.now())
    if how == ON_PAPER:
        return redirect("access:invite_staff", member.id)
    return _saved(member, "added" if how == NOT_AT_ALL else "invited")


@practice_page(*KEEPERS)
def one(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Show one person's place, what can be done about it, and what became of it so far."""
    place = _place(request, staff_id)
    history = history_of_place(request.staff, place.member)
    context: dict[str, Any] = {"title": place.member.name, "place": place, "history": history, "events": EVENTS}
    context |= {"names": staff_names(request.staff), "role_words": ROLES, "saved": request.GET.get("saved")}
    return render(request, "access/staff/one.jinja", context | {"own": place.member.id == request.staff.staff_id})


@practice_page(*KEEPERS)
def change(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Change what somebody is called and does."""
    place = _place(request, staff_id)
    known = {name: getattr(place.member, name) for name in ("name", "job", "sees_patients")}
    shown = {"roles": list(place.roles), "seen": ",".join(place.roles)}
    form = ChangePlaceForm(posted(request), initial=known | shown)
    if form.is_valid():
        try:
            staffing.change_member(place.member, **form.cleaned_data, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused, about="roles")
        else:
            return _saved(place.member, "changed")
    title = _("Change what %(name)s does") % {"name": place.member.name}
    context = {"title": title, "form": form, "button": _("Save"), "back": _one(place.member)}
    return render(request, "web/form_page.jinja", context)


@practice_page(*KEEPERS)
def leave(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Say what the end of somebody's work means, and from when on it holds."""
    place, now = _place(request, staff_id), timezone.now()
    form = LeaveForm(posted(request))
    if form.is_valid():
        try:
            day = form.cleaned_data["day"] if form.cleaned_data["when"] == "later" else local_day(now)
            staffing.leave(place.member, day=day, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused, about="when")
        else:
            return _saved(place.member, "left")
    title = _("%(name)s leaves the practice") % {"name": place.member.name}
    context = {"title": title, "form": form, "place": place, "back": _one(place.member)}
    return render(request, "access/staff/leave.jinja", context | {"button": _("End their work here")})


@practice_page(*KEEPERS)
def come_back(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Ask whether somebody works here again, with the roles that they had, and let them."""
    place = _place(request, staff_id)
    if request.method == "POST":
        staffing.come_back(place.member, by=request.staff, at=timezone.now())
        return _saved(place.member, "back")
    title = _("Does %(name)s work here again?") % {"name": place.member.name}
    return render(request, "access/staff/come_back.jinja", {"title": title, "place": place, "role_words": ROLES})


def _place(request: StaffRequest, staff_id: UUID) -> Place:
    try:
        return place_of(request.staff, staff_id, at=timezone.now())
    except StaffMember.DoesNotExist:
        raise Http404 from None


def _all() -> str:
    return reverse("access:staff")


def _one(member: StaffMember) -> str:
    return reverse("access:staff_member", args=[member.id])


def _saved(member: StaffMember, what: str) -> HttpResponse:
    return redirect(f"{_one(member)}?saved={what}")
