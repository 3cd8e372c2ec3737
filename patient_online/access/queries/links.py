"""What may be seen of which accounts are linked to a patient, and what each was given."""

from uuid import UUID

from patient_online.access.models import ActsFor, Link
from patient_online.access.rules.giving import GivingFacts
from patient_online.asking import Asker, Staff
from patient_online.nhs.identity import Identity, Proof
from patient_online.patients.models import Patient


def giving_facts(asker: Asker, patient: Patient, account_id: UUID) -> GivingFacts:
    """How the account stands to the patient, for the rules of what it may be given."""
    rows = Link.objects.filter(practice_id=patient.practice_id, patient_id=patient.id, account_id=account_id)
    link = rows.filter(ended_at=None).first()
    here = not (patient.left_on or patient.died_on)
    return GivingFacts(here, Proof(link.proof) if link else None, Identity(link.identity) if link else None)


def is_oneself(staff: Staff, patient_id: UUID) -> bool:
    """Whether the account of a member of staff acts for this patient: then a colleague decides about them."""
    rows = ActsFor.objects.filter(account_id=staff.account_id, practice_id=staff.practice_id, patient_id=patient_id)
    return rows.exists()
