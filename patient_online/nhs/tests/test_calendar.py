"""The calendar file that a patient takes home."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from patient_online.nhs.calendar import calendar_file
from patient_online.nhs.dates import LONDON, from_wall_clock, london

STAMP = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOCK_CHANGES = [
    day - timedelta(days=before)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))
    for before in (1, 0)
]


def an_appointment(**changes: Any) -> bytes:
    """The file of a made-up appointment, with changes."""
    details: dict[str, Any] = {
        "uid": "0198d1c2-0000-7000-8000-000000000001@practice.example",
        "summary": "GP appointment",
        "description": "With Dr Test Example.\nBring your list of medicines; it helps, a lot.",
        "location": "The Health Centre, Lawson Street, Stockton-on-Tees",
        "starts_at": london(2026, 3, 3, 9),
        "ends_at": london(2026, 3, 3, 9, 10),
        "stamp": STAMP,
    }
    return calendar_file(**(details | changes))


def the_event(file: bytes) -> Event:
    """The one event of the file, as another program reads it."""
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_a_calendar_takes_in_what_the_page_says() -> None:
    file = an_appointment()
    event = the_event(file)
    assert Calendar.from_ical(file)["METHOD"] == "PUBLISH"
    assert event["UID"] == "0198d1c2-0000-7000-8000-000000000001@practice.example"
    assert event["SUMMARY"] == "GP appointment"
    assert event["DESCRIPTION"] == "With Dr Test Example.\nBring your list of medicines; it helps, a lot."
    assert event["LOCATION"] == "The Health Centre, Lawson Street, Stockton-on-Tees"
    assert event.decoded("DTSTAMP") == STAMP
    assert (event["STATUS"], event["SEQUENCE"], event["CLASS"]) == ("CONFIRMED", 0, "PRIVATE")


@pytest.mark.parametrize("day", CLOCK_CHANGES)
def test_page_and_calendar_agree_around_both_clock_changes(day: date) -> None:
    for clock in (time(0, 30), time(2, 30), time(9, 0), time(16, 50), time(23, 50)):
        starts_at = from_wall_clock(day, clock)
        event = the_event(an_appointment(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=10)))
        shown = event.decoded("DTSTART").astimezone(LONDON)
        assert (shown.date(), shown.time()) == (day, clock)
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=10)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 10, 31)])
def test_the_two_half_past_ones_of_the_october_night_are_an_hour_apart_in_the_calendar(day: date) -> None:
    first, second = (from_wall_clock(day, time(1, 30), fold=fold) for fold in (0, 1))
    read = [
        the_event(an_appointment(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=10))).decoded("DTSTART")
        for starts_at in (first, second)
    ]
    assert read == [first, second]
    assert read[1] - read[0] == timedelta(hours=1)


def test_a_time_given_in_london_is_written_as_the_same_instant_in_utc() -> None:
    summer = datetime(2026, 7, 6, 9, tzinfo=LONDON)
    lines = an_appointment(starts_at=summer, ends_at=summer + timedelta(minutes=10)).split(b"\r\n")
    assert b"DTSTART:20260706T080000Z" in lines
    assert b"DTEND:20260706T081000Z" in lines


def test_a_cancelled_appointment_frees_the_time_in_the_calendar() -> None:
    event = the_event(an_appointment(sequence=2, cancelled=True))
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 2, "TRANSPARENT")


def test_an_appointment_without_a_place_has_no_empty_place() -> None:
    assert "LOCATION" not in the_event(an_appointment(location=" "))


def test_the_same_appointment_makes_the_same_file() -> None:
    assert an_appointment() == an_appointment()


def test_the_file_names_nobody_and_nothing_that_it_was_not_given() -> None:
    names = {line.split(b":")[0] for line in an_appointment(description="", location="").split(b"\r\n") if line}
    assert names == {
        *(b"BEGIN", b"END", b"VERSION", b"PRODID", b"CALSCALE", b"METHOD"),
        *(b"UID", b"DTSTAMP", b"DTSTART", b"DTEND", b"CLASS", b"SUMMARY", b"SEQUENCE", b"STATUS", b"TRANSP"),
    }


@given(st.text(st.characters(codec="utf-8"), max_size=120))
def test_no_words_can_break_out_of_their_line(words: str) -> None:
    file = an_appointment(summary=f"GP {words}", description=f"{words}\r\nEND:VEVENT", location=words)
    lines = file.split(b"\r\n")
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 and not set(line) & (set(range(32)) - {9} | {127}) for line in lines)
    event = the_event(file)
    assert str(event["DESCRIPTION"]).endswith("END:VEVENT")
    assert str(event["SUMMARY"]).startswith("GP")
    assert event["UID"] == "0198d1c2-0000-7000-8000-000000000001@practice.example"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=200))
def test_words_arrive_as_they_were_sent(words: str) -> None:
    event = the_event(an_appointment(summary=f"a{words}z"))
    assert event["SUMMARY"] == f"a{words}z"


@pytest.mark.parametrize("wrong", [{"ends_at": london(2026, 3, 3, 9)}, {"uid": ""}, {"uid": "a\nb"}])
def test_an_event_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"an event (ends|needs)"):
        an_appointment(**wrong)


@pytest.mark.parametrize("which", ["starts_at", "ends_at", "stamp"])
def test_a_time_without_a_zone_is_refused(which: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        an_appointment(**{which: datetime(2026, 3, 3, 9, 30)})
