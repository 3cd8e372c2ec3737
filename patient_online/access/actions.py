"""What can happen to access: a service is given to an account for a patient, or taken back; staff are listed.

And a patient shows, by a code typed back, that they read what is sent to an address.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.crypto import constant_time_compare

from patient_online.access.models import ActsFor, Grant, WorksAt
from patient_online.asking import Acting, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.services import Level, Service
from patient_online.notify.actions import send
from patient_online.notify.models import ContactCheck
from patient_online.patients.actions import confirm
from patient_online.patients.models import Patient
from patient_online.patients.rules import (
    CODE_DIGITS,
    CODE_LASTS,
    CODES_WITHIN,
    EMAIL,
    CodeFacts,
    NotConfirmed,
    why_not_confirmed,
    why_not_sent,
)
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused


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


@action("patient.code_sent")
def send_code(patient: Patient, *, route: str, by: Acting, at: datetime) -> ContactCheck:
    """Send a code to the patient's e-mail address or mobile number, to be typed back; or raise Refused."""
    known = Patient.objects.select_for_update().get(practice_id=by.practice_id, id=by.patient_id)
    checks = ContactCheck.objects.filter(practice_id=by.practice_id, patient_id=known.id)
    sent = checks.filter(made_at__gt=at - CODES_WITHIN).count()
    if refusal := why_not_sent(route, email=known.email, telephone=known.telephone, sent=sent):
        raise Refused(refusal)
    check = ContactCheck.objects.create(
        practice=known.practice,
        patient=known,
        route=route,
        address=_address(known, route),
        code=f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
        made_at=at,
        ends_at=at + CODE_LASTS,
    )
    record("patient.code_sent", by=by, at=at, subject=check.id, patient=known.id, route=route)
    send("contact-check", to=known, about=check.id, by=by, at=at)
    return check


def confirm_code(patient: Patient, *, route: str, code: str, by: Acting, at: datetime) -> None:
    """Note that the patient is reached where the newest code was sent, or raise Refused. A wrong code stays counted."""
    if refusal := _type_back(patient, route=route, code=code, by=by, at=at):
        refused = Refused(refusal)
        refused.recorded = True
        raise refused


@action("patient.code_typed")
def _type_back(patient: Patient, *, route: str, code: str, by: Acting, at: datetime) -> NotConfirmed | None:
    checks = ContactCheck.objects.filter(practice_id=by.practice_id, patient_id=by.patient_id, route=route)
    check = checks.select_for_update().order_by("-made_at").first()
    refusal = why_not_confirmed(_facts(patient, check, code), at=at)
    if check and refusal in (None, NotConfirmed.WRONG):
        done = {} if refusal else {"confirmed_at": at}
        checks.filter(id=check.id).update(tries=F("tries") + 1, **done)
    if check and refusal is None and not confirm(patient, route=route, address=check.address, by=by, at=at):
        refusal = NotConfirmed.NO_CODE
    record("patient.code_typed", by=by, at=at, refused_by=refusal.rule if refusal else "")
    return refusal


def _facts(patient: Patient, check: ContactCheck | None, code: str) -> CodeFacts | None:
    if check is None or check.confirmed_at or check.address != _address(patient, check.route):
        return None
    return CodeFacts(check.ends_at, check.tries, constant_time_compare(check.code, code))


def _address(patient: Patient, route: str) -> str:
    return patient.email if route == EMAIL else patient.telephone


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
