"""May a group take this name, may this line of a list join it, may this release rule be kept? Plain Python."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from patient_online.appointments.rules.release import ANYBODY, FURTHEST_DAYS, LONGEST_NOTICE, OLDEST, RuleFacts
from patient_online.nhs.numbers import is_valid, normalise
from patient_online.refusals import N_, Owner, Refusal

MOST_LINES = 2000
FURTHEST_EMBARGO = timedelta(days=366)


class NotGrouped(Refusal):
    """Why a group was not named so, or a list not taken."""

    NAME_TAKEN = (
        N_("There is a group with this name already."),
        N_("Choose another name, or add the patients to that group."),
        Owner.PATIENT,
    )
    TOO_MANY = (
        N_("The list has more than 2,000 lines."),
        N_("Send it in parts."),
        Owner.PATIENT,
    )


class NotAdded(Refusal):
    """Why the patient of one line did not join the group."""

    NO_NUMBER = (
        N_("This is not an NHS number."),
        N_("Check it for a mistyped digit. Write one NHS number of 10 digits on each line, and nothing else."),
        Owner.PATIENT,
    )
    NOBODY = (
        N_("Nobody registered at your practice has this NHS number."),
        N_("Check the number, and whether the patient has left."),
        Owner.PATIENT,
    )
    ALREADY_IN = (
        N_("This patient is in the group already."),
        N_("There is nothing more to do."),
        Owner.PATIENT,
    )
    TWICE = (
        N_("The same NHS number stands further up in the list."),
        N_("There is nothing more to do."),
        Owner.PATIENT,
    )


class NotRuled(Refusal):
    """Why a release rule was not kept."""

    AGES = (
        N_("The ages do not fit together."),
        N_("Enter whole years from 0 to 130, the youngest age first."),
        Owner.PATIENT,
    )
    RELEASE = (
        N_("A release needs both a number of days ahead, 0 to 365, and a time of day."),
        N_("Enter both, or leave both out."),
        Owner.PATIENT,
    )
    NOTICE = (
        N_("The shortest notice is from 0 minutes to 4 weeks."),
        N_("Enter it in minutes, or leave it out."),
        Owner.PATIENT,
    )
    EMBARGO = (
        N_("The day before which it is not released is more than a year ahead."),
        N_("Check the year, and enter a day within a year from now."),
        Owner.PATIENT,
    )
    SAYS_NOTHING = (
        N_("A rule that says nothing opens this kind of slot to everybody, whatever its other rules say."),
        N_("Say for whom it is or from when. To open it to everybody, remove its rules instead."),
        Owner.PATIENT,
    )
    NO_GROUP = (
        N_("There is no such group at your practice."),
        N_("Choose one of the groups that are offered."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list that somebody pasted: as it stands there, the NHS number it is, and why it was not taken."""

    text: str
    number: str = ""
    refused: NotAdded | None = None


def lines_of(text: str) -> list[str]:
    """The lines with something on them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_lines(text: str, *, registered: Collection[str], members: Collection[str]) -> list[Line]:
    """Every line in its order, with why it is not taken where it is not."""
    read: list[Line] = []
    seen: set[str] = set()
    for line in lines_of(text):
        number = normalise(line) if is_valid(line) else ""
        read.append(Line(line, number, _why_not_added(number, seen, registered, members)))
        seen.add(number)
    return read


def _why_not_added(
    number: str, seen: Collection[str], registered: Collection[str], members: Collection[str]
) -> NotAdded | None:
    reasons = [
        (not number, NotAdded.NO_NUMBER),
        (number in seen, NotAdded.TWICE),
        (number not in registered, NotAdded.NOBODY),
        (number in members, NotAdded.ALREADY_IN),
    ]
    return next((reason for holds, reason in reasons if holds), None)


def why_not_ruled(rule: RuleFacts, *, at: datetime) -> NotRuled | None:
    """Why the rule cannot be kept as it is, or None."""
    if rule == ANYBODY:
        return NotRuled.SAYS_NOTHING
    ages = [age for age in (rule.least_age, rule.most_age) if age is not None]
    if ages != sorted(ages) or not all(0 <= age <= OLDEST for age in ages):
        return NotRuled.AGES
    if (rule.days_ahead is None) != (rule.release_time is None) or not 0 <= (rule.days_ahead or 0) <= FURTHEST_DAYS:
        return NotRuled.RELEASE
    if rule.embargo_until and rule.embargo_until > at + FURTHEST_EMBARGO:
        return NotRuled.EMBARGO
    return None if 0 <= (rule.minimum_notice_minutes or 0) <= LONGEST_NOTICE else NotRuled.NOTICE
