"""The kinds of message that the tests send: they tell of an appointment, which may have been cancelled meanwhile."""

from datetime import datetime

from patient_online.appointments.models import Appointment
from patient_online.notify.kinds import Kind, Told, Words, register

REMINDER = "test-reminder"
MUST_REACH = "test-must-reach"
BROKEN = "test-broken"
MUST_REACH_BROKEN = "test-must-reach-broken"
SAID = Words("About your appointment", ("You have an appointment.", "Come on time."), "You have an appointment.")


def if_booked(message: Told, now: datetime) -> Words | None:
    """The words, unless the appointment was cancelled."""
    booked = Appointment.objects.filter(practice_id=message.practice_id, status="booked")
    return SAID if message.about and booked.filter(id=message.about).exists() else None


def always(message: Told, now: datetime) -> Words:
    """The words, whatever happened."""
    return SAID


def breaks(message: Told, now: datetime) -> Words:
    """A mistake of ours."""
    raise ZeroDivisionError


def register_test_kinds() -> None:
    """Make them known."""
    register(Kind(REMINDER, if_booked), Kind(MUST_REACH, always, must_reach=True))
    register(Kind(BROKEN, breaks), Kind(MUST_REACH_BROKEN, breaks, must_reach=True))
