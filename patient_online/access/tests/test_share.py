"""Whoever signs in gets the tag of their practice's share, and nobody keeps one that is not theirs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, a_slot_of, an_account, an_account_for
from patient_online.practices.models import Practice
from patient_online.web.shares import share_of
from patient_online.web.tests.pages import read
from patient_online.web.turns import UNKNOWN

pytestmark = pytest.mark.django_db


def somebody_of(practice: Practice, email: str) -> Client:
    """A patient of the practice, signed in, who has seen their first page."""
    an_account_for(a_patient_of(practice), account=an_account(email))
    client = Client()
    client.post("/sign-in", {"login": email, "password": PASSWORD})
    client.get("/")
    return client


def share(client: Client) -> str:
    """The share that the browser's next request counts towards."""
    return share_of({"HTTP_COOKIE": "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())})


def test_people_of_a_practice_count_towards_its_share_as_soon_as_they_have_seen_a_page() -> None:
    practice, other = a_practice(), a_practice()
    robin, sam, kim = (
        somebody_of(where, f"{name}@example.com")
        for where, name in ((practice, "robin"), (practice, "sam"), (other, "kim"))
    )
    assert share(robin) == share(sam) != UNKNOWN
    assert share(kim) not in (share(robin), UNKNOWN)


def test_the_tag_is_given_once_and_out_of_reach_of_scripts() -> None:
    robin = somebody_of(a_practice(), "robin@example.com")
    tag = robin.cookies["share"]
    assert (tag["httponly"], tag["samesite"], tag["path"], tag["expires"]) == (True, "Lax", "/", "")
    assert "share" not in robin.get("/").cookies


def test_a_tag_of_somebody_else_is_put_right() -> None:
    practice, other = a_practice(), a_practice()
    robin, kim = somebody_of(practice, "robin@example.com"), somebody_of(other, "kim@example.com")
    right = robin.cookies["share"].value
    robin.cookies["share"] = kim.cookies["share"].value
    assert share(robin) == UNKNOWN
    robin.get("/")
    assert robin.cookies["share"].value == right


def test_the_tag_goes_when_its_owner_signs_out_and_nobody_unknown_gets_one() -> None:
    robin = somebody_of(a_practice(), "robin@example.com")
    robin.post("/sign-out")
    assert not robin.cookies["share"].value
    stranger = Client()
    stranger.get("/sign-in")
    assert "share" not in stranger.cookies


def test_the_page_on_cookies_names_every_cookie_that_a_browser_gets() -> None:
    practice = a_practice()
    robin = somebody_of(practice, "robin@example.com")
    slot = a_slot_of(practice, timezone.now() + timedelta(days=3))
    robin.post(f"/appointments/slots/{slot.id}/before-you-book", {"key": str(uuid4())})
    robin.get("/password")
    page = read(robin.get("/privacy-and-cookies"))
    told = " ".join(page.all("table")[0].text.split())
    ours = {"share", "signs", "device"}
    assert set(robin.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, *ours}
    assert all(name in told for name in robin.cookies)
