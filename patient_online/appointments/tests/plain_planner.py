"""Sessions planned a second time, as plainly as can be: day by day, slot by slot, minute by minute.

England's bank holidays are reckoned from the rules of the law, and its clocks from the last Sundays of March and
October: neither the library of holidays nor the table of time zones is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from patient_online.appointments.rules.sessions import Calendar, LeftOut, Plan
from patient_online.appointments.tests.changes import last_sunday
from patient_online.nhs.patterns import Pattern
from patient_online.nhs.stretches import Stretch

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
Slot = tuple[datetime, datetime, object]


@dataclass(frozen=True)
class Outcome:
    """What becomes of a day: why it is left out, or the slots that are made."""

    left_out: LeftOut | None
    slots: tuple[Slot, ...] = ()


def easter(year: int) -> date:
    """Easter Sunday, by the table of the Book of Common Prayer put into a sum."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * i) // 451
    return date(year, (h + i - 7 * m + 114) // 31, (h + i - 7 * m + 114) % 31 + 1)


@cache
def holidays(year: int) -> set[date]:
    """The bank holidays of a year, those at a weekend with the working day that stands for them."""
    sunday = easter(year)
    days = {sunday - 2 * DAY, sunday + DAY, _monday(date(year, 5, 1)), _monday(date(year, 5, 25))}
    days.add(_monday(date(year, 8, 25)))
    feasts = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    days.update(feasts)
    for feast in feasts:
        substitute = feast
        while feast.isoweekday() > 5 and (substitute.isoweekday() > 5 or substitute in days):
            substitute += DAY
        days.add(substitute)
    return days


def _monday(from_day: date) -> date:
    """The first Monday from a day on."""
    return from_day + (1 - from_day.isoweekday()) % 7 * DAY


def wall(instant: datetime) -> datetime:
    """What the clocks in England show at an instant."""
    begins, ends = (datetime.combine(last_sunday(instant.year, month), time(1), UTC) for month in (3, 10))
    return (instant + (HOUR if begins <= instant < ends else 0 * HOUR)).replace(tzinfo=None)


def instant_of(shown: datetime) -> datetime | None:
    """The first instant at which the clocks show this, or None where they skip it."""
    candidates = (shown.replace(tzinfo=UTC) - ahead for ahead in (HOUR, 0 * HOUR))
    return next((each for each in candidates if wall(each) == shown), None)


def is_of(pattern: Pattern, day: date) -> bool:
    """Whether the pattern has the day, holidays or not."""
    if day < pattern.first or (pattern.last is not None and day > pattern.last):
        return False
    month = [date(day.year, day.month, n) for n in range(1, 32) if _is_day(day, n)]
    if pattern.kind == "nth-working-day":
        return _is_nth([each for each in month if works(each)], day, pattern.nth)
    if day.isoweekday() not in pattern.weekdays:
        return False
    if pattern.kind == "nth-weekday":
        return _is_nth([each for each in month if each.isoweekday() == day.isoweekday()], day, pattern.nth)
    return (_week(day) - _week(pattern.first)) % pattern.every == 0


def _week(day: date) -> int:
    """The number of the day's week since the first of January of the year one, which was a Monday."""
    return (day.toordinal() - 1) // 7


def _is_day(day: date, n: int) -> bool:
    try:
        return bool(day.replace(day=n))
    except ValueError:
        return False


def works(day: date) -> bool:
    """Whether people work on the day."""
    return day.isoweekday() < 6 and day not in holidays(day.year)


def _is_nth(days: list[date], day: date, nth: int) -> bool:
    index = len(days) - 1 if nth == -1 else nth - 1
    return 0 <= index < len(days) and days[index] == day


def days_from(first: date, last: date) -> list[date]:
    """Every day from one to another, both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def minutes_of(stretches: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """The stretches by the wall, from when and until when."""
    return [
        (
            datetime.combine(each.first, each.starts or time()),
            datetime.combine(each.last, each.ends) if each.ends else datetime.combine(each.last + DAY, time()),
        )
        for each in stretches
    ]


def _meets(slot: Slot, stretches: Iterable[Stretch]) -> bool:
    """Whether any minute of the slot lies in one of the stretches; those of other days are not gone through."""
    day = wall(slot[0]).date()
    near = minutes_of(each for each in stretches if each.first - DAY <= day <= each.last + DAY)
    minutes = [wall(slot[0] + n * MINUTE) for n in range(int((slot[1] - slot[0]) / MINUTE))] if near else []
    return any(begins <= minute < over for minute in minutes for begins, over in near)


def _covers(stretch: Stretch, day: date) -> bool:
    [(begins, over)] = minutes_of([stretch])
    return begins <= datetime.combine(day, time()) and over >= datetime.combine(day + DAY, time())


def every_slot(plan: Plan, starts_at: datetime) -> list[Slot]:
    """All that the session is cut into, breaks too, without a kind."""
    made: list[Slot] = []
    for part in plan.parts:
        for _ in range(part.count):
            made.append((starts_at, starts_at + part.minutes * MINUTE, part.type_id))
            starts_at = made[-1][1]
    return made


def outcome(plan: Plan, calendar: Calendar, day: date, at: datetime) -> Outcome | None:
    """What becomes of a day; None where the pattern has no such day."""
    if not is_of(plan.pattern, day):
        return None
    if reason := _whole_day(plan, calendar, day):
        return Outcome(reason)
    starts_at = instant_of(datetime.combine(day, plan.starts))
    if starts_at is None:
        return Outcome(LeftOut.CLOCKS)
    return _of_its_slots(every_slot(plan, starts_at), calendar, at)


def _whole_day(plan: Plan, calendar: Calendar, day: date) -> LeftOut | None:
    reasons = [
        (day in calendar.kept, LeftOut.KEPT),
        (plan.pattern.except_bank_holidays and day in holidays(day.year), LeftOut.BANK_HOLIDAY),
        (any(_covers(each, day) for each in calendar.closed), LeftOut.CLOSED),
        (any(_covers(each, day) for each in calendar.away), LeftOut.AWAY),
        (not calendar.employed.first <= day <= calendar.employed.last, LeftOut.GONE),
    ]
    return next((reason for holds, reason in reasons if holds), None)


def _of_its_slots(everything: list[Slot], calendar: Calendar, at: datetime) -> Outcome:
    slots = [slot for slot in everything if slot[2]]
    closed = [slot for slot in slots if _meets(slot, calendar.closed)]
    left = [slot for slot in slots if slot not in closed and not _meets(slot, calendar.away)]
    if not left:
        return Outcome(LeftOut.CLOSED if closed else LeftOut.AWAY)
    held = everything if left == slots else left
    if held[0][0] <= at:
        return Outcome(LeftOut.BEGUN)
    minutes = {held[0][0] + n * MINUTE for n in range(int((held[-1][1] - held[0][0]) / MINUTE))}
    near = [each for each in calendar.busy if abs(each.starts_at - held[0][0]) < 2 * DAY]
    if any(each.starts_at <= minute < each.ends_at for each in near for minute in minutes):
        return Outcome(LeftOut.OVERLAPS)
    return Outcome(None, tuple(left))


def shared_days(one: Plan, other: Plan, start: date, days: int) -> list[date]:
    """The days on which two plans would have a minute of the wall in common."""
    if not _minutes_of_the_day(one) & _minutes_of_the_day(other):
        return []
    return [day for day in days_from(start, start + days * DAY) if _comes(one, day) and _comes(other, day)]


def _minutes_of_the_day(plan: Plan) -> set[int]:
    begins = plan.starts.hour * 60 + plan.starts.minute
    return {begins + n for n in range(sum(each.minutes * each.count for each in plan.parts))}


def _comes(plan: Plan, day: date) -> bool:
    holiday = plan.pattern.except_bank_holidays and day in holidays(day.year)
    return is_of(plan.pattern, day) and not holiday
