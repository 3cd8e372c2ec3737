"""What a mistyped number would do to the book is refused with words: sessions without end, embargoes of years."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import BookingRule, Schedule, SessionTemplate, Slot
from patient_online.appointments.rules.groups import FURTHEST_EMBARGO, NotRuled, why_not_ruled
from patient_online.appointments.rules.release import RuleFacts
from patient_online.appointments.rules.sessions import Part
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.planner import Planner, refused, typed
from patient_online.identity.models import Account
from patient_online.web.tests.pages import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def parts(planner: Planner, *lengths: tuple[int, int]) -> tuple[Part, ...]:
    """Runs of slots: how many, and how many minutes each."""
    return tuple(Part(minutes, count, planner.kind.id) for count, minutes in lengths)


def test_a_session_of_fourteen_hours_and_of_two_hundred_slots_is_made_and_no_more(planner: Planner) -> None:
    day, longer = date(2026, 3, 7), date(2026, 3, 8)
    planner.adds_one(day, time(8), parts=parts(planner, (84, 10)))
    planner.adds_one(longer, time(8), parts=parts(planner, (100, 3), (100, 3)))
    assert Slot.objects.count() == 84 + 200
    too_long = {"parts": (*parts(planner, (84, 10)), Part(1))}
    too_many = {"parts": parts(planner, (100, 3), (100, 3), (1, 3))}
    for given, why in ((too_long, NotMade.TOO_LONG), (too_many, NotMade.TOO_MANY)):
        assert refused(planner.adds_one, date(2026, 3, 14), time(8), **given)[0] is why
        assert refused(planner.adds, planner.plan(time(8), **given))[0] is why


@pytest.mark.parametrize("path", ["/practice/templates/new", "/practice/sessions/new"])
@pytest.mark.parametrize("do", ["", "save"])
def test_mara_is_told_before_anything_is_made(client: Client, planner: Planner, path: str, do: str) -> None:
    much = {"part0_count": "100", "part0_minutes": "3", "part1_type": str(planner.kind.id), "part1_count": "100"}
    much |= {"part1_minutes": "3", "part2_type": str(planner.kind.id), "part2_count": "20", "part2_minutes": "3"}
    much |= {"day_day": "7", "day_month": "3", "day_year": "2026", "do": do}
    assert "This session would have more than 200 slots. Take away some" in said(
        client.post(path, typed(planner, **much))
    )
    assert not Schedule.objects.exists()
    assert not SessionTemplate.objects.exists()


def test_an_embargo_of_more_than_a_year_is_refused_with_words(client: Client, planner: Planner) -> None:
    path = f"/practice/slot-types/{planner.kind.id}/rules/add"
    given: dict[str, Any] = {"sex": "any", "embargo_day_day": "3", "embargo_day_month": "3"}
    answer = client.post(path, {**given, "key": str(uuid4()), "embargo_day_year": "2062"})
    assert "The day before which it is not released is more than a year ahead. Check the year" in said(answer)
    assert not BookingRule.objects.exists()
    assert client.post(path, {**given, "key": str(uuid4()), "embargo_day_year": "2027"}).status_code == 302
    assert BookingRule.objects.count() == 1


def test_an_embargo_may_last_a_year_and_a_release_may_be_soon_after_midnight(now: datetime) -> None:
    """On the day itself, before the surgery opens, is when some practices release."""
    assert why_not_ruled(RuleFacts(embargo_until=now + FURTHEST_EMBARGO), at=now) is None
    longer = RuleFacts(embargo_until=now + FURTHEST_EMBARGO + timedelta(seconds=1))
    assert why_not_ruled(longer, at=now) is NotRuled.EMBARGO
    assert why_not_ruled(RuleFacts(days_ahead=0, release_time=time(0, 1)), at=now) is None
