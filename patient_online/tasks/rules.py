"""When is a task due, and who may have it? Plain Python."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from patient_online.asking import Role
from patient_online.nhs.bank_holidays import next_working_day
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.refusals import N_, Owner, Refusal

MOST_COVER_DAYS = 366
MOST_AHEAD_DAYS = 366


class NotOwned(Refusal):
    """Why a task is not anybody's, or not given to somebody."""

    ENDED = (
        N_("This task is done, or was withdrawn. Nothing was changed."),
        N_("Look at the work list as it is now."),
        Owner.SYSTEM,
    )
    TAKEN = (
        N_("Somebody else has taken this task, or given it to somebody, since you opened this page."),
        N_("Look at whose it is now before you change it."),
        Owner.SYSTEM,
    )
    WRONG_ROLE = (
        N_("This person’s role does not include this kind of task."),
        N_("Give it to somebody who can decide it."),
        Owner.PRACTICE,
    )
    HAS_LEFT = (
        N_("This person does not work at the practice any more."),
        N_("Give the task to somebody else."),
        Owner.PRACTICE,
    )


class NotCovered(Refusal):
    """Why nobody covers for somebody."""

    ONESELF = (
        N_("Nobody can cover for themselves."),
        N_("Choose somebody else."),
        Owner.PATIENT,
    )
    IN_DISORDER = (
        N_("The last day is before the first."),
        N_("Check both days."),
        Owner.PATIENT,
    )
    PAST = (
        N_("The last day has already been."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )
    TOO_LONG = (
        N_("That is longer than a year, or more than a year ahead."),
        N_("Check the years."),
        Owner.PATIENT,
    )
    OVERLAPS = (
        N_("Somebody covers for this person on some of these days already."),
        N_("Choose other days, or take that cover back first."),
        Owner.PRACTICE,
    )
    NOT_THERE = (
        N_("This person does not work at the practice any more."),
        N_("Choose somebody else."),
        Owner.PRACTICE,
    )
    SEES_NONE_OF_THEM = (
        N_("This person’s roles do not let them see the tasks of who is away."),
        N_("Choose somebody whose roles do, or ask your practice manager about their roles."),
        Owner.PRACTICE,
    )
    ALREADY_TAKEN_BACK = (
        N_("This cover was already taken back."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


def due_after(made_at: datetime, working_days: int) -> datetime:
    """When a task is overdue: as the last of so many working days of England ends, the day it came not counted."""
    day = local_day(made_at)
    for _ in range(working_days):
        day = next_working_day(day)
    return day_bounds(day)[1]


def last_day(due_at: datetime) -> date:
    """The last day on which a task is in time."""
    return local_day(due_at - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """Of whom a task is to be given to: whether they work here, and which roles they have."""

    works_here: bool
    roles: Collection[Role]


def why_not_given(facts: OwnerFacts, *, deciders: frozenset[Role]) -> NotOwned | None:
    """Why the task may not be this person's, or None."""
    if not facts.works_here:
        return NotOwned.HAS_LEFT
    return NotOwned.WRONG_ROLE if deciders.isdisjoint(facts.roles) else None


def why_no_cover(first: date, last: date, *, oneself: bool, today: date) -> NotCovered | None:
    """Why nobody can cover from a day to a day, or None."""
    if oneself:
        return NotCovered.ONESELF
    if last < first:
        return NotCovered.IN_DISORDER
    if last < today:
        return NotCovered.PAST
    too_long = (last - first).days > MOST_COVER_DAYS or (first - today).days > MOST_AHEAD_DAYS
    return NotCovered.TOO_LONG if too_long else None
