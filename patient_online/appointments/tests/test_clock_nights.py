"""Every five minutes of the eight nights on which the clocks change read the same wherever they are read."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from patient_online.appointments import jobs
from patient_online.appointments.day_files import write_day_lists
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.changes import BACK, CHANGES, FORWARD, online_for_years
from patient_online.appointments.tests.told import words_of
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_schedule,
    an_account,
    an_account_for,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
FIVE_MINUTES, HOUR = timedelta(minutes=5), timedelta(hours=1)
LONG_BEFORE = datetime(2020, 1, 6, 8, tzinfo=UTC)


def at_one(change: date) -> datetime:
    """The instant at which the clocks change: one o'clock, Greenwich mean time."""
    return datetime.combine(change, time(1), UTC)


def is_summer(instant: datetime, change: date) -> bool:
    """Whether clocks are an hour ahead, in the days around the change."""
    return (instant >= at_one(change)) is (change in FORWARD)


def on_the_wall(instant: datetime, change: date) -> datetime:
    """What clocks in England show, reckoned without a table of zones."""
    return (instant + (HOUR if is_summer(instant, change) else timedelta(0))).replace(tzinfo=None)


def spoken(instant: datetime, change: date) -> str:
    """The time as the content guide writes it; in the hour that comes twice with the clock that is meant."""
    wall = on_the_wall(instant, change)
    if (wall.hour, wall.minute) == (0, 0):
        return "midnight"
    text = f"{wall.hour or 12}{f':{wall.minute:02}' if wall.minute else ''}am"
    twice = change in BACK and wall.hour == 1
    return f"{text} {'BST' if is_summer(instant, change) else 'GMT'}" if twice else text


def the_night(practice: Practice, change: date) -> list[Slot]:
    """A slot every five minutes from midnight to four by the wall: three hours of them in March, five in October."""
    midnight = at_one(change) - HOUR * (1 if change in FORWARD else 2)
    hours = 3 if change in FORWARD else 5
    session = a_schedule(practice, midnight, hours=hours, clinician=a_clinician_of(practice, name="Dr Owl Exampleby"))
    slots = slots_in(session, minutes=5)
    assert [on_the_wall(at, change) for at in (slots[0].starts_at, slots[-1].ends_at)] == [
        datetime.combine(change, clock) for clock in (time(), time(4))
    ]
    return slots


