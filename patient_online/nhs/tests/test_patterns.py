"""Patterns of days against a second implementation that walks day by day, and against days read from a calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs.bank_holidays import bank_holiday_name
from patient_online.nhs.patterns import Kind, Pattern

BEGINS, ENDS = date(2024, 1, 1), date(2034, 12, 31)
MON, THU, SAT = 1, 4, 6
days_of_ten_years = st.dates(BEGINS, ENDS)
weekday_sets = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(tuple)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    first = draw(days_of_ten_years)
    last = draw(st.none() | st.dates(first, ENDS))
    counts = {"every": draw(st.integers(1, 8)), "nth": draw(st.sampled_from([-1, *range(1, 24)]))}
    weekdays, excepting = draw(weekday_sets), draw(st.booleans())
    return Pattern(draw(st.sampled_from(Kind)), first, last, weekdays, **counts, except_bank_holidays=excepting)


def falls_on(pattern: Pattern, day: date) -> bool:
    """Whether the day is one of the pattern's, asked of that day alone."""
    if day < pattern.first or (pattern.last is not None and day > pattern.last):
        return False
    if pattern.except_bank_holidays and bank_holiday_name(day):
        return False
    if pattern.kind == "nth-working-day":
        return works(day) and counted(pattern.nth, day, works)
    if day.isoweekday() not in pattern.weekdays:
        return False
    if pattern.kind == "nth-weekday":
        return counted(pattern.nth, day, lambda other: other.strftime("%a") == day.strftime("%a"))
    return weeks_later(pattern.first, day) % pattern.every == 0


def works(day: date) -> bool:
    return day.strftime("%a") not in ("Sat", "Sun") and bank_holiday_name(day) is None


def counted(nth: int, day: date, counts: object) -> bool:
    """Whether the day is the nth of those that count in its month, or the last of them."""
    assert callable(counts)
    if nth == -1:
        later, other = 0, day + timedelta(1)
        while other.month == day.month:
            later, other = later + counts(other), other + timedelta(1)
        return later == 0
    return sum(bool(counts(day.replace(day=n))) for n in range(1, day.day + 1)) == nth


def weeks_later(first: date, day: date) -> int:
    """How many Mondays lie after the first day, up to the day."""
    one, mondays = first, 0
    while one < day:
        one += timedelta(1)
        mondays += one.isoweekday() == MON
    return mondays


def days_between(start: date, end: date) -> list[date]:
    return [start + timedelta(n) for n in range((end - start).days + 1)]


@given(patterns(), days_of_ten_years, st.integers(-3, 120))
def test_a_pattern_has_the_days_that_somebody_finds_who_asks_of_each_day(
    pattern: Pattern, start: date, length: int
) -> None:
    end = start + timedelta(length)
    assert list(pattern.days(start, end)) == [day for day in days_between(start, end) if falls_on(pattern, day)]


@given(patterns(), days_of_ten_years, st.integers(0, 500))
def test_what_is_left_out_are_the_bank_holidays_and_nothing_else(pattern: Pattern, start: date, length: int) -> None:
    end = start + timedelta(length)
    kept, every = list(pattern.days(start, end)), list(pattern.days_with_holidays(start, end))
    left_out = [day for day in every if day not in kept]
    assert kept == [day for day in every if day not in left_out]
    assert all(bank_holiday_name(day) for day in left_out)
    assert pattern.except_bank_holidays or not left_out


@given(patterns(), days_of_ten_years, days_of_ten_years)
def test_two_stretches_have_the_days_that_they_have_together(pattern: Pattern, one: date, other: date) -> None:
    """What the nightly job makes does not depend on how often it runs."""
    start, middle = sorted([one, other])
    end = middle + timedelta(100)
    both = [*pattern.days(start, middle), *pattern.days(middle + timedelta(1), end)]
    assert both == list(pattern.days(start, end))


