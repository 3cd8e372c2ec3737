"""Absences and closures for part of a day: what is made of a session, what is made later, and what is withdrawn."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import make_sessions, take_back_absence
from patient_online.appointments.models import Absence, Slot
from patient_online.appointments.tests.planner import Planner, days, sessions
from patient_online.appointments.tests.planner import typed as template_typed
from patient_online.appointments.tests.test_absences import FIRST, THURSDAYS, away, typed
from patient_online.identity.models import Account
from patient_online.nhs.dates import to_london
from patient_online.practices.actions import close, take_back_closure
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def starts(day: date) -> list[time]:
    """The times of Ada's slots on a day, by the clock on the wall."""
    rows = Slot.objects.filter(schedule__template_day=day).order_by("starts_at")
    return [to_london(row.starts_at).time() for row in rows]


def test_of_a_session_on_a_half_day_only_the_other_half_is_made_and_the_rest_once_she_is_back(planner: Planner) -> None:
    """8:30am to 11:30am, with a break at 10:10am; Ada is away on the first Thursday from 10am."""
    absence = away(planner, FIRST, FIRST, from_time=time(10))
    template = planner.adds()
    first, second, *_ = sessions()
    assert starts(FIRST) == [time(8, 30), time(8, 40), time(8, 50), *(time(9, n * 10) for n in range(6))]
    assert (to_london(first.ends_at).time(), first.cut_short) == (time(10), True)
    assert (len(starts(THURSDAYS[1])), second.cut_short) == (16, False)
    make_sessions(template, through=THURSDAYS[-1], by=planner.mara, at=planner.now)
    assert len(starts(FIRST)) == 9
    take_back_absence(absence, by=planner.mara, at=planner.now)
    first.refresh_from_db()
    assert starts(FIRST) == starts(THURSDAYS[1])
    assert (to_london(first.ends_at).time(), first.cut_short) == (time(11, 30), False)


def test_a_closure_taken_back_fills_the_session_up_in_the_night_and_touches_no_withdrawn_time(planner: Planner) -> None:
    training: dict[str, Any] = {"words": "Training", "by": planner.mara, "at": planner.now, "key": None}
    closure = close(FIRST, FIRST, from_time=time(8), to_time=time(9, 5), **training)
    template = planner.adds()
    assert starts(FIRST)[0] == time(9, 10)
    Slot.objects.filter(schedule__template_day=FIRST).update(status=Slot.Status.WITHDRAWN)
    take_back_closure(closure, by=planner.mara, at=planner.now)
    make_sessions(template, through=THURSDAYS[-1], by=planner.mara, at=planner.now)
    slots = Slot.objects.filter(schedule__template_day=FIRST).order_by("starts_at")
    assert [slot.status for slot in slots] == ["open"] * 4 + ["withdrawn"] * 12


def test_where_no_slot_is_left_no_session_is_made_and_a_break_that_is_shut_costs_nothing(planner: Planner) -> None:
    away(planner, THURSDAYS[0], THURSDAYS[0], from_time=time(8), to_time=time(11, 30))
    away(planner, THURSDAYS[1], THURSDAYS[1], from_time=time(10, 10), to_time=time(10, 30))
    planner.adds()
    assert days() == THURSDAYS[1:]
    assert [(len(starts(day)), one.cut_short) for day, one in zip(THURSDAYS[1:3], sessions(), strict=False)] == [
        (16, False)
    ] * 2


def test_what_is_looked_at_before_a_template_is_saved_says_which_part_of_a_day_is_left_out(
    client: Client, planner: Planner
) -> None:
    away(planner, THURSDAYS[2], THURSDAYS[2], from_time=time(10))
    page = read(client.post("/practice/templates/new", template_typed(planner)))
    assert "8:30am to 10am. Not the whole of it: the clinician is away from 10am" in " ".join(
        page.all("main")[0].text.split()
    )


def test_mara_types_a_half_day_and_goes_on_to_withdraw_that_half_alone(client: Client, planner: Planner) -> None:
    planner.adds()
    afternoon = {**typed(planner, FIRST, FIRST), "from_time": "12.30pm", "to_time": ""}
    assert client.post("/practice/absences/new", afternoon).headers["Location"] == "/practice/absences?saved=1"
    late = {**typed(planner, THURSDAYS[1], THURSDAYS[1]), "from_time": "10:30am", "to_time": ""}
    address = client.post("/practice/absences/new", late).headers["Location"]
    assert address.endswith(f"?clinician={planner.ada.id}&from=2026-03-12&to=2026-03-12&from_time=10%3A30")
    page = " ".join(read(client.get(address)).all("main")[0].text.split())
    assert "6 times are still to come." in page
    assert "16 times" not in page
    listed = " ".join(read(client.get("/practice/absences")).all("main")[0].text.split())
    assert "from 12:30pm" in listed


def test_a_half_day_that_ends_before_it_begins_is_pointed_out(client: Client, planner: Planner) -> None:
    wrong = {**typed(planner, FIRST, FIRST), "from_time": "2pm", "to_time": "12pm"}
    page = read(client.post("/practice/absences/new", wrong))
    assert page.words("a", href="#id_to_time") == [
        "The time until which they are away must be after the one from which"
    ]
    assert page.all("input", name="from_time")[0].attributes["value"] == "2pm"
    assert not Absence.objects.exists()


def test_each_absence_says_what_of_it_is_in_the_book_still_and_leads_to_withdrawing_that(
    client: Client, planner: Planner
) -> None:
    planner.adds()
    away(planner, THURSDAYS[0], THURSDAYS[1])
    away(planner, THURSDAYS[2], THURSDAYS[2], from_time=time(12))
    Slot.objects.filter(schedule__template_day=FIRST).update(status=Slot.Status.WITHDRAWN)
    page = read(client.get("/practice/absences"))
    said = " ".join(page.all("main")[0].text.split())
    assert "1 is in the book still." in said
    assert "1 is withdrawn." in said
    assert "None" in said
    links = [one.attributes["href"] for one in page.all("a")]
    assert f"/practice/withdraw?clinician={planner.ada.id}&from=2026-03-05&to=2026-03-12" in links
    assert "/practice/withdrawn" in links