def words_for(day: date) -> str:
    """The day as pages and messages write it."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def ranges(slots: list[Slot], change: date) -> list[str]:
    """From when to when each slot is."""
    return [f"{spoken(slot.starts_at, change)} to {spoken(slot.ends_at, change)}" for slot in slots]


@pytest.fixture(params=CHANGES, ids=str)
def change(request: pytest.FixtureRequest) -> date:
    """Each of the eight days in turn."""
    day: date = request.param
    return day


@pytest.fixture
def before(practice: Practice, change: date) -> Iterator[datetime]:
    """It is the Friday before, at nine in the morning."""
    online_for_years()
    with time_machine.travel(at_one(change) - timedelta(hours=40), tick=False):
        yield at_one(change) - timedelta(hours=40)


def staffed(practice: Practice) -> Client:
    """A receptionist's browser."""
    client, account = Client(), an_account()
    staff_of(practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    return client


def booked_by_all(practice: Practice, slots: list[Slot]) -> list[Appointment]:
    """Each of the slots, booked for a patient of its own."""
    given = {"booked_at": LONG_BEFORE}
    return [an_appointment(slot, a_patient_of(practice, registered_on=date(2020, 1, 1)), **given) for slot in slots]


def test_the_search_and_the_day_s_list_show_every_five_minutes_of_the_night(
    practice: Practice, change: date, before: datetime, client: Client
) -> None:
    slots = the_night(practice, change)
    client.force_login(an_account_for(a_patient_of(practice)))
    page = read(client.get(f"/appointments/book?from={change}&day={change}"))
    links = [one for one in page.all("a") if one.attributes.get("class") == "app-times__time"]
    assert [one.attributes["href"].split("/")[-1] for one in links] == [str(slot.id) for slot in slots]
    assert [re.split(r",| on ", one.text)[0].strip() for one in links] == [
        spoken(slot.starts_at, change) for slot in slots
    ]
    listed = read(staffed(practice).get(f"/appointments/book-of-the-day/{change}"))
    assert times_in(" ".join(listed.words("td"))) == ranges(slots, change)


def times_in(text: str) -> list[str]:
    """Every stretch of time that the text names, each once, in its order."""
    clock = r"(?:midnight|\d{1,2}(?::\d\d)?am(?: BST| GMT)?)"
    return list(dict.fromkeys(re.findall(rf"(?<![\w:]){clock} to {clock}", text)))


def test_what_is_kept_sent_and_taken_away_is_the_same_instant_and_the_same_words(
    practice: Practice, change: date, before: datetime, client: Client
) -> None:
    """The database, the message and the calendar file of an appointment at every five minutes."""
    patient = a_patient_of(practice)
    client.force_login(an_account_for(patient))
    for slot in the_night(practice, change):
        made = an_appointment(slot, patient, booked_at=LONG_BEFORE)
        told = words_of("appointment-booked", made, before)
        assert told is not None
        assert f"{words_for(change)} at {spoken(slot.starts_at, change)}." in told.paragraphs[0]
        assert f"at {spoken(slot.starts_at, change)}" in told.text
        [event] = Calendar.from_ical(client.get(f"/appointments/{made.id}/calendar.ics").content).events
        assert (slot.starts_at, slot.ends_at) == (event.DTSTART, event.DTEND)


def test_the_file_of_the_day_has_all_who_come_in_the_night_in_their_order(
    practice: Practice, change: date, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    slots = the_night(practice, change)
    patients = [row.patient for row in booked_by_all(practice, slots)]
    [file] = write_day_lists(practice.ods_code, at=at_one(change) + timedelta(hours=5))
    assert file.stem == change.isoformat()
    text = file.read_text(encoding="utf-8")
    assert times_in(text) == ranges(slots, change)
    places = [text.index(f"{patient.name}<") for patient in patients]
    assert places == sorted(places)


def test_in_every_hour_of_the_night_the_file_is_written_and_says_of_which_hour_it_is(
    practice: Practice, change: date, settings: Any, tmp_path: Path
) -> None:
    """In October the hour from one to two comes twice, and the two files of it can be told apart."""
    settings.VAR = tmp_path
    [first, *_rest] = booked_by_all(practice, the_night(practice, change)[-1:])
    made, instant = [], at_one(change) - HOUR * (1 if change in FORWARD else 2)
    while on_the_wall(instant, change) <= datetime.combine(change, time(4)):
        with time_machine.travel(instant, tick=False):
            jobs.export_day_lists_of_practice(practice.ods_code)
        text = (tmp_path / "day-lists" / practice.ods_code / f"{change}.html").read_text(encoding="utf-8")
        assert first.patient.name in text
        made += re.findall(r"Made on (.*?)\.", text)
        instant += HOUR
    night = ["midnight", "2am", "3am", "4am"]
    if change in BACK:
        night[1:1] = ["1am BST", "1am GMT"]
    assert made == [f"{words_for(change)} at {clock}" for clock in night]


def test_the_day_s_list_has_23_or_25_hours_and_nobody_of_the_days_beside_it(
    practice: Practice, change: date, before: datetime
) -> None:
    """A slot on each side of both midnights: the last of Saturday, the first and last of Sunday, Monday's first."""
    begins = at_one(change) - HOUR * (1 if change in FORWARD else 2)
    ends = begins + HOUR * (23 if change in FORWARD else 25)
    assert on_the_wall(ends, change) == datetime.combine(change + timedelta(days=1), time())
    around = [midnight + n * FIVE_MINUTES for midnight in (begins, ends) for n in (-1, 0)]
    slots = [slots_in(a_schedule(practice, at, hours=1), minutes=5, most=1)[0] for at in around]
    names = [row.patient.name for row in booked_by_all(practice, slots)]
    rita = staffed(practice)
    seen = []
    for n in (-1, 0, 1):
        text = read(rita.get(f"/appointments/book-of-the-day/{change + timedelta(days=n)}")).all("main")[0].text
        seen.append([name for name in names if name in " ".join(text.split())])
    assert seen == [names[:1], names[1:3], names[3:]]


def test_the_eight_nights_are_spoken_of_as_the_content_guide_says() -> None:
    """So that the second reckoning above is not only the first one written again."""
    march, october = FORWARD[-1], BACK[-1]
    hours = [at_one(march) + n * HOUR for n in (-1, 0)]
    assert [spoken(each, march) for each in hours] == ["midnight", "2am"]
    hours = [at_one(october) + n * HOUR for n in (-2, -1, 0, 1)]
    assert [spoken(each, october) for each in hours] == ["midnight", "1am BST", "1am GMT", "2am"]
