"""What patients are told of their appointments, in plain words that tell a stranger nothing about them."""

from patient_online.appointments.notices.withdrawn import KINDS as WITHDRAWN_KINDS
from patient_online.appointments.notices.words import BOOKED, CANCELLED, MOVED, REMINDER
from patient_online.notify.kinds import register


def register_all() -> None:
    """Make every kind of message about appointments known; said once, when the program starts."""
    register(BOOKED, MOVED, CANCELLED, REMINDER, *WITHDRAWN_KINDS)
