"""Is an account linked to a patient, by a letter or by a claim? Plain Python over facts.

Whatever is wrong with a letter there is one answer: who guesses learns nothing (ASVS 6.3.8).
"""

from dataclasses import dataclass
from datetime import date

from patient_online.identity.rules import DAY, HOUR, Limit
from patient_online.nhs.names import folded
from patient_online.refusals import N_, Owner, Refusal

MOST_WRONG = 5
CLAIMS_FROM = 16  # years of age: nobody claims to be a child
OF_AN_ACCOUNT = Limit("link", 9, (HOUR,), DAY)
OF_A_NETWORK = Limit("link-network", 49, (HOUR,), HOUR)
CLAIMS_OF_AN_ACCOUNT = Limit("claim", 4, (DAY,), DAY)  # the fifth is the last of a day
CLAIMS_OF_A_NETWORK = Limit("claim-network", 19, (DAY,), DAY)


class NotLinked(Refusal):
    """Why an account was not linked to a patient."""

    WRONG = (
        N_("What you typed does not fit a letter that can be used."),
        N_("Check it against your letter. If it still does not work, ask your practice for a new one."),
        Owner.PATIENT,
    )
    TOO_MANY = (
        N_("Too many tries have been made."),
        N_("Try again later today or tomorrow, or ask at the reception desk of your practice."),
        Owner.SYSTEM,
    )
    ALREADY = (
        N_("Your account is already linked to a practice."),
        N_("An account is for one person. To link another practice, ask the first one to end the link."),
        Owner.LAW,
    )
    NOT_CLAIMED = (
        N_("This account has been linked by a check meanwhile. Nothing was changed."),
        N_("Look at the accounts of this patient as they are now."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class Name:
    """Who somebody says they are, or who a patient is."""

    family: str
    given: str
    born: date


def is_named(family: str, typed: str) -> bool:
    """Whether the family name is the one that was typed: capitals, accents, apostrophes and hyphens do not count."""
    return _plain(family) == _plain(typed) != ""


def is_same(patient: Name, claimed: Name) -> bool:
    """Whether somebody says the name and birth date of the patient; of several given names the first will do."""
    given, said = _plain(patient.given).split(" "), _plain(claimed.given).split(" ")
    return is_named(patient.family, claimed.family) and patient.born == claimed.born and given[0] == said[0] != ""


def _plain(text: str) -> str:
    return " ".join(folded(text).split())
