"""How long somebody is signed in, as what, and why they are not any more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from patient_online.access.models import ProgrammeMember, Session
from patient_online.access.queries import who_was_asking
from patient_online.access.rules.sessions import Ended
from patient_online.access.sessions import SessionStore, hash_of
from patient_online.access.tests.test_sessions import PAGE, is_in, key_of, signed_in_as
from patient_online.asking import Anyone, Role
from patient_online.config.settings import _seconds
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(clock: Any) -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def test_staff_are_signed_in_for_eight_hours_and_others_for_twelve(clock: Any, robin: Account) -> None:
    """However busy they are; an analyst of the programme is staff too."""
    rita, analyst = an_account("rita@example.com"), an_account("analyst@example.com")
    staff_of(a_practice(ods_code="A81002"), Role.RECEPTIONIST, account=rita)
    ProgrammeMember.objects.create(account_id=analyst.id, from_day=datetime.now().date())  # noqa: DTZ005
    hours = {}
    for who in (robin, rita, analyst):
        session = SessionStore(key_of(signed_in_as(who)))
        session.load()
        assert session.asking is not None
        hours[who.email] = session.asking.ends_at - Session.objects.get(account_id=who.id).started_at
    twelve, eight = timedelta(hours=12), timedelta(hours=8)
    assert hours == {"robin@example.com": twelve, "rita@example.com": eight, "analyst@example.com": eight}


def test_a_busy_day_at_the_desk_ends_after_eight_hours_and_the_page_has_said_so(clock: Any, robin: Account) -> None:
    staff_of(a_practice(ods_code="A81002"), Role.RECEPTIONIST, account=(rita := an_account("rita@example.com")))
    browser = signed_in_as(rita)
    for _ in range(53):
        clock.shift(timedelta(minutes=9))
        browser.post("/stay-signed-in")
        assert is_in(browser)
    clock.shift(timedelta(seconds=120))
    browser.post("/stay-signed-in")
    assert browser.get("/seconds-left").json() == {"left": 60, "can_stay": False}
    clock.shift(timedelta(seconds=60))
    assert browser.get("/").headers.get("Location", "") == "" or not is_in(browser)
    assert not is_in(browser)


def test_it_is_known_for_a_day_why_somebody_is_not_signed_in_any_more(clock: Any, robin: Account) -> None:
    """And the page where one signs in says it, in words of ours alone."""
    now = datetime.now().astimezone()
    browsers = {why: signed_in_as(robin) for why in Ended}
    Session.objects.filter(key_hash=hash_of(key_of(browsers[Ended.LIMIT]))).update(
        last_seen_at=now + timedelta(minutes=4), ends_at=now + timedelta(minutes=5)
    )
    keep = [hash_of(key_of(browsers[why])) for why in (Ended.IDLE, Ended.LIMIT)]
    Session.objects.exclude(key_hash__in=keep).update(ends_at=now, data={})
    clock.shift(timedelta(minutes=11))
    words = {Ended.IDLE: "for 10 minutes", Ended.LIMIT: "as long as is safe", Ended.ELSEWHERE: "on another device"}
    for why, browser in browsers.items():
        asked = browser.get(PAGE).headers["Location"]
        assert asked == f"/sign-in?next=/appointments/&ended={why.value}"
        assert words[why] in Client().get(asked).content.decode()
    assert "You were signed out" not in Client().get("/sign-in?ended=<b>hello").content.decode()
    clock.shift(timedelta(days=1))
    was = Session.objects.filter(account_id=robin.id).values_list("key_hash", flat=True)
    assert {who_was_asking(Anyone(), key, at=datetime.now().astimezone()) for key in was} == {None}


@pytest.mark.parametrize("name", ["PATIENT_ONLINE_IDLE_SECONDS", "PATIENT_ONLINE_STAFF_SESSION_SECONDS"])
def test_a_place_may_choose_less_time_and_never_more(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "300")
    assert _seconds(name, at_most=600) == 300
    for asked in ("601", "0", "59"):
        monkeypatch.setenv(name, asked)
        with pytest.raises(ImproperlyConfigured, match=name):
            _seconds(name, at_most=600)
