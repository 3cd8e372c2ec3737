"""Who gets their time again when a withdrawn session is put back, and who does not? Plain Python over facts."""

from dataclasses import dataclass
from enum import Enum

from patient_online.refusals import N_


class StaysCancelled(Enum):
    """Why somebody does not get their time again; the value is what staff read."""

    GONE = N_("Is no longer a patient here.")
    CHOSE_AGAIN = N_("Has another appointment instead.")
    CLASHES = N_("Has another appointment at that time.")
    TAKEN = N_("Somebody else has a part of the time.")


@dataclass(frozen=True, slots=True)
class BackFacts:
    """What is known of a patient whose appointment was withdrawn, and of the time that they had."""

    here: bool
    chose_again: bool
    clashes: bool
    taken: bool


def why_stays_cancelled(facts: BackFacts) -> StaysCancelled | None:
    """Why the patient does not get the time again, or None."""
    if not facts.here:
        return StaysCancelled.GONE
    if facts.chose_again:
        return StaysCancelled.CHOSE_AGAIN
    if facts.clashes:
        return StaysCancelled.CLASHES
    return StaysCancelled.TAKEN if facts.taken else None
