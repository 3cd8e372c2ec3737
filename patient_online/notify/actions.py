"""What can happen to a message."""

from datetime import datetime
from uuid import UUID

from patient_online.asking import Asker
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import Message
from patient_online.patients.models import Patient


def send(kind: str, *, to: Patient, about: UUID, by: Asker, at: datetime, part: int = 0) -> None:
    """Store a message to the patient in the transaction of the change that causes it, and the job that sends it.

    Said twice about one thing, it is one message.
    """
    kind_named(kind)
    Message.objects.bulk_create(
        [
            Message(
                practice_id=to.practice_id, patient_id=to.id, kind=kind, about=about, part=part, made_at=at, due_at=at
            )
        ],
        ignore_conflicts=True,
    )
