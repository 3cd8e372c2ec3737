"""May it be noted that a patient has left or died, and may that be undone?"""

from dataclasses import dataclass
from datetime import date

from patient_online.refusals import N_, Owner, Refusal


class NotGone(Refusal):
    """Why it was not noted that a patient has left or died, or not undone."""

    DAY_TO_COME = (
        N_("That day is in the future."),
        N_("Enter today or an earlier day. If they leave later, note it on the day."),
        Owner.PATIENT,
    )
    BEFORE_REGISTERED = (
        N_("That day is before the patient was registered here."),
        N_("Check the day."),
        Owner.PATIENT,
    )
    ALREADY_GONE = (
        N_("It is noted already that the patient has left or died. Nothing was changed."),
        N_("Look at the patient’s page."),
        Owner.SYSTEM,
    )
    TOO_LATE = (
        N_("This can be undone only on the day on which it was noted."),
        N_("Register the patient again. They then link their account again."),
        Owner.PRACTICE,
    )
    REGISTERED_AGAIN = (
        N_("Somebody with this NHS number has been registered here since."),
        N_("Use the new registration."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class GoneFacts:
    """What is known of a patient's registration. `noted_on` is when it was noted that they are gone."""

    registered_on: date
    gone: bool
    noted_on: date | None = None
    again: bool = False


def why_not_gone(facts: GoneFacts, day: date, *, today: date) -> NotGone | None:
    """Why it may not be noted that the patient has left or died on this day, or None."""
    if facts.gone:
        return NotGone.ALREADY_GONE
    if day > today:
        return NotGone.DAY_TO_COME
    return NotGone.BEFORE_REGISTERED if day < facts.registered_on else None


def why_not_back(facts: GoneFacts, *, today: date) -> NotGone | None:
    """Why it may not be undone, or None."""
    if facts.again:
        return NotGone.REGISTERED_AGAIN
    return None if facts.gone and facts.noted_on == today else NotGone.TOO_LATE
