"""When a kind of slot is open to a patient: each release rule is an interval of starts. Plain Python, at an instant.

A kind without rules is for everybody by the practice's policies. With rules, one that lets the start in is enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import chain
from uuid import UUID

from patient_online.nhs.dates import LONDON, day_bounds, local_day

OLDEST = 130
FURTHEST_DAYS = 365
LONGEST_NOTICE = 28 * 24 * 60  # minutes
ALWAYS, NEVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)


class Shut(Enum):
    """Why no rule lets a slot in."""

    NOT_FOR_YOU = "not for you"
    NOT_RELEASED = "not released"
    TOO_FAR_AHEAD = "too far ahead"
    TOO_SOON = "too soon"
    NEVER_OPEN = "never open"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """One rule: for whom it is, and from when to when it lets a slot in. What is None it leaves to the policies.

    Ages are whole years on the day of the appointment, both included.
    """

    cohort_id: UUID | None = None
    least_age: int | None = None
    most_age: int | None = None
    sex: str = ""
    days_ahead: int | None = None
    release_time: time | None = None
    embargo_until: datetime | None = None
    minimum_notice_minutes: int | None = None

    def notice(self, reach: "Reach") -> timedelta:
        """How long before its start a slot must be booked; at the start itself it is too late."""
        minutes = self.minimum_notice_minutes
        least = timedelta(minutes=reach.minimum_notice_minutes if minutes is None else minutes)
        return max(least, timedelta.resolution)


@dataclass(frozen=True, slots=True)
class WhoFacts:
    """What the rules need to know of the patient; of the groups only those that a rule names matter."""

    birth_date: date
    sex: str
    cohorts: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far ahead and how late the practice's policies let patients book."""

    book_ahead_days: int
    minimum_notice_minutes: int

    @classmethod
    def of(cls, policies: Mapping[str, int]) -> "Reach":
        """What the policies say, by their names."""
        return cls(policies["book_ahead_days"], policies["minimum_notice_minutes"])


@dataclass(frozen=True, slots=True)
class Opening:
    """The starts that are let in: from `since`, and before `until`."""

    since: datetime
    until: datetime

    def lets_in(self, starts_at: datetime) -> bool:
        """Whether a slot that starts then is let in."""
        return self.since <= starts_at < self.until

    def within(self, other: "Opening") -> "Opening":
        """What both let in."""
        return Opening(max(self.since, other.since), min(self.until, other.until))


ANYBODY = RuleFacts()
SOMEBODY = WhoFacts(date(1900, 1, 1), "")  # where no rule asks who it is


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides which kinds of slot are open to one patient: who it is, the policies, the rules of each kind."""

    reach: Reach
    who: WhoFacts = SOMEBODY
    rules: Mapping[UUID, Sequence[RuleFacts]] = field(default_factory=dict)

    def of(self, type_id: UUID) -> Sequence[RuleFacts]:
        """The rules of a kind of slot; where it has none, the one that the policies make for everybody."""
        return self.rules.get(type_id) or (ANYBODY,)

    def furthest(self, *, at: datetime) -> datetime:
        """Before when every start lies that this patient may book at this instant."""
        rules = [ANYBODY, *chain.from_iterable(self.rules.values())]
        openings = (opening(rule, self.who, self.reach, at=at) for rule in rules)
        return max(each.until for each in openings if isinstance(each, Opening))


def opening(rule: RuleFacts, who: WhoFacts, reach: Reach, *, at: datetime) -> Opening | Shut:
    """The starts that the rule lets this patient book at this instant, or why there are none."""
    fitting = fits(rule, who)
    if fitting is None:
        return Shut.NOT_FOR_YOU
    if rule.embargo_until and rule.embargo_until > at:
        return Shut.NOT_RELEASED
    return fitting.within(Opening(at + rule.notice(reach), _released_until(rule, reach, at)))


def fits(rule: RuleFacts, who: WhoFacts) -> Opening | None:
    """The starts on whose day the patient is one whom the rule is for; None where they are not on any day."""
    if rule.sex not in ("", who.sex) or rule.cohort_id not in (None, *who.cohorts):
        return None
    since = ALWAYS if rule.least_age is None else day_bounds(birthday(who.birth_date, rule.least_age))[0]
    until = NEVER if rule.most_age is None else day_bounds(birthday(who.birth_date, rule.most_age + 1))[0]
    return Opening(since, until)


def birthday(born: date, age: int) -> date:
    """The day on which somebody reaches the age.

    Who was born on 29 February does so on 1 March of a year without that day: the age in law of England and Wales.
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def released_at(day: date, wall_time: time) -> datetime:
    """When clocks in London show the time on the day; in the hour that they skip or show twice, by GMT as databases do.

    It is never a second early: of the two readings of such a time it is the later.
    """
    wall = datetime.combine(day, wall_time)
    return max(wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))


