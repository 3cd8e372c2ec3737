"""What do the codes about online access in a record come to? 103 declined, 104 review first, 106 no review needed.

Source: NHS England's "Accelerating patient access to their record": the codes are weighed when an account is linked, on
the 16th birthday and when a practice goes live. Once access has been set they have no further effect.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from patient_online.nhs.dates import age_on
from patient_online.nhs.record_levels import RecordLevel
from patient_online.refusals import N_, Owner, Refusal

DECLINED = "1290331000000103"
REVIEW = "1364731000000104"
NO_REVIEW = "1364751000000106"
CODES = {
    DECLINED: N_("103: the patient declined online access to their record"),
    REVIEW: N_("104: enhanced review needed before access"),
    NO_REVIEW: N_("106: enhanced review not needed"),
}
ADULT_FOR_RECORDS = 16
ENHANCED_REVIEW = "enhanced-review"  # the task that a 104 puts on the work list


class NotCoded(Refusal):
    """Why a code about access was not entered."""

    UNKNOWN = (N_("This is not one of the three codes."), N_("Choose 103, 104 or 106."), Owner.PATIENT)
    DAY_TO_COME = (
        N_("The code cannot have a date in the future."),
        N_("Enter today or an earlier day."),
        Owner.PATIENT,
    )
    BEFORE_BIRTH = (
        N_("The code cannot be older than the patient."),
        N_("Check the day."),
        Owner.PATIENT,
    )


class Outcome(StrEnum):
    """What weighing came to."""

    PROSPECTIVE = "prospective"  # new entries are shown from today on
    REVIEW = "review"
    DECLINED = "declined"
    ALREADY_SET = "already-set"
    UNDER_SIXTEEN = "under-sixteen"
    NOT_OFFERED = "not-offered"  # the practice shows no record yet: to be weighed when it does
    NOT_SHOWN = "not-shown"  # nobody has checked who uses the account well enough


@dataclass(frozen=True, slots=True)
class Coded:
    """One code in a record: which, the day that it bears, and when it was recorded."""

    code: str
    dated: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What is weighed for one account: its patient's birth date, what is set, what the practice shows and may show."""

    born: date
    already_set: bool
    ceiling: RecordLevel
    most: RecordLevel  # by the check of identity


@dataclass(frozen=True, slots=True)
class Weighed:
    """What weighing came to, and the code that said so, if one did."""

    outcome: Outcome
    code: str = ""


def standing_code(codes: Iterable[Coded]) -> str:
    """The code that counts: the latest by its day, then by when it was recorded; nothing where none is left.

    A 106 undoes the 104 before it, no more: what the patient declined stays declined until they ask. Of a 104 and a 106
    that cannot be told apart in time the 104 counts.
    """
    order = {NO_REVIEW: 0, DECLINED: 1, REVIEW: 2}
    known = sorted(
        (each for each in codes if each.code in order),
        key=lambda each: (each.dated, each.recorded_at, order[each.code]),
    )
    left: list[str] = []
    for each in known:
        if each.code == NO_REVIEW:
            left = [code for code in left if code != REVIEW]
        left.append(each.code)
    said = [code for code in left if code != NO_REVIEW]
    return said[-1] if said else left[-1] if left else ""


def weigh(facts: AccessFacts, codes: Iterable[Coded], *, today: date) -> Weighed:
    """What the account gets of the record by itself: new entries from today on, or nothing yet and why."""
    if facts.already_set:
        return Weighed(Outcome.ALREADY_SET)
    if age_on(facts.born, today) < ADULT_FOR_RECORDS:
        return Weighed(Outcome.UNDER_SIXTEEN)
    code = standing_code(codes)
    if code in (REVIEW, DECLINED):
        return Weighed(Outcome.REVIEW if code == REVIEW else Outcome.DECLINED, code)
    if facts.most is RecordLevel.NONE:
        return Weighed(Outcome.NOT_SHOWN, code)
    if facts.ceiling is RecordLevel.NONE:
        return Weighed(Outcome.NOT_OFFERED, code)
    return Weighed(Outcome.PROSPECTIVE, code)


def why_not_coded(code: str, dated: date, *, born: date, today: date) -> NotCoded | None:
    """Why a code may not be entered, or None."""
    if code not in CODES:
        return NotCoded.UNKNOWN
    if dated > today:
        return NotCoded.DAY_TO_COME
    return NotCoded.BEFORE_BIRTH if dated < born else None
