"""The strings that national appointment figures are compared by."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs.appointments import LeadTime, Mode, NationalCategory, lead_time
from patient_online.nhs.dates import local_day, london

BOOKED = date(2026, 3, 2)
GOLDEN_G7 = {
    0: "Same Day",
    1: "1 Day",
    2: "2 to 7 Days",
    7: "2 to 7 Days",
    8: "8  to 14 Days",
    14: "8  to 14 Days",
    15: "15  to 21 Days",
    21: "15  to 21 Days",
    22: "22  to 28 Days",
    28: "22  to 28 Days",
    29: "More than 28 Days",
    -1: "Unknown / Data Quality",
}


@pytest.mark.parametrize("days", GOLDEN_G7)
def test_lead_times_are_the_published_strings_to_the_byte(days: int) -> None:
    assert str(lead_time(BOOKED, BOOKED + timedelta(days=days))).encode() == GOLDEN_G7[days].encode()


def test_a_lead_time_with_a_missing_day_is_unknown() -> None:
    assert lead_time(None, BOOKED) == lead_time(BOOKED, None) == "Unknown / Data Quality"


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 400))
def test_a_later_appointment_never_falls_in_an_earlier_step(booked: date, days: int) -> None:
    steps = list(LeadTime)
    sooner = lead_time(booked, booked + timedelta(days=days))
    later = lead_time(booked, booked + timedelta(days=days + 1))
    assert 0 <= steps.index(later) - steps.index(sooner) <= 1


def test_a_booking_just_after_midnight_in_summer_counts_from_its_day_in_england() -> None:
    booked = london(2026, 6, 2, 0, 30)
    assert booked.astimezone(UTC).date() == date(2026, 6, 1)
    assert lead_time(local_day(booked), date(2026, 6, 2)) == "Same Day"


def test_instants_are_not_taken_for_days() -> None:
    with pytest.raises(TypeError, match="local_day"):
        lead_time(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))


def test_the_ways_to_meet_are_four() -> None:
    assert [mode.value for mode in Mode] == ["in-person", "telephone", "video", "home-visit"]


def test_the_national_categories_are_the_published_words() -> None:
    assert {category.value for category in NationalCategory if category.is_mapped} == {
        "General Consultation Acute",
        "General Consultation Routine",
        "Unplanned Clinical Activity",
        "Clinical Triage",
        "Walk-in",
        "Home Visit",
        "Care Home Visit",
        "Patient contact during Care Home Round",
        "Care Home Needs Assessment & Personalised Care and Support Planning",
        "Planned Clinics",
        "Planned Clinical Procedure",
        "Structured Medication Review",
        "Social Prescribing Service",
        "Group Consultation and Group Education",
        "Service provided by organisation external to the practice",
        "Non-contractual chargeable work",
    }


def test_two_published_words_say_that_nobody_mapped_the_slot() -> None:
    unmapped = {category.value for category in NationalCategory if not category.is_mapped}
    assert unmapped == {"Inconsistent Mapping", "Unmapped"}
