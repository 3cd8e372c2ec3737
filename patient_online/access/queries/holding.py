"""What the practice holds back from a patient: for staff who decide it, and for the list of what an account may do."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from patient_online.access.models import Block
from patient_online.access.queries.links import is_oneself
from patient_online.asking import Asker, Staff
from patient_online.audit.actions import record


def services_held(asker: Asker, practice_id: str, patient_id: UUID) -> frozenset[str]:
    """The services that the practice holds back from the patient now: for writing the list, never shown to patients."""
    rows = Block.objects.filter(practice_id=practice_id, patient_id=patient_id, lifted_at=None)
    return frozenset(rows.values_list("service", flat=True))


def blocks_of(staff: Staff, patient_id: UUID, *, at: datetime) -> QuerySet[Block]:
    """What is and was held back from the patient, the newest first; the reading is audited.

    Nobody of the practice reads what is held back from themselves.
    """
    rows = Block.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    if is_oneself(staff, patient_id):
        return rows.none()
    record("access.blocks_seen", by=staff, at=at, patient=patient_id)
    return rows.order_by("-set_at", "-id")
