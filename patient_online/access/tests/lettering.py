"""Letters with linkage keys, made at the desk as people make them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from patient_online.access.actions import check_identity, make_letter
from patient_online.access.actions.linking import Typed
from patient_online.access.linkage import new_key
from patient_online.access.models import LinkageKey
from patient_online.access.rules.registering import Document, Gives, Seen
from patient_online.asking import AccountHolder, Role, Staff
from patient_online.demo.factories import staff_of
from patient_online.identity.models import Account
from patient_online.nhs.identity import Proof
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember

PASSPORT_AND_BILL = Seen(in_private=True, documents=(Document.COUNCIL_TAX, Document.PASSPORT))
TO_BOOK = Gives({Service.APPOINTMENTS: Level.MANAGE})


@dataclass(frozen=True)
class Letter:
    """A letter as the patient holds it."""

    row: LinkageKey
    code: str
    patient: Patient

    def typed(self, **wrong: Any) -> Typed:
        """What its patient types, but for what is said to be typed wrong."""
        whole = Typed(
            self.row.account_ref, self.row.practice_id, self.code, self.patient.family_name, self.patient.birth_date
        )
        return replace(whole, **wrong)

    def now(self) -> LinkageKey:
        """The letter's row as it is now."""
        return LinkageKey.objects.get(id=self.row.id)


def a_desk(patient: Patient, *roles: Role, may_vouch: bool = False) -> Staff:
    """Somebody at the desk of the patient's practice."""
    staff = staff_of(patient.practice, *(roles or (Role.RECEPTIONIST,)))
    StaffMember.objects.filter(id=staff.staff_id).update(may_vouch=may_vouch)
    return staff


def a_letter(
    patient: Patient,
    at: datetime,
    *,
    gives: Gives = TO_BOOK,
    by: Staff | None = None,
    proof: Proof = Proof.DOCUMENTS,
    seen: Seen = PASSPORT_AND_BILL,
) -> Letter:
    """A letter for the patient, after a check at the desk."""
    by, code = by or a_desk(patient, may_vouch=proof is not Proof.DOCUMENTS), new_key()
    check = check_identity(patient, proof=proof, seen=seen, by=by, at=at, key=uuid4())
    return Letter(make_letter(check, gives=gives, code=code, by=by, at=at, key=uuid4()), code, patient)


def holder(account: Account) -> AccountHolder:
    """Somebody signed in with the account."""
    return AccountHolder(account.id, uuid4())