def test_ten_years_in_one_go_agree_for_a_pattern_of_each_kind() -> None:
    """Every day of ten years, with all of their leap days and bank holidays, for the patterns people ask for."""
    asked_for = [
        Pattern(Kind.WEEKLY, date(2024, 1, 4), None, (THU,), every=2),
        Pattern(Kind.WEEKLY, BEGINS, None, (MON,), except_bank_holidays=True),
        Pattern(Kind.NTH_WEEKDAY, BEGINS, None, (THU,), nth=2),
        Pattern(Kind.NTH_WEEKDAY, BEGINS, None, (MON, SAT), nth=-1, except_bank_holidays=False),
        Pattern(Kind.NTH_WORKING_DAY, BEGINS, None, nth=1),
        Pattern(Kind.NTH_WORKING_DAY, BEGINS, None, nth=-1),
        Pattern(Kind.NTH_WORKING_DAY, BEGINS, None, nth=23),
    ]
    every_day = days_between(BEGINS, ENDS)
    for pattern in asked_for:
        found = list(pattern.days(BEGINS, ENDS))
        assert found == [day for day in every_day if falls_on(pattern, day)]
        assert found


def test_every_other_thursday_is_counted_from_the_week_of_the_first_day() -> None:
    """Who starts on a Friday has missed that week's Thursday: the next one is in a fortnight's week."""
    pattern = Pattern(Kind.WEEKLY, date(2026, 12, 4), None, (THU,), every=2)
    assert list(pattern.days(date(2026, 12, 1), date(2027, 1, 31))) == [
        date(2026, 12, 17),
        date(2026, 12, 31),
        date(2027, 1, 14),
        date(2027, 1, 28),
    ]


def test_every_other_week_goes_on_through_a_year_of_fifty_three_weeks() -> None:
    """2026 has 53 weeks: who counted odd and even weeks would meet twice in a row."""
    pattern = Pattern(Kind.WEEKLY, date(2026, 12, 26), None, (SAT,), every=2, except_bank_holidays=False)
    assert list(pattern.days(date(2026, 12, 20), date(2027, 1, 24))) == [
        date(2026, 12, 26),
        date(2027, 1, 9),
        date(2027, 1, 23),
    ]


def test_the_second_thursday_of_the_month() -> None:
    pattern = Pattern(Kind.NTH_WEEKDAY, date(2026, 12, 1), None, (THU,), nth=2)
    assert list(pattern.days(date(2026, 12, 1), date(2027, 4, 30))) == [
        date(2026, 12, 10),
        date(2027, 1, 14),
        date(2027, 2, 11),
        date(2027, 3, 11),
        date(2027, 4, 8),
    ]


def test_the_first_working_day_of_january_2027_is_the_fourth() -> None:
    """1 January is a holiday and a Friday, so the first working day is Monday."""
    pattern = Pattern(Kind.NTH_WORKING_DAY, date(2026, 12, 1), None, nth=1)
    assert list(pattern.days(date(2026, 12, 1), date(2027, 3, 31))) == [
        date(2026, 12, 1),
        date(2027, 1, 4),
        date(2027, 2, 1),
        date(2027, 3, 1),
    ]


def test_the_last_working_day_of_the_year_is_before_the_weekend() -> None:
    """31 December 2028 is a Sunday."""
    pattern = Pattern(Kind.NTH_WORKING_DAY, date(2028, 1, 1), None, nth=-1)
    assert list(pattern.days(date(2028, 12, 1), date(2028, 12, 31))) == [date(2028, 12, 29)]


def test_every_monday_except_bank_holidays() -> None:
    """Easter Monday, both May bank holidays, the one in August and the day that stands for Christmas are left out."""
    pattern = Pattern(Kind.WEEKLY, date(2027, 1, 1), date(2027, 12, 31), (MON,))
    year = date(2027, 1, 1), date(2027, 12, 31)
    left_out = set(pattern.days_with_holidays(*year)) - set(pattern.days(*year))
    assert sorted(left_out) == [
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),
    ]
    assert len(list(pattern.days(*year))) == 52 - 5


def test_a_fifth_thursday_comes_only_in_months_that_have_one() -> None:
    pattern = Pattern(Kind.NTH_WEEKDAY, date(2027, 1, 1), None, (THU,), nth=5)
    found = list(pattern.days(date(2027, 1, 1), date(2027, 12, 31)))
    assert [day.month for day in found] == [4, 7, 9, 12]
