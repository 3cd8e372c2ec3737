"""Ways back in for who has forgotten a password: by a code in an e-mail, or by one on a letter."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.demo.factories import PASSWORD, an_account
from patient_online.identity.models import Account
from patient_online.web.tests.pages import read, said
from tests.statements import shapes, statements

pytestmark = pytest.mark.django_db
NEW = "three-plain-words"
CODE = re.compile(r"Your code is ([0-9A-Z-]+)\.")
NO = "This code is not right or has run out."


@pytest.fixture
def robin() -> Account:
    """Somebody with an account and an e-mail address."""
    return an_account("robin@example.com")


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(now, tick=False) as moved:
        yield moved


def asks(client: Client, email: str = "robin@example.com") -> Any:
    """Ask for a code by e-mail."""
    return client.post("/forgotten-password", {"email": email})


def code_in(mail: Any) -> str:
    """The code that an e-mail holds."""
    found = CODE.search(mail.body)
    assert found
    return found[1]


def signs_in(password: str, name: str = "robin@example.com") -> int:
    """The status of signing in from a new browser."""
    return int(Client().post("/sign-in", {"login": name, "password": password}).status_code)


def test_a_code_by_email_lets_somebody_choose_a_password_and_sign_in(
    client: Client, robin: Account, mailoutbox: list[Any]
) -> None:
    """And the old password is worth nothing any more."""
    assert asks(client, "Robin@Example.com").headers["Location"] == "/forgotten-password/code"
    code = code_in(mailoutbox[0])
    assert client.post("/forgotten-password/code", {"code": code.lower()}).headers["Location"] == "/choose-password"
    assert client.post("/choose-password", {"password": NEW}).headers["Location"] == "/password-chosen"
    assert (signs_in(PASSWORD), signs_in(NEW)) == (200, 302)
    assert mailoutbox[1].subject == "Your password was changed"


def test_a_new_password_ends_the_sessions_of_the_old_one_and_is_no_second_step(
    client: Client, robin: Account, mailoutbox: list[Any]
) -> None:
    """Whoever had the old one is out on the next click, and nobody is signed in by the code alone."""
    thief = Client()
    thief.force_login(robin)
    assert thief.get("/account").status_code == 200
    asks(client)
    client.post("/forgotten-password/code", {"code": code_in(mailoutbox[0])})
    client.post("/choose-password", {"password": NEW})
    assert thief.get("/account").headers["Location"].startswith("/sign-in")
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_whoever_asks_gets_the_same_answer_for_the_same_work(robin: Account, settings: Any) -> None:
    """T19. Status, page, statements; and the mail that goes to an address without an account costs the same."""
    settings.EMAIL_BACKEND = "patient_online.notify.backend.Backend"
    pages, costs = [], []
    for email in ("robin@example.com", "nobody@example.com"):
        client = Client()
        with statements() as made:
            assert asks(client, email).headers["Location"] == "/forgotten-password/code"
        costs.append(shapes(made))
        with statements() as made:
            answer = client.post("/forgotten-password/code", {"code": "WRONGONE"})
        costs.append(shapes(made))
        pages.append((answer.status_code, said(answer)))
    assert pages[0] == pages[1]
    assert NO in pages[0][1]
    assert costs[:2] == costs[2:]


def test_an_address_without_an_account_is_told_so_and_no_code_fits(client: Client, mailoutbox: list[Any]) -> None:
    """So that somebody with two addresses knows which to try."""
    asks(client, "nobody@example.com")
    assert [mail.subject for mail in mailoutbox] == ["No account with this email address"]
    assert NO in said(client.post("/forgotten-password/code", {"code": "00000000"}))


def test_an_account_that_is_closed_gets_no_code(client: Client, mailoutbox: list[Any]) -> None:
    """It cannot be opened again by its address."""
    an_account("closed@example.com", is_active=False)
    asks(client, "closed@example.com")
    assert "Your code is" not in mailoutbox[0].body


def test_a_code_works_for_fifteen_minutes_once_and_in_one_browser(
    client: Client, robin: Account, mailoutbox: list[Any], clock: Any
) -> None:
    """A code that somebody read over a shoulder opens nothing elsewhere."""
    asks(client)
    code = code_in(mailoutbox[0])
    other = Client()
    asks(other)
    assert NO in said(other.post("/forgotten-password/code", {"code": code}))
    clock.shift(timedelta(minutes=14))
    assert client.post("/forgotten-password/code", {"code": code}).headers["Location"] == "/choose-password"
    again = client.post("/forgotten-password/code", {"code": code})
    assert again.headers["Location"] == "/forgotten-password"
    clock.shift(timedelta(minutes=2))
    assert other.post("/forgotten-password/code", {"code": "X"}).headers["Location"] == "/forgotten-password"


def test_after_five_wrong_tries_a_code_is_dead_and_a_new_one_can_be_asked_for(
    client: Client, robin: Account, mailoutbox: list[Any]
) -> None:
    """The account is not: its password still works."""
    asks(client)
    for n in range(5):
        client.post("/forgotten-password/code", {"code": f"0000000{n}"})
    assert NO in said(client.post("/forgotten-password/code", {"code": code_in(mailoutbox[0])}))
    asks(client)
    right = client.post("/forgotten-password/code", {"code": code_in(mailoutbox[1])})
    assert right.headers["Location"] == "/choose-password"
    assert signs_in(PASSWORD) == 302


def test_nobody_is_sent_more_than_five_codes_in_an_hour(robin: Account, mailoutbox: list[Any], clock: Any) -> None:
    """Whoever asks, and from wherever; the page says to wait."""
    answers = [asks(Client()) for _ in range(6)]
    assert "Too many emails were sent." in said(answers[5])
    assert len(mailoutbox) == 5
    clock.shift(timedelta(hours=1))
    assert asks(Client()).status_code == 302


def test_without_a_code_nobody_chooses_a_password(client: Client) -> None:
    """The address alone leads back to the start."""
    assert client.get("/choose-password").headers["Location"] == "/forgotten-password"
    assert client.post("/choose-password", {"password": NEW}).headers["Location"] == "/forgotten-password"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Enter a new password"),
        ("short", "12 characters"),
        ("1q2w3e4r5t6y", "too common"),
        ("robin@example.com", "similar"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_and_the_code_still_holds(
    client: Client, robin: Account, mailoutbox: list[Any], password: str, words: str
) -> None:
    """The page says what is wrong with it."""
    asks(client)
    client.post("/forgotten-password/code", {"code": code_in(mailoutbox[0])})
    refused = client.post("/choose-password", {"password": password})
    assert read(refused).words("title")[0].startswith("Error: ")
    assert words in said(refused)
    assert client.post("/choose-password", {"password": NEW}).status_code == 302


def test_who_chose_a_password_gets_in_although_strangers_go_on_guessing(
    client: Client, robin: Account, mailoutbox: list[Any]
) -> None:
    """The browser is known from then on."""
    for n in range(5):
        Client().post("/sign-in", {"login": "robin@example.com", "password": f"guess{n}"})
    asks(client)
    client.post("/forgotten-password/code", {"code": code_in(mailoutbox[0])})
    client.post("/choose-password", {"password": NEW})
    assert client.post("/sign-in", {"login": "robin@example.com", "password": NEW}).status_code == 302
    assert signs_in(NEW) == 200
