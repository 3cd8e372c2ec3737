"""A task is put on the list, and leaves it: done, or withdrawn. Called in the transaction of what causes it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from patient_online.asking import Acting, Asker, System
from patient_online.audit.actions import record
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies
from patient_online.tasks.kinds import kind_named
from patient_online.tasks.models import Task
from patient_online.tasks.rules import due_after


def put(kind: str, *, about: UUID, patient: Patient | None = None, by: Asker, at: datetime) -> Task:
    """Put something on the practice's list: the open task about it, made now where there is none.

    The practice is the patient's, or that of who is asking.
    """
    practice_id = patient.practice_id if patient else by.practice_id
    days = kind_named(kind).working_days or _answered_within(by, practice_id)
    made = {"patient_id": patient.id if patient else None, "made_at": at, "due_at": due_after(at, days)}
    with transaction.atomic():
        task, is_new = Task.objects.get_or_create(
            practice_id=practice_id, kind=kind, about=about, status=Task.Status.OPEN, defaults=made
        )
        if is_new:
            record("task.put", by=by, at=at, subject=task.id, patient=task.patient_id, kind=kind)
    return task


def _answered_within(by: Asker, practice_id: str) -> int:
    """The practice's policy: read already with who is asking, where it is their practice."""
    asker = by if isinstance(by, Acting) and by.practice_id == practice_id else System("tasks", practice_id)
    return int(policies(asker)["answer_within_days"])


def settle(kind: str, *, about: UUID, by: Asker, at: datetime, practice_id: str = "") -> bool:
    """Take it off the list because it is done; whether it was on it. In the transaction of the decision."""
    return _end(_open(practice_id or by.practice_id, kind=kind, about=about), Task.Status.DONE, by, at) > 0


def withdraw(kind: str, *, about: UUID, by: Asker, at: datetime, practice_id: str = "") -> bool:
    """Take it off the list because nobody needs to decide it any more; whether it was on it."""
    return _end(_open(practice_id or by.practice_id, kind=kind, about=about), Task.Status.WITHDRAWN, by, at) > 0


def withdraw_all_of(patient: Patient, *, kinds: Collection[str] | None = None, by: Asker, at: datetime) -> int:
    """Take off the list all that is about a patient, of these kinds or of every kind; how many they were."""
    rows = _open(patient.practice_id, patient_id=patient.id)
    return _end(rows if kinds is None else rows.filter(kind__in=kinds), Task.Status.WITHDRAWN, by, at)


def _open(practice_id: str, **which: object) -> QuerySet[Task]:
    return Task.objects.filter(practice_id=practice_id, status=Task.Status.OPEN, **which)


def _end(rows: QuerySet[Task], status: Task.Status, by: Asker, at: datetime) -> int:
    """Conditional: of two who settle one task the second finds none open."""
    with transaction.atomic():
        found = list(rows.select_for_update(no_key=True).order_by("id"))
        for task in found:
            task.status, task.ended_at, task.ended_by = status, at, by.account_id
            record(f"task.{status}", by=by, at=at, subject=task.id, patient=task.patient_id, kind=task.kind)
        ids = [task.id for task in found]
        return rows.filter(id__in=ids).update(status=status, ended_at=at, ended_by=by.account_id) if ids else 0
