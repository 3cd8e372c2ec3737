"""What may be seen of a patient's details."""

from datetime import datetime

from patient_online.asking import Acting
from patient_online.audit.actions import record
from patient_online.patients.models import Patient


def telephone_of(acting: Acting, *, at: datetime) -> str:
    """The patient's telephone number (E.164), or nothing; the reading is audited."""
    record("patient.telephone_seen", by=acting, at=at, subject=acting.patient_id)
    rows = Patient.objects.filter(practice_id=acting.practice_id, id=acting.patient_id)
    return rows.values_list("telephone", flat=True).get()
