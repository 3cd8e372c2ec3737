"""What patients are told of their appointments, as the tests ask it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patient_online.appointments.models import Appointment
from patient_online.notify.kinds import Words, kind_named
from patient_online.notify.models import Message


@dataclass
class Told:
    """A message that is to be worded."""

    practice_id: str
    patient_id: UUID
    about: UUID | None
    part: int = 0


def words_of(kind: str, appointment: Appointment, at: datetime, part: int = 0) -> Words | None:
    """What the message about the appointment would say at this instant."""
    return kind_named(kind).words(Told(appointment.practice_id, appointment.patient_id, appointment.id, part), at)


def all_of(words: Words) -> str:
    """Everything that a message says, whichever way it goes."""
    return "\n".join([words.subject, *words.paragraphs, words.text])


def kinds_about(appointment: Appointment) -> list[tuple[str, int]]:
    """The kinds of message stored about the appointment, and their parts, in their order."""
    return list(Message.objects.filter(about=appointment.id).order_by("id").values_list("kind", "part"))
