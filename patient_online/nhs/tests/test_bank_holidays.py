"""England's bank holidays against the government's published lists."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs.bank_holidays import (
    bank_holiday_name,
    is_bank_holiday,
    is_working_day,
    next_working_day,
)

# gov.uk/bank-holidays, England and Wales.
PUBLISHED = {
    2022: {
        (1, 3): "New Year's Day (substitute day)",
        (4, 15): "Good Friday",
        (4, 18): "Easter Monday",
        (5, 2): "Early May bank holiday",
        (6, 2): "Spring bank holiday",
        (6, 3): "Platinum Jubilee of Elizabeth II",
        (8, 29): "Summer bank holiday",
        (9, 19): "State Funeral of Queen Elizabeth II",
        (12, 26): "Boxing Day",
        (12, 27): "Christmas Day (substitute day)",
    },
    2023: {
        (1, 2): "New Year's Day (substitute day)",
        (4, 7): "Good Friday",
        (4, 10): "Easter Monday",
        (5, 1): "Early May bank holiday",
        (5, 8): "Coronation of Charles III",
        (5, 29): "Spring bank holiday",
        (8, 28): "Summer bank holiday",
        (12, 25): "Christmas Day",
        (12, 26): "Boxing Day",
    },
    2025: {
        (1, 1): "New Year's Day",
        (4, 18): "Good Friday",
        (4, 21): "Easter Monday",
        (5, 5): "Early May bank holiday",
        (5, 26): "Spring bank holiday",
        (8, 25): "Summer bank holiday",
        (12, 25): "Christmas Day",
        (12, 26): "Boxing Day",
    },
    2026: {
        (1, 1): "New Year's Day",
        (4, 3): "Good Friday",
        (4, 6): "Easter Monday",
        (5, 4): "Early May bank holiday",
        (5, 25): "Spring bank holiday",
        (8, 31): "Summer bank holiday",
        (12, 25): "Christmas Day",
        (12, 28): "Boxing Day (substitute day)",
    },
    2027: {
        (1, 1): "New Year's Day",
        (3, 26): "Good Friday",
        (3, 29): "Easter Monday",
        (5, 3): "Early May bank holiday",
        (5, 31): "Spring bank holiday",
        (8, 30): "Summer bank holiday",
        (12, 27): "Christmas Day (substitute day)",
        (12, 28): "Boxing Day (substitute day)",
    },
}
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_weekdays_off_in_a_year_are_those_that_the_government_published(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    found = {(day.month, day.day): bank_holiday_name(day) for day in days if day.year == year and day.weekday() < 5}
    assert {day: name for day, name in found.items() if name} == PUBLISHED[year]


def test_a_saturday_clinic_does_not_open_on_christmas_day() -> None:
    assert is_bank_holiday(date(2027, 12, 25))
    assert is_bank_holiday(date(2026, 12, 26))


def test_scotlands_own_holidays_are_not_englands() -> None:
    assert not is_bank_holiday(date(2026, 1, 2))
    assert not is_bank_holiday(date(2026, 11, 30))
    assert bank_holiday_name(date(2026, 11, 30)) is None


def test_a_working_day_is_a_weekday_that_is_no_bank_holiday() -> None:
    assert is_working_day(date(2026, 3, 3))
    assert not is_working_day(date(2026, 3, 7))
    assert not is_working_day(date(2026, 3, 8))
    assert not is_working_day(date(2026, 4, 3))


def test_after_thursday_before_easter_the_next_working_day_is_tuesday() -> None:
    assert next_working_day(date(2026, 4, 2)) == date(2026, 4, 7)
    assert next_working_day(date(2026, 4, 7)) == date(2026, 4, 8)
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 29)


@given(DAYS)
def test_between_a_day_and_its_next_working_day_lies_no_other(day: date) -> None:
    following = next_working_day(day)
    assert is_working_day(following)
    between = (day + timedelta(days=n) for n in range(1, (following - day).days))
    assert not any(is_working_day(one) for one in between)


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="local_day"):
        is_bank_holiday(datetime(2026, 12, 25, tzinfo=UTC))
    with pytest.raises(TypeError, match="local_day"):
        is_working_day(datetime(2026, 12, 25, tzinfo=UTC))
