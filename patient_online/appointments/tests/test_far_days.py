"""Days that no appointment book has, in addresses and in forms: nothing breaks and nothing is kept."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import enter_absence
from patient_online.appointments.models import Absence, BookingRule, Schedule, SessionTemplate
from patient_online.appointments.rules.templates import AWAY_AHEAD_DAYS, NotAway, why_not_away
from patient_online.appointments.tests.planner import Planner, typed
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, staff_of
from patient_online.identity.models import Account
from patient_online.nhs.stretches import Stretch
from patient_online.practices.models import Closure
from patient_online.refusals import Refused
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)
FAR = ["9999-12-31", "9998-01-01", "2100-01-01", "1999-12-31", "0001-01-01", "2026-02-30", "x"]
EDGES = ["2099-12-31", "2000-01-01"]
KEPT = (Absence, BookingRule, Closure, Schedule, SessionTemplate)


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026; she works at the desk too, and Ada has a session on Thursdays."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        account = Account.objects.get(id=planner.mara.account_id)
        client.force_login(account)
        planner.adds()
        yield planner


@pytest.mark.parametrize("day", FAR + EDGES)
@pytest.mark.parametrize("query", ["from={}", "day={}", "from=2026-03-05&to={}", "from={}&to=2026-03-05"])
def test_the_withdrawing_of_days_that_cannot_be_asks_which_days(
    client: Client, planner: Planner, query: str, day: str
) -> None:
    answer = client.get(f"/practice/withdraw?{query.format(day)}")
    assert answer.status_code == 200
    title = "Check before you withdraw" if day in EDGES else "Withdraw sessions"
    assert read(answer).words("title")[0].startswith(title)


@pytest.mark.parametrize("day", FAR + EDGES)
def test_the_times_of_a_day_that_cannot_be_are_those_of_today(client: Client, planner: Planner, day: str) -> None:
    rita = staff_of(planner.practice, Role.RECEPTIONIST)
    client.force_login(Account.objects.get(id=rita.account_id))
    patient = a_patient_of(planner.practice)
    answer = client.get(f"/practice/patients/{patient.id}/book?on={day}")
    assert answer.status_code == 200
    assert ("31 December 2099" if day == "2099-12-31" else "3 March 2026") in said(answer)


@pytest.mark.parametrize("day", FAR)
def test_the_book_of_a_day_that_cannot_be_is_no_page(client: Client, planner: Planner, day: str) -> None:
    assert client.get(f"/appointments/book-of-the-day/{day}").status_code == 404


def on(name: str, year: str) -> dict[str, str]:
    """The last day of a year, as it is typed."""
    return {f"{name}_day": "31", f"{name}_month": "12", f"{name}_year": year}


def pages(planner: Planner, year: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every page with a date on it, and what Mara types there."""
    template = SessionTemplate.objects.get()
    ada, first = {"clinician": str(planner.ada.id)}, on("from_day", "2026")
    session = typed(planner)
    return {
        "absence": ("/practice/absences/new", {**ada, **first, **on("to_day", year)}),
        "absence, first": ("/practice/absences/new", {**ada, **on("from_day", year), **on("to_day", year)}),
        "withdraw": ("/practice/withdraw", {**ada, **on("first", year)}),
        "withdraw, last": ("/practice/withdraw", {**ada, **on("first", "2026"), **on("last", year)}),
        "stop": (f"/practice/templates/{template.id}/stop", on("from_day", year)),
        "template": ("/practice/templates/new", {**session, **on("from_day", year)}),
        "template, last": ("/practice/templates/new", {**session, **on("to_day", year)}),
        "session": ("/practice/sessions/new", {**session, **on("day", year)}),
        "closure": ("/practice/closures/new", {"words": "Away", **first, **on("to_day", year)}),
        "embargo": (f"/practice/slot-types/{planner.kind.id}/rules/add", {"sex": "any", **on("embargo_day", year)}),
    }


WHERE = ["absence", "absence, first", "withdraw", "withdraw, last", "stop", "template", "template, last"]
WHERE += ["session", "closure", "embargo"]


@pytest.mark.parametrize("year", ["9999", "9998", "2100", "1999", "0001", "0000"])
@pytest.mark.parametrize("where", WHERE)
def test_a_date_of_no_book_is_pointed_out_and_nothing_is_kept(
    client: Client, planner: Planner, where: str, year: str
) -> None:
    before = [kind.objects.count() for kind in KEPT]
    path, given = pages(planner, year)[where]
    answer = client.post(path, {"key": str(uuid4()), **given})
    assert read(answer).words("title")[0].startswith("Error: ")
    assert "year must be from 2000 to 2099" in said(answer)
    assert [kind.objects.count() for kind in KEPT] == before


@pytest.mark.parametrize("do", ["save", "", "stop"])
@pytest.mark.parametrize("where", WHERE)
def test_the_last_day_of_the_furthest_year_breaks_no_page(
    client: Client, planner: Planner, where: str, do: str
) -> None:
    path, given = pages(planner, "2099")[where]
    answer = client.post(path, {"key": str(uuid4()), **given, "do": do}, follow=True)
    assert answer.status_code in (200, 409)


def test_an_absence_of_more_than_two_years_ahead_is_refused_with_words(client: Client, planner: Planner) -> None:
    path, given = pages(planner, "2029")["absence"]
    answer = client.post(path, {"key": str(uuid4()), **given})
    assert "The last day away is more than two years ahead." in said(answer)
    assert not Absence.objects.exists()


def test_an_absence_is_entered_until_two_years_ahead_and_never_backwards(planner: Planner) -> None:
    last = TODAY + timedelta(days=AWAY_AHEAD_DAYS)
    given: dict[str, Any] = {"note": "", "by": planner.mara, "key": None, "at": planner.now}
    assert enter_absence(planner.ada.id, from_day=TODAY, to_day=last, **given).to_day == last
    with pytest.raises(Refused) as no:
        enter_absence(planner.ada.id, from_day=TODAY, to_day=last + timedelta(days=1), **given)
    assert no.value.reason is NotAway.TOO_FAR
    disorder = Stretch(TODAY + timedelta(days=2), TODAY + timedelta(days=1))
    assert why_not_away(disorder, today=TODAY) is NotAway.IN_DISORDER
