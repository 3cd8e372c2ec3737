"""Days and times in England: instants in UTC, wall clocks in London, and both as the NHS content guide writes them.

An instant is an aware datetime. Reckon in UTC: two London datetimes an hour apart on the October night compare equal.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

LONDON = ZoneInfo("Europe/London")
ENGLISH_LOCALE = "en_GB"
BOOK_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class TimeWords:
    """The words around a time of day: English here, another language's when the caller has translated them."""

    am: str = "am"
    pm: str = "pm"
    midday: str = "midday"
    midnight: str = "midnight"
    between: str = "{start} to {end}"


ENGLISH_WORDS = TimeWords()


def whole_day(day: date) -> date:
    """The day as given; TypeError for a datetime, whose day depends on where one stands (see `local_day`)."""
    if isinstance(day, datetime):
        raise TypeError("a day is needed, not a datetime: local_day() says which day it is in England")
    return day


def day_read(text: str) -> date:
    """The day that an address writes as ISO 8601 does; ValueError where it is none, or no book goes so far."""
    day = date.fromisoformat(text)
    if day.year not in BOOK_YEARS:
        raise ValueError(f"no appointment book goes to {day.isoformat()}")
    return day


def to_london(instant: datetime) -> datetime:
    """The instant on the wall clock in London; ValueError when it does not say its time zone."""
    return _instant(instant).astimezone(LONDON)


def _instant(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} does not say its time zone, so it is no instant")
    return moment


def from_wall_clock(day: date, wall_time: time, *, fold: int = 0) -> datetime:
    """The instant, in UTC, when clocks in London show that time on that day.

    A time that the clocks skip in March is refused with ValueError. Of a time that they show twice in October the
    first is meant, or the second with `fold=1`.
    """
    if wall_time.tzinfo is not None:
        raise ValueError(f"{wall_time} has a time zone of its own, so it is not what a clock in London shows")
    wall = datetime.combine(whole_day(day), wall_time.replace(fold=fold))
    instant = wall.replace(tzinfo=LONDON).astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != wall:
        raise ValueError(f"there is no {wall:%H:%M} in England on {day.isoformat()}: the clocks go forward over it")
    return instant


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    """The instant, in UTC, of a London wall-clock time written out; see `from_wall_clock`."""
    return from_wall_clock(date(year, month, day), time(hour, minute), fold=fold)


def local_day(instant: datetime) -> date:
    """The day that it is in England at the instant."""
    return to_london(instant).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """When the day begins and when the next one does, in UTC: 24 hours apart, or 23 or 25 when the clocks change."""
    return from_wall_clock(day, time.min), from_wall_clock(day + timedelta(days=1), time.min)


def age_on(birth_date: date, day: date) -> int:
    """Full years of age on the day; who was born on 29 February has a birthday on 1 March in other years."""
    born, day = whole_day(birth_date), whole_day(day)
    if day < born:
        raise ValueError(f"somebody born on {born.isoformat()} has no age on {day.isoformat()}")
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)


def date_text(day: date, locale: str = ENGLISH_LOCALE) -> str:
    """The day as `Tuesday 3 March 2026`; of an instant, its day in England."""
    return _written(_day_of(day), "EEEE d MMMM y", locale)


def day_text(day: date, locale: str = ENGLISH_LOCALE) -> str:
    """The day as `Tuesday 3 March`, where the year goes without saying; of an instant, its day in England."""
    return _written(_day_of(day), "EEEE d MMMM", locale)


def date_short(day: date, locale: str = ENGLISH_LOCALE) -> str:
    """The day as `3 March 2026`; of an instant, its day in England."""
    return _written(_day_of(day), "d MMMM y", locale)


def date_brief(day: date, locale: str = ENGLISH_LOCALE) -> str:
    """The day as `3 Mar`, for the heads of narrow columns; of an instant, its day in England."""
    return _written(_day_of(day), "d MMM", locale)


def time_text(moment: datetime | time, words: TimeWords = ENGLISH_WORDS) -> str:
    """The time in London as `4:30pm`, `9am`, `midday` or `midnight`; a bare time is taken as a London clock shows it.

    An instant in the hour that comes twice in October names its clock too: `1:30am BST` is an hour before `1:30am GMT`.
    """
    if isinstance(moment, time):
        return _clock_text(moment, words)
    return _instant_text(_instant(moment).timestamp(), words)


@lru_cache(maxsize=4096)
def _instant_text(seconds: float, words: TimeWords) -> str:
    """The time of the instant, kept by its seconds: two times that London clocks show alike are equal to Python."""
    local = to_london(datetime.fromtimestamp(seconds, UTC))
    text = _clock_text(local.time(), words)
    return f"{text} {local.tzname()}" if _comes_twice(local) else text


def time_range_text(start: datetime | time, end: datetime | time, words: TimeWords = ENGLISH_WORDS) -> str:
    """From when to when, as `9am to 9:10am`."""
    return words.between.format(start=time_text(start, words), end=time_text(end, words))


def _day_of(day: date) -> date:
    """The day itself, or an instant's day in England."""
    return local_day(day) if isinstance(day, datetime) else day


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: str) -> str:
    """The day in Babel's pattern; remembered, because a page writes the same few days again and again."""
    return format_date(day, pattern, locale=locale)


def _clock_text(clock: time, words: TimeWords) -> str:
    """The hour and, when there are any, the minutes on a twelve-hour clock."""
    if clock.minute == 0 and clock.hour % 12 == 0:
        return words.midday if clock.hour else words.midnight
    minutes = f":{clock.minute:02}" if clock.minute else ""
    half = words.am if clock.hour < 12 else words.pm
    return f"{clock.hour % 12 or 12}{minutes}{half}"


def _comes_twice(local: datetime) -> bool:
    """Whether London clocks show this time of an instant twice on its day."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
