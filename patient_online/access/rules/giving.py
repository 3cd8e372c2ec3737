"""May an account be given this? What its check of identity allows, and whether the patient is still here."""

from dataclasses import dataclass
from datetime import date

from patient_online.nhs.identity import Identity, Proof, enough, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal


class NotGiven(Refusal):
    """Why an account was not given a service, or so much of a record."""

    NOT_SHOWN = (
        N_("Nobody has checked yet who uses this account."),
        N_("Check who they are first, at the desk. Then give the service."),
        Owner.LAW,
    )
    CHECK_TOO_WEAK = (
        N_("Their identity was checked from afar, by vouching. That is not enough for more than the summary."),
        N_("Check documents, or vouch for them face to face. Then give more of the record."),
        Owner.LAW,
    )
    GONE = (
        N_("The patient has left the practice or has died, so nothing can be given online."),
        N_("If that is wrong, put the registration right first."),
        Owner.SYSTEM,
    )
    NOT_LINKED = (
        N_("This account is not linked to the patient."),
        N_("Register the patient for online services first."),
        Owner.SYSTEM,
    )
    DAY_TO_COME = (
        N_("The day that parts old from new entries cannot be in the future."),
        N_("Enter today or an earlier day."),
        Owner.PATIENT,
    )
    OLD_BY_THE_DAY = (
        N_("What was written before this day are old entries. A GP or a manager opens them, after a review."),
        N_("Enter today, or leave the day as it is. Or ask a GP or a manager."),
        Owner.PRACTICE,
    )
    REVIEW_FIRST = (
        N_("A code in the record says: review it first, or the patient declined. No access has been set since."),
        N_("Ask a GP or a manager to look at the record and to decide."),
        Owner.PRACTICE,
    )
    CHECK_NOT_KEPT = (
        N_("It was not written down how it was checked who this is. That is not enough for more than the summary."),
        N_("Check who they are, at the desk. Then give more of the record."),
        Owner.LAW,
    )
    OLD_ABOVE_NEW = (
        N_("Old entries cannot be shown in more detail than new ones."),
        N_("Choose the same for both, or less for the old entries."),
        Owner.PATIENT,
    )


@dataclass(frozen=True, slots=True)
class GivingFacts:
    """How an account stands to a patient. `proof` and `identity` are of its link, None where there is none."""

    here: bool
    proof: Proof | None
    identity: Identity | None


def why_not_given(facts: GivingFacts, service: Service, level: Level) -> NotGiven | None:
    """Why the account may not be given the service at this level, or None."""
    if not facts.here:
        return NotGiven.GONE
    if facts.identity is None:
        return NotGiven.NOT_LINKED
    return NotGiven.NOT_SHOWN if facts.identity < enough(service, level) else None


def why_not_shown(
    facts: GivingFacts, current: RecordLevel, historic: RecordLevel, from_day: date, *, today: date
) -> NotGiven | None:
    """Why the account may not be shown so much of the record, or None. Nothing at all is always possible."""
    if not facts.here:
        return NotGiven.GONE
    if from_day > today:
        return NotGiven.DAY_TO_COME
    if historic.rank > current.rank:
        return NotGiven.OLD_ABOVE_NEW
    return None if current is RecordLevel.NONE else _why_too_much(facts, current)


def why_not_by_the_desk(
    had: RecordLevel, had_from: date | None, from_day: date, *, stands_against: bool, today: date
) -> NotGiven | None:
    """Why who may not open old entries may not show the record from this day on, or None.

    `had` is what is shown of new entries now, and since when; `stands_against` a code that says review, or declined.
    """
    nothing_yet = had is RecordLevel.NONE or had_from is None
    if nothing_yet and stands_against:
        return NotGiven.REVIEW_FIRST
    least = today if nothing_yet or had_from is None else had_from
    return NotGiven.OLD_BY_THE_DAY if from_day < least else None


def why_above_the_check(proof: Proof, wanted: RecordLevel) -> NotGiven | None:
    """Why a check of identity of this kind is not enough for so much of the record, or None."""
    if wanted.rank <= most_record(proof).rank:
        return None
    return NotGiven.CHECK_NOT_KEPT if proof is Proof.STAFF else NotGiven.CHECK_TOO_WEAK


def _why_too_much(facts: GivingFacts, current: RecordLevel) -> NotGiven | None:
    if facts.identity is None or facts.proof is None:
        return NotGiven.NOT_LINKED
    if facts.identity < Identity.P9:
        return NotGiven.NOT_SHOWN
    return why_above_the_check(facts.proof, current)
