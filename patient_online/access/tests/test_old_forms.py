"""A form knows whose page it was on: what is its owner's is asked about, what is not is refused."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from patient_online.access.models import Session
from patient_online.access.tests.test_late_forms import hidden, hidden_of_form
from patient_online.asking import Role
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.marks import FIELD, mark_of, read_mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(clock: Any) -> Practice:
    """A practice."""
    return a_practice()


@pytest.fixture
def robin(practice: Practice) -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(practice, given_name="Robin"), account=an_account("robin@example.com"))


def test_a_form_of_before_the_last_sign_in_is_asked_about_and_not_thrown_away(
    practice: Practice, robin: Account, clock: Any
) -> None:
    """Signed out and in again in another tab: the token is another, but the page was made for the same account."""
    browser = Client(enforce_csrf_checks=True)
    signs_in_with_token(browser, robin)
    page, filled = "/practice/details/contact/email", {"email": "new@example.com"}
    filled |= hidden(browser.get(page))
    clock.shift(timedelta(minutes=11))
    signs_in_with_token(browser, robin)
    late = browser.post(page, filled)
    assert late.headers["Location"] == "/send-again"
    again = hidden_of_form(browser.get("/send-again"), page)
    assert again["email"] == "new@example.com"
    assert browser.post(page, again).status_code == 302
    assert Patient.objects.filter(email="new@example.com").exists() or Patient.objects.filter(
        email_new="new@example.com"
    )


def signs_in_with_token(browser: Client, account: Account) -> None:
    """Sign in by the page, with the token of its form."""
    given = {"login": str(account.email), "password": PASSWORD}
    assert browser.post("/sign-in", {**hidden(browser.get("/sign-in")), **given}).status_code == 302


@pytest.mark.parametrize("whose", ["another account's", "nobody's", "made up", "a foreign page's"])
def test_a_form_that_is_not_one_s_own_is_refused_and_nothing_of_it_is_kept(
    practice: Practice, robin: Account, whose: str
) -> None:
    """With a wrong token, only what was made for this account and sent from our own pages is asked about."""
    browser = Client(enforce_csrf_checks=True)
    signs_in_with_token(browser, robin)
    marks = {"another account's": mark_of(an_account().id, "A"), "nobody's": "", "made up": "WyJhIl0:1:x"}
    headers = {"Origin": "https://example.org"} if whose == "a foreign page's" else {}
    filled = {FIELD: marks.get(whose, mark_of(robin.id, "A")), "email": "thief@example.com"}
    refused = browser.post("/practice/details/contact/email", filled, headers=headers)
    assert refused.status_code == 403
    assert not Session.objects.exclude(kept=None).exists()


def test_a_mark_says_whose_a_form_is_for_a_day_and_is_nothing_when_it_was_changed(clock: Any) -> None:
    one, other = UUID(int=1), UUID(int=2)
    mark = mark_of(one, "A page & more")
    known = read_mark(mark)
    assert known is not None
    assert (known.account_id, known.title) == (one, "A page & more")
    assert mark_of(other, "A page & more") != mark
    assert read_mark(mark[:-1] + ("A" if mark[-1] != "A" else "B")) is None
    assert read_mark(json.dumps([str(one), "A page"])) is None
    clock.shift(timedelta(hours=24, seconds=1))
    assert read_mark(mark) is None


def test_the_field_is_in_the_forms_of_who_is_signed_in_alone(robin: Account) -> None:
    browser = Client()
    assert FIELD not in hidden(browser.get("/sign-in"))
    browser.force_login(robin)
    mark = read_mark(hidden(browser.get("/practice/details/contact/email"))[FIELD])
    assert mark is not None
    assert mark.account_id == robin.id


def test_who_has_a_long_form_before_them_and_no_script_is_told_how_long_they_have(practice: Practice) -> None:
    """And who has a short one is not."""
    staff_of(practice, Role.MANAGER, account=(mara := an_account("mara@example.com")))
    browser, words = Client(), "You have 10 minutes to send this page."
    browser.force_login(mara)
    long = browser.get("/practice/notices/welcome").content.decode()
    assert words in long[long.index("<noscript>") : long.index("</noscript>")]
    assert words not in browser.get("/practice/policies/cut_off_minutes").content.decode()
