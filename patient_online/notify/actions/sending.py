"""A message is stored with the change that causes it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from patient_online.asking import Asker
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import Message
from patient_online.notify.queueing import put_in
from patient_online.patients.models import Patient
from patient_online.storage.writing import insert


def send(
    kind: str,
    *,
    to: Patient,
    about: UUID,
    by: Asker,
    at: datetime,
    part: int = 0,
    due_at: datetime | None = None,
) -> None:
    """Store a message to the patient in the transaction of the change that causes it, and the job that sends it.

    Said twice about one thing, it is one message.
    """
    send_all(kind, to=[(to, about)], by=by, at=at, part=part, due_at=due_at)


def send_all(
    kind: str,
    *,
    to: Iterable[tuple[Patient, UUID]],
    by: Asker,
    at: datetime,
    part: int = 0,
    due_at: datetime | None = None,
) -> None:
    """Store a message for each patient and thing it is about, and their jobs: two statements, however many they are."""
    kind_named(kind)
    due = max(due_at or at, at)
    messages = [
        Message(
            practice_id=patient.practice_id,
            patient_id=patient.id,
            kind=kind,
            about=about,
            part=part,
            made_at=at,
            due_at=due,
        )
        for patient, about in to
    ]
    _keep(messages)
    # The job of a message that was there already finds nothing to do. What is due much later is called up in time.
    if due <= at + settings.NOTIFY_PATIENCE.far:
        put_in(messages)


def _keep(messages: list[Message]) -> None:
    if len(messages) == 1:
        insert(messages[0], ignore_conflicts=True)
    else:
        Message.objects.bulk_create(messages, ignore_conflicts=True)
