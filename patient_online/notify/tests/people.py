"""Patients who are told something, and what becomes of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.asking import System
from patient_online.demo.factories import EARLY, a_patient_of, a_practice
from patient_online.notify import actions, jobs
from patient_online.notify.models import Message
from patient_online.notify.tests.kinds import MUST_REACH, SAID, register_test_kinds
from patient_online.patients.models import Patient
from patient_online.storage.ids import uuid7

BY_EMAIL = {"email": "robin@example.com", "email_verified_at": EARLY}
BY_TEXT = {"telephone": "+447700900982", "telephone_verified_at": EARLY}


def a_reader(**given: Any) -> Patient:
    """A patient who has confirmed what is given."""
    return a_patient_of(a_practice(), given_name="Robin", family_name="Testperson", **given)


def told(
    patient: Patient, kind: str = MUST_REACH, *, about: UUID | None = None, due_at: datetime | None = None
) -> Message:
    """A message to the patient that waits."""
    register_test_kinds()
    about = about or uuid7()
    by = System("test", patient.practice_id)
    actions.send(kind, to=patient, about=about, by=by, at=timezone.now(), due_at=due_at)
    return Message.objects.get(practice_id=patient.practice_id, kind=kind, about=about)


def failed(patient: Patient) -> Message:
    """A message that has been given up."""
    message = told(patient)
    rows = Message.objects.filter(id=message.id)
    rows.update(
        status="failed", settled_at=timezone.now(), trouble="no-answer", attempts=49, subject=SAID.subject, body="b"
    )
    return again(message)


def tried(message: Message) -> Message:
    """The message after a worker has had it once."""
    jobs.deliver(practice_id=message.practice_id, message_id=str(message.id))
    return again(message)


def again(message: Message) -> Message:
    """The message as it is now."""
    return Message.objects.get(practice_id=message.practice_id, id=message.id)


def jobs_of(message: Message, status: str = "todo") -> list[ProcrastinateJob]:
    """The jobs for this message that are in the queue."""
    return list(ProcrastinateJob.objects.filter(args__message_id=str(message.id), status=status))


def forget_jobs(message: Message) -> None:
    """Lose the jobs of this message, as nothing should."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'message_id' = %s", [str(message.id)])
