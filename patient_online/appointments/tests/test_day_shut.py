"""The day's list, the desk's times and the list on paper say when nobody is seen: away, or closed."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from patient_online.appointments.actions import enter_absence
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_schedule,
    an_account,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.identity.models import Account
from patient_online.practices.actions import close
from patient_online.web.tests.pages import read
from tests.statements import statements

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning; Dr Exampleby's clinic of six began at 9:50am, and Robin had the first time."""
    with at_the_desk(client) as desk:
        yield desk


def away(desk: Desk, **times: time) -> None:
    """Dr Exampleby is away today."""
    manager, who = staff_of(desk.practice, Role.MANAGER), desk.today[0].schedule.clinician_id
    enter_absence(who, from_day=TODAY, to_day=TODAY, **times, note="", by=manager, key=None, at=TEN)


def closed(desk: Desk, **times: time) -> None:
    """The practice is closed today."""
    manager = staff_of(desk.practice, Role.MANAGER)
    close(TODAY, TODAY, words="Training", **times, by=manager, at=TEN, key=None)


def numbers(desk: Desk) -> dict[str, str]:
    """The day's numbers by their words."""
    page = read(desk.client.get(desk.day))
    return dict(zip(page.words("dt"), page.words("dd"), strict=True))


def rows(desk: Desk) -> list[str]:
    """The rows of the day's list, without its head."""
    return read(desk.client.get(desk.day)).words("tr")[1:]


def test_who_is_away_all_day_is_said_at_the_top_and_with_the_clinician_and_nothing_counts_as_free(desk: Desk) -> None:
    away(desk)
    said, who = desk.main(desk.day), desk.today[0].schedule.clinician_id
    assert "Dr Ada Exampleby: Away all day. 1 still booked. Withdraw them" in said
    assert said.count("Away all day. 1 still booked.") == 2
    assert numbers(desk)["Free from now on"] == "0"
    assert ["Free, but away" in row for row in rows(desk)] == [False] + [True] * 5
    wanted = f"/practice/withdraw?day=2026-03-03&clinician={who}"
    found = [one.attributes["href"] for one in read(desk.client.get(desk.day)).all("a")]
    assert found.count(wanted) == 2
    assert desk.client.get(wanted).status_code == 200


def test_who_is_away_for_a_part_of_the_day_is_said_to_be_until_when_and_the_rest_is_free(desk: Desk) -> None:
    an_appointment(desk.today[1], a_patient_of(desk.practice))
    away(desk, to_time=time(10, 10))
    assert desk.main(desk.day).count("Away until 10:10am. 2 still booked.") == 2
    assert numbers(desk)["Free from now on"] == "4"


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"from_time": time(10, 30)}, "Away from 10:30am. Nobody is booked."),
        ({"from_time": time(10, 10), "to_time": time(10, 30)}, "Away 10:10am to 10:30am. Nobody is booked."),
    ],
)
def test_an_absence_later_in_the_day_is_said_with_its_times(desk: Desk, times: dict[str, time], said: str) -> None:
    away(desk, **times)
    assert desk.main(desk.day).count(said) == 2
    assert "Withdraw these times" in desk.main(desk.day)


def test_a_closed_practice_is_said_of_every_clinician_with_times(desk: Desk) -> None:
    ben = a_clinician_of(desk.practice, name="Dr Ben Madeup")
    slots_in(a_schedule(desk.practice, TEN + timedelta(hours=2), hours=1, clinician=ben), kind=desk.today[0].type)
    closed(desk)
    said = desk.main(desk.day)
    assert "Dr Ada Exampleby: Closed all day. 1 still booked." in said
    assert "Dr Ben Madeup: Closed all day. Nobody is booked." in said
    assert numbers(desk)["Free from now on"] == "0"
    assert "Free, but closed" in rows(desk)[1]


def test_on_a_day_when_everybody_is_there_nothing_is_said(desk: Desk) -> None:
    said = desk.main(desk.day)
    assert "Robin Testperson" in said
    assert "Nobody is seen" not in said
    assert "Away" not in said


def test_who_may_not_withdraw_reads_it_without_the_link(desk: Desk) -> None:
    away(desk)
    account = an_account()
    staff_of(desk.practice, Role.GP, account=account)
    desk.client.force_login(account)
    said = desk.main(desk.day)
    assert "Away all day. 1 still booked." in said
    assert "Withdraw" not in said


def test_it_costs_no_statement_more(desk: Desk) -> None:
    desk.main(desk.day)
    with statements() as before:
        desk.main(desk.day)
    away(desk)
    with statements() as after:
        desk.main(desk.day)
    assert len(after) == len(before) > 0


def test_the_file_for_the_hour_in_which_the_system_is_down_says_so_too(
    desk: Desk, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    away(desk)
    call_command("export_day_lists")
    text = (tmp_path / "day-lists" / desk.practice.ods_code / "2026-03-03.html").read_text(encoding="utf-8")
    assert "Away all day. 1 still booked." in text
    assert text.count("Free, but away") == 5


def test_in_the_evening_nothing_of_the_day_is_free_any_more(desk: Desk) -> None:
    assert numbers(desk)["Free from now on"] == "5"
    with time_machine.travel(TEN + timedelta(hours=13), tick=False):
        desk.client.force_login(Account.objects.get(id=desk.rita.account_id))
        assert numbers(desk)["Free from now on"] == "0"
