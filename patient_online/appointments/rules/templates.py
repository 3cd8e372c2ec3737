"""May a session, a template or an absence be made so? Plain Python."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from patient_online.appointments.rules.sessions import LOOKED_AHEAD, Part, Plan
from patient_online.nhs.stretches import Stretch
from patient_online.refusals import N_, Owner, Refusal

MOST_PARTS = 8
MOST_MINUTES = 480
MOST_SLOTS = 100
MOST_SEATS = 100
MINUTES_OF_A_DAY = 24 * 60
LONGEST_SESSION = 14 * 60  # minutes
MOST_SLOTS_IN_ALL = 200
AWAY_AHEAD_DAYS = 2 * 366


class NotMade(Refusal):
    """Why a session or a template was not made, changed or stopped."""

    NO_SLOTS = (
        N_("A session needs at least one slot."),
        N_("Choose a kind of slot for at least one of its parts."),
        Owner.PATIENT,
    )
    TOO_LONG = (
        N_("This session would last longer than 14 hours."),
        N_("Take away some of its slots, or make two sessions of it."),
        Owner.PATIENT,
    )
    TOO_MANY = (
        N_("This session would have more than 200 slots."),
        N_("Take away some of its slots, or make two sessions of it."),
        Owner.PATIENT,
    )
    PAST_MIDNIGHT = (
        N_("This session would go on after midnight."),
        N_("Start it earlier, or take away some of its slots."),
        Owner.PATIENT,
    )
    NO_DAY = (
        N_("There is no day from now on that fits."),
        N_("Check the days, and the first and last day."),
        Owner.PATIENT,
    )
    NOT_HERE = (
        N_("This clinician, site or kind of slot is not one of your practice's."),
        N_("Choose one of those that are offered."),
        Owner.SYSTEM,
    )
    NO_WORDS = (
        N_("“%(kind)s” cannot be put online: it has no national category, or no words for patients."),
        N_("Give it both at “Words for appointments”, or leave these slots offline."),
        Owner.PRACTICE,
    )
    IN_THE_WAY = (
        N_("%(clinician)s already has “%(session)s” at %(site)s at this time: %(days)s."),
        N_("Choose another time or other days, or stop the other session first."),
        Owner.SYSTEM,
    )
    CLOSED = (
        N_("The practice is closed on this day."),
        N_("Choose another day, or take the closure back."),
        Owner.PRACTICE,
    )
    AWAY = (
        N_("The clinician is away on this day."),
        N_("Choose another day, or take the absence back."),
        Owner.PRACTICE,
    )
    AWAY_THEN = (
        N_("The clinician is away on this day from %(hours)s."),
        N_("Choose another time, or take the absence back."),
        Owner.PRACTICE,
    )
    DAY_TOO_FAR = (
        N_("This day is more than two years ahead."),
        N_("Check the year, and add the session nearer to its time."),
        Owner.PATIENT,
    )
    GONE = (
        N_("The clinician does not work here on this day."),
        N_("Choose another day or another clinician."),
        Owner.PRACTICE,
    )
    CLOCKS = (
        N_("There is no such time on this day: the clocks go forward over it."),
        N_("Start the session earlier or later."),
        Owner.PATIENT,
    )
    BEGUN = (
        N_("This session would have started already."),
        N_("Choose a later time or another day."),
        Owner.PATIENT,
    )
    STOPPED_ALREADY = (
        N_("This template has already stopped by then."),
        N_("Choose an earlier day."),
        Owner.SYSTEM,
    )
    IN_THE_PAST = (
        N_("That day has been: what was in the book then stays as it was."),
        N_("Choose today or a later day."),
        Owner.PATIENT,
    )


class NotAway(Refusal):
    """Why an absence was not entered or taken back."""

    DAYS_HAVE_BEEN = (
        N_("These days have been."),
        N_("Enter an absence that lasts until today or a later day."),
        Owner.PATIENT,
    )
    NO_SUCH_CLINICIAN = (
        N_("This clinician is not one of your practice's."),
        N_("Choose one of those that are offered."),
        Owner.SYSTEM,
    )
    TOO_FAR = (
        N_("The last day away is more than two years ahead."),
        N_("Check the year, and enter the absence nearer to its time."),
        Owner.PATIENT,
    )
    ENTERED_ALREADY = (
        N_("%(clinician)s is away then already: an absence from %(first)s to %(last)s has been entered."),
        N_("You do not need to enter it again. To change it, take that one back first."),
        Owner.PRACTICE,
    )
    IN_DISORDER = (
        N_("The absence would end before it begins."),
        N_("Check the days, and the times if you gave any."),
        Owner.PATIENT,
    )
    TAKEN_BACK = (
        N_("This absence was already taken back."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


def why_not_plan(plan: Plan, *, worded: Mapping[UUID, bool], today: date) -> NotMade | None:
    """Why no session can be made so, or None. `worded` has the practice's kinds of slot: may each be put online?"""
    kinds = [part for part in plan.parts if part.type_id]
    if not kinds:
        return NotMade.NO_SLOTS
    if any(part.type_id not in worded for part in kinds):
        return NotMade.NOT_HERE
    if wordless(plan.parts, worded):
        return NotMade.NO_WORDS
    if reason := _why_too_much(plan):
        return reason
    days = plan.pattern.days_with_holidays(today, max(today, plan.pattern.first) + LOOKED_AHEAD)
    return None if any(True for _ in days) else NotMade.NO_DAY


def _why_too_much(plan: Plan) -> NotMade | None:
    """A mistyped number may not fill the book: each save makes sessions for weeks."""
    if plan.minute_of_day + plan.minutes > MINUTES_OF_A_DAY:
        return NotMade.PAST_MIDNIGHT
    if plan.minutes > LONGEST_SESSION:
        return NotMade.TOO_LONG
    slots = sum(part.count for part in plan.parts if part.type_id)
    return NotMade.TOO_MANY if slots > MOST_SLOTS_IN_ALL else None


def wordless(parts: Iterable[Part], worded: Mapping[UUID, bool]) -> UUID | None:
    """The first kind of slot that would be put online without words and national category, or None."""
    return next((part.type_id for part in parts if part.online and part.type_id and not worded[part.type_id]), None)


def why_not_stop(from_day: date, *, stops: date | None, today: date) -> NotMade | None:
    """Why a template whose last day is `stops` may not be stopped from the day on, or None."""
    if from_day < today:
        return NotMade.IN_THE_PAST
    return NotMade.STOPPED_ALREADY if stops is not None and stops < from_day else None


def why_not_away(stretch: Stretch, *, today: date) -> NotAway | None:
    """Why an absence may not be entered, or None."""
    if stretch.last < today:
        return NotAway.DAYS_HAVE_BEEN
    if not stretch.in_order:
        return NotAway.IN_DISORDER
    return NotAway.TOO_FAR if (stretch.last - today).days > AWAY_AHEAD_DAYS else None
