"""What can happen to access: a service is given to an account for a patient, or taken back; staff are listed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.access.models import ActsFor, Grant, WorksAt
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember


@action("access.granted")
def give(
    patient: Patient, *, account_id: UUID, service: Service, level: Level, by: Staff | System, at: datetime
) -> Grant:
    """Let the account use a service for the patient; a grant in force at another level is replaced. The desk may."""
    _at_the_desk(patient, by)
    _end(patient, account_id, service, by, at)
    grant = Grant.objects.create(
        practice=patient.practice,
        patient=patient,
        account_id=account_id,
        service=service,
        level=level,
        granted_at=at,
        granted_by=by.account_id,
    )
    _list(patient, account_id)
    record("access.granted", by=by, at=at, subject=grant.id, patient=patient.id, service=service, level=level)
    return grant


@action("access.revoked")
def take_back(patient: Patient, *, account_id: UUID, service: Service, by: Staff | System, at: datetime) -> None:
    """End the account's use of a service for the patient, from the next request on. The desk may."""
    _at_the_desk(patient, by)
    _end(patient, account_id, service, by, at)
    _list(patient, account_id)
    record("access.revoked", by=by, at=at, patient=patient.id, service=service)


@action("access.staff_listed")
def list_staff(member: StaffMember, *, by: Staff | System, at: datetime) -> None:
    """Keep with the account of a member of staff what they may do at the practice; a leaver may do nothing."""
    if isinstance(by, Staff):
        by.require_at(member.practice_id, Role.MANAGER)
    if member.account_id is None:
        return
    listed = WorksAt.objects.filter(account_id=member.account_id, practice_id=member.practice_id)
    if member.to_day is not None:
        listed.delete()
    else:
        roles = sorted(member.roles.values_list("role", flat=True))
        WorksAt.objects.update_or_create(
            account_id=member.account_id,
            practice_id=member.practice_id,
            defaults={"staff_id": member.id, "roles": roles},
        )
    record("access.staff_listed", by=by, at=at, subject=member.id)


def _at_the_desk(patient: Patient, by: Staff | System) -> None:
    """See that `by` may give and take back here, and lock the patient: the list is read from what was given before."""
    if isinstance(by, Staff):
        by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    Patient.objects.select_for_update().get(practice_id=patient.practice_id, id=patient.id)


def _end(patient: Patient, account_id: UUID, service: Service, by: Staff | System, at: datetime) -> None:
    in_force = Grant.objects.filter(
        practice=patient.practice_id, patient_id=patient.id, account_id=account_id, service=service, revoked_at=None
    )
    in_force.update(revoked_at=at, revoked_by=by.account_id)


def _list(patient: Patient, account_id: UUID) -> None:
    grants = Grant.objects.filter(
        practice=patient.practice_id, patient_id=patient.id, account_id=account_id, revoked_at=None
    )
    levels = dict(grants.values_list("service", "level"))
    row: dict[str, Any] = {"account_id": account_id, "practice_id": patient.practice_id, "patient_id": patient.id}
    if levels:
        ActsFor.objects.update_or_create(**row, defaults={"levels": levels})
    else:
        ActsFor.objects.filter(**row).delete()
