"""What a manager mistypes about sessions and absences is said before it is saved, in words that say what to do."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import add_slot, enter_absence, take_back_absence
from patient_online.appointments.models import Absence, Schedule
from patient_online.appointments.rules.templates import NotAway, NotMade
from patient_online.appointments.tests.planner import Planner, on_the_wall, refused, typed
from patient_online.demo.factories import a_clinician_of
from patient_online.identity.models import Account
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def one(planner: Planner, day: date, **given: str) -> dict[str, Any]:
    """What Mara types for a single session."""
    boxes = {f"day_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    return {**typed(planner), **boxes, **given}


def away(planner: Planner, first: date, last: date, **given: Any) -> Absence:
    row = {"clinician_id": planner.ada.id, "by": planner.mara, "key": None, "at": planner.now, "note": "Leave"}
    return enter_absence(from_day=first, to_day=last, **{**row, **given})


def moved(client: Client, session: Schedule, day: date, starts: str, **given: str) -> Any:
    """Mara says where a session shall go."""
    boxes = {f"day_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    who = {"clinician": str(session.clinician_id), "site": str(session.site_id)}
    return client.post(f"/practice/sessions/{session.id}/move", {**boxes, **who, "time": starts, **given})


def test_a_session_at_two_is_asked_for_am_or_pm(client: Client, planner: Planner) -> None:
    page = read(client.post("/practice/sessions/new", one(planner, FRIDAY, starts="2", do="save")))
    assert page.words("a", href="#id_starts") == ["Write am or pm, for example 2pm"]
    assert not Schedule.objects.exists()
    session = planner.adds_one(FRIDAY)
    assert "Write am or pm, for example 2:30pm" in read(moved(client, session, FRIDAY, "2:30")).words("a")


def test_a_session_at_night_or_on_a_bank_holiday_is_shown_with_a_warning(client: Client, planner: Planner) -> None:
    night = main(client.post("/practice/sessions/new", one(planner, FRIDAY, starts="2am")))
    late = main(client.post("/practice/sessions/new", one(planner, FRIDAY, starts="20:30")))
    easter = main(client.post("/practice/sessions/new", one(planner, date(2026, 4, 6), starts="9am")))
    usual = main(client.post("/practice/sessions/new", one(planner, FRIDAY, starts="9am")))
    warning = "The session starts before 6am or ends after 11pm."
    assert [warning in page for page in (night, late, easter, usual)] == [True, True, False, False]
    holiday = "The day is a bank holiday in England: Easter Monday."
    assert [holiday in page for page in (night, late, easter, usual)] == [False, False, True, False]


def test_a_single_session_more_than_two_years_ahead_is_refused(client: Client, planner: Planner) -> None:
    page = client.post("/practice/sessions/new", one(planner, date(2099, 3, 6), do="save"))
    assert "This day is more than two years ahead." in main(page)
    today = planner.now.date()
    assert refused(planner.adds_one, today + timedelta(days=733))[0] is NotMade.DAY_TOO_FAR
    planner.adds_one(today + timedelta(days=732))
    assert Schedule.objects.count() == 1


def test_who_is_away_for_part_of_the_day_is_named_with_the_hours(client: Client, planner: Planner) -> None:
    session = planner.adds_one(FRIDAY, time(14))
    away(planner, FRIDAY - timedelta(days=1), FRIDAY, to_time=time(12))
    parts = {"part0_count": "3", "part1_type": ""}
    page = client.post("/practice/sessions/new", one(planner, FRIDAY, starts="9am", **parts))
    assert "The clinician is away on this day from midnight to midday." in read(page).words("a", href="#id_starts")[0]
    told = read(moved(client, session, FRIDAY, "9am")).words("a", href="#id_time")
    assert told[0].startswith("Dr Ada Exampleby is away on that day from midnight to midday. Choose another time")
    about = {"kind": planner.kind.id, "minutes": 10, "mode": "in-person", "online": False}
    one_more = {**about, "starts": time(11), "by": planner.mara, "key": None, "at": planner.now}
    reason, facts = refused(add_slot, session, **one_more)
    assert (reason, facts["hours"]) == (NotMade.AWAY_THEN, "midnight to midday")
    thursday = main(client.post("/practice/sessions/new", one(planner, FRIDAY - timedelta(days=1), **parts)))
    assert "The clinician is away on this day. Choose another day" in thursday


def test_an_absence_that_another_covers_is_refused_and_the_other_is_named(client: Client, planner: Planner) -> None:
    known = away(planner, FRIDAY, FRIDAY + timedelta(days=7), from_time=time(12, 30))
    inside = (FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=7))
    for given in ({}, {"from_time": time(9), "to_time": time(10)}):
        assert refused(away, planner, *inside, **given)[0] is NotAway.ENTERED_ALREADY
    boxes = {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in zip(("from_day", "to_day"), inside, strict=True)
        for part in ("day", "month", "year")
    }
    page = client.post("/practice/absences/new", {"key": str(uuid4()), "clinician": str(planner.ada.id), **boxes})
    words = "an absence from Friday 6 March 2026, 12:30pm to Friday 13 March 2026 has been entered."
    assert f"Dr Ada Exampleby is away then already: {words}" in main(page)
    assert Absence.objects.count() == 1
    away(planner, FRIDAY, FRIDAY, from_time=time(12))
    away(planner, *inside, clinician_id=a_clinician_of(planner.practice).id)
    take_back_absence(known, by=planner.mara, at=planner.now)
    away(planner, *inside)


def test_a_move_that_cannot_be_is_refused_where_it_was_typed_before_anybody_s_new_time_is_shown(
    client: Client, planner: Planner
) -> None:
    session, other = planner.adds_one(FRIDAY), planner.adds_one(FRIDAY, time(14), name="Afternoon surgery")
    page = moved(client, session, FRIDAY, "1:30pm")
    assert page.status_code == 200
    told = read(page).words("a", href="#id_time")
    assert told[0].startswith("Dr Ada Exampleby has another session at that time: Afternoon surgery.")
    assert read(page).all("input", name="time")[0].attributes["value"] == "1:30pm"
    to = f"{other.starts_at.isoformat()}&clinician={session.clinician_id}&site={session.site_id}".replace("+", "%2B")
    shown = main(client.get(f"/practice/sessions/{session.id}/move?to={to}"))
    assert 0 < shown.index("This session cannot be moved there") < shown.index("Now: ")
    assert moved(client, session, FRIDAY, "10am").status_code == 302
    assert on_the_wall([session]) == [(FRIDAY, time(8, 30))]
