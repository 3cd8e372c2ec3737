"""Is somebody who has forgotten their password given a way back into their account at the desk? Plain Python."""

from dataclasses import dataclass
from datetime import date

from patient_online.nhs.identity import Proof
from patient_online.refusals import N_, Owner, Refusal

FACE_TO_FACE = frozenset({Proof.DOCUMENTS, Proof.VOUCHED, Proof.VOUCHED_RECORD})


class NoWayBack(Refusal):
    """Why a letter with a way back into an account was not made."""

    CHECK_TODAY = (
        N_("Who the patient is must have been checked today, face to face."),
        N_("Check who they are again, as for a new registration. Then make the letter."),
        Owner.LAW,
    )
    WORKS = (
        N_("Somebody works with this account, so that the desk cannot open it."),
        N_("Their manager or an administrator can give them another way to sign in."),
        Owner.LAW,
    )
    NOT_THEIRS = (
        N_("This account is not linked to the patient by a check any more."),
        N_("Look at the accounts of this patient as they are now."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class WayBackFacts:
    """Whether the account is the patient's own by a check and open, whether it works anywhere, and the latest check."""

    theirs: bool
    works: bool
    proof: Proof | None
    checked_on: date | None


def why_no_way_back(facts: WayBackFacts, *, today: date) -> NoWayBack | None:
    """Why nobody is given a way back into the account, or None."""
    if not facts.theirs:
        return NoWayBack.NOT_THEIRS
    if facts.works:
        return NoWayBack.WORKS
    return None if facts.proof in FACE_TO_FACE and facts.checked_on == today else NoWayBack.CHECK_TODAY
