"""The list, kept with each account, of what it may do for a patient: written anew wherever that changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.access.models import ActsFor, Grant, Link, RecordGrant
from patient_online.access.queries.holding import services_held
from patient_online.access.queries.links import is_oneself
from patient_online.access.rules.oneself import NotByOneself
from patient_online.asking import Asker, Role, Staff
from patient_online.nhs.identity import Proof, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.patients.models import Patient
from patient_online.refusals import Refused


def lock_patient(patient: Patient, *roles: Role, by: Asker, at: datetime) -> Patient:
    """See that `by` may change this here, and lock the patient: what is listed is read from what was given before.

    No member of staff changes what is their own: Refused is raised, once the patient is locked, as links wait for it.
    """
    if isinstance(by, Staff):
        by.require_at(patient.practice_id, *roles)
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=patient.practice_id, id=patient.id)
    if isinstance(by, Staff):
        _refuse_oneself(by, known)
    return known


def _refuse_oneself(staff: Staff, patient: Patient) -> None:
    """Raise Refused where the account of the member of staff acts for this patient."""
    if is_oneself(staff, patient.id):
        raise Refused(NotByOneself.ONESELF)


def list_for(patient: Patient, account_id: UUID, *, by: Asker, at: datetime) -> None:
    """Write anew with the account what it may do for the patient. In the caller's transaction, the patient locked."""
    row: dict[str, Any] = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    link = Link.objects.filter(**row, ended_at=None).first()
    if link is None:
        ActsFor.objects.filter(**row).delete()
        return
    levels = dict(Grant.objects.filter(**row, revoked_at=None).values_list("service", "level"))
    held = sorted(services_held(by, patient.practice_id, patient.id))
    listed = {"levels": levels, "held": held, "record": _record(row, link), "identity": link.identity}
    ActsFor.objects.update_or_create(**row, defaults=listed)


def list_all(patient: Patient, *, by: Asker, at: datetime) -> int:
    """Write anew what each account that is linked to the patient may do; how many there are."""
    links = Link.objects.filter(practice_id=patient.practice_id, patient_id=patient.id, ended_at=None)
    accounts = list(links.values_list("account_id", flat=True))
    for account_id in accounts:
        list_for(patient, account_id, by=by, at=at)
    return len(accounts)


def _record(row: dict[str, Any], link: Link) -> dict[str, str]:
    """How much of the record the account may see, no more than its check of identity allows."""
    given = RecordGrant.objects.filter(**row, revoked_at=None).first()
    if given is None:
        return {}
    most = most_record(Proof(link.proof))
    current, historic = RecordLevel(given.current).at_most(most), RecordLevel(given.historic).at_most(most)
    return {"current": current.value, "historic": historic.value, "from": given.from_day.isoformat()}
