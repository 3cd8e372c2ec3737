"""May a service be held back from a patient, and may that be lifted?"""

from datetime import date

from patient_online.refusals import N_, Owner, Refusal

MOST_WORDS = 500


class NotHeld(Refusal):
    """Why nothing was held back, or why it was not lifted."""

    ALREADY_HELD = (
        N_("This service is held back from the patient already."),
        N_("Look at what is held back. Lift it first if the reason should be another."),
        Owner.SYSTEM,
    )
    NO_WORDS = (
        N_("Say why it is held back. Staff with the right to see it need to know."),
        N_("Write a sentence. The patient never sees it."),
        Owner.PATIENT,
    )
    REVIEW_PAST = (
        N_("The day to look at it again has been already."),
        N_("Enter a day after today."),
        Owner.PATIENT,
    )
    ALREADY_LIFTED = (
        N_("This was lifted already."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


def why_not_held(*, held: bool, words: str, review_on: date | None, today: date) -> NotHeld | None:
    """Why the service may not be held back now, or None."""
    if held:
        return NotHeld.ALREADY_HELD
    if not words.strip():
        return NotHeld.NO_WORDS
    return NotHeld.REVIEW_PAST if review_on and review_on <= today else None
