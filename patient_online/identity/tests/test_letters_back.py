"""Ways back in for who has no e-mail: by a code on a letter from the practice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.asking import Anyone, Role
from patient_online.audit.models import AccountEntry, Entry
from patient_online.demo.factories import PASSWORD, a_practice, an_account, staff_of
from patient_online.identity.actions import NewWayIn, choose_password, give_way_in, try_way_in
from patient_online.identity.models import Account, WayIn
from patient_online.storage.codes import grouped
from patient_online.web.tests.pages import said
from tests.at_once import at_once
from tests.statements import shapes, statements

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NEW = "three-plain-words"


@pytest.fixture
def robin() -> Account:
    """Somebody with an account and an e-mail address."""
    return an_account("robin@example.com")


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(now, tick=False) as moved:
        yield moved


def signs_in(password: str, name: str = "robin@example.com") -> int:
    """The status of signing in from a new browser."""
    return int(Client().post("/sign-in", {"login": name, "password": password}).status_code)


def a_letter_for(account: Account, at: datetime) -> NewWayIn:
    """A code on paper, given at the desk."""
    by = staff_of(a_practice(), Role.RECEPTIONIST)
    return give_way_in(account, why=WayIn.Why.FORGOTTEN, by=by, at=at)


def test_a_letter_s_code_lets_somebody_without_email_choose_a_password(client: Client, now: datetime) -> None:
    """Typed as people type: small letters, spaces, O for nought."""
    with time_machine.travel(now, tick=False):
        edith = an_account(email="edith@example.com", name="Edith")
        Account.objects.filter(id=edith.id).update(email=None)
        way = a_letter_for(edith, now)
        typed = {"login": grouped(edith.sign_in_name).lower(), "code": grouped(way.code).lower().replace("0", "o")}
        assert client.post("/way-in", typed).headers["Location"] == "/choose-password"
        assert client.post("/choose-password", {"password": NEW}).headers["Location"] == "/password-chosen"
        assert signs_in(NEW, edith.sign_in_name) == 302
        used = Client().post("/way-in", typed)
        assert "We cannot let you in with these." in said(used)
    assert WayIn.objects.get(id=way.id).used_at == now
    assert way.code not in str(WayIn.objects.values())
    assert Entry.objects.filter(event="account.way_in_given", subject_id=way.id).exists()


@pytest.mark.parametrize("wrong", ["code", "name", "run out", "ended", "closed", "five tries"])
def test_whatever_is_wrong_with_a_letter_the_answer_is_one(
    robin: Account, clock: Any, now: datetime, wrong: str
) -> None:
    """T19. The same page, the same statements, whether the account exists, the code, or neither."""
    way = a_letter_for(robin, now)
    typed = {"login": "robin@example.com", "code": way.code}
    if wrong == "code":
        typed["code"] = "0000-0000-0000"
    elif wrong == "name":
        typed["login"] = "nobody@example.com"
    elif wrong == "run out":
        clock.shift(timedelta(days=14, seconds=1))
    elif wrong == "ended":
        a_letter_for(robin, now)
    elif wrong == "closed":
        Account.objects.filter(id=robin.id).update(is_active=False)
    else:
        for _ in range(5):
            Client().post("/way-in", {**typed, "code": "0000-0000-0000"})
    Client().post("/way-in", {"login": "x", "code": "y"})  # the network is counted from here on
    with statements() as made:
        answer = Client().post("/way-in", typed)
    with statements() as for_nobody:
        other = Client().post("/way-in", {"login": "nobody@example.com", "code": "0000-0000-0000"})
    assert said(answer).replace(typed["login"], "") == said(other).replace("nobody@example.com", "")
    assert shapes(made) == shapes(for_nobody)


def test_five_wrong_tries_end_a_letter_and_not_the_account(robin: Account, now: datetime, clock: Any) -> None:
    """A new letter works, and the password still does."""
    way = a_letter_for(robin, now)
    for _ in range(5):
        assert try_way_in("robin@example.com", "0000-0000-0000", by=Anyone(), at=now) is None
    assert try_way_in("robin@example.com", way.code, by=Anyone(), at=now) is None
    assert WayIn.objects.get(id=way.id).ended_at == now
    assert try_way_in("robin@example.com", a_letter_for(robin, now).code, by=Anyone(), at=now)
    assert signs_in(PASSWORD) == 302
    events = AccountEntry.objects.filter(account_id=robin.id).values_list("event", flat=True)
    assert list(events).count("account.way_in_failed") == 5  # the sixth found no letter


@TRANSACTIONAL
def test_thirty_tries_at_a_letter_at_once_are_five(now: datetime) -> None:
    """A try is counted before it is compared."""
    robin = an_account("robin@example.com")
    a_letter_for(robin, now)
    at_once([lambda: try_way_in("robin@example.com", "0000-0000-0000", by=Anyone(), at=now) for _ in range(30)])
    assert WayIn.objects.get().wrong == 5


@TRANSACTIONAL
def test_a_letter_used_in_two_browsers_at_once_gives_one_password(now: datetime) -> None:
    """The other is told that the code was used."""
    robin = an_account("robin@example.com")
    way = a_letter_for(robin, now)
    words = [f"three-plain-words-{n}" for n in range(6)]

    def chooses(password: str) -> Any:
        return lambda: choose_password(robin.id, password, way_id=way.id, by=Anyone(), at=now)

    assert [account for account in at_once([chooses(each) for each in words]) if account] == [robin]
