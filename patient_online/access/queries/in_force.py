"""Whether an account still has a service for a patient: joined to every content that it shows."""

from django.db.models import Exists

from patient_online.access.models import Grant
from patient_online.asking import Acting
from patient_online.nhs.services import Level, Service


def in_force(acting: Acting, service: Service, level: Level) -> Exists:
    """That the account still has the service for the patient: joined to the content, a revocation holds at once."""
    enough = [each.value for each in Level if each.allows(level)]
    return Exists(
        Grant.objects.filter(
            practice_id=acting.practice_id,
            patient_id=acting.patient_id,
            account_id=acting.account_id,
            service=service,
            level__in=enough,
            held=False,
            revoked_at=None,
        )
    )
