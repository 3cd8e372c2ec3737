"""While somebody is away another sees to their tasks: entered, shown, taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role, Staff
from patient_online.demo.factories import an_account, staff_of
from patient_online.identity.models import Account
from patient_online.practices.models import Practice
from patient_online.tasks.models import Cover
from patient_online.tasks.tests.people import two_kinds
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
WORK = "/practice/tasks"


@pytest.fixture(autouse=True)
def kinds_for_tests() -> Iterator[None]:
    """Two kinds of task that are there for the tests."""
    with two_kinds():
        yield


@pytest.fixture
def rita(practice: Practice) -> Staff:
    """Rita, a receptionist."""
    return staff_of(practice, Role.RECEPTIONIST, account=an_account("rita@example.com", name="Rita Madeup"))


@pytest.fixture
def desk(rita: Staff) -> Client:
    """Her browser."""
    return signed_in_as(rita)


def signed_in_as(one: Staff) -> Client:
    """The browser of this member of staff."""
    return signed_in(Account.objects.get(id=one.account_id))


def days(first: datetime, last: datetime) -> dict[str, str]:
    """Two days as they are typed."""
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in (("from_day", first), ("to_day", last))
        for part in ("day", "month", "year")
    }


def test_rita_says_who_covers_for_her_and_takes_it_back(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    other = staff_of(practice, Role.RECEPTIONIST)
    typed = {"key": str(uuid4()), "away": str(rita.staff_id), "covered_by": str(other.staff_id)}
    answer = desk.post(f"{WORK}/cover", typed | days(now, now + timedelta(days=4)), follow=True)
    assert "The cover is entered." in said(answer)
    assert "covers for Rita Madeup, from Tuesday 3 March 2026 to Saturday 7 March 2026" in said(answer)
    again = desk.post(f"{WORK}/cover", typed | {"key": str(uuid4())} | days(now, now))
    assert "Somebody covers for this person on some of these days already." in said(again)
    row = Cover.objects.get()
    assert staff(practice, Role.GP).post(f"{WORK}/cover/{row.id}/take-back").status_code == 403
    where = f"{WORK}/cover/{row.id}/take-back"
    assert "Nobody will see to Rita Madeup’s tasks" in said(desk.get(where))
    assert "The cover is taken back." in said(desk.post(where, follow=True))
    assert "This cover was already taken back." in said(desk.get(where))


def test_only_a_manager_enters_cover_for_another(practice: Practice, desk: Client, rita: Staff, now: datetime) -> None:
    other, third = (staff_of(practice, Role.RECEPTIONIST) for _ in range(2))
    typed = {"key": str(uuid4()), "away": str(other.staff_id), "covered_by": str(third.staff_id)}
    refused = desk.post(f"{WORK}/cover", typed | days(now, now))
    assert "Choose somebody from the list" in said(refused)
    assert not Cover.objects.exists()
    done = staff(practice, Role.MANAGER).post(f"{WORK}/cover", typed | days(now, now))
    assert done.status_code == 302


def test_who_sees_none_of_the_tasks_is_not_offered_and_refused_as_cover(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    """The roles of an administrator show them no task: nobody would see to Rita's."""
    blind, other = staff_of(practice, Role.ADMINISTRATOR), staff_of(practice, Role.RECEPTIONIST)
    offered = {each.attributes.get("value") for each in read(desk.get(f"{WORK}/cover")).all("option")}
    assert str(other.staff_id) in offered
    assert str(blind.staff_id) not in offered
    typed = {"key": str(uuid4()), "away": str(rita.staff_id), "covered_by": str(blind.staff_id)} | days(now, now)
    assert "Choose somebody from the list" in said(desk.post(f"{WORK}/cover", typed))
    refused = staff(practice, Role.MANAGER).post(f"{WORK}/cover", typed)
    assert "roles do not let them see the tasks of who is away" in said(refused)
    assert not Cover.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(3, 1, "The last day is before the first."), (-3, -1, "The last day has already been.")],
)
def test_days_that_cannot_be_are_pointed_out(
    practice: Practice, desk: Client, rita: Staff, now: datetime, first: int, last: int, words: str
) -> None:
    other = staff_of(practice, Role.RECEPTIONIST)
    typed = {"key": str(uuid4()), "away": str(rita.staff_id), "covered_by": str(other.staff_id)}
    typed |= days(now + timedelta(days=first), now + timedelta(days=last))
    answer = desk.post(f"{WORK}/cover", typed)
    assert words in said(answer)
    assert read(answer).words("title")[0].startswith("Error: ")
