"""Is somebody known well enough to be registered for online services? Plain Python over facts.

Source: NHS England's guidance on checking identity at the practice (documents, vouching, vouching with questions from
the record) and the RCGP's toolkit on coercion; a child of 11 or older may ask for themselves where a GP thinks so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from patient_online.access.rules.oneself import NotByOneself
from patient_online.nhs.identity import Proof, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal

CHECK_LASTS = timedelta(days=28)  # a letter may be made from a check so old
LETTER_DAYS = range(1, 29)  # what a practice may choose
YOUNGEST, ADULT = 11, 16  # years of age
BY_VOUCHING = frozenset({Proof.VOUCHED, Proof.VOUCHED_RECORD, Proof.VOUCHED_REMOTE})
AT_THE_DESK = (Proof.DOCUMENTS, Proof.VOUCHED, Proof.VOUCHED_RECORD, Proof.VOUCHED_REMOTE)


class Document(StrEnum):
    """What shows who somebody is; those with a photograph first."""

    PASSPORT = "passport"
    DRIVING_LICENCE = "driving-licence"
    RESIDENCE_PERMIT = "residence-permit"
    IDENTITY_CARD = "identity-card"
    AGE_CARD = "age-card"
    BANK_STATEMENT = "bank-statement"
    COUNCIL_TAX = "council-tax"
    BENEFITS_LETTER = "benefits-letter"
    TENANCY = "tenancy"
    BIRTH_CERTIFICATE = "birth-certificate"
    UTILITY_BILL = "utility-bill"


WITH_PHOTOGRAPH = frozenset(
    {
        Document.PASSPORT,
        Document.DRIVING_LICENCE,
        Document.RESIDENCE_PERMIT,
        Document.IDENTITY_CARD,
        Document.AGE_CARD,
    }
)


class NotChecked(Refusal):
    """Why a check of who somebody is does not count."""

    GONE = (
        N_("This patient is no longer registered at the practice."),
        N_("Online services are only for patients who are registered now."),
        Owner.LAW,
    )
    TOO_YOUNG = (
        N_("Children younger than 11 have no online services of their own."),
        N_("Tell their parent or guardian what the practice can do for them at the desk or by telephone."),
        Owner.PRACTICE,
    )
    GP_DECIDES = (
        N_("For somebody between 11 and 15, a GP decides whether they understand what they ask for."),
        N_("Ask a GP to do this check."),
        Owner.PRACTICE,
    )
    FEW_DOCUMENTS = (
        N_("Two different documents are needed, and at least one of them with a photograph."),
        N_("Choose all that you have seen. If the patient has no more with them, they can come back."),
        Owner.PATIENT,
    )
    NOT_NAMED = (
        N_("You have not been named as somebody who may vouch for patients."),
        N_("Check documents, or ask a colleague whom the manager has named."),
        Owner.PRACTICE,
    )
    HARDLY_KNOWN = (
        N_("Vouching needs somebody who has known the patient for at least a year and is no relative."),
        N_("Check documents, or ask a colleague who knows the patient."),
        Owner.PRACTICE,
    )
    NOT_ANSWERED = (
        N_("The patient must answer at least two open questions from the record right."),
        N_("Do not go on with questions: check documents."),
        Owner.PRACTICE,
    )
    NOT_IN_PRIVATE = (
        N_("Somebody else may be making the patient ask for this."),
        N_("Speak with the patient alone first. You can stop here at any time: nothing has been kept."),
        Owner.PATIENT,
    )


class NoLetter(Refusal):
    """Why no letter with a linkage key was made, or none was taken back."""

    CHECK_TOO_OLD = (
        N_("Who the patient is was checked too long ago for a new letter."),
        N_("Check it again."),
        Owner.PRACTICE,
    )
    ABOVE_THE_CHECK = (
        N_("Vouching by telephone or video is not enough for the detailed record, documents or the full record."),
        N_("Choose the summary or nothing, or check again when the patient is at the desk."),
        Owner.LAW,
    )
    ABOVE_THE_PRACTICE = (
        N_("Your practice does not offer that much online."),
        N_("Choose less, or ask the manager to switch it on."),
        Owner.PRACTICE,
    )
    OLD_ABOVE_NEW = (
        N_("Old entries cannot be shown in more detail than new ones."),
        N_("Choose for new entries at least as much as for old ones."),
        Owner.PATIENT,
    )
    NOTHING = (
        N_("A letter that gives nothing is of no use."),
        N_("Choose at least one online service."),
        Owner.PATIENT,
    )
    NONE_OPEN = (
        N_("There is no letter any more that could be used."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen and heard at a check; `questions` is how many from the record were answered right."""

    in_private: bool = False
    documents: tuple[Document, ...] = ()
    known_a_year: bool = False
    no_relative: bool = False
    questions: int = 0


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """Who is checked and by whom: age in years; `oneself` where the account of who checks acts for the patient."""

    registered: bool
    age: int
    oneself: bool
    named: bool
    by_a_gp: bool


