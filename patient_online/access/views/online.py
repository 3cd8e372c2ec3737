"""A patient's online access, at the desk: what each account may do, the record, what is held back, codes."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.actions.blocks import MAY_HOLD_BACK
from patient_online.access.actions.codes import MAY_CODE
from patient_online.access.actions.giving import DESK
from patient_online.access.actions.records import MAY_SHOW
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.online import CodeOfAccessForm, HoldForm, LevelForm, RecordForm
from patient_online.access.models import Block
from patient_online.access.queries import online as queries
from patient_online.access.queries.codes import codes_seen, weighings
from patient_online.access.queries.holding import blocks_of
from patient_online.access.queries.online import GIVEN_AT_THE_DESK, AccountAccess, accounts_of
from patient_online.access.queries.requests import requests_about
from patient_online.access.rules.codes import CODES
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

LOOKING = (Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER, Role.GOVERNANCE)


@practice_page(*LOOKING)
def patient_access(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Show what each account may do for the patient, what is held back, the codes, and what was done.

    What is sent says that the record was reviewed and is not shown.
    """
    patient, staff, now = patient_or_404(request, patient_id), request.staff, timezone.now()
    if request.method == "POST":
        actions.give_no_access(patient, by=staff, at=now)
        return saved(patient_id, "reviewed")
    context: dict[str, Any] = {"patient": patient, "accounts": accounts_of(staff, patient)}
    context |= {"ceilings": queries.ceilings(staff, on=local_day(now)), "services": GIVEN_AT_THE_DESK}
    context |= {"record_ceiling": queries.record_ceiling(staff, on=local_day(now))}
    context |= {"blocks": list(blocks_of(staff, patient.id, at=now)), "codes": codes_seen(staff, patient.id, at=now)}
    context |= {"weighings": weighings(staff, patient.id), "asked": requests_about(staff, patient.id)}
    context |= {
        "history": queries.what_was_done(staff, patient),
        "code_words": CODES,
        "reviewing": queries.waits_for_review(staff, patient),
    }
    context |= {"said": request.GET.get("saved", "")}
    return render(request, "access/online/access.jinja", {"title": _("What they can use online"), **context})


@practice_page(*DESK)
def service_level(request: StaffRequest, patient_id: UUID, account_id: UUID, name: str) -> HttpResponse:
    """Let the desk say how much of a service an account may use."""
    patient, account = _of_patient(request, patient_id, account_id)
    if name not in GIVEN_AT_THE_DESK:
        raise Http404
    form = LevelForm(posted(request), initial={"level": account.levels.get(name, Level.NONE)})
    if form.is_valid():
        level, given = Level(form.cleaned_data["level"]), {"service": Service(name), **_by(request, account_id)}
        try:
            actions.take_back(patient, **given) if level is Level.NONE else actions.give(patient, level=level, **given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, _said(request, patient, level > Level.NONE, Service(name)))
    context = {"title": _("Give or take back a service"), "patient": patient, "account": account, "form": form}
    context |= {"what": name, "ceiling": _ceiling(request, Service(name)), "button": _("Save")}
    context["held"] = _is_held(request, patient, Service(name))
    return render(request, "access/online/service.jinja", context)


@practice_page(*MAY_SHOW)
def record_level(request: StaffRequest, patient_id: UUID, account_id: UUID) -> HttpResponse:
    """Let the practice say how much of the record an account may see, of new and of old entries."""
    patient, account = _of_patient(request, patient_id, account_id)
    form = RecordForm(posted(request), most=account.most, initial=_record_now(account))
    if form.is_valid():
        given = {**form.given(), **_by(request, account_id)}
        try:
            if given["current"] is RecordLevel.NONE:
                actions.take_back_record(patient, **_by(request, account_id))
            else:
                actions.give_record(patient, **given)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, _said(request, patient, given["current"] is not RecordLevel.NONE))
    context = {"title": _("How much of the record they see"), "patient": patient, "account": account, "form": form}
    context |= {"ceiling": queries.record_ceiling(request.staff, on=local_day(timezone.now())), "button": _("Save")}
    return render(request, "access/online/record.jinja", context)


