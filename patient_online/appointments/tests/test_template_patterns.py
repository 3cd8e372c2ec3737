"""Every pattern that a practice plans by is typed as a manager types it, and its days are seen before it is saved."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import SessionTemplate
from patient_online.appointments.tests.planner import Planner, typed
from patient_online.identity.models import Account
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
NEW = "/practice/templates/new"
FROM_2_MARCH = {"from_day_day": "2", "from_day_month": "March", "from_day_year": "2026"}
UNTIL_10_APRIL = {"to_day_day": "10", "to_day_month": "4", "to_day_year": "2026"}


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def days_seen(client: Client, planner: Planner, **changed: Any) -> tuple[str, list[str]]:
    """The pattern in words, and each day of the calendar that the look shows, with what it says of it."""
    page = read(client.post(NEW, typed(planner, **{**FROM_2_MARCH, **changed})))
    assert not SessionTemplate.objects.exists()
    cells = page.words("td")
    days = [each for each in cells if "2026" in each or "2027" in each]
    after = {cells[n]: cells[n + 1] for n in range(len(cells) - 1)}
    words = next(each for each in page.words("p") if "Dr Ada Exampleby" in each)
    return words, [f"{day.removeprefix('Day ')}: {after[day].removeprefix('Session ')}" for day in days]


@pytest.mark.parametrize(
    ("pattern", "words", "days"),
    [
        (
            {"kind": "weekly", "weekdays": ["4"], "every": "2"},
            "Every other Thursday",
            ["Thursday 5 March 2026", "Thursday 19 March 2026", "Thursday 2 April 2026"],
        ),
        (
            {"kind": "nth-weekday", "weekdays": ["4"], "nth": "2"},
            "Second Thursday",
            ["Thursday 12 March 2026", "Thursday 9 April 2026", "Thursday 14 May 2026"],
        ),
        (
            {"kind": "nth-working-day", "weekdays": [], "nth": "1"},
            "First working day",
            ["Wednesday 1 April 2026", "Friday 1 May 2026", "Monday 1 June 2026"],
        ),
        (
            {"kind": "nth-weekday", "weekdays": ["5"], "nth": "-1"},
            "Last Friday",
            ["Friday 27 March 2026", "Friday 24 April 2026", "Friday 29 May 2026"],
        ),
        (
            {"kind": "weekly", "weekdays": ["1", "3"], "every": "1"},
            "Every Monday and Wednesday",
            ["Wednesday 4 March 2026", "Monday 9 March 2026", "Wednesday 11 March 2026"],
        ),
    ],
)
def test_a_pattern_is_typed_and_its_next_days_are_seen(
    client: Client, planner: Planner, pattern: dict[str, Any], words: str, days: list[str]
) -> None:
    said, seen = days_seen(client, planner, **pattern)
    assert words.lower() in said.lower()
    assert seen[:3] == [f"{day}: 8:30am to 11:40am" for day in days]


def test_every_monday_leaves_out_bank_holidays_by_their_names_unless_it_is_told_not_to(
    client: Client, planner: Planner
) -> None:
    monday: dict[str, Any] = {"kind": "weekly", "weekdays": ["1"], "every": "1"}
    _, seen = days_seen(client, planner, **monday)
    assert "Monday 6 April 2026: Left out: bank holiday (Easter Monday)" in seen
    _, all_of_them = days_seen(client, planner, **monday, except_bank_holidays="")
    assert "Monday 6 April 2026: 8:30am to 11:40am" in all_of_them


def test_from_one_day_to_another_and_no_further(client: Client, planner: Planner) -> None:
    _, seen = days_seen(client, planner, kind="weekly", weekdays=["4"], every="1", **UNTIL_10_APRIL)
    assert [each.split(":")[0] for each in seen][-1] == "Thursday 9 April 2026"
    assert len(seen) == 6
