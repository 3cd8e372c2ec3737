"""Who opened a record that needs a reason: for whoever is responsible for information governance."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patient_online.asking import Staff
from patient_online.audit.actions import record, record_all
from patient_online.patients.models import Opening, Patient
from patient_online.patients.queries.glass import why_shut
from patient_online.tasks.models import Task

GLASS_BROKEN = "glass-broken"
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening, and what became of the task about it."""

    opening: Opening
    task: Task | None

    @property
    def seen_to(self) -> bool:
        """Whether somebody has looked into it."""
        return self.task is not None and self.task.status == Task.Status.DONE


def openings(staff: Staff, *, at: datetime) -> list[Opened]:
    """The latest openings at the practice; the reading is audited for each patient named."""
    rows = Opening.objects.filter(practice_id=staff.practice_id).select_related("patient", "staff")
    found = list(rows.order_by("-id")[:MOST_SHOWN])
    record_all("openings.seen", by=staff, at=at, patients=[row.patient_id for row in found])
    tasks = _tasks(staff, [row.id for row in found])
    return [Opened(row, tasks.get(row.id)) for row in found]


def opening_of(staff: Staff, opening_id: UUID, *, at: datetime) -> Opened:
    """One opening; the reading is audited. Raises Opening.DoesNotExist."""
    rows = Opening.objects.filter(practice_id=staff.practice_id).select_related("patient", "staff")
    row = rows.get(id=opening_id)
    record("openings.seen", by=staff, at=at, subject=row.id, patient=row.patient_id)
    return Opened(row, _tasks(staff, [row.id]).get(row.id))


def _tasks(staff: Staff, about: Collection[UUID]) -> dict[UUID, Task]:
    rows = Task.objects.filter(practice_id=staff.practice_id, kind=GLASS_BROKEN, about__in=about)
    return {task.about: task for task in rows.order_by("made_at")}


def lines_of_openings(staff: Staff, about: Collection[UUID]) -> Mapping[UUID, str]:
    """For the work list, who opened a record: nothing of the patient, and nothing of the reason."""
    rows = Opening.objects.filter(practice_id=staff.practice_id, id__in=about).select_related("staff")
    return {row.id: row.staff.name for row in rows}


def behind_glass(staff: Staff, patient_id: UUID, *, at: datetime) -> tuple[Patient, Opening.Why | None]:
    """A patient's name, and why the record opens only with a reason, or None. Raises Patient.DoesNotExist."""
    patient = Patient.objects.get(practice_id=staff.practice_id, id=patient_id)
    why = why_shut(staff, patient, at=at)
    record("patient.named", by=staff, at=at, subject=patient.id, patient=patient.id)
    return patient, why
