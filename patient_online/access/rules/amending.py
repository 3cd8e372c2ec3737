"""May a patient ask that their name or address be put right, and may the practice decide so?"""

from collections.abc import Collection

from patient_online.asking import Acting, NotAllowed
from patient_online.nhs.identity import Identity
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal

MOST_WORDS = 500


class NotAmended(Refusal):
    """Why a change of name or address was not asked for."""

    NOTHING_NEW = (
        N_("That is what your practice has already."),
        N_("Change what is wrong, or go back."),
        Owner.PATIENT,
    )
    WAITS_ALREADY = (
        N_("You have asked for a change already. Your practice has not answered yet."),
        N_("Wait for the answer, or take your request back and send another."),
        Owner.SYSTEM,
    )
    NOTHING_WAITS = (
        N_("This request is not open any more. Nothing was changed."),
        N_("Your practice has answered it, or you took it back. Look at your details."),
        Owner.SYSTEM,
    )


class NotAccepted(Refusal):
    """Why a change of name or address was not decided so."""

    DECIDED = (
        N_("This request is not open any more. Nothing was changed."),
        N_("Somebody has decided it, or the patient took it back. Look at what became of it."),
        Owner.SYSTEM,
    )
    NOTHING_TICKED = (
        N_("You accept the request but no change is ticked."),
        N_("Tick what you accept, or refuse the request."),
        Owner.PATIENT,
    )
    NO_ANSWER = (
        N_("The patient reads why not everything was accepted."),
        N_("Write a sentence for them. Say what they can do."),
        Owner.PATIENT,
    )


def why_may_not_ask(acting: Acting) -> NotAllowed | None:
    """Why this person may not ask for a change, or None.

    P5 is enough to send it, as the practice looks at it before anything changes; nothing kept is shown at P5.
    """
    if Service.DEMOGRAPHICS not in acting.switched_on:
        return NotAllowed.SERVICE_OFF
    if not acting.levels.get(Service.DEMOGRAPHICS, Level.NONE).allows(Level.MANAGE):
        return NotAllowed.SERVICE_NOT_YOURS
    return None if acting.identity >= Identity.P5 else NotAllowed.IDENTITY_TOO_LOW


def why_not_accepted(asked: Collection[str], accepted: Collection[str], *, refuse: bool, answer: str) -> Refusal | None:
    """Why the practice cannot decide so, or None: who does not get all that they asked for reads why."""
    if not refuse and not accepted:
        return NotAccepted.NOTHING_TICKED
    if (refuse or set(accepted) != set(asked)) and not answer.strip():
        return NotAccepted.NO_ANSWER
    return None
