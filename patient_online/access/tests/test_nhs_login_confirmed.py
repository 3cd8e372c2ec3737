"""Who has NHS login alone confirms there who they are before anything about signing in changes."""

import time

import pytest
from django.test import Client

from patient_online.access.tests.nhs_login_helped import practice as practice
from patient_online.access.tests.nhs_login_helped import signed_in_and_confirmed, the_patient, words
from patient_online.access.tests.nhs_login_helped import stand_in as stand_in
from patient_online.access.tests.nhs_login_helped import stand_in_running as stand_in_running
from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of
from patient_online.identity.models import Account, NhsLogin
from patient_online.identity.rules import METHODS
from patient_online.identity.tests.nhs_login_people import AtNhsLogin
from patient_online.identity.tests.steps import confirms, types_password
from patient_online.practices.models import Practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stand_in")]
APP = "/account/second-step/app"
CHANGES = [APP, "/account/second-step/passkeys/add", "/account/email", "/account/close", "/password/set"]


def signed_in_six_minutes_ago(practice: Practice) -> Client:
    the_patient(practice, 1, "Proven")
    client = Client()
    AtNhsLogin(client).signs_in("Robin Proven")
    session = client.session
    session[METHODS] = [{**each, "at": time.time() - 6 * 60} for each in session[METHODS]]
    session.save()
    return client


@pytest.mark.parametrize("page", CHANGES)
def test_who_has_nhs_login_alone_confirms_there_before_signing_in_changes(practice: Practice, page: str) -> None:
    client = signed_in_six_minutes_ago(practice)
    for answer in (client.get(page), client.post(page, {"sure": "on"})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/confirm-it-is-you?next=")
    assert "Confirm with NHS login" in client.get(answer.headers["Location"]).content.decode()
    back = AtNhsLogin(client).signs_in("Robin Proven", "/nhs-login/confirm", next=page)
    assert back.headers["Location"] == page
    assert client.get(page).status_code == 200


def test_the_nhs_login_of_somebody_else_confirms_nothing(practice: Practice) -> None:
    client = signed_in_six_minutes_ago(practice)
    assert AtNhsLogin(client).signs_in("Robin Nobody", "/nhs-login/confirm").status_code == 403
    assert client.get(APP).status_code == 302


def test_proving_who_one_is_does_not_confirm(practice: Practice) -> None:
    """NHS login may let somebody through there without asking anything again."""
    client = signed_in_six_minutes_ago(practice)
    AtNhsLogin(client).signs_in("Robin Proven", "/nhs-login/step-up")
    assert client.get(APP).status_code == 302


def test_who_has_a_password_confirms_with_it_and_not_there(practice: Practice) -> None:
    client = signed_in_and_confirmed(an_account())
    assert client.post("/nhs-login/confirm").headers["Location"] == "/confirm-it-is-you"


def test_who_has_no_email_address_is_told_once_on_the_account_page_of_a_new_password(practice: Practice) -> None:
    the_patient(practice, 1, "Proven")
    client = Client()
    AtNhsLogin(client).signs_in("Robin Proven")
    new = {"password1": "three quiet otters", "password2": "three quiet otters"}
    assert client.post("/password/set", new).status_code == 302
    assert Account.objects.get().has_usable_password()
    AtNhsLogin(client := Client()).signs_in("Robin Proven")
    assert "The password of your account was changed." in words(client.get("/account"))
    assert "The password of your account was changed." not in words(client.get("/account"))


def test_with_the_password_of_somebody_at_work_nobody_connects_their_own_nhs_login(practice: Practice) -> None:
    account = an_account("rita@example.com")
    staff_of(practice, Role.RECEPTIONIST, account=account)
    client = Client()
    types_password(client, account)
    confirms(client)
    assert client.post("/nhs-login/connect").status_code == 403
    assert not NhsLogin.objects.exists()


def test_the_owner_is_told_that_nhs_login_was_connected(practice: Practice, mailoutbox: list[object]) -> None:
    client = signed_in_and_confirmed(an_account("rita@example.com"))
    AtNhsLogin(client).signs_in("Robin Nobody", "/nhs-login/connect")
    assert [mail.subject for mail in mailoutbox] == ["NHS login was connected to your account"]  # type: ignore[attr-defined]


def test_an_nhs_login_that_does_not_know_who_somebody_is_lets_nobody_work(practice: Practice) -> None:
    account = an_account("rita@example.com")
    staff_of(practice, Role.RECEPTIONIST, account=account)
    AtNhsLogin(signed_in_and_confirmed(account)).signs_in("Robin Nobody", "/nhs-login/connect")
    client = Client()
    AtNhsLogin(client).signs_in("Robin Nobody")
    assert client.get("/practice/patients").status_code == 403
