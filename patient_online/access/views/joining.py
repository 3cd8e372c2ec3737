"""Somebody comes to work at a practice: they are given a code, or accept with the account that they have."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions import inviting
from patient_online.access.audiences import PatientRequest, StaffRequest, account_page, practice_page
from patient_online.access.forms.staffing import LOST_STEP, InviteForm
from patient_online.access.invitations import Invitation, opened
from patient_online.access.queries.staffing import Place, member_invited, place_of
from patient_online.access.rules.staffing import KEEPERS, NotStaffed
from patient_online.asking import System
from patient_online.identity.rules import GIVEN_A_WAY_IN
from patient_online.practices.models import StaffMember
from patient_online.practices.queries import practice_of
from patient_online.refusals import Refused
from patient_online.storage.codes import grouped
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*KEEPERS)
def invite(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Give somebody a way to sign in: sent by e-mail, or a code shown this once to be printed."""
    place = _place(request, staff_id)
    form = InviteForm(posted(request), initial={"how": "email" if place.email else "paper", "email": place.email})
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            lost = form.cleaned_data["how"] == LOST_STEP
            invitation = inviting.invite(place.member, email=email, lost=lost, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _invited(request, place, invitation)
    title = _("Give %(name)s a way to sign in") % {"name": place.member.name}
    context = {"title": title, "form": form, "place": place, "button": _("Go on")}
    return render(request, "access/staff/invite.jinja", context)


def _invited(request: StaffRequest, place: Place, invitation: Invitation) -> HttpResponse:
    context = {"title": _("A way to sign in for %(name)s") % {"name": place.member.name}, "place": place}
    context |= {"invitation": invitation, "code": grouped(invitation.code), "name": grouped(invitation.sign_in_name)}
    return render(request, "access/staff/invited.jinja", context | {"practice": practice_of(request.staff)})


def _place(request: StaffRequest, staff_id: UUID) -> Place:
    try:
        return place_of(request.staff, staff_id, at=timezone.now())
    except StaffMember.DoesNotExist:
        raise Http404 from None


@account_page
def join(request: PatientRequest, token: str) -> HttpResponse:
    """Ask somebody who was invited whether they accept, with the account that they are signed in to."""
    offered = opened(token)
    if offered is None or offered.account_id != request.asking.account_id:
        raise Refused(NotStaffed.INVITATION_OVER)
    system = System("staff-invitation", offered.practice_id)
    member = member_invited(system, offered.staff_id)
    if member is None:
        raise Refused(NotStaffed.INVITATION_OVER)
    if request.method == "POST":
        inviting.accept(member, account_id=offered.account_id, by=system, at=timezone.now())
        request.session[GIVEN_A_WAY_IN] = str(offered.account_id)
        return redirect("home")
    return render(request, "access/staff/join.jinja", {"title": _("Work at this practice?"), "member": member})
