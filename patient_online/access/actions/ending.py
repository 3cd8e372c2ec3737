"""What can happen at the end: a patient leaves or dies, an account is closed; nothing that lets anybody in is left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.models import (
    AccessRequest,
    ActsFor,
    DetailsRequest,
    Grant,
    Link,
    LinkageKey,
    RecordGrant,
)
from patient_online.asking import AccountHolder, Acting, Asker, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.patients.models import Patient
from patient_online.tasks.actions import withdraw, withdraw_all_of

MAY_END = (Role.MANAGER, Role.RECEPTIONIST)
ACCESS_REQUEST = "access-request"
DETAILS_REQUEST = "details-request"


@action("access.ended")
def end_access(patient: Patient, *, why: Link.Why, by: Staff | System, at: datetime) -> int:
    """End all that lets anybody use online services for the patient, from the next request on; how many accounts.

    What is held back from the patient stays: it is met again by who comes back.
    """
    lock_patient(patient, *MAY_END, by=by, at=at)
    whose: dict[str, Any] = {"practice_id": patient.practice_id, "patient_id": patient.id}
    accounts = list(Link.objects.filter(**whose, ended_at=None).values_list("account_id", flat=True))
    for account_id in accounts:
        _end_for(patient, account_id, why, by, at)
    keys = LinkageKey.objects.filter(**whose, used_at=None, ended_at=None)
    keys.update(ended_at=at, ended_why=LinkageKey.Why.PATIENT_GONE)
    _withdraw(AccessRequest.objects.filter(**whose, status="pending"), by, at)
    _withdraw(DetailsRequest.objects.filter(**whose, status="pending"), by, at)
    withdraw_all_of(patient, by=by, at=at)
    record("access.ended", by=by, at=at, subject=patient.id, patient=patient.id, why=why, accounts=len(accounts))
    return len(accounts)


@action("access.link_ended")
def end_link(patient: Patient, *, account_id: UUID, why: Link.Why, by: Acting | Staff | System, at: datetime) -> None:
    """End what one account may do for the patient, from the next request on, with all that it was given."""
    lock_patient(patient, *MAY_END, by=by, at=at)
    whose: dict[str, Any] = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    for request in AccessRequest.objects.filter(**whose, status="pending"):
        withdraw(ACCESS_REQUEST, about=request.id, by=by, at=at, practice_id=patient.practice_id)
    for asked in DetailsRequest.objects.filter(**whose, status="pending"):
        withdraw(DETAILS_REQUEST, about=asked.id, by=by, at=at, practice_id=patient.practice_id)
    _withdraw(AccessRequest.objects.filter(**whose, status="pending"), by, at)
    _withdraw(DetailsRequest.objects.filter(**whose, status="pending"), by, at)
    _end_for(patient, account_id, why, by, at)
    record("access.link_ended", by=by, at=at, patient=patient.id, why=why, account=str(account_id))


def close_account(account_id: UUID, *, by: AccountHolder | System, at: datetime) -> int:
    """End the account's links with every patient, as its owner closes it; how many there were.

    The trail of each practice names the account. What is held back from a patient stays with the patient.
    """
    rows = ActsFor.objects.filter(account_id=account_id).order_by("practice_id", "patient_id")
    patients = list(rows.values_list("practice_id", "patient_id"))
    for practice_id, patient_id in patients:
        patient = Patient.objects.select_related("practice").get(practice_id=practice_id, id=patient_id)
        owner = Acting(account_id, practice_id, patient_id, request_id=by.request_id, channel=by.channel)
        end_link(patient, account_id=account_id, why=Link.Why.CLOSED, by=owner, at=at)
    return len(patients)


def _end_for(patient: Patient, account_id: UUID, why: Link.Why, by: Asker, at: datetime) -> None:
    whose: dict[str, Any] = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    revoked: dict[str, Any] = {"revoked_at": at, "revoked_by": by.account_id}
    Grant.objects.filter(**whose, revoked_at=None).update(**revoked)
    RecordGrant.objects.filter(**whose, revoked_at=None).update(**revoked)
    Link.objects.filter(**whose, ended_at=None).update(ended_at=at, ended_by=by.account_id, ended_why=why)
    list_for(patient, account_id, by=by, at=at)


def _withdraw(rows: Any, by: Asker, at: datetime) -> None:
    rows.update(status="withdrawn", decided_at=at, decided_by=by.account_id)
