"""How each message about an appointment is worded, asked of the book at the instant of sending.

None of them says who the patient or the clinician is, what kind of appointment it is, or why.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment
from patient_online.appointments.notices.parts import (
    contact,
    how,
    how_not_to_come,
    long,
    long_text,
    short,
    when,
    when_text,
)
from patient_online.asking import System
from patient_online.notify.kinds import Kind, Told, Words

Said = Callable[[Appointment, datetime], Words]


def _still_true(say: Said) -> Callable[[Told, datetime], Words | None]:
    """Say it of an appointment that is booked and to come, and nothing of any other."""

    def words(told: Told, at: datetime) -> Words | None:
        found = _asked(told)
        return say(found, at) if found and _is_to_come(found, at) else None

    return words


def _asked(told: Told) -> Appointment | None:
    assert told.about is not None  # a message of these kinds is always about an appointment
    return queries.appointment_to_tell(System("notices", told.practice_id), told.about)


def _is_to_come(appointment: Appointment, at: datetime) -> bool:
    slot = appointment.slot
    kept = appointment.status == Appointment.Status.BOOKED and slot.status == slot.Status.OPEN
    return kept and slot.starts_at > at


def _told(subject: str, first: str, appointment: Appointment, at: datetime) -> Words:
    """A message that tells all one needs to come, or to give the appointment back."""
    practice = appointment.practice
    paragraphs = (first, how(appointment), _reference(appointment), how_not_to_come(appointment, at), contact(practice))
    return Words(subject, paragraphs, short(subject, appointment, at))


def _reference(appointment: Appointment) -> str:
    named = {"reference": appointment.reference}
    return _("Reference: %(reference)s. Say it when you telephone or come to the reception desk.") % named


def _booked(appointment: Appointment, at: datetime) -> Words:
    day = {"when": when(appointment), "long": long(appointment)}
    subject, first = _("Your appointment on %(when)s"), _("You have an appointment on %(long)s.")
    return _told(subject % day, first % day, appointment, at)


def _moved(appointment: Appointment, at: datetime) -> Words:
    day = {"when": when(appointment), "long": long(appointment)}
    first = _("Your appointment is now on %(long)s.") % day
    if old := appointment.moved_from:
        was = long_text(_start_then(old))
        first = _("Your appointment on %(old)s is moved. It is now on %(long)s.") % (day | {"old": was})
    return _told(_("Your appointment is now on %(when)s") % day, first, appointment, at)


def _reminded(appointment: Appointment, at: datetime) -> Words:
    day = {"when": when(appointment), "long": long(appointment)}
    subject = _("Reminder: your appointment on %(when)s") % day
    return _told(subject, _("You have an appointment on %(long)s.") % day, appointment, at)


def _reminder(told: Told, at: datetime) -> Words | None:
    """It is true of the time of which it was made: once the practice has moved that, the new time has its own."""
    found = _asked(told)
    system = System("notices", told.practice_id)
    true = found and _is_to_come(found, at) and queries.reminds_of_its_start(system, found, told.part)
    return _reminded(found, at) if found and true else None


def _cancelled(told: Told, at: datetime) -> Words | None:
    """It stays true that it was cancelled, but once its time has passed nobody needs to be told."""
    appointment = _asked(told)
    if appointment is None or (was := _start_then(appointment)) <= at:
        return None
    subject = _("Your appointment on %(when)s is cancelled") % {"when": when_text(was)}
    first = _("Your appointment on %(long)s is cancelled. You do not need to do anything.") % {"long": long_text(was)}
    more = _("If you still need an appointment, book another one online or telephone your practice.")
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    return Words(
        subject, (first, more, reference, contact(appointment.practice)), short(subject, appointment, at, came=False)
    )


def _start_then(appointment: Appointment) -> datetime:
    """When an appointment that is cancelled or moved away was, whatever has become of its session since."""
    starts_at: datetime = appointment.slot.starts_at
    if appointment.status != Appointment.Status.CANCELLED:
        return starts_at
    return queries.start_when_cancelled(System("notices", appointment.practice_id), appointment)


BOOKED = Kind("appointment-booked", _still_true(_booked))
MOVED = Kind("appointment-moved", _still_true(_moved))
REMINDER = Kind("appointment-reminder", _reminder)
CANCELLED = Kind("appointment-cancelled", _cancelled)
