"""Where somebody is signed in, and how they sign out there; what a browser is called; what stays behind after."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from patient_online.access.models import Session
from patient_online.access.sessions import hash_of
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for
from patient_online.identity.models import Account, KnownDevice
from patient_online.web.tests.pages import read
from tests.statements import statements

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
PAGE = "/account/devices"


@pytest.fixture
def clock(now: Any) -> Iterator[Any]:
    """The time, which stands still until it is moved."""
    cache.clear()
    with time_machine.travel(now, tick=False) as travelled:
        yield travelled


@pytest.fixture
def robin(clock: Any) -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice()), account=an_account("robin@example.com"))


def signs_in(user_agent: str, email: str = "robin@example.com") -> Client:
    """A browser of this kind, in which somebody has signed in by the page."""
    browser = Client(headers={"User-Agent": user_agent})
    browser.post("/sign-in", {"login": email, "password": PASSWORD})
    assert browser.get("/seconds-left").json()["left"]
    return browser


def reads(browser: Client, page: str = PAGE) -> str:
    """What the page's main part says."""
    return " ".join(read(browser.get(page, follow=True)).all("main")[0].text.split())


def test_each_browser_is_listed_with_when_and_this_one_first(robin: Account, clock: Any) -> None:
    here = signs_in(DESK)
    clock.shift(timedelta(minutes=3))
    there = signs_in(PHONE)
    clock.shift(timedelta(minutes=1))
    signs_in(PHONE, str(an_account("other@example.com").email))
    assert read(here.get(PAGE)).words("h2")[:2] == ["Firefox on Windows This device", "Chrome on Android"]
    assert read(there.get(PAGE)).words("h2")[:2] == ["Chrome on Android This device", "Firefox on Windows"]
    said = reads(here)
    assert "Signed in on Tuesday 3 March 2026 at 8am" in said
    assert "Last used on Tuesday 3 March 2026 at 8:04am" in said
    assert "Signed in on Tuesday 3 March 2026 at 8:03am" in said
    clock.shift(timedelta(minutes=9))
    here.get("/appointments/")
    clock.shift(timedelta(minutes=2))
    assert "You are signed in nowhere else." in reads(here)


def test_one_is_signed_out_and_its_next_press_is_refused(robin: Account) -> None:
    here, there, third = signs_in(DESK), signs_in(PHONE), signs_in(DESK)
    asked = Session.objects.get(key_hash=hash_of(there.cookies["session"].value))
    done = here.post(PAGE, {"session": str(asked.id)}, follow=True)
    assert "You are signed out on that device." in " ".join(done.content.decode().split())
    refused = there.get("/appointments/")
    assert refused.headers["Location"] == "/sign-in?next=/appointments/&ended=elsewhere"
    assert [one.get("/appointments/").status_code for one in (here, third)] == [200, 200]
    [entry] = AccountEntry.objects.filter(event="account.signed_out_elsewhere")
    assert (entry.account_id, entry.details) == (robin.id, {"session": str(asked.id)})


def test_all_others_are_signed_out_and_no_other_browser_is_known_again(robin: Account) -> None:
    here, *others = signs_in(DESK), signs_in(PHONE), signs_in(PHONE)
    stranger = signs_in(PHONE, str(an_account("other@example.com").email))
    assert KnownDevice.objects.filter(account=robin).count() == 3
    done = here.post(PAGE, {"session": "others"}, follow=True)
    assert "You are signed out on all other devices." in " ".join(done.content.decode().split())
    assert [one.get("/appointments/").status_code for one in (here, *others)] == [200, 302, 302]
    assert stranger.get("/seconds-left").json()["left"] > 0
    assert KnownDevice.objects.filter(account=robin).count() == 1
    assert KnownDevice.objects.exclude(account=robin).count() == 1


@pytest.mark.parametrize("asked", ["", "others;", "0", "../", str(uuid4())])
def test_nobody_signs_out_somebody_else(robin: Account, asked: str) -> None:
    """Not by the id of theirs, nor by one that is none."""
    here, theirs = signs_in(DESK), signs_in(PHONE, str(an_account("other@example.com").email))
    session = Session.objects.get(key_hash=hash_of(theirs.cookies["session"].value))
    for tried in (asked, str(session.id)):
        assert here.post(PAGE, {"session": tried}).status_code == 302
    assert theirs.get("/seconds-left").json()["left"] > 0
    assert not AccountEntry.objects.filter(event="account.signed_out_elsewhere").exists()


def test_no_key_of_a_session_is_on_the_page(robin: Account) -> None:
    here, there = signs_in(DESK), signs_in(PHONE)
    page = here.get(PAGE).content.decode()
    for one in (here, there):
        key = one.cookies["session"].value
        assert key not in page
        assert hash_of(key) not in page


def test_the_page_costs_two_statements_however_many_there_are(robin: Account) -> None:
    """Who is asking, and where they are signed in."""
    here = signs_in(DESK)
    for _ in range(4):
        signs_in(PHONE)
    with statements() as made:
        here.get(PAGE)
    assert len(made) == 2, made


def test_to_ask_how_long_is_left_costs_one_statement_and_to_stay_two(robin: Account, clock: Any) -> None:
    here = signs_in(DESK)
    clock.shift(timedelta(minutes=2))
    with statements() as asked:
        here.get("/seconds-left")
    with statements() as stayed:
        assert here.post("/stay-signed-in", headers={"Accept": "application/json"}).status_code == 204
    assert (len(asked), len(stayed)) == (1, 2)
    assert here.get("/seconds-left").json() == {"left": 600, "can_stay": False}


def test_without_a_script_to_stay_is_a_page_that_says_until_when(robin: Account, clock: Any) -> None:
    here = signs_in(DESK)
    clock.shift(timedelta(minutes=9))
    page = here.post("/stay-signed-in", headers={"Accept": "text/html,*/*;q=0.8"})
    assert read(page).words("h1") == ["You are signed in"]
    assert "You stay signed in." in page.content.decode()
    assert "until 8:19am" in page.content.decode()
    clock.shift(timedelta(minutes=9))
    assert "You stay signed in." not in here.get("/stay-signed-in").content.decode()


def test_who_signs_out_leaves_nothing_in_the_browser(robin: Account) -> None:
    """Neither pages nor storage, and none of our cookies that says who they are; other answers forget nothing."""
    here = signs_in(DESK)
    assert "Clear-Site-Data" not in here.get("/appointments/").headers
    assert here.get("/appointments/").headers["Cache-Control"] == "no-store"
    done = here.post("/sign-out")
    assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert here.cookies["session"].value == here.cookies["share"].value == ""
    assert "Clear-Site-Data" not in here.get("/signed-out").headers
    assert "Clear-Site-Data" not in Client().post("/sign-out").headers


def test_whoever_s_password_was_changed_elsewhere_leaves_nothing_either(robin: Account) -> None:
    here = signs_in(DESK)
    robin.set_password("three-other-words")
    robin.save()
    assert here.get("/appointments/").headers["Clear-Site-Data"] == '"cache", "storage"'
