"""How many patients a switched service touches."""

from typing import Any

from django.db.models import Q

from patient_online.access.models import Grant, RecordGrant
from patient_online.asking import Staff
from patient_online.nhs.record_levels import RECORD_SERVICES, SERVICE_OF, RecordLevel
from patient_online.nhs.services import Service

MOST_COUNTED = 1000


def patients_touched(staff: Staff, service: Service) -> int:
    """How many patients of the practice have been given the service, counted no further than one above a thousand."""
    if service in RECORD_SERVICES:
        rows = _records(service, staff.practice_id)
    else:
        rows = Grant.objects.filter(practice_id=staff.practice_id, service=service, revoked_at=None, held=False)
        rows = rows.values("patient_id")
    return int(rows.distinct()[: MOST_COUNTED + 1].count())


def _records(service: Service, practice_id: str) -> Any:
    """The patients who have been given this level of the record, or one that has it in it."""
    level = next(level for level, its_service in SERVICE_OF.items() if its_service is service)
    enough = [each.value for each in RecordLevel if each.rank >= level.rank]
    rows = RecordGrant.objects.filter(practice_id=practice_id, revoked_at=None, held=False)
    return rows.filter(Q(current__in=enough) | Q(historic__in=enough)).values("patient_id")