def why_not_looked_after(facts: CheckFacts) -> Refusal | None:
    """Why this member of staff may not register this patient for online services, or None."""
    if not facts.registered:
        return NotChecked.GONE
    if facts.oneself:
        return NotByOneself.ONESELF
    if facts.age < YOUNGEST:
        return NotChecked.TOO_YOUNG
    return NotChecked.GP_DECIDES if facts.age < ADULT and not facts.by_a_gp else None


def why_not_checked(proof: Proof, seen: Seen, facts: CheckFacts) -> Refusal | None:
    """Why a check of this sort does not show who the patient is, or None."""
    if refusal := why_not_looked_after(facts):
        return refusal
    if not seen.in_private:
        return NotChecked.NOT_IN_PRIVATE
    return _why_not_vouched(proof, seen, facts) if proof in BY_VOUCHING else _why_not_shown(seen)


def _why_not_shown(seen: Seen) -> NotChecked | None:
    shown = set(seen.documents)
    enough = len(shown) >= 2 and shown & WITH_PHOTOGRAPH
    return None if enough else NotChecked.FEW_DOCUMENTS


def _why_not_vouched(proof: Proof, seen: Seen, facts: CheckFacts) -> NotChecked | None:
    if not facts.named:
        return NotChecked.NOT_NAMED
    if not (seen.known_a_year and seen.no_relative) and proof is Proof.VOUCHED:
        return NotChecked.HARDLY_KNOWN
    asks = proof in (Proof.VOUCHED_RECORD, Proof.VOUCHED_REMOTE)
    return NotChecked.NOT_ANSWERED if asks and seen.questions < 2 else None


@dataclass(frozen=True, slots=True)
class Gives:
    """What an account gets when a letter links it: services with their levels, and how much of the record.

    `current` is None where the desk leaves it to the national rule: new entries, unless a code says otherwise.
    """

    services: Mapping[Service, Level]
    current: RecordLevel | None = None
    historic: RecordLevel = RecordLevel.NONE


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """How the patient was checked and when, and the most that the practice offers of each service and of the record."""

    proof: Proof
    checked_at: datetime
    offered: Mapping[Service, Level]
    record: RecordLevel


def record_offered(facts: LetterFacts) -> list[RecordLevel]:
    """The levels of the record that a letter may give, least first."""
    most = facts.record.at_most(most_record(facts.proof))
    return [level for level in RecordLevel if level.rank <= most.rank]


def why_no_letter(gives: Gives, facts: LetterFacts, *, at: datetime) -> NoLetter | None:
    """Why a letter may not give this, or None."""
    if at - facts.checked_at > CHECK_LASTS:
        return NoLetter.CHECK_TOO_OLD
    # By the national rule new entries are shown as far as the check allows; old ones are cut to that when it is linked.
    current = gives.historic if gives.current is None else gives.current
    if gives.historic.rank > current.rank:
        return NoLetter.OLD_ABOVE_NEW
    if current.rank > most_record(facts.proof).rank:
        return NoLetter.ABOVE_THE_CHECK
    above = any(level > facts.offered.get(service, Level.NONE) for service, level in gives.services.items())
    if above or current.rank > facts.record.rank:
        return NoLetter.ABOVE_THE_PRACTICE
    anything = gives.current is None or current.rank or any(level > Level.NONE for level in gives.services.values())
    return None if anything else NoLetter.NOTHING