@practice_page(*MAY_HOLD_BACK)
def hold_back(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Let a manager, a GP or the governance lead hold a service back from the patient."""
    patient = patient_or_404(request, patient_id)
    form = HoldForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        what = {"service": Service(given["service"]), "why": Block.Why(given["why"]), "words": given["words"]}
        more = {"review_on": given["review_on"], "key": given["key"], "by": request.staff, "at": timezone.now()}
        try:
            actions.hold_back(patient, **what, **more)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, "held")
    context = {"title": _("Hold a service back"), "patient": patient, "form": form, "button": _("Hold it back")}
    return render(request, "access/online/hold_back.jinja", context)


@practice_page(*MAY_HOLD_BACK)
def lift(request: StaffRequest, patient_id: UUID, block_id: UUID) -> HttpResponse:
    """Ask whether it is to be given back, then lift what was held back."""
    patient = patient_or_404(request, patient_id)
    block = next((row for row in blocks_of(request.staff, patient.id, at=timezone.now()) if row.id == block_id), None)
    if block is None:
        raise Http404
    if request.method == "POST":
        actions.lift(block, by=request.staff, at=timezone.now())
        return saved(patient_id, "lifted")
    context = {
        "title": _("Give back what is held back"),
        "patient": patient,
        "block": block,
        "button": _("Give it back"),
    }
    return render(request, "access/online/lift.jinja", context)


@practice_page(*MAY_CODE)
def code_entered(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Let a GP or a manager enter a code about online access."""
    patient, now = patient_or_404(request, patient_id), timezone.now()
    form = CodeOfAccessForm(posted(request), initial={"dated": local_day(now)})
    if form.is_valid():
        try:
            actions.enter_code(patient, **form.cleaned_data, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, "coded")
    context = {"title": _("Enter a code about online access"), "patient": patient, "form": form, "button": _("Save")}
    return render(request, "access/online/code.jinja", context)


def patient_or_404(request: StaffRequest, patient_id: UUID) -> Patient:
    """The patient of the page, the reading audited; or the page that says there is none."""
    try:
        return patient_seen(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None


def saved(patient_id: UUID, said: str) -> HttpResponse:
    """Back to the patient's online access, which says what is true now."""
    return redirect(f"{reverse('access:patient_access', args=[patient_id])}?saved={said}")


def _said(request: StaffRequest, patient: Patient, given: bool, service: Service | None = None) -> str:
    """Whether what was given, a service or sight of the record, can be used now."""
    if not given:
        return "taken"
    if _is_held(request, patient, service or Service.SUMMARY_RECORD):
        return "given-held"
    shown = queries.record_ceiling(request.staff, on=local_day(timezone.now())) is not RecordLevel.NONE
    return "given" if (_ceiling(request, service) if service else shown) else "given-off"


def _is_held(request: StaffRequest, patient: Patient, service: Service) -> bool:
    blocks = blocks_of(request.staff, patient.id, at=timezone.now())
    return any(block.service == service and block.lifted_at is None for block in blocks)


def _of_patient(request: StaffRequest, patient_id: UUID, account_id: UUID) -> tuple[Patient, AccountAccess]:
    patient = patient_or_404(request, patient_id)
    account = next((each for each in accounts_of(request.staff, patient) if each.link.account_id == account_id), None)
    if account is None:
        raise Http404
    return patient, account


def _by(request: StaffRequest, account_id: UUID) -> dict[str, Any]:
    return {"account_id": account_id, "by": request.staff, "at": timezone.now()}


def _ceiling(request: StaffRequest, service: Service) -> Level | None:
    return queries.ceilings(request.staff, on=local_day(timezone.now())).get(service)


def _record_now(account: AccountAccess) -> dict[str, Any]:
    now = account.record
    if now is None:
        return {"current": RecordLevel.NONE, "historic": RecordLevel.NONE, "from_day": local_day(timezone.now())}
    return {"current": now.current, "historic": now.historic, "from_day": now.from_day}
