"""What stands in the addresses of the work list, of a change of details, and of a switched service."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from patient_online.access.models import DetailsRequest
from patient_online.asking import Role
from patient_online.demo.factories import staff_of, the_maker
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.actions import switch_service
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.refusals import N_
from patient_online.tasks.actions import cover, put
from patient_online.tasks.kinds import Kind, register
from patient_online.tasks.models import Task

# A kind for the tests alone, of which everybody who decides anything may open a task.
FOR_ALL = Kind(
    "for-all", N_("Something"), frozenset(Role) - {Role.ADMINISTRATOR}, "appointments:patient", page_of_patient=True
)
register(FOR_ALL)


def something_worked(practice: Practice, patient_id: UUID, route: str) -> dict[str, Any]:
    """A task that all who may see any see, a cover, a planned switch, and a request to change details."""
    manager, other, at = staff_of(practice, Role.MANAGER), staff_of(practice, Role.MANAGER), timezone.now()
    day = local_day(at) + timedelta(days=300)
    given: dict[str, Any] = {"from_day": day, "by": manager, "at": at}
    row = switch_service(practice, service=Service.DEMOGRAPHICS, status=ServiceStatus.Status.SWITCHED_ON, **given)
    days = cover(manager.staff_id, covered_by=other.staff_id, to_day=day, key=uuid4(), **given)
    known = {"task_id": _task(practice, patient_id).id, "cover_id": days.id, "row_id": row.id}
    if route == "access:details_request":
        known["request_id"] = _asked(practice, patient_id).id
    return known


def _task(practice: Practice, patient_id: UUID) -> Task:
    patient, maker = Patient.objects.get(practice=practice, id=patient_id), the_maker(practice)
    return put(FOR_ALL.name, about=uuid4(), patient=patient, by=maker, at=timezone.now())


def _asked(practice: Practice, patient_id: UUID) -> DetailsRequest:
    changes = {"family_name": ["Old", "New"]}
    row: dict[str, Any] = {"patient_id": patient_id, "account_id": uuid4(), "changes": changes}
    return DetailsRequest.objects.create(practice=practice, asked_at=timezone.now(), **row)
