"""The practice decides what a patient has asked for."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.actions.giving import DESK
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.standing import DecideForm
from patient_online.access.models import AccessRequest
from patient_online.access.queries import online as queries
from patient_online.access.queries.codes import codes_of
from patient_online.access.queries.holding import services_held
from patient_online.access.queries.links import giving_facts, is_oneself
from patient_online.access.queries.requests import asked_of, decided_of, request_to_decide
from patient_online.access.rules.codes import CODES, standing_code
from patient_online.access.rules.oneself import NotByOneself
from patient_online.access.rules.requests import NotDecided, would_be_refused
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Service
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*DESK)
def decide(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Show what the patient asks for, with all that bears on it, and let the practice give it or refuse it."""
    asked = _request_or_404(request, request_id)
    is_record = asked_of(request.staff, asked).is_record
    form = DecideForm(posted(request), is_record=is_record, initial=_as_asked(asked))
    if asked.status == AccessRequest.Status.PENDING and form.is_valid():
        given = {"decision": form.decision(), "answer": form.cleaned_data["answer"], "key": form.cleaned_data["key"]}
        try:
            actions.decide(asked, **given, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
            asked = _request_or_404(request, request_id)
        else:
            return redirect(f"{reverse('access:work')}?saved=decided")
    context = {"title": _("A patient asks for online access"), "asked": asked, "form": form, "button": _("Decide")}
    context |= _what_bears_on_it(request, asked)
    page = "decide" if asked.status == AccessRequest.Status.PENDING else "decided"
    return render(request, f"access/online/{page}.jinja", context)


def _request_or_404(request: StaffRequest, request_id: UUID) -> AccessRequest:
    try:
        return request_to_decide(request.staff, request_id, at=timezone.now())
    except AccessRequest.DoesNotExist:
        raise Http404 from None


def _as_asked(asked: AccessRequest) -> dict[str, Any]:
    """What the form shows first: what was asked for."""
    return {"level": asked.wanted, "historic": asked.wanted if asked.historic else RecordLevel.NONE}


def _what_bears_on_it(request: StaffRequest, row: AccessRequest) -> dict[str, Any]:
    """Ceilings, codes, what is held back, and what would be refused and why."""
    staff, patient, today = request.staff, row.patient, local_day(timezone.now())
    asked = asked_of(staff, row)
    facts = giving_facts(staff, patient, row.account_id)
    held = services_held(staff, patient.practice_id, patient.id)
    no = would_be_refused(asked, proof=facts.proof, identity=facts.identity, here=facts.here)
    if asked.is_record:
        ceiling = queries.record_ceiling(staff, on=today).value
        code = standing_code(codes_of(staff, patient))
        is_held = Service.SUMMARY_RECORD in held
    else:
        offered = queries.ceilings(staff, on=today).get(Service(asked.what))
        ceiling, code, is_held = offered.value if offered else "", "", asked.what in held
    refusal = NotDecided.HELD_BACK if is_held else no
    if is_oneself(staff, patient.id):
        refusal = NotByOneself.ONESELF
    return {"ceiling": ceiling, "code": CODES.get(code, ""), "refusal": refusal, "proof": facts.proof} | decided_of(
        staff, row
    )
