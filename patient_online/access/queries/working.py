"""Whether an account works with patients' details or with the programme's figures."""

from uuid import UUID

from patient_online.access.models import ProgrammeMember, WorksAt
from patient_online.asking import System


def works_for_nhs(system: System, account_id: UUID) -> bool:
    """Whether the account works at a practice or for the programme."""
    here = WorksAt.objects.filter(account_id=account_id).exists()
    return here or ProgrammeMember.objects.filter(account_id=account_id).exists()
