"""When the clocks change, page, database and calendar file agree on the time on the wall and on the instant."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from icalendar import Calendar

from patient_online.appointments.models import Slot
from patient_online.appointments.tests.changes import BACK, CHANGES, FORWARD, online_for_years
from patient_online.asking import Acting
from patient_online.demo.factories import a_clinician_of, a_schedule, an_appointment, slots_in
from patient_online.identity.models import Account
from patient_online.nhs.dates import day_bounds, from_wall_clock
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

DAYS = [day - timedelta(days=before) for day in CHANGES for before in (1, 0)]
HALF_HOUR = timedelta(minutes=30)
NIGHT = ["midnight", "12:30am", "1am", "1:30am", "2am", "2:30am", "3am", "3:30am"]
FORWARD_NIGHT = ["midnight", "12:30am", "2am", "2:30am", "3am", "3:30am", "4am", "4:30am"]
BACK_NIGHT = ["midnight", "12:30am", "1am BST", "1:30am BST", "1am GMT", "1:30am GMT", "2am", "2:30am"]
WORKING_DAY = ["9am", "9:30am", "midday", "12:30pm", "5:30pm", "6pm"]


def texts_of(day: date) -> list[str]:
    """The times of eight half hours from midnight and of a working day, written out by hand."""
    night = FORWARD_NIGHT if day in FORWARD else BACK_NIGHT if day in BACK else NIGHT
    return night + WORKING_DAY


def slots_of(practice: Practice, day: date) -> list[Slot]:
    """Half hours of one clinician: through the small hours, and in the morning, at midday and in the evening."""
    clinician = a_clinician_of(practice)
    sessions = [(time(), 4), (time(9), 1), (time(12), 1), (time(17, 30), 1)]
    return [
        slot
        for begins, hours in sessions
        for slot in slots_in(
            a_schedule(practice, from_wall_clock(day, begins), hours=hours, clinician=clinician), minutes=30
        )
    ]


@pytest.fixture
def browser() -> Client:
    """A browser; each test says when it is used."""
    return Client()


def signed_in(browser: Client, ann: Acting) -> Client:
    """The browser, with Ann signed in now."""
    online_for_years()
    browser.force_login(Account.objects.get(id=ann.account_id))
    return browser


def a_week_before(day: date) -> time_machine.travel:
    """Eight o'clock in the morning of a day a week before."""
    return time_machine.travel(from_wall_clock(day - timedelta(days=7), time(8)), tick=False)


def wall_in_the_database(slot: Slot) -> datetime:
    """What PostgreSQL, with time zones of its own, says that the wall shows when the slot starts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT starts_at AT TIME ZONE 'Europe/London' FROM appointments_slot WHERE id = %s", [slot.id])
        wall: datetime = cursor.fetchone()[0]
    return wall


def spoken(text: str) -> time:
    """The time of day that a page writes, read by the rules of the content guide."""
    clock = text.split()[0]
    if clock in ("midnight", "midday"):
        return time(12 if clock == "midday" else 0)
    hour, _, minute = clock[:-2].partition(":")
    return time(int(hour) % 12 + (12 if clock.endswith("pm") else 0), int(minute or 0))


def test_the_law_and_the_table_of_zones_agree_on_the_eight_days() -> None:
    every_day = [date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]
    bounds = {day: day_bounds(day) for day in every_day}
    assert [day for day, (since, until) in bounds.items() if until - since != timedelta(days=1)] == CHANGES
    assert (len(CHANGES), every_day[-1]) == (8, date(2027, 12, 31))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_search_page_shows_each_slot_at_its_time_on_the_wall(
    practice: Practice, ann: Acting, browser: Client, day: date
) -> None:
    slots = slots_of(practice, day)
    with a_week_before(day):
        page = read(signed_in(browser, ann).get(f"/appointments/book?from={day}&day={day}"))
    links = [one for one in page.all("a") if one.attributes.get("class") == "app-times__time"]
    assert [one.attributes["href"].split("/")[-1] for one in links] == [str(slot.id) for slot in slots]
    times = [re.split(r",| on ", one.text)[0].strip() for one in links]
    assert times == texts_of(day)
    for link, text, slot in zip(links, times, slots, strict=True):
        wall = wall_in_the_database(slot)
        assert (wall.date(), wall.time()) == (day, spoken(text))
        assert f"{day:%A} {day.day} {day:%B %Y}" in link.text


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_appointment_page_and_the_calendar_file_say_the_same_instant_as_the_database(
    practice: Practice, ann: Acting, browser: Client, day: date
) -> None:
    patient = Patient.objects.get(id=ann.patient_id)
    made = [an_appointment(slot, patient) for slot in slots_of(practice, day)]
    with a_week_before(day):
        signed_in(browser, ann)
        for appointment, text in zip(made, texts_of(day), strict=True):
            page = read(browser.get(f"/appointments/{appointment.id}"))
            when = " ".join(page.words("dd"))
            assert f"{day:%A} {day.day} {day:%B %Y}, {text} to " in when
            event = Calendar.from_ical(browser.get(f"/appointments/{appointment.id}/calendar.ics").content).events[0]
            slot = Slot.objects.get(id=appointment.slot_id)
            assert (slot.starts_at, slot.ends_at) == (event.DTSTART, event.DTEND)
            assert event.DTSTART.tzinfo is not None
            assert event.DTEND - event.DTSTART == HALF_HOUR


@pytest.mark.parametrize("day", BACK, ids=str)
def test_both_half_past_ones_of_the_october_night_are_told_apart(
    practice: Practice, ann: Acting, browser: Client, day: date
) -> None:
    patient = Patient.objects.get(id=ann.patient_id)
    slots = slots_of(practice, day)
    first, second = slots[3], slots[5]
    assert wall_in_the_database(first) == wall_in_the_database(second) == datetime.combine(day, time(1, 30))
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    first_starts, second_starts = (from_wall_clock(day, time(1, 30), fold=fold) for fold in (0, 1))
    assert (first.starts_at, second.starts_at) == (first_starts, second_starts)
    appointments = [an_appointment(slot, patient) for slot in (first, second)]
    with a_week_before(day):
        page = read(signed_in(browser, ann).get("/appointments/"))
    shown = [one.text for one in page.all("a") if one.attributes.get("class") == "nhsuk-card__link"]
    assert ["1:30am BST to 1am GMT" in shown[0], "1:30am GMT to 2am" in shown[1]] == [True, True]
    assert len(shown) == len(appointments)


@pytest.mark.parametrize("day", FORWARD, ids=str)
def test_there_is_no_slot_at_half_past_one_on_the_march_night(
    practice: Practice, ann: Acting, browser: Client, day: date
) -> None:
    """Nobody can make one, and the half hour after 12:30am is at 2am."""
    with pytest.raises(ValueError, match="the clocks go forward"):
        from_wall_clock(day, time(1, 30))
    slots = slots_of(practice, day)
    assert wall_in_the_database(slots[2]) == datetime.combine(day, time(2))
    assert slots[2].starts_at == datetime.combine(day, time(1), UTC)
    with a_week_before(day):
        response = signed_in(browser, ann).get(f"/appointments/book?from={day}&day={day}")
    assert "1am" not in response.content.decode().replace("11am", "")
    assert "1:30am" not in response.content.decode().replace("11:30am", "")
