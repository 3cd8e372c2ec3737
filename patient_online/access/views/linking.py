"""An account becomes a patient's: by the letter of their practice, or by a claim for a first booking."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.audiences import (
    PatientRequest,
    StaffRequest,
    account_page,
    patient_page,
    practice_page,
)
from patient_online.access.forms.linking import ClaimForm, LinkForm, PracticeForm
from patient_online.access.middleware import asking_of
from patient_online.access.queries import Asking
from patient_online.access.queries import claiming as queries
from patient_online.access.rules.linking import NotLinked
from patient_online.asking import AccountHolder, Role
from patient_online.identity.guarding import network_of
from patient_online.nhs.identity import Identity
from patient_online.patients.queries import patient_seen
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render
from patient_online.web.searches import put_aside, taken_up

SEARCH = "practices"


CLAIMED = "claimed"  # in the session: somebody said who they are, whether it fitted or not


def _asking(request: HttpRequest) -> Asking:
    asking = asking_of(request)
    assert asking is not None  # these pages are for people who are signed in
    return asking


def _holder(request: HttpRequest) -> AccountHolder:
    asking = _asking(request)
    assert asking.account_id is not None
    return AccountHolder(asking.account_id, request.id)  # type: ignore[attr-defined]


def _linked_already(request: HttpRequest) -> bool:
    return any(each.identity > Identity.P0 for each in _asking(request).acts_for)


@account_page
def link(request: HttpRequest) -> HttpResponse:
    """Ask for what stands on the letter, and link the account; whatever is wrong there is one answer."""
    form = LinkForm(posted(request))
    context: dict[str, Any] = {"title": _("Link your account with your letter"), "form": form}
    if form.is_valid():
        given: dict[str, Any] = {"network": network_of(request), "by": _holder(request), "at": timezone.now()}
        try:
            actions.link(form.typed(), **given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            request.session.cycle_key()  # whoever held the key of this session has not become the patient by it
            return redirect("access:linked")
    return render(request, "access/registering/link.jinja", context | {"already": _linked_already(request)})


@patient_page
def linked(request: PatientRequest) -> HttpResponse:
    """Say that the account is linked, and what can be used now."""
    acting = request.acting
    if acting.identity < Identity.P9:
        return redirect("access:link")
    usable = [service for service in acting.switched_on if acting.levels.get(service)]
    context = {"title": _("Your account is linked"), "usable": sorted(usable), "record": acting.record}
    return render(request, "access/registering/linked.jinja", context)


@account_page
def claim(request: HttpRequest) -> HttpResponse:
    """Ask which practice somebody without a letter is a patient of."""
    if _asking(request).acts_for:
        raise Refused(NotLinked.ALREADY)
    form, now = PracticeForm(posted(request)), timezone.now()
    if form.is_valid():
        number = put_aside(request.session, SEARCH, form.cleaned_data["q"], at=now)
        return redirect(f"{request.path}?found={number}")
    text = taken_up(request.session, SEARCH, request.GET.get("found", ""), at=now) if not form.is_bound else None
    found = queries.practices_found(_holder(request), text) if text else None
    form = PracticeForm({"q": text}) if text else form
    context = {"title": _("Which is your GP practice?"), "form": form, "found": found}
    return render(request, "access/registering/claim.jinja", context)


@account_page
def claim_at(request: HttpRequest, ods_code: str) -> HttpResponse:
    """Ask who they are; the answer is the same whether it fits a patient of the practice or not."""
    practice = queries.practice_named(_holder(request), ods_code)
    if practice is None:
        raise Http404
    form = ClaimForm(posted(request))
    context = {"title": _("Who are you?"), "form": form, "practice": practice}
    if form.is_valid():
        given: dict[str, Any] = {"network": network_of(request), "by": _holder(request), "at": timezone.now()}
        try:
            actions.claim(practice, **form.said(), **given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            request.session[CLAIMED] = True
            return redirect("access:claimed")
    return render(request, "access/registering/claim_at.jinja", context)


@account_page
def claimed(request: HttpRequest) -> HttpResponse:
    """Say what happens now, whether what they typed fits a patient or not."""
    return render(request, "access/registering/claimed.jinja", {"title": _("Thank you")})


@practice_page(Role.RECEPTIONIST, Role.MANAGER)
def end_claim(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Let the practice see to an account that claims to be a patient's: check who it is, or end it."""
    found = queries.claim_of(request.staff, link_id)
    if found is None:
        raise Http404
    patient = patient_seen(request.staff, found.patient_id, at=timezone.now())
    if request.method == "POST":
        actions.end_claim(found, by=request.staff, at=timezone.now())
        return redirect("access:online", patient.id)
    context = {"title": _("Is this the patient?"), "patient": patient, "claim": found}
    context["twice"] = queries.is_claimed_twice(request.staff, found)
    return render(request, "access/registering/end_claim.jinja", context)
