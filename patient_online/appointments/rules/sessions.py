"""On which days does a session come, why not on others, and which slots is it cut into? Plain Python over facts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from uuid import UUID

from patient_online.nhs.appointments import Mode
from patient_online.nhs.bank_holidays import bank_holiday_name
from patient_online.nhs.dates import date_text, day_bounds, from_wall_clock
from patient_online.nhs.patterns import Pattern
from patient_online.nhs.stretches import Stretch
from patient_online.refusals import N_

NAMED = 3
LOOKED_AHEAD = timedelta(days=2 * 366)


class LeftOut(Enum):
    """Why a day of a pattern gets no session; the value is what staff read."""

    BANK_HOLIDAY = N_("bank holiday")
    CLOSED = N_("the practice is closed")
    AWAY = N_("the clinician is away")
    GONE = N_("the clinician does not work here on that day")
    OVERLAPS = N_("another session at this time")
    CLOCKS = N_("the clocks go forward over its start")
    BEGUN = N_("it would have started already")
    KEPT = N_("a session is there already and stays as it is")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of alike slots, one after the other; without a type it is a break."""

    minutes: int
    count: int = 1
    type_id: UUID | None = None
    mode: str = Mode.IN_PERSON
    seats: int = 1
    online: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as somebody wants it: who, where, on which days, from when by the clock on the wall, and its parts."""

    name: str
    site_id: UUID
    clinician_id: UUID
    starts: time
    parts: tuple[Part, ...]
    pattern: Pattern

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return sum(part.minutes * part.count for part in self.parts)

    @property
    def minute_of_day(self) -> int:
        """When it starts, in minutes from midnight by the clock on the wall."""
        return self.starts.hour * 60 + self.starts.minute

    @property
    def at_night(self) -> bool:
        """Whether it starts before 6am or ends after 11pm, which is more often mistyped than meant."""
        return self.minute_of_day < 6 * 60 or self.minute_of_day + self.minutes > 23 * 60


@dataclass(frozen=True, slots=True)
class Cut:
    """One slot of a session, or one stretch of a break."""

    part: Part
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both included, and what is said of them."""

    first: date
    last: date
    words: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Busy:
    """A session that the clinician has."""

    name: str
    site: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """What stands in the way of a clinician's sessions: closed days, absences, other sessions, and days not employed.

    `kept` are days on which the template has a session already: it is not made twice.
    """

    closed: Sequence[Stretch] = ()
    away: Sequence[Stretch] = ()
    employed: Days = field(default_factory=lambda: Days(date.min, date.max))
    busy: Sequence[Busy] = ()
    kept: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A day of a plan: from when to when, or why not; `why` names the holiday, `busy` the session in the way.

    `shut` are the parts of the day that take some of its slots, each with the reason: only the others are made.
    """

    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    left_out: LeftOut | None = None
    why: str = ""
    busy: Busy | None = None
    shut: tuple[tuple[LeftOut, Stretch], ...] = ()

    @property
    def times(self) -> tuple[datetime, datetime]:
        """From when to when it is held."""
        assert self.starts_at is not None
        assert self.ends_at is not None  # asked of days that are held
        return self.starts_at, self.ends_at


def cut(parts: Iterable[Part], starts_at: datetime) -> Iterator[Cut]:
    """The session's slots and breaks from its start on, reckoned in UTC: no slot grows or shrinks on any night."""
    for part in parts:
        for _ in range(part.count):
            ends_at = starts_at + timedelta(minutes=part.minutes)
            yield Cut(part, starts_at, ends_at)
            starts_at = ends_at


def planned_days(plan: Plan, calendar: Calendar, *, start: date, end: date, at: datetime) -> Iterator[Planned]:
    """Every day of the plan's pattern between two days, each with its times or with why it is left out."""
    return (_planned(plan, day, calendar, at) for day in plan.pattern.days_with_holidays(start, end))


def held(days: Iterable[Planned]) -> list[Planned]:
    """The days that get a session."""
    return [each for each in days if each.starts_at and not each.left_out]


def slots_of(plan: Plan, planned: Planned) -> list[Cut]:
    """The slots of a session that is held, without those at a time when the practice or the clinician is not there."""
    return _left(cut(plan.parts, starts_of(plan, planned.day)), [stretch for _, stretch in planned.shut])


