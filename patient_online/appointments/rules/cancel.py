"""May this appointment be cancelled or moved away? Plain Python over facts; the clock comes in as `at`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from patient_online.refusals import N_, Owner, Refusal


class NotCancelled(Refusal):
    """Why an appointment was not cancelled or moved."""

    NOT_FOUND = (
        N_("We cannot find this appointment among yours."),
        N_("Go to your appointments to see those that you have."),
        Owner.SYSTEM,
    )
    ALREADY_CANCELLED = (
        N_("This appointment is already cancelled."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )
    ARRIVED = (
        N_("You have been marked as arrived for this appointment."),
        N_("Speak to the reception desk."),
        Owner.PRACTICE,
    )
    IN_THE_PAST = (
        N_("This appointment has already started."),
        N_("Telephone your practice if you cannot come."),
        Owner.SYSTEM,
    )
    TOO_LATE = (
        N_("It is too late to cancel or move this appointment online."),
        N_("Telephone your practice if you cannot come, so that they can offer the time to somebody else."),
        Owner.PRACTICE,
    )
    NOT_ONLINE = (
        N_("Your practice does not let patients cancel or move appointments online."),
        N_("Telephone your practice if you cannot come."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class CancelFacts:
    """What a cancelling rule judges; who was `seen` has arrived, or it was noted what became of the appointment."""

    starts_at: datetime
    booked: bool
    cancel_online: bool
    cutoff_minutes: int
    seen: bool = False


def why_not_cancel(facts: CancelFacts, *, at: datetime) -> NotCancelled | None:
    """Why the appointment may not be cancelled or moved at this instant, or None. Allowed exactly at the cut-off."""
    if not facts.booked:
        return NotCancelled.ALREADY_CANCELLED
    if facts.seen:
        return NotCancelled.ARRIVED
    if facts.starts_at <= at:
        return NotCancelled.IN_THE_PAST
    if not facts.cancel_online:
        return NotCancelled.NOT_ONLINE
    return NotCancelled.TOO_LATE if facts.starts_at - at < timedelta(minutes=facts.cutoff_minutes) else None
