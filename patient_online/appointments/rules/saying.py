"""What goes with a booking: that the signs of an emergency were read, what was written, a number to be reached on."""

from datetime import datetime

from patient_online.appointments.rules.booking import MOST_COMMENT, MOST_REASON, NotBooked
from patient_online.nhs.appointments import Mode


def why_not_signs(*, read: datetime | None, used: datetime | None) -> NotBooked | None:
    """Why having read the signs of an emergency then counts no more, or None: it is used up by one booking."""
    return NotBooked.SIGNS_NOT_READ if read and used and read <= used else None


def why_not_words(*, reason: str, comment: str) -> NotBooked | None:
    """Why what the patient wrote cannot be kept whole, or None: it is never cut short."""
    return NotBooked.TOO_LONG if len(reason) > MOST_REASON or len(comment) > MOST_COMMENT else None


def why_not_reached(*, mode: str, telephone: str) -> NotBooked | None:
    """Why the patient could not be reached for an appointment of this mode, or None."""
    return NotBooked.TELEPHONE_NEEDED if needs_number(mode) and not telephone else None


def needs_number(mode: str) -> bool:
    """Whether an appointment of this mode needs a number to reach the patient on."""
    return mode in (Mode.TELEPHONE, Mode.VIDEO)
