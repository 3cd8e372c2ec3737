"""Signing in and out: what the pages say, whom they let in, and when a session ends."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django.fixtures import Settings

from patient_online.access.models import Session
from patient_online.access.sessions import hash_of
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for
from patient_online.identity.models import Account
from patient_online.identity.tests.hashing import COUNTING, Counting
from patient_online.web.tests.pages import read
from tests.statements import statements

pytestmark = pytest.mark.django_db
NEW = "three-plain-words"


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def signs_in(client: Client, email: str = "robin@example.com", password: str = PASSWORD, **more: Any) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in", {"login": email, "password": password, **more})


def text(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def test_the_right_password_opens_the_door_whatever_the_capitals_of_the_address(robin: Account) -> None:
    """And the start page greets with what can be done."""
    for email in ("robin@example.com", "Robin@Example.COM"):
        client = Client()
        assert signs_in(client, email).headers["Location"] == "/"
        assert read(client.get("/")).words("h1") == ["What do you want to do?"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, robin: Account) -> None:
    """Nobody learns who has an account."""
    answers = [signs_in(client, email, "wrong") for email in ("robin@example.com", "nobody@example.com")]
    pages = [text(answer) for answer in answers]
    assert pages[0] == pages[1]
    assert "There is a problem" in pages[0]
    assert answers[0].status_code == answers[1].status_code == 200
    assert not Session.objects.filter(account_id=robin.id).exists()


def test_a_sign_in_that_fails_leaves_a_trail_and_what_was_typed_is_not_kept(client: Client, robin: Account) -> None:
    """With the account where there is one, whatever the capitals of its address; nobody else's address is kept."""
    for email in ("Robin@Example.com", "stranger@example.org"):
        signs_in(client, email, "a-wrong-guess")
    first, second = AccountEntry.objects.filter(event="account.sign_in_failed").order_by("id")
    assert (first.account_id, first.details) == (robin.id, {"why": "password"})
    assert (second.account_id, second.details) == (None, {"why": "unknown"})
    assert first.request_id is not None
    kept = str(list(AccountEntry.objects.values()))
    assert not [word for word in ("stranger", "robin@", "wrong-guess") if word in kept.lower()]
    signs_in(client)
    assert AccountEntry.objects.filter(account_id=robin.id, event="account.signed_in").count() == 1
    assert AccountEntry.objects.filter(event="account.sign_in_failed").count() == 2


def test_a_closed_account_is_told_whom_to_ask(client: Client) -> None:
    """The right password for an account that was closed; the trail tells it."""
    closed = an_account("closed@example.com", is_active=False)
    response = signs_in(client, "closed@example.com")
    page = client.get(response.headers["Location"]) if response.status_code == 302 else response
    assert client.get("/appointments/").status_code == 302
    assert "Telephone" in text(page)
    entry = AccountEntry.objects.get(event="account.sign_in_failed")
    assert (entry.account_id, entry.details) == (closed.id, {"why": "closed"})


@pytest.mark.parametrize("name", ["nobody@example.com", "K7QM-2X9D", "new@example.com", ""])
def test_a_wrong_password_costs_the_same_whoever_is_named(robin: Account, settings: Settings, name: str) -> None:
    """T19. The same statements and one hash, for a name that somebody has, that nobody has, or without a password."""
    settings.PASSWORD_HASHERS = [COUNTING]
    Account.objects.filter(id=robin.id).update(password=make_password(PASSWORD))
    an_account("new@example.com", password=make_password(None))
    signs_in(Client(), "first@example.com", "guess")  # the network is counted from here on
    costs = []
    for who in ("robin@example.com", name or robin.sign_in_name):
        Counting.worked.clear()
        with statements() as made:
            answer = signs_in(Client(), who, "wrong")
        costs.append((answer.status_code, text(answer), [re.sub(r"'[^']*'", "?", each) for each in made]))
        assert Counting.worked == ["hash"]
    assert costs[0] == costs[1]


