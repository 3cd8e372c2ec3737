"""A session ends when nobody uses it, when its hours are over, when it is ended; its key then opens nothing again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.test import Client

from patient_online.access.actions import end_sessions
from patient_online.access.models import Session
from patient_online.access.sessions import SessionStore, hash_of
from patient_online.asking import AccountHolder, Anyone
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for
from patient_online.identity.models import Account

pytestmark = pytest.mark.django_db
PAGE = "/appointments/"
# What other systems have let somebody put into an address so that asking for it did not count, or always counted.
SKIPS = """
skip_idle skip_timeout skip_session skip keepalive keep_alive keep-alive heartbeat ping poll polling
refresh touch extend renew stay stay_signed_in no_timeout timeout idle idle_timeout activity active
last_seen last_activity background silent passive auto autosave internal monitor health nocache
nologout noexpire ttl expires session_refresh prolong
"""
NAMES = SKIPS.split()


@pytest.fixture
def robin(clock: Any) -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def signed_in_as(account: Account) -> Client:
    """A browser in which the account is signed in."""
    browser = Client()
    browser.force_login(account)
    return browser


def is_in(browser: Client) -> bool:
    """Whether the browser is let in, asked so that it does not count."""
    return bool(browser.get("/seconds-left").json()["left"])


def key_of(browser: Client) -> str:
    """The key that the browser holds."""
    return browser.cookies["session"].value


def test_forty_names_are_tried() -> None:
    assert len(set(NAMES)) == 40


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/seconds-left", {}),
        ("/seconds-left", {"Sec-Fetch-Dest": "document"}),
        (PAGE, {"Sec-Purpose": "prefetch;prerender"}),
        ("/messages", {"Purpose": "prefetch"}),
        ("/", {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}),
        ("/", {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}),
        ("/static/web/patient-online.css", {}),
        ("/healthz", {}),
    ],
)
def test_nothing_in_an_address_and_no_script_that_asks_keeps_a_session_alive(
    clock: Any, robin: Account, path: str, headers: dict[str, str]
) -> None:
    """Asked for ten minutes, every 15 seconds with another of 40 names, on and off, in capitals too, and with HEAD."""
    browser = signed_in_as(robin)
    for name in NAMES:
        clock.shift(timedelta(seconds=14.85))
        answer = browser.get(f"{path}?{name}=1&{name}=0&{name.upper()}=true", headers=headers)
        assert b"".join(answer) is not None
        assert answer.status_code == 200
        browser.head(f"{PAGE}?{name}=1")
    assert browser.get("/seconds-left").json() == {"left": 6, "can_stay": True}
    clock.shift(timedelta(seconds=6))
    assert browser.get("/seconds-left").json() == {"left": 0, "can_stay": False}
    assert browser.get(PAGE).status_code == 302


def test_what_a_person_opens_does_keep_it_alive(clock: Any, robin: Account) -> None:
    """The control to the above: the same pages, opened to be seen."""
    browser = signed_in_as(robin)
    for _ in range(3):
        clock.shift(timedelta(minutes=9))
        assert browser.get(f"{PAGE}?skip_idle=1", headers={"Sec-Fetch-Dest": "document"}).status_code == 200


@pytest.mark.parametrize("does", ["opens", "sends"])
@pytest.mark.parametrize("late", range(0, 40, 3))
def test_ten_minutes_after_the_last_thing_one_did_give_or_take_five_seconds_it_is_over(
    clock: Any, robin: Account, does: str, late: int
) -> None:
    """Whenever the last thing was done: what comes soon after another is not written down, but it is never far off."""
    browser = signed_in_as(robin)
    for seconds in (0, 1, 2, 3, late):
        clock.shift(timedelta(seconds=seconds))
        if does == "opens":
            browser.get(PAGE)
        else:
            browser.post("/stay-signed-in")
    clock.shift(timedelta(seconds=594))
    assert is_in(browser)
    clock.shift(timedelta(seconds=6))
    assert not is_in(browser)


def test_the_key_turns_at_sign_in_and_what_somebody_planted_before_opens_nothing(clock: Any, robin: Account) -> None:
    """Session fixation: the key that was in the browser before is not the one that is signed in."""
    planted = SessionStore()
    planted["here"] = "before"
    planted.save()
    victim, thief = Client(), Client()
    victim.cookies["session"] = thief.cookies["session"] = str(planted.session_key)
    victim.post("/sign-in", {"login": "robin@example.com", "password": PASSWORD})
    assert is_in(victim)
    assert key_of(victim) != planted.session_key
    assert not is_in(thief)
    assert not Session.objects.filter(key_hash=hash_of(str(planted.session_key))).exists()


def test_the_key_turns_when_something_more_is_shown_and_no_time_is_won_by_it(clock: Any, robin: Account) -> None:
    """A second step, or a password again: in place, so that the twelve hours and the device stay."""
    browser = signed_in_as(robin)
    row, old = Session.objects.get(), key_of(browser)
    clock.shift(timedelta(minutes=5))
    session = SessionStore(old)
    session["account_authentication_methods"] = [*session["account_authentication_methods"], {"method": "password"}]
    session.turn_after_a_step()
    session.save()
    assert session.session_key != old
    turned = Session.objects.get()
    assert (turned.id, turned.started_at, turned.ends_at) == (row.id, row.started_at, row.ends_at)
    assert not is_in(browser)
    browser.cookies["session"] = str(session.session_key)
    assert is_in(browser)


def test_an_old_cookie_opens_nothing_after_any_end(clock: Any, robin: Account) -> None:
    """Signed out, ended for all, ended as idle, account closed, password changed: 0 of them is let in again."""
    ends: dict[str, Callable[[Client], Any]] = {
        "signed out": lambda browser: browser.post("/sign-out"),
        "ended": lambda browser: end_sessions(
            robin.id, by=Anyone(), at=datetime.now().astimezone(), why="roles", but=""
        ),
        "idle": lambda browser: clock.shift(timedelta(minutes=10)),
        "password": lambda browser: Account.objects.filter(id=robin.id).update(password="another"),
        "closed": lambda browser: Account.objects.filter(id=robin.id).update(is_active=False),
    }
    for name, end in ends.items():
        browser = signed_in_as(Account.objects.get(id=robin.id))
        key = key_of(browser)
        assert browser.get(PAGE).status_code == 200, name
        end(browser)
        again = Client()
        again.cookies["session"] = key
        assert not is_in(again), name
        for path in (PAGE, "/account/devices", "/stay-signed-in"):
            again.cookies["session"] = key
            assert again.get(path).headers["Location"].startswith("/sign-in"), name
            again.cookies["session"] = key
            assert again.post(path).headers["Location"].startswith("/sign-in"), name


def test_what_ends_the_sessions_of_an_account_leaves_one_if_told_and_the_others_of_nobody(
    clock: Any, robin: Account, now: datetime
) -> None:
    """Their rows stay, emptied, for a day; the trail tells it once."""
    here, there, stranger = (signed_in_as(who) for who in (robin, robin, an_account()))
    this, other = hash_of(key_of(here)), hash_of(key_of(there))
    assert end_sessions(robin.id, by=AccountHolder(robin.id), at=now, why="asked", but=this) == 1
    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)
    row = Session.objects.get(key_hash=other)
    assert (row.data, row.account_id, row.ends_at) == ({}, robin.id, now)
    [entry] = AccountEntry.objects.filter(event="account.sessions_ended")
    assert (entry.account_id, entry.details) == (robin.id, {"why": "asked", "sessions": 1})
    assert end_sessions(robin.id, by=AccountHolder(robin.id), at=now, why="asked", but=this) == 0
    assert AccountEntry.objects.filter(event="account.sessions_ended").count() == 1
    clock.shift(timedelta(hours=23))
    assert SessionStore.forget_ended() == 0
    clock.shift(timedelta(hours=1, minutes=11))
    assert SessionStore.forget_ended() == 3


def test_a_session_that_is_ended_while_its_page_is_made_does_not_come_back(clock: Any, robin: Account) -> None:
    """What the page wanted to keep is not kept, and its cookie opens nothing."""
    browser = signed_in_as(robin)
    session = SessionStore(key_of(browser))
    session["late"] = "yes"
    end_sessions(robin.id, by=Anyone(), at=datetime.now().astimezone(), why="roles")
    with pytest.raises(UpdateError):
        session.save()
    with pytest.raises(SessionInterrupted):
        session.cycle_key()
    assert Session.objects.get().data == {}
