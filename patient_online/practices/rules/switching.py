"""Which online services a practice may switch, how, and from which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from patient_online.nhs.dates import date_text
from patient_online.nhs.record_levels import RECORD_SERVICES, SERVICE_OF
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal, Refused

BUILT = frozenset({Service.APPOINTMENTS, Service.DEMOGRAPHICS})  # the online services that patients can use
# What a practice may decide on: what it decides of the others holds as soon as patients can use them.
DECIDED = BUILT | RECORD_SERVICES | {Service.PRESCRIPTIONS}
# The services that somebody may look at without acting; the record is only ever looked at.
WITH_A_CEILING = frozenset({Service.APPOINTMENTS, Service.PRESCRIPTIONS, Service.DEMOGRAPHICS})
OFF, ON = "available", "switched-on"
LEAST_FIRST = tuple(SERVICE_OF.values())
MOST_AHEAD_DAYS = 2 * 366


class NotSwitched(Refusal):
    """Why an online service was not switched."""

    PAST_DAY = (
        N_("A service cannot be switched from a day that has been: the history stays as it was."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )
    TOO_FAR = (
        N_("That day is more than two years ahead."),
        N_("Check the year."),
        Owner.PATIENT,
    )
    NEEDS_THE_LEVEL_BELOW = (
        N_("A level of the record cannot be on while a level below it is off."),
        N_("Switch on the levels below it first, from the same day or an earlier one."),
        Owner.LAW,
    )
    LEVEL_ABOVE_IS_ON = (
        N_("A level of the record cannot be off while a level above it is on."),
        N_("Switch off the levels above it first, from the same day or an earlier one."),
        Owner.LAW,
    )
    ALREADY_SO = (
        N_("It is so already, since %(day)s."),
        N_("You do not need to do anything. To change something, choose otherwise."),
        Owner.PATIENT,
    )
    PLANNED_FOR_NOTHING = (
        N_("With this, what is planned from %(day)s would change nothing."),
        N_("Take that planned change back first."),
        Owner.PATIENT,
    )
    NOT_PLANNED = (
        N_("This change is not planned any more: it holds already, or was taken back."),
        N_("Look at how the service stands now."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """That a service stands so from a day on."""

    service: Service
    from_day: date
    status: str
    ceiling: str = Level.MANAGE

    def is_as(self, other: "Decided") -> bool:
        """Whether the service stands the same; how much patients may do counts while it is switched on."""
        return self.status == other.status and (self.status != ON or self.ceiling == other.ceiling)


def as_on(decisions: Iterable[Decided], day: date) -> dict[Service, str]:
    """How each service stands on a day: the last decision that holds from it, or from a day before it."""
    earlier = sorted((each for each in decisions if each.from_day <= day), key=lambda each: each.from_day)
    return {each.service: each.status for each in earlier}


def why_not_switched(from_day: date, *, today: date) -> NotSwitched | None:
    """Why an online service may not be switched from this day on, or None."""
    if from_day < today:
        return NotSwitched.PAST_DAY
    return NotSwitched.TOO_FAR if (from_day - today).days > MOST_AHEAD_DAYS else None


def why_nothing_changes(new: Decided, known: Iterable[Decided], *, today: date) -> Refused | None:
    """Why a decision about a service would change nothing, or a planned one after it, or None; `known` are of it."""
    rows = sorted(known, key=lambda each: each.from_day)
    earlier = [each for each in rows if each.from_day <= new.from_day]
    if earlier and new.is_as(earlier[-1]):
        return Refused(NotSwitched.ALREADY_SO, day=date_text(_since(earlier)))
    before = [each for each in earlier if each.from_day < new.from_day]
    if new.from_day > today and before and new.is_as(before[-1]):
        return Refused(NotSwitched.PLANNED_FOR_NOTHING, day=date_text(new.from_day))
    later = [each for each in rows if each.from_day > new.from_day]
    if later and new.is_as(later[0]):
        return Refused(NotSwitched.PLANNED_FOR_NOTHING, day=date_text(later[0].from_day))
    return None


def _since(rows: Sequence[Decided]) -> date:
    """The first day of the last of the decisions, and of those right before it that said the same."""
    same = list(takewhile(lambda each: each.is_as(rows[-1]), reversed(rows)))
    return same[-1].from_day


def why_not_in_order(service: Service, before: Iterable[Decided], after: Iterable[Decided]) -> NotSwitched | None:
    """Why another decision about a service leaves the levels of the record out of order, or None.

    Nothing is said of what was out of order before: it came from elsewhere.
    """
    if service not in LEAST_FIRST:
        return None
    old, new = list(before), list(after)
    days = {each.from_day for each in (*old, *new)}
    made = [gap for day in days for gap in _gaps(as_on(new, day)) if gap not in _gaps(as_on(old, day))]
    if not made:
        return None
    low, _high = made[0]
    return NotSwitched.LEVEL_ABOVE_IS_ON if low is service else NotSwitched.NEEDS_THE_LEVEL_BELOW


def _gaps(status: Mapping[Service, str]) -> list[tuple[Service, Service]]:
    """The levels that are on while one below them is off: with the one below, first."""
    pairs = [(low, high) for n, high in enumerate(LEAST_FIRST) for low in LEAST_FIRST[:n]]
    return [(low, high) for low, high in pairs if status.get(high) == ON and status.get(low) != ON]
