"""Days and wall clocks in England, on ordinary days and when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs import dates
from patient_online.nhs.dates import from_wall_clock, london

MARCH_DAYS = (date(2026, 3, 29), date(2027, 3, 28))
OCTOBER_DAYS = (date(2026, 10, 25), date(2027, 10, 31))
DAYS = st.dates(date(1980, 1, 1), date(2037, 1, 1))
INSTANTS = st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))
FIVE_MINUTES = [time(hour, minute) for hour in range(4) for minute in range(0, 60, 5)]


def test_a_winter_time_is_the_same_in_utc_and_a_summer_time_an_hour_earlier() -> None:
    assert london(2026, 1, 5, 9, 10) == datetime(2026, 1, 5, 9, 10, tzinfo=UTC)
    assert london(2026, 7, 6, 9, 10) == datetime(2026, 7, 6, 8, 10, tzinfo=UTC)
    assert london(2026, 7, 6, 9, 10).tzinfo is UTC
    assert london(2026, 7, 6) == datetime(2026, 7, 5, 23, tzinfo=UTC)


@pytest.mark.parametrize("day", MARCH_DAYS)
def test_every_time_that_the_clocks_skip_in_march_is_refused(day: date) -> None:
    for clock in FIVE_MINUTES:
        for fold in (0, 1):
            if clock.hour == 1:
                with pytest.raises(ValueError, match="clocks go forward"):
                    from_wall_clock(day, clock, fold=fold)
            else:
                assert dates.to_london(from_wall_clock(day, clock, fold=fold)).time() == clock


@pytest.mark.parametrize("day", OCTOBER_DAYS)
def test_of_a_time_that_comes_twice_in_october_the_first_is_meant(day: date) -> None:
    first = from_wall_clock(day, time(1, 30))
    second = from_wall_clock(day, time(1, 30), fold=1)
    assert first == datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
    assert second - first == timedelta(hours=1)
    assert from_wall_clock(day, time(1, 30, fold=1)) == first
    assert london(day.year, day.month, day.day, 1, 30, fold=1) == second


@given(INSTANTS)
def test_every_instant_finds_its_way_through_the_wall_clock_and_back(instant: datetime) -> None:
    local = dates.to_london(instant)
    assert from_wall_clock(local.date(), local.time(), fold=local.fold) == instant


def test_an_instant_must_say_its_time_zone() -> None:
    naive = datetime(2026, 3, 3, 9)
    for ask in (dates.to_london, dates.local_day, dates.date_text, dates.time_text):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)


def test_a_wall_clock_time_must_not_have_a_zone_of_its_own() -> None:
    with pytest.raises(ValueError, match="zone of its own"):
        from_wall_clock(date(2026, 3, 3), time(9, tzinfo=UTC))


def test_the_day_in_england_begins_at_its_own_midnight() -> None:
    assert dates.local_day(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == date(2026, 6, 2)
    assert dates.local_day(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == date(2026, 1, 1)
    assert dates.local_day(datetime(2026, 1, 2, 1, tzinfo=ZoneInfo("Asia/Tokyo"))) == date(2026, 1, 1)


def test_a_day_lasts_24_hours_but_23_in_march_and_25_in_october() -> None:
    lengths = {day: dates.day_bounds(day) for day in (date(2026, 3, 28), *MARCH_DAYS, *OCTOBER_DAYS)}
    hours = [(end - start) / timedelta(hours=1) for start, end in lengths.values()]
    assert hours == [24, 23, 23, 25, 25]


@given(DAYS)
def test_days_follow_each_other_without_gap_or_overlap(day: date) -> None:
    start, end = dates.day_bounds(day)
    assert end == dates.day_bounds(day + timedelta(days=1))[0]
    assert dates.local_day(start) == day
    assert dates.local_day(end - timedelta(microseconds=1)) == day


def test_the_clocks_change_on_two_sundays_a_year() -> None:
    bounds = [(day, *dates.day_bounds(day)) for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(730))]
    changing = [day for day, start, end in bounds if end - start != timedelta(hours=24)]
    assert changing == sorted((*MARCH_DAYS, *OCTOBER_DAYS))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 3, 3), date(2026, 3, 2), 15),
        (date(2010, 3, 3), date(2026, 3, 3), 16),
        (date(2010, 3, 3), date(2010, 3, 3), 0),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 2, 29), date(2019, 2, 28), 10),
        (date(2008, 2, 29), date(2019, 3, 1), 11),
    ],
)
def test_people_grow_a_year_older_on_their_birthday(born: date, day: date, age: int) -> None:
    assert dates.age_on(born, day) == age


def test_nobody_has_an_age_before_they_are_born() -> None:
    with pytest.raises(ValueError, match="no age"):
        dates.age_on(date(2026, 3, 4), date(2026, 3, 3))


def test_an_age_is_on_a_day_and_not_at_an_instant() -> None:
    with pytest.raises(TypeError, match="local_day"):
        dates.age_on(date(2010, 3, 3), datetime(2026, 3, 3, tzinfo=UTC))


def test_dates_are_written_as_the_nhs_writes_them() -> None:
    day = date(2026, 3, 3)
    assert dates.date_text(day) == "Tuesday 3 March 2026"
    assert dates.date_short(day) == "3 March 2026"
    assert dates.date_brief(day) == "3 Mar"


def test_an_instant_late_in_a_summer_evening_is_written_as_its_day_in_england() -> None:
    instant = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert dates.date_text(instant) == "Wednesday 1 July 2026"
    assert dates.date_short(instant) == "1 July 2026"


def test_a_welsh_reader_sees_welsh_days_and_months() -> None:
    assert dates.date_text(date(2026, 3, 3), "cy") == "Dydd Mawrth 3 Mawrth 2026"
    assert dates.date_short(date(2026, 1, 3), "cy") == "3 Ionawr 2026"


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (time(9, 10), "9:10am"),
        (time(11, 59), "11:59am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(16, 30), "4:30pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_times_are_written_as_the_nhs_writes_them(clock: time, text: str) -> None:
    assert dates.time_text(clock) == text
    assert dates.time_text(from_wall_clock(date(2026, 3, 3), clock)) == text
    assert dates.time_text(from_wall_clock(date(2026, 7, 3), clock)) == text


def test_a_range_of_times_says_from_when_to_when() -> None:
    assert dates.time_range_text(london(2026, 3, 3, 9), london(2026, 3, 3, 9, 10)) == "9am to 9:10am"
    assert dates.time_range_text(time(12), time(18, 30)) == "midday to 6:30pm"


@pytest.mark.parametrize("day", OCTOBER_DAYS)
def test_the_two_half_past_ones_of_the_october_night_are_told_apart(day: date) -> None:
    assert dates.time_text(from_wall_clock(day, time(1, 30))) == "1:30am BST"
    assert dates.time_text(from_wall_clock(day, time(1, 30), fold=1)) == "1:30am GMT"
    assert dates.time_text(from_wall_clock(day, time(0, 59))) == "12:59am"
    assert dates.time_text(from_wall_clock(day, time(1, 0))) == "1am BST"
    assert dates.time_text(from_wall_clock(day, time(1, 59), fold=1)) == "1:59am GMT"
    assert dates.time_text(from_wall_clock(day, time(2, 0))) == "2am"
    across = dates.time_range_text(from_wall_clock(day, time(1, 55)), from_wall_clock(day, time(1, 5), fold=1))
    assert across == "1:55am BST to 1:05am GMT"


@pytest.mark.parametrize("day", MARCH_DAYS)
def test_no_time_of_the_march_night_needs_its_clock_named(day: date) -> None:
    start, end = dates.day_bounds(day)
    minutes = int((end - start) / timedelta(minutes=1))
    texts = [dates.time_text(start + timedelta(minutes=n)) for n in range(minutes)]
    assert len(set(texts)) == len(texts) == 23 * 60
    assert not any("BST" in text or "GMT" in text for text in texts)


@given(st.sampled_from([*MARCH_DAYS, *OCTOBER_DAYS]), st.integers(0, 25 * 60 - 1), st.integers(0, 25 * 60 - 1))
def test_two_minutes_of_one_day_are_never_written_alike(day: date, one: int, other: int) -> None:
    start, end = dates.day_bounds(day)
    first, second = start + timedelta(minutes=one), start + timedelta(minutes=other)
    if first < end and second < end:
        assert (dates.time_text(first) == dates.time_text(second)) == (one == other)


def test_the_words_around_a_time_can_be_in_another_language() -> None:
    welsh = dates.TimeWords(am="yb", pm="yp", midday="canol dydd", midnight="canol nos", between="{start} tan {end}")
    assert dates.time_range_text(time(9), time(12), welsh) == "9yb tan canol dydd"
    assert dates.time_text(time(16, 30), welsh) == "4:30yp"
