"""What can happen to a request for more or less access: a patient sends it or takes it back, the practice decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.access.actions.giving import DESK, give, take_back
from patient_online.access.actions.listing import lock_patient
from patient_online.access.actions.records import MAY_SHOW_OLD, give_record, take_back_record
from patient_online.access.models import AccessRequest, RecordGrant
from patient_online.access.queries.holding import services_held
from patient_online.access.queries.requests import asked_of, has_of
from patient_online.access.rules.requests import Asked, Decision, NotDecided, why_not_asked, why_not_decided
from patient_online.asking import Acting, Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.notify.actions import send
from patient_online.patients.models import Patient
from patient_online.refusals import N_, Refused
from patient_online.tasks.actions import put, settle, withdraw
from patient_online.tasks.kinds import Kind

TASK = "access-request"
KIND = Kind(
    TASK, N_("A patient asks for online access"), frozenset({Role.MANAGER, Role.RECEPTIONIST, Role.GP}), "access:decide"
)
Status = AccessRequest.Status


@action("access.asked_for")
def ask_for(asked: Asked, *, words: str, by: Acting, at: datetime, key: UUID | None = None) -> AccessRequest:
    """Ask the practice for more or less of a service or of the record, or raise Refused. It goes on the work list."""
    patient = Patient.objects.select_related("practice").get(practice_id=by.practice_id, id=by.patient_id)
    lock_patient(patient, by=by, at=at)
    has = has_of(by, asked.what)
    if refusal := why_not_asked(asked, has, words):
        raise Refused(refusal)
    made = AccessRequest.objects.create(
        practice_id=by.practice_id,
        patient_id=by.patient_id,
        account_id=by.account_id,
        service=asked.what,
        wanted=asked.wanted,
        had=has.level,
        historic=asked.historic,
        words=words,
        asked_at=at,
    )
    put(TASK, about=made.id, patient=patient, by=by, at=at)
    record("access.asked_for", by=by, at=at, subject=made.id, what=asked.what, wanted=asked.wanted)
    return made


@action("access.request_withdrawn")
def withdraw_request(request: AccessRequest, *, by: Acting, at: datetime) -> None:
    """Take a request back before it is decided, or raise Refused."""
    rows = AccessRequest.objects.filter(practice_id=by.practice_id, patient_id=by.patient_id, id=request.id)
    open_ones = rows.filter(account_id=by.account_id, status=Status.PENDING)
    if not open_ones.update(status=Status.WITHDRAWN, decided_at=at, decided_by=by.account_id):
        raise Refused(NotDecided.DECIDED)
    withdraw(TASK, about=request.id, by=by, at=at)
    record("access.request_withdrawn", by=by, at=at, subject=request.id)


@action("access.decided")
def decide(
    request: AccessRequest, *, decision: Decision, answer: str, by: Staff, at: datetime, key: UUID | None = None
) -> AccessRequest:
    """Give what was asked for, or less of it, or refuse it in words that the patient reads; or raise Refused.

    Of two who decide at once, one does: the row itself is asked whether it is still open.
    """
    patient = lock_patient(request.patient, *DESK, by=by, at=at)
    asked = asked_of(by, request)
    if asked.is_record:
        by.require(*MAY_SHOW_OLD)
    if refusal := why_not_decided(asked, decision, answer, held=_held(patient, asked, by), had=_old(request)):
        raise Refused(refusal)
    status = Status.GRANTED if decision.granted else Status.REFUSED
    rows = AccessRequest.objects.filter(practice_id=by.practice_id, id=request.id, status=Status.PENDING)
    if not rows.update(status=status, decided_at=at, decided_by=by.account_id, answer=answer):
        raise Refused(NotDecided.DECIDED)
    if decision.granted:
        _carry_out(patient, request.account_id, asked, decision, by, at)
    settle(TASK, about=request.id, by=by, at=at)
    send("access-decided", to=patient, about=request.id, by=by, at=at)
    record("access.decided", by=by, at=at, subject=request.id, patient=patient.id, status=status, level=decision.level)
    return AccessRequest.objects.get(practice_id=by.practice_id, id=request.id)


def _carry_out(patient: Patient, account_id: UUID, asked: Asked, decision: Decision, by: Staff, at: datetime) -> None:
    whose: dict[str, Any] = {"account_id": account_id, "by": by, "at": at}
    if not asked.is_record:
        service = Service(asked.what)
        if decision.level == Level.NONE:
            return take_back(patient, service=service, **whose)
        give(patient, service=service, level=Level(decision.level), **whose)
    elif decision.level == RecordLevel.NONE:
        take_back_record(patient, **whose)
    else:
        old = RecordGrant.objects.filter(**_of(patient, account_id)).first()
        first, level = old.from_day if old else local_day(at), RecordLevel(decision.level)
        give_record(patient, current=level, historic=decision.historic, from_day=first, **whose)
    return None


def _of(patient: Patient, account_id: UUID) -> dict[str, Any]:
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    return {**whose, "revoked_at": None}


def _old(request: AccessRequest) -> RecordLevel:
    """How much of the old entries they see now."""
    given = RecordGrant.objects.filter(**_of(request.patient, request.account_id)).first()
    return RecordLevel(given.historic) if given else RecordLevel.NONE


def _held(patient: Patient, asked: Asked, by: Staff) -> bool:
    service = Service.SUMMARY_RECORD.value if asked.is_record else asked.what
    return service in services_held(by, patient.practice_id, patient.id)