def missing_slots(plan: Plan, planned: Planned, known: Collection[tuple[datetime, datetime]]) -> list[Cut]:
    """The slots of a session that are not there yet, where those that are there were cut from this plan; else none."""
    whole = {(each.starts_at, each.ends_at) for each in cut(plan.parts, starts_of(plan, planned.day))}
    if not whole.issuperset(known):
        return []
    return [each for each in slots_of(plan, planned) if (each.starts_at, each.ends_at) not in known]


def starts_of(plan: Plan, day: date) -> datetime:
    """The instant at which the whole session would start on a day. Raises ValueError where the clocks skip it."""
    return from_wall_clock(day, plan.starts)


def _left(cuts: Iterable[Cut], shut: Sequence[Stretch]) -> list[Cut]:
    slots = [each for each in cuts if each.part.type_id]
    return [each for each in slots if not any(one.meets(each.starts_at, each.ends_at) for one in shut)]


def _planned(plan: Plan, day: date, calendar: Calendar, at: datetime) -> Planned:
    if day in calendar.kept:
        return Planned(day, left_out=LeftOut.KEPT)
    if reason := _why_not_that_day(plan, day, calendar):
        return Planned(day, left_out=reason[0], why=reason[1])
    try:
        starts_at = starts_of(plan, day)
    except ValueError:
        return Planned(day, left_out=LeftOut.CLOCKS)
    return _then(plan, Planned(day, starts_at, starts_at + timedelta(minutes=plan.minutes)), calendar, at)


def _then(plan: Plan, whole: Planned, calendar: Calendar, at: datetime) -> Planned:
    """The day without the times at which nobody is there, or why the session is left out for all that."""
    day, times = whole.day, whole.times
    if shut := _shut_then(plan, calendar, *times):
        left = _left(cut(plan.parts, times[0]), [stretch for _, stretch in shut])
        if not left:
            return Planned(day, left_out=shut[0][0])
        times = left[0].starts_at, left[-1].ends_at
    if times[0] <= at:
        return Planned(day, *times, LeftOut.BEGUN)
    if other := in_the_way(calendar, *times):
        return Planned(day, *times, LeftOut.OVERLAPS, f"{other.name}, {other.site}", other)
    return Planned(day, *times, shut=shut)


def _shut_then(
    plan: Plan, calendar: Calendar, starts_at: datetime, ends_at: datetime
) -> tuple[tuple[LeftOut, Stretch], ...]:
    """What takes at least one slot of the session, with the reason."""
    reasons = ((LeftOut.CLOSED, calendar.closed), (LeftOut.AWAY, calendar.away))
    shut = [(why, each) for why, all_ in reasons for each in all_ if each.meets(starts_at, ends_at)]
    slots = [each for each in cut(plan.parts, starts_at) if each.part.type_id] if shut else []
    return tuple((why, one) for why, one in shut if any(one.meets(each.starts_at, each.ends_at) for each in slots))


def _why_not_that_day(plan: Plan, day: date, calendar: Calendar) -> tuple[LeftOut, str] | None:
    if plan.pattern.leaves_out(day):
        return LeftOut.BANK_HOLIDAY, bank_holiday_name(day) or ""
    for reason, stretches in ((LeftOut.CLOSED, calendar.closed), (LeftOut.AWAY, calendar.away)):
        if any(each.covers(*day_bounds(day)) for each in stretches):
            return reason, ""
    return None if day in calendar.employed else (LeftOut.GONE, "")


def in_the_way(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> Busy | None:
    """The clinician's session that overlaps this stretch, or None; one that ends as this starts does not."""
    return next((busy for busy in calendar.busy if busy.starts_at < ends_at and busy.ends_at > starts_at), None)


def days_in_common(one: Plan, other: Plan, *, start: date) -> list[date]:
    """The days of the next two years on which two plans of one clinician would be at the same time."""
    first, second = sorted([one, other], key=lambda plan: plan.minute_of_day)
    if second.minute_of_day >= first.minute_of_day + first.minutes:
        return []
    end = start + LOOKED_AHEAD
    return sorted({*one.pattern.days(start, end)} & {*other.pattern.days(start, end)})


def days_named(days: Sequence[date]) -> str:
    """The first few of the days, to be read in a sentence."""
    named = ", ".join(date_text(day) for day in days[:NAMED])
    return f"{named} …" if len(days) > NAMED else named
