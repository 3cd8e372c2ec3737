"""What can happen to what is held back from a patient: it is held back, lifted, and met again by who comes back.

A block is the patient's, not an account's: every account that is linked, now or later, meets it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from patient_online.access.actions.listing import list_all, lock_patient
from patient_online.access.models import Block, Grant, RecordGrant
from patient_online.access.queries.holding import services_held
from patient_online.access.rules.holding import NotHeld, why_not_held
from patient_online.asking import Asker, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

MAY_HOLD_BACK = (Role.MANAGER, Role.GP, Role.GOVERNANCE)


@action("access.held_back")
def hold_back(
    patient: Patient,
    *,
    service: Service,
    why: Block.Why,
    words: str,
    review_on: date | None = None,
    by: Staff,
    at: datetime,
    key: UUID | None = None,
) -> Block:
    """Hold the service back from the patient, whatever account asks, from the next request on; or raise Refused."""
    lock_patient(patient, *MAY_HOLD_BACK, by=by, at=at)
    held = service in services_held(by, patient.practice_id, patient.id)
    if refusal := why_not_held(held=held, words=words, review_on=review_on, today=local_day(at)):
        raise Refused(refusal)
    row: dict[str, Any] = {"why": why, "words": words, "review_on": review_on, "set_at": at, "set_by": by.account_id}
    block = Block.objects.create(practice=patient.practice, patient=patient, service=service, **row)
    _follow(patient, by, at)
    record("access.held_back", by=by, at=at, subject=block.id, patient=patient.id, service=service, why=why)
    return block


@action("access.hold_lifted")
def lift(block: Block, *, by: Staff, at: datetime) -> None:
    """Give back what was held back, with what each account was given before; or raise Refused.

    It is lifted too where it stands with an earlier registration of the same patient here: else it would come back.
    """
    patient = lock_patient(block.patient, *MAY_HOLD_BACK, by=by, at=at)
    rows = Block.objects.filter(practice_id=patient.practice_id, lifted_at=None, service=block.service)
    if not rows.filter(id=block.id).exists():
        raise Refused(NotHeld.ALREADY_LIFTED)
    rows.filter(Q(patient_id=patient.id) | Q(patient_id__in=_earlier(patient))).update(
        lifted_at=at, lifted_by=by.account_id
    )
    _follow(patient, by, at)
    record("access.hold_lifted", by=by, at=at, subject=block.id, patient=patient.id, service=block.service)


@action("access.holds_carried")
def carry_blocks(patient: Patient, *, by: Staff | System, at: datetime) -> int:
    """Hold back again what was held back when the patient was registered here before; how many services.

    To be called wherever a patient is registered; linking an account does so in any case.
    """
    known = lock_patient(patient, *MAY_HOLD_BACK, Role.RECEPTIONIST, by=by, at=at)
    return carry(known, by=by, at=at)


def carry(patient: Patient, *, by: Asker, at: datetime) -> int:
    """Carry what is held back over from earlier registrations. In the caller's transaction, the patient locked."""
    before = Block.objects.filter(practice_id=patient.practice_id, patient_id__in=_earlier(patient), lifted_at=None)
    met = set(services_held(by, patient.practice_id, patient.id))
    carried = 0
    for old in before.order_by("-set_at"):
        if old.service not in met:
            row = {name: getattr(old, name) for name in ("service", "why", "words", "review_on", "set_at", "set_by")}
            Block.objects.create(practice_id=patient.practice_id, patient=patient, **row)
            met.add(old.service)
            carried += 1
    if carried:
        _follow(patient, by, at)
        record("access.holds_carried", by=by, at=at, subject=patient.id, patient=patient.id, number=carried)
    return carried


def _earlier(patient: Patient) -> QuerySet[Any]:
    """The other registrations of the same NHS number at the practice; none for who has no number."""
    rows = Patient.objects.filter(practice_id=patient.practice_id, nhs_number=patient.nhs_number or "none")
    return rows.exclude(id=patient.id).values("id")


def _follow(patient: Patient, by: Asker, at: datetime) -> None:
    """Let grants and lists say what is held back now."""
    held = services_held(by, patient.practice_id, patient.id)
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "revoked_at": None}
    grants = Grant.objects.filter(**whose)
    grants.filter(service__in=held, held=False).update(held=True)
    grants.filter(held=True).exclude(service__in=held).update(held=False)
    RecordGrant.objects.filter(**whose).update(held=Service.SUMMARY_RECORD in held)
    list_all(patient, by=by, at=at)
