"""What can happen to a patient's details."""

from datetime import datetime

from patient_online.asking import Acting, Staff
from patient_online.audit.actions import action, record
from patient_online.patients.models import Patient


@action("patient.telephone_changed")
def change_telephone(patient: Patient, *, telephone: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep another telephone number (E.164) in the patient's details."""
    Patient.objects.filter(practice_id=by.practice_id, id=patient.id).update(
        telephone=telephone, telephone_verified_at=None
    )
    record("patient.telephone_changed", by=by, at=at, subject=patient.id, patient=patient.id)
    patient.telephone = telephone
    return patient
