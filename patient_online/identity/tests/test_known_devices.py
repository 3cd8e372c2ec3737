"""A browser in which somebody has signed in is known again: nobody is locked out there by strangers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.demo.factories import PASSWORD, an_account
from patient_online.identity.models import Account, KnownDevice
from patient_online.web.tests.pages import said

pytestmark = pytest.mark.django_db
HELD = "There were too many tries."


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(now, tick=False) as moved:
        yield moved


@pytest.fixture
def robin() -> Account:
    """Somebody with an account."""
    return an_account("robin@example.com")


def tries(client: Client, password: str = PASSWORD, name: str = "robin@example.com", **more: Any) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in", {"login": name, "password": password}, **more)


def guesses(how_many: int, name: str = "robin@example.com") -> list[Any]:
    """Wrong passwords, each from a browser that nobody knows."""
    return [tries(Client(), f"guess{n}", name) for n in range(how_many)]


def test_somebody_signs_in_where_they_have_before_while_a_stranger_attacks_their_account(
    robin: Account, clock: Any
) -> None:
    """T17. A thousand strangers keep nobody out of their own telephone."""
    own = Client()
    assert tries(own).status_code == 302
    own.post("/sign-out")
    assert own.cookies["device"].value
    guesses(30)
    assert HELD in said(tries(Client()))
    assert tries(own).status_code == 302


def test_a_browser_that_is_known_has_a_limit_of_its_own(robin: Account, clock: Any) -> None:
    """Who finds somebody's telephone cannot guess for ever; and does not lock them out elsewhere."""
    own, other = Client(), Client()
    for client in (own, other):
        tries(client)
        client.post("/sign-out")
    for n in range(5):
        tries(own, f"guess{n}")
    assert HELD in said(tries(own))
    assert tries(other).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "abc:1tiiii:signature", "device"])
def test_a_mark_that_we_did_not_make_makes_no_browser_known(robin: Account, clock: Any, forged: str) -> None:
    """Nor does another person's."""
    guesses(5)
    stranger = Client()
    stranger.cookies["device"] = forged
    assert HELD in said(tries(stranger))


def test_one_person_s_browser_is_not_another_s(robin: Account, clock: Any) -> None:
    """A guesser with an account of their own brings the mark of their own browser."""
    an_account("guesser@example.com")
    guesser = Client()
    assert tries(guesser, name="guesser@example.com").status_code == 302
    guesser.post("/sign-out")
    guesses(5)
    assert HELD in said(tries(guesser))


def test_of_a_browser_only_a_hash_is_kept_and_its_cookie_is_out_of_reach_of_scripts(robin: Account) -> None:
    """For a year, and the same mark for everybody who signs in there."""
    client = Client()
    cookie = tries(client).cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", 31536000)
    known = KnownDevice.objects.get(account=robin)
    assert known.token_hash not in cookie.value
    assert cookie.value.split(":")[0] not in str(KnownDevice.objects.values())
