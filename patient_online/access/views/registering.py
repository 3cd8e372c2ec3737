"""The registration desk: how a patient stands with online services, a check, a letter, who may vouch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.actions.records import MAY_SHOW_OLD
from patient_online.access.actions.way_back import MAY_LET_IN
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.registering import HOW, NAMES, HowForm, LetterForm, SeenForm, VouchersForm
from patient_online.access.linkage import new_key
from patient_online.access.models import LinkageKey, Verification
from patient_online.access.queries import registering as queries
from patient_online.access.rules.registering import BY_VOUCHING, why_not_looked_after
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Proof
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.practices.queries import practice_of
from patient_online.refusals import Refused
from patient_online.storage.codes import grouped
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

CHECKING = (Role.RECEPTIONIST, Role.MANAGER, Role.NURSE, Role.GP)


@practice_page(*CHECKING)
def online(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Show how a patient stands with online services: accounts, checks of who they are, letters."""
    patient, now = _patient_or_404(request, patient_id), timezone.now()
    context: dict[str, Any] = {"patient": patient, "how": HOW, "names": NAMES, "said": request.GET.get("said", "")}
    context["online"] = known = queries.online_of(request.staff, patient)
    context["letters"] = [(letter, state_of(letter, now)) for letter in known.letters]
    context["refusal"] = why_not_looked_after(queries.check_facts(request.staff, patient, at=now))
    context["lets_in"] = not request.staff.roles.isdisjoint(MAY_LET_IN)
    return render(request, "access/registering/online.jinja", {"title": _("Online services"), **context})


@practice_page(*CHECKING)
def check(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Ask how it is to be checked who the patient is."""
    patient = _patient_or_404(request, patient_id)
    facts = queries.check_facts(request.staff, patient, at=timezone.now())
    if refusal := why_not_looked_after(facts):
        raise Refused(refusal)
    form = HowForm(posted(request), may_vouch=facts.named)
    if form.is_valid():
        return redirect("access:check_seen", patient_id, form.cleaned_data["proof"])
    context = {"title": _("Check who they are"), "patient": patient, "form": form, "named": facts.named}
    return render(request, "access/registering/check.jinja", context | {"family": _family(request, patient)})


@practice_page(*CHECKING)
def check_seen(request: StaffRequest, patient_id: UUID, how: str) -> HttpResponse:
    """Ask what was seen and heard, and keep the check."""
    if how not in HOW:
        raise Http404
    patient, proof = _patient_or_404(request, patient_id), Proof(how)
    form = SeenForm(posted(request), proof=proof)
    context = {"title": _("What have you seen?"), "patient": patient, "proof": proof, "form": form}
    if form.is_valid():
        given: dict[str, Any] = {"proof": proof, "seen": form.seen(), "key": form.cleaned_data["key"]}
        try:
            made = actions.check_identity(patient, **given, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("access:linkage_letter", patient_id, made.id)
    return render(request, "access/registering/seen.jinja", context | {"vouching": proof in BY_VOUCHING})


@practice_page(*CHECKING)
def linkage_letter(request: StaffRequest, patient_id: UUID, check_id: UUID) -> HttpResponse:
    """Ask what the account is to get; then show the letter, this once."""
    patient, made = _patient_or_404(request, patient_id), _check_or_404(request, patient_id, check_id)
    facts = queries.letter_facts(request.staff, made, at=timezone.now())
    asks = {
        "large": patient.format == Patient.Format.LARGE_PRINT,
        "may_open_old": not request.staff.roles.isdisjoint(MAY_SHOW_OLD),
    }
    form = LetterForm(posted(request), facts=facts, **asks)
    context = {"title": _("What they get online"), "patient": patient, "check": made, "form": form, "facts": facts}
    if form.is_valid():
        try:
            return _letter_made(request, patient, made, form)
        except Refused as refused:
            add_refusal(form, refused)
    return render(request, "access/registering/letter.jinja", context | {"how": HOW})


def _letter_made(request: StaffRequest, patient: Patient, made: Verification, form: LetterForm) -> HttpResponse:
    """The letter with its key, which nobody can see again: who sends the page once more is told to make another."""
    now = timezone.now()
    given: dict[str, Any] = {"gives": form.gives(), "code": new_key(), "key": form.cleaned_data["key"]}
    key = actions.make_letter(made, **given, by=request.staff, at=now)
    if not key.code:
        return redirect(f"{reverse('access:online', args=[patient.id])}?said=shown-before")
    context: dict[str, Any] = {"patient": patient, "letter": key, "code": grouped(key.code), "check": made, "now": now}
    context |= {"practice": practice_of(request.staff), "large": form.cleaned_data["large"]}
    context["address"] = settings.SERVICE_URL + reverse("access:link")
    return render(request, "access/registering/printed.jinja", {"title": _("Print the letter"), **context})


@practice_page(*CHECKING)
def take_back_letter(request: StaffRequest, patient_id: UUID, letter_id: UUID) -> HttpResponse:
    """End a letter that is out, after asking whether that is meant."""
    patient = _patient_or_404(request, patient_id)
    known = queries.letter_of(request.staff, patient_id, letter_id)
    if known is None:
        raise Http404
    if request.method == "POST":
        actions.take_back_letter(known, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:online', args=[patient_id])}?said=taken-back")
    context = {"title": _("Take back this letter?"), "patient": patient, "letter": known}
    return render(request, "access/registering/take_back.jinja", context)


@practice_page(Role.MANAGER)
def vouchers(request: StaffRequest) -> HttpResponse:
    """Let the manager say who may vouch for patients."""
    members = queries.vouchers(request.staff, on=local_day(timezone.now()))
    named = [str(member.id) for member in members if member.may_vouch]
    choices = [(str(member.id), f"{member.name}, {member.job}") for member in members]
    form = VouchersForm(posted(request), choices=choices, initial={"who": named})
    if form.is_valid():
        who = [UUID(each) for each in form.cleaned_data["who"]]
        actions.name_vouchers(who, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:vouchers')}?saved=1")
    context = {"title": _("Who may vouch for patients"), "form": form, "button": _("Save")}
    return render(request, "access/registering/vouchers.jinja", context | {"saved": "saved" in request.GET})


def _family(request: StaffRequest, patient: Patient) -> bool:
    return queries.is_family(request.staff, patient)


def _patient_or_404(request: StaffRequest, patient_id: UUID) -> Patient:
    try:
        return patient_seen(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None


def _check_or_404(request: StaffRequest, patient_id: UUID, check_id: UUID) -> Verification:
    made = queries.check_of(request.staff, patient_id, check_id)
    if made is None:
        raise Http404
    return made


def state_of(letter: LinkageKey, now: datetime) -> str:
    """How a letter stands: used, ended and why, run out, or still to be used."""
    if letter.used_at:
        return "used"
    if letter.ended_at:
        return letter.ended_why
    return "open" if letter.ends_at > now else "over"
