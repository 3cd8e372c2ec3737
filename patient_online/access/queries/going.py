"""What is known of whether a patient is still registered, for the rules; and who is gone whose access has not ended."""

from django.db.models import Q, QuerySet

from patient_online.access.models import Link
from patient_online.access.rules.going import GoneFacts
from patient_online.asking import Staff, System
from patient_online.audit.queries import history_of
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient


def gone_facts(staff: Staff, patient: Patient) -> GoneFacts:
    """What is known of the patient's registration."""
    noted = history_of(staff, patient.id, about="patient.gone", most=1)
    same = Patient.objects.filter(practice_id=staff.practice_id, nhs_number=patient.nhs_number or "none", left_on=None)
    return GoneFacts(
        registered_on=patient.registered_on,
        gone=bool(patient.left_on or patient.died_on),
        noted_on=local_day(noted[0].at) if noted else None,
        again=same.exclude(id=patient.id).exists(),
    )


def gone_but_linked(system: System) -> QuerySet[Patient]:
    """The patients of the practice who have left or died and for whom an account still acts: a file said so."""
    links = Link.objects.filter(practice_id=system.practice_id, ended_at=None).values("patient_id")
    gone = Q(left_on__isnull=False) | Q(died_on__isnull=False)
    rows = Patient.objects.filter(gone, practice_id=system.practice_id, id__in=links)
    return rows.select_related("practice").order_by("id")
