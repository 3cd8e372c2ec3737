"""A sign-in on a device that the account does not know: the owner hears of it, once by e-mail and once on the page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import types_password
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
CHROME_ON_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
EDGE_ON_WINDOWS = f"{CHROME_ON_WINDOWS} Edg/140.0.0.0"
SAFARI_ON_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "A new device signed in to your account"


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    cache.clear()
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def comes_home(client: Client, account: Account) -> str:
    """Sign in and see what the home page says; sign out again."""
    types_password(client, account)
    page = " ".join(read(client.get("/")).all("main")[0].text.split())
    client.post("/sign-out")
    return page


def test_the_first_device_of_all_is_no_news(robin: Account, mailoutbox: list[Any]) -> None:
    client = Client()
    assert "new device" not in comes_home(client, robin)
    assert "new device" not in comes_home(client, robin)
    assert mailoutbox == []


def test_a_second_device_is_told_by_email_and_once_on_the_first(
    robin: Account, mailoutbox: list[Any], now: datetime
) -> None:
    mine, theirs = Client(), Client(headers={"user-agent": FIREFOX})
    with time_machine.travel(now, tick=False) as clock:
        comes_home(mine, robin)
        clock.shift(timedelta(hours=1))
        assert "new device" not in comes_home(theirs, robin)
        assert [(mail.subject, *mail.to) for mail in mailoutbox] == [(NEW, "robin@example.com")]
        assert "Tuesday 3 March 2026 at 9am" in mailoutbox[0].body
        assert "on a new device: Firefox on Linux, on" in mailoutbox[0].body
        clock.shift(timedelta(hours=1))
        told = comes_home(mine, robin)
        assert "Somebody signed in on a new device" in told
        assert "Firefox on Linux, on" in told
        clock.shift(timedelta(hours=1))
        assert "new device" not in comes_home(mine, robin)
        assert "new device" not in comes_home(theirs, robin)
        assert len(mailoutbox) == 1


def test_an_account_without_an_address_is_told_on_the_page(
    robin: Account, mailoutbox: list[Any], now: datetime
) -> None:
    robin.email = None
    robin.save()
    mine, theirs = Client(), Client()
    with time_machine.travel(now, tick=False) as clock:
        for client in (mine, theirs):
            client.post("/sign-in", {"login": robin.sign_in_name, "password": "plainly-made-up-words"})
            client.post("/sign-out")
            clock.shift(timedelta(hours=1))
        mine.post("/sign-in", {"login": robin.sign_in_name, "password": "plainly-made-up-words"})
        assert "Somebody signed in on a new device" in str(mine.get("/").content)
        assert "Somebody signed in on a new device" not in str(mine.get("/").content)
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (CHROME_ON_WINDOWS, "Chrome on Windows"),
        (EDGE_ON_WINDOWS, "Edge on Windows"),
        (SAFARI_ON_IPHONE, "Safari on iPhone"),
        ("curl/8.5.0", "A browser that we do not know"),
    ],
)
def test_the_device_is_named_in_words(
    line: str, words: str, robin: Account, mailoutbox: list[Any], now: datetime
) -> None:
    mine, theirs = Client(), Client(headers={"user-agent": line})
    with time_machine.travel(now, tick=False) as clock:
        for client in (mine, theirs):
            comes_home(client, robin)
            clock.shift(timedelta(hours=1))
        assert f"on a new device: {words}, on Tuesday" in mailoutbox[0].body
        assert f"{words}, on Tuesday" in comes_home(mine, robin)
