"""What can happen to who may use what: an account is tied to a patient, a service is given to it or taken back."""

from datetime import datetime
from uuid import UUID

from patient_online.access.actions.blocks import carry
from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.models import Grant, Link
from patient_online.access.queries.holding import services_held
from patient_online.access.queries.links import giving_facts
from patient_online.access.rules.giving import why_not_given
from patient_online.asking import Acting, Asker, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

DESK = (Role.MANAGER, Role.RECEPTIONIST, Role.GP)


@action("access.granted")
def give(
    patient: Patient, *, account_id: UUID, service: Service, level: Level, by: Acting | Staff | System, at: datetime
) -> Grant:
    """Let the account use a service for the patient, or raise Refused; a grant at another level is replaced.

    A program ties an account that is not tied to the patient yet; staff cannot: who uses it is checked first (see
    registering). A patient gives themselves nothing: `by` is Acting where a letter of the practice
    said what is given (see linking).
    """
    known = lock_patient(patient, *DESK, by=by, at=at)
    if isinstance(by, System) and giving_facts(by, known, account_id).identity is None:
        tie(known, account_id=account_id, proof=Proof.STAFF, identity=Identity.P9, by=by, at=at)
    if refusal := why_not_given(giving_facts(by, known, account_id), service, level):
        raise Refused(refusal)
    _end(patient, account_id, service, by, at)
    grant = Grant.objects.create(
        practice=patient.practice,
        patient=patient,
        account_id=account_id,
        service=service,
        level=level,
        held=service in services_held(by, patient.practice_id, patient.id),
        granted_at=at,
        granted_by=by.account_id,
    )
    list_for(patient, account_id, by=by, at=at)
    record("access.granted", by=by, at=at, subject=grant.id, patient=patient.id, service=service, level=level)
    return grant


@action("access.revoked")
def take_back(
    patient: Patient, *, account_id: UUID, service: Service, by: Acting | Staff | System, at: datetime
) -> None:
    """End the account's use of a service for the patient, from the next request on. The desk may, and whose it is."""
    lock_patient(patient, *DESK, by=by, at=at)
    _end(patient, account_id, service, by, at)
    list_for(patient, account_id, by=by, at=at)
    record("access.revoked", by=by, at=at, patient=patient.id, service=service)


def tie(patient: Patient, *, account_id: UUID, proof: Proof, identity: Identity, by: Asker, at: datetime) -> Link:
    """The link of the account with the patient in force, at least so well known: made now where there is none.

    In the caller's transaction, the patient locked. What the practice held back from the patient when they were
    registered here before is held back again.
    """
    carry(patient, by=by, at=at)
    link, made = Link.objects.get_or_create(
        practice_id=patient.practice_id,
        patient_id=patient.id,
        account_id=account_id,
        ended_at=None,
        defaults={"proof": proof, "identity": identity, "linked_at": at, "linked_by": by.account_id},
    )
    if not made and link.identity < identity:
        Link.objects.filter(practice_id=link.practice_id, id=link.id).update(proof=proof, identity=identity)
        link.proof, link.identity = proof, identity
        record("access.raised", by=by, at=at, subject=link.id, patient=patient.id, proof=proof)
    elif made:
        record("access.linked", by=by, at=at, subject=link.id, patient=patient.id, proof=proof)
    list_for(patient, account_id, by=by, at=at)
    return link


def _end(patient: Patient, account_id: UUID, service: Service, by: Asker, at: datetime) -> None:
    in_force = Grant.objects.filter(
        practice=patient.practice_id, patient_id=patient.id, account_id=account_id, service=service, revoked_at=None
    )
    in_force.update(revoked_at=at, revoked_by=by.account_id)
