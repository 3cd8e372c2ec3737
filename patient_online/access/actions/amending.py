"""What can happen to a patient's name and address: they ask for a change, the practice decides, the desk corrects."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from patient_online.access.actions.listing import lock_patient
from patient_online.access.models import DetailsRequest
from patient_online.access.queries.amending import details_lines
from patient_online.access.rules.amending import NotAccepted, NotAmended, why_may_not_ask, why_not_accepted
from patient_online.asking import Acting, Role, Staff
from patient_online.audit.actions import action, record
from patient_online.notify.actions import send
from patient_online.patients.actions import change_details
from patient_online.patients.amending import Details, details_of, differences
from patient_online.patients.models import Patient
from patient_online.refusals import N_, Refused
from patient_online.storage.ids import uuid7
from patient_online.tasks.actions import put, settle, withdraw
from patient_online.tasks.kinds import Kind

TASK = "details-request"
DESK = (Role.MANAGER, Role.RECEPTIONIST)
KIND = Kind(
    TASK,
    N_("A patient asks to change their name or address"),
    frozenset(DESK),
    "access:details_request",
    lines=details_lines,
)
Status = DetailsRequest.Status


@action("details.asked_for")
def ask_to_amend(details: Details, *, words: str, by: Acting, at: datetime, key: UUID | None = None) -> DetailsRequest:
    """Ask the practice to put the patient's name or address right, or raise Refused. It goes on the work list."""
    if refusal := why_may_not_ask(by):
        raise Refused(refusal)
    patient = _locked(by)
    if _waiting(by).exists():
        raise Refused(NotAmended.WAITS_ALREADY)
    changes = differences(details_of(patient), details)
    if not changes:
        raise Refused(NotAmended.NOTHING_NEW)
    made = DetailsRequest.objects.create(
        practice_id=by.practice_id,
        patient_id=by.patient_id,
        account_id=by.account_id,
        changes=changes,
        words=words,
        asked_at=at,
    )
    put(TASK, about=made.id, patient=patient, by=by, at=at)
    record("details.asked_for", by=by, at=at, subject=made.id, fields=sorted(changes))
    return made


def _locked(by: Acting) -> Patient:
    rows = Patient.objects.select_for_update(no_key=True, of=("self",)).select_related("practice")
    return rows.get(practice_id=by.practice_id, id=by.patient_id)


def _waiting(by: Acting | Staff, request_id: UUID | None = None) -> QuerySet[DetailsRequest]:
    rows = DetailsRequest.objects.filter(practice_id=by.practice_id, status=Status.PENDING)
    rows = rows.filter(patient_id=by.patient_id) if isinstance(by, Acting) else rows
    return rows.filter(id=request_id) if request_id else rows


@action("details.request_withdrawn")
def withdraw_amendment(request: DetailsRequest, *, by: Acting, at: datetime) -> None:
    """Take a request back before it is decided, or raise Refused."""
    rows = _waiting(by, request.id).filter(account_id=by.account_id)
    if not rows.update(status=Status.WITHDRAWN, decided_at=at, decided_by=by.account_id):
        raise Refused(NotAmended.NOTHING_WAITS)
    withdraw(TASK, about=request.id, by=by, at=at)
    record("details.request_withdrawn", by=by, at=at, subject=request.id)


@action("details.decided")
def decide_amendment(
    request: DetailsRequest,
    *,
    accepted: Collection[str],
    refuse: bool,
    answer: str,
    seen: str,
    by: Staff,
    at: datetime,
    key: UUID | None = None,
) -> DetailsRequest:
    """Keep what of the request is accepted and tell the patient, or refuse it all; or raise Refused.

    `seen` is the mark of what is kept as staff saw it. Of two who decide at once, one does: the row itself is asked.
    """
    patient = lock_patient(request.patient, *DESK, by=by, at=at)
    taken = {} if refuse else {field: both for field, both in request.changes.items() if field in accepted}
    if refusal := why_not_accepted(request.changes, taken, refuse=refuse, answer=answer):
        raise Refused(refusal)
    status = Status.ACCEPTED if taken else Status.REFUSED
    outcome = {field: [*both[:2], field in taken] for field, both in request.changes.items()}
    decided = {"status": status, "decided_at": at, "decided_by": by.account_id, "answer": answer, "changes": outcome}
    if not _waiting(by, request.id).update(**decided):
        raise Refused(NotAccepted.DECIDED)
    if taken:
        change_details(patient, details_of(patient).with_changes(taken), seen=seen, by=by, at=at)
    settle(TASK, about=request.id, by=by, at=at)
    send("details-decided", to=patient, about=request.id, by=by, at=at)
    record("details.decided", by=by, at=at, subject=request.id, patient=patient.id, status=status, fields=sorted(taken))
    return DetailsRequest.objects.get(practice_id=by.practice_id, id=request.id)


@action("details.corrected")
def correct_details(
    patient: Patient, details: Details, *, seen: str, by: Staff, at: datetime, key: UUID | None = None
) -> Patient:
    """Keep the name or address that the patient gave at the desk, and tell them; or raise Refused."""
    patient = lock_patient(patient, *DESK, by=by, at=at)
    if change_details(patient, details, seen=seen, by=by, at=at):
        send("details-changed", to=patient, about=uuid7(), by=by, at=at)
    return Patient.objects.get(practice_id=by.practice_id, id=patient.id)