ELSEWHERE = [
    "https://example.org/",
    "//example.org",
    "///example.org",
    "/\\example.org",
    "\\\\example.org",
    "http:example.org",
    "javascript:alert(1)",
    " https://example.org",
    "https:///example.org",
    "/\t/example.org",
    "http://localhost@example.org",
    "data:text/html,hello",
    "ftp://testserver/",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_to_no_other_website(client: Client, robin: Account, address: str) -> None:
    """Whatever the link said that brought somebody here."""
    shown = client.get("/sign-in", {"next": address})
    kept = [one.attributes["value"] for one in read(shown).all("input", name="next")]
    assert signs_in(client, next=address).headers["Location"] == "/"
    assert all(signs_in(Client(), next=value).headers["Location"] == "/" for value in kept)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: Client, robin: Account) -> None:
    """With what stood in its address."""
    asked = client.get("/appointments/book?day=2026-03-04").headers["Location"]
    assert asked.startswith("/sign-in?next=")
    [kept] = [one.attributes["value"] for one in read(client.get(asked)).all("input", name="next")]
    assert signs_in(client, next=kept).headers["Location"] == "/appointments/book?day=2026-03-04"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(robin: Account) -> None:
    """Whoever had the old one is out on the next click."""
    here, there = Client(), Client()
    signs_in(here)
    signs_in(there)
    response = here.post("/password", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert response.headers["Location"] == "/password-changed"
    assert here.get("/appointments/").status_code == 200
    assert there.get("/appointments/").headers["Location"].startswith("/sign-in")
    assert signs_in(Client()).status_code == 200
    assert signs_in(Client(), password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Enter the password that you use now"),
        ({"oldpassword": "wrong", "password1": NEW, "password2": NEW}, "password"),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "12 characters"),
        ({"oldpassword": PASSWORD, "password1": NEW, "password2": "another"}, "same password"),
        ({"oldpassword": PASSWORD, "password1": "robin@example.com", "password2": "robin@example.com"}, "similar"),
    ],
)
def test_a_password_that_cannot_be_is_pointed_out_and_the_old_one_holds(
    client: Client, robin: Account, given: dict[str, str], words: str
) -> None:
    """The page says what is wrong."""
    signs_in(client)
    response = client.post("/password", given)
    assert read(response).words("title")[0].startswith("Error: ")
    assert words in text(response)
    assert signs_in(Client()).status_code == 302


def test_signing_out_ends_the_session_and_takes_a_button(client: Client, robin: Account) -> None:
    """A link alone only asks."""
    signs_in(client)
    key = client.cookies["session"].value
    assert read(client.get("/sign-out")).words("h1") == ["Do you want to sign out?"]
    assert client.get("/appointments/").status_code == 200
    assert client.post("/sign-out").headers["Location"] == "/signed-out"
    client.cookies["session"] = key
    assert client.get("/appointments/").headers["Location"].startswith("/sign-in")
    assert not Session.objects.filter(key_hash=hash_of(key)).exists()


def test_a_session_s_cookie_is_out_of_reach_of_scripts_and_its_key_is_not_kept(client: Client, robin: Account) -> None:
    """The table holds a hash only, and a new key comes with the sign-in."""
    before = client.get("/sign-in").cookies.get("session")
    cookie = signs_in(client).cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["expires"]) == (True, "Lax", "/", "")
    row = Session.objects.get(account_id=robin.id)
    assert row.key_hash == hash_of(cookie.value)
    assert cookie.value not in str(Session.objects.values())
    assert before is None or before.value != cookie.value


def test_a_session_ends_when_nobody_uses_it_for_half_an_hour(client: Client, robin: Account, now: datetime) -> None:
    """Each use starts the half hour anew."""
    with time_machine.travel(now, tick=False) as clock:
        signs_in(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=9))
            assert client.get("/appointments/").status_code == 200
        clock.shift(timedelta(minutes=10))
        assert client.get("/appointments/").headers["Location"].startswith("/sign-in")


def test_a_session_ends_after_twelve_hours_however_busy(client: Client, robin: Account, now: datetime) -> None:
    """The last use counts for nothing then."""
    with time_machine.travel(now, tick=False) as clock:
        signs_in(client)
        for _ in range(79):
            clock.shift(timedelta(minutes=9))
            assert client.get("/appointments/").status_code == 200
        clock.shift(timedelta(minutes=9))
        assert client.get("/appointments/").status_code == 302


def test_a_page_that_only_looks_sets_no_session_for_somebody_not_signed_in(client: Client, settings: Settings) -> None:
    """Nothing is kept of who reads about the service."""
    assert not client.get("/").cookies.get(settings.SESSION_COOKIE_NAME)
    assert not Session.objects.exists()