def why_not_open(
    rules: Sequence[RuleFacts], who: WhoFacts, reach: Reach, starts_at: datetime, *, at: datetime
) -> Shut | None:
    """Why no rule lets the slot in at this instant, or None. What will be over soonest is told first."""
    openings = (opening(rule, who, reach, at=at) for rule in rules)
    if any(isinstance(each, Opening) and each.lets_in(starts_at) for each in openings):
        return None
    fitting = _fitting(rules, who, starts_at)
    if not fitting:
        return Shut.NOT_FOR_YOU
    if chances := _chances(fitting, reach, starts_at, at):
        return Shut.TOO_FAR_AHEAD if min(chances, key=lambda chance: chance[0])[1] else Shut.NOT_RELEASED
    if any(starts_at - at < rule.notice(reach) for rule in fitting):
        return Shut.TOO_SOON
    return Shut.TOO_FAR_AHEAD if any(_by_policy(rule) for rule in fitting) else Shut.NEVER_OPEN


def opens_when(
    rules: Sequence[RuleFacts], who: WhoFacts, reach: Reach, starts_at: datetime, *, at: datetime
) -> datetime | None:
    """The first instant from `at` on at which a rule lets the slot in, or None when none ever will."""
    chances = _chances(_fitting(rules, who, starts_at), reach, starts_at, at)
    return min(chances)[0] if chances else None


def _fitting(rules: Sequence[RuleFacts], who: WhoFacts, starts_at: datetime) -> list[RuleFacts]:
    return [rule for rule in rules if (days := fits(rule, who)) and days.lets_in(starts_at)]


def _chances(
    rules: Sequence[RuleFacts], reach: Reach, starts_at: datetime, at: datetime
) -> list[tuple[datetime, bool]]:
    """From when, not before `at`, each rule that will let the slot in does so, and whether the policy decides that."""
    opens = ((max(at, opens_at(rule, reach, starts_at)), rule) for rule in rules)
    return [(when, _by_policy(rule)) for when, rule in opens if when <= starts_at - rule.notice(reach)]


def opens_at(rule: RuleFacts, reach: Reach, starts_at: datetime) -> datetime:
    """From when a slot that starts then is released by the rule, whoever asks."""
    released = starts_at - timedelta(days=reach.book_ahead_days)
    if rule.days_ahead is not None and rule.release_time is not None:
        released = released_at(local_day(starts_at) - timedelta(days=rule.days_ahead), rule.release_time)
    return max(released, rule.embargo_until or released)


def _by_policy(rule: RuleFacts) -> bool:
    return rule.days_ahead is None and rule.embargo_until is None


def _released_until(rule: RuleFacts, reach: Reach, at: datetime) -> datetime:
    """The end of the last local day that the rule has released; by the policy, the instant so many days ahead."""
    if rule.days_ahead is None or rule.release_time is None:
        return at + timedelta(days=reach.book_ahead_days) + timedelta.resolution
    today = local_day(at)
    last = today if released_at(today, rule.release_time) <= at else today - timedelta(days=1)
    return day_bounds(last + timedelta(days=rule.days_ahead))[1]
