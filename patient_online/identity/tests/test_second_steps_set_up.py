"""Setting up, printing and removing second steps: only after confirming that it is you, and the owner is told."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from patient_online.access.models import Session
from patient_online.asking import Role
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import (
    LONG_AGO,
    an_app_of,
    code_of,
    comes_with_a_code,
    confirms,
    printed_codes_of,
    steps_of,
    types_password,
)
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
CHANGES = ["app", "app/remove", "printed-codes", "printed-codes/new", "passkeys/add"]


@pytest.fixture(autouse=True)
def no_guesses() -> None:
    """Nobody has guessed at a code yet."""
    cache.clear()


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


@pytest.fixture
def rita() -> Account:
    """A receptionist."""
    account = an_account("rita@example.com", name="Rita Placeholder")
    staff_of(a_practice(), Role.RECEPTIONIST, account=account)
    return account


def text(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def sets_up_an_app(client: Client) -> str:
    """Read the key from the page, and send the first code; the key."""
    page = read(client.get("/account/second-step/app"))
    [key] = page.words("strong", **{"class": "app-code"})
    secret = key.replace(" ", "")
    response = client.post("/account/second-step/app", {"code": code_of(secret)})
    assert response.status_code == 302, text(response)
    return secret


@pytest.mark.parametrize("page", CHANGES)
def test_nothing_about_signing_in_changes_before_one_has_confirmed_that_it_is_them(robin: Account, page: str) -> None:
    """Whoever finds the browser open goes no further; after the password, the page opens."""
    client, path = Client(), f"/account/second-step/{page}"
    printed_codes_of(robin)
    if page != "app":
        an_app_of(robin)
    had = steps_of(robin)
    client.force_login(robin)
    asked = client.get(path).headers.get("Location", "")
    sent = client.post(path, {"code": "1", "credential": "{}"})
    assert sent.status_code == (405 if page == "printed-codes" else 302)
    assert asked.startswith("/confirm-it-is-you?next=")
    assert steps_of(robin) == had
    assert "This password is not right" in text(confirms(client, password="wrong", next=path))
    assert client.get(path).status_code == 302
    back = confirms(client, next=path)
    assert back.headers["Location"] == path
    assert client.get(path).status_code == 200


def test_staff_set_up_an_app_at_their_first_sign_in_and_come_back_to_where_they_were_going(rita: Account) -> None:
    """Without signing in again: they came with a code that their manager gave them."""
    client = Client()
    comes_with_a_code(client, rita)
    assert client.get("/practice/patients").status_code == 403
    client.get("/account/second-step?next=/practice/patients")
    client.get("/account/second-step/app")
    confirms(client, next="/account/second-step/app")
    sets_up_an_app(client)
    page = read(client.get("/account/second-step"))
    assert page.all("a", href="/practice/patients")
    assert client.get("/practice/patients").status_code == 200
    assert steps_of(rita) == ["recovery_codes", "totp"]


def test_the_key_of_an_app_is_not_in_the_session_in_between(robin: Account) -> None:
    client = Client()
    client.force_login(robin)
    confirms(client)
    page = read(client.get("/account/second-step/app"))
    secret = page.words("strong", **{"class": "app-code"})[0].replace(" ", "")
    assert len(secret) == 32
    assert secret not in str(list(Session.objects.values()))
    wrong = client.post("/account/second-step/app", {"code": code_of(secret, later=LONG_AGO)})
    assert read(wrong).words("title")[0].startswith("Error: ")
    assert read(wrong).words("strong", **{"class": "app-code"})[0].replace(" ", "") == secret
    assert steps_of(robin) == []


def test_the_code_that_set_up_the_app_signs_nobody_in(robin: Account) -> None:
    client, other = Client(), Client()
    client.force_login(robin)
    confirms(client)
    secret = sets_up_an_app(client)
    types_password(other, robin)
    assert "was used already" in text(other.post("/second-step", {"code": code_of(secret)}))


def test_printed_codes_are_shown_once_and_ten_of_them(robin: Account) -> None:
    """Reading them takes no app, and a second look finds nothing."""
    client = Client()
    client.force_login(robin)
    confirms(client)
    assert client.post("/account/second-step/printed-codes/new").status_code == 302
    shown = read(client.get("/account/second-step/printed-codes")).words("li")
    codes = [words.replace(" ", "") for words in shown if words.replace(" ", "").isdigit()]
    assert len(set(codes)) == 10
    later = text(client.get("/account/second-step/printed-codes"))
    assert "10 codes are left" in later
    assert not [code for code in codes if code in later.replace(" ", "")]
    other = Client()
    types_password(other, robin)
    assert other.post("/second-step", {"code": codes[4]}).headers["Location"] == "/"


def test_new_printed_codes_end_the_old_ones(robin: Account) -> None:
    client, other = Client(), Client()
    old = printed_codes_of(robin)
    client.force_login(robin)
    confirms(client)
    client.post("/account/second-step/printed-codes/new")
    types_password(other, robin)
    assert other.post("/second-step", {"code": old[0]}).status_code == 200
    assert AccountEntry.objects.filter(account_id=robin.id, event="account.second_step_made_anew").count() == 1


def test_staff_cannot_remove_their_last_app_and_are_told_why(rita: Account) -> None:
    """Printed codes are a way back in, not a second step to work with."""
    client = Client()
    an_app_of(rita), printed_codes_of(rita)
    client.force_login(rita)
    confirms(client)
    page = client.get("/account/second-step/app/remove")
    assert "This is your last one" in text(page)
    assert not [words for words in read(page).words("button") if "remove" in words]
    answer = client.post("/account/second-step/app/remove")
    assert "must keep a second step" in text(answer)
    assert steps_of(rita) == ["recovery_codes", "totp"]


def test_the_control_a_patient_removes_the_app_and_the_trail_and_the_owner_hear_of_it(
    robin: Account, mailoutbox: list[Any]
) -> None:
    client = Client()
    an_app_of(robin), printed_codes_of(robin)
    client.force_login(robin)
    confirms(client)
    assert client.post("/account/second-step/app/remove").headers["Location"] == "/account/second-step"
    assert steps_of(robin) == []
    assert AccountEntry.objects.filter(account_id=robin.id, event="account.second_step_removed").exists()
    assert {(mail.subject, *mail.to) for mail in mailoutbox} == {
        ("A second step was removed from your account", "robin@example.com")
    }


def test_the_owner_is_told_when_an_app_is_added_and_other_devices_are_signed_out(
    robin: Account, mailoutbox: list[Any]
) -> None:
    """Who had the password alone is out; this browser stays, under another key."""
    here, there = Client(), Client()
    here.force_login(robin)
    there.force_login(robin)
    confirms(here)
    before = here.cookies["session"].value
    secret = sets_up_an_app(here)
    assert here.get("/appointments/").status_code == 200
    assert here.cookies["session"].value != before
    assert there.get("/appointments/").status_code == 302
    assert "A second step was added to your account" in [mail.subject for mail in mailoutbox]
    assert all(secret not in mail.body for mail in mailoutbox)
    [entry] = AccountEntry.objects.filter(event="account.second_step_added", details__kind="totp")
    assert entry.account_id == robin.id


def test_who_has_a_second_step_and_did_not_show_it_cannot_confirm_with_the_password_alone(robin: Account) -> None:
    """A session from before the app was set up, or one of NHS login with a password."""
    client = Client()
    types_password(client, robin)
    secret = an_app_of(robin)
    asked = client.get("/account/second-step/printed-codes/new")
    assert asked.headers["Location"].startswith("/confirm-it-is-you/code?next=")
    assert confirms(client).headers["Location"].startswith("/confirm-it-is-you/code")
    assert client.get("/account/second-step/printed-codes/new").status_code == 302
    shown = client.post("/confirm-it-is-you/code", {"code": code_of(secret), "next": "/account/second-step"})
    assert shown.headers["Location"] == "/account/second-step"
    assert client.get("/account/second-step/printed-codes/new").status_code == 200


def test_showing_the_second_step_again_turns_the_session_s_key(robin: Account) -> None:
    client, thief = Client(), Client()
    types_password(client, robin)
    secret = an_app_of(robin)
    thief.cookies["session"] = before = client.cookies["session"].value
    client.post("/confirm-it-is-you/code", {"code": code_of(secret)})
    assert client.cookies["session"].value != before
    assert client.get("/appointments/").status_code == 200
    assert thief.get("/appointments/").status_code == 302


def test_nobody_reaches_another_account_s_passkey(robin: Account, rita: Account) -> None:
    """Its number in an address opens nothing for anybody else."""
    hers = Authenticator.objects.create(user=rita, type="webauthn", data={"name": "Hers", "credential": {}})
    client = Client()
    client.force_login(robin)
    confirms(client)
    for path in (f"/account/second-step/passkeys/{hers.pk}", f"/account/second-step/passkeys/{hers.pk}/remove"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=hers.pk).data["name"] == "Hers"
