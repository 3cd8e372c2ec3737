"""The second step at sign-in: nobody is in before it is shown, and each code is good once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
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
    printed_codes_of,
    types_password,
)
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_guesses() -> None:
    """Nobody has guessed at a code yet."""
    cache.clear()


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def text(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def is_in(client: Client) -> bool:
    """Whether the client's cookie opens a patient's page."""
    return client.get("/appointments/").status_code == 200


def test_after_the_password_the_app_s_code_is_asked_for_and_then_one_is_where_one_was_going(robin: Account) -> None:
    client, secret = Client(), an_app_of(robin)
    asked = types_password(client, robin, next="/appointments/")
    assert asked.headers["Location"] == "/second-step"
    assert read(client.get("/second-step")).words("h1") == ["Show that it is you"]
    assert not is_in(client)
    shown = client.post("/second-step", {"code": code_of(secret)})
    assert shown.headers["Location"] == "/appointments/"
    assert is_in(client)
    events = AccountEntry.objects.filter(account_id=robin.id).values_list("event", flat=True)
    assert {"account.second_step_shown", "account.signed_in"} <= set(events)


def test_between_password_and_second_step_no_session_is_the_account_s(robin: Account) -> None:
    """The row of the half-way session names nobody, and its key is another one afterwards."""
    client, secret = Client(), an_app_of(robin)
    types_password(client, robin)
    before = client.cookies["session"].value
    assert not Session.objects.filter(account_id=robin.id).exists()
    client.post("/second-step", {"code": code_of(secret)})
    assert client.cookies["session"].value != before
    thief = Client()
    thief.cookies["session"] = before
    assert not is_in(thief)
    assert thief.get("/second-step").headers["Location"] == "/sign-in"


def test_the_second_step_cannot_be_shown_without_the_password(client: Client, robin: Account) -> None:
    secret = an_app_of(robin)
    assert client.post("/second-step", {"code": code_of(secret)}).headers["Location"] == "/sign-in"
    assert not is_in(client)


def test_a_wrong_code_is_pointed_out_and_leaves_a_trail_without_the_code(client: Client, robin: Account) -> None:
    secret = an_app_of(robin)
    types_password(client, robin)
    wrong = code_of(secret, later=LONG_AGO)
    response = client.post("/second-step", {"code": wrong})
    assert read(response).words("title")[0].startswith("Error: ")
    assert "This code is not right" in text(response)
    [entry] = AccountEntry.objects.filter(event="account.second_step_failed")
    assert (entry.account_id, entry.details) == (robin.id, {"kind": "totp"})
    assert wrong not in str(list(AccountEntry.objects.values()))
    assert not is_in(client)


def test_after_five_wrong_codes_the_right_one_has_to_wait(client: Client, robin: Account) -> None:
    """Six numbers could be guessed; whoever has the password gets five tries."""
    secret = an_app_of(robin)
    types_password(client, robin)
    for n in range(1, 6):
        client.post("/second-step", {"code": code_of(secret, later=LONG_AGO + n)})
    response = client.post("/second-step", {"code": code_of(secret)})
    assert "too many tries" in text(response)
    assert not is_in(client)


def test_a_code_of_the_app_is_good_once_for_as_long_as_it_lives(robin: Account) -> None:
    """Somebody who looked over the shoulder, or read the network, is a few seconds behind."""
    secret = an_app_of(robin)
    with time_machine.travel(datetime(2026, 3, 3, 8, 0, 1, tzinfo=UTC), tick=False) as clock:
        code = code_of(secret)
        mine = Client()
        types_password(mine, robin)
        assert mine.post("/second-step", {"code": code}).status_code == 302
        for _ in range(2):
            clock.shift(timedelta(seconds=28))
            other = Client()
            types_password(other, robin)
            assert "was used already" in text(other.post("/second-step", {"code": code}))
            assert not is_in(other)


def test_the_control_an_app_whose_clock_is_half_a_minute_late_gets_in(robin: Account) -> None:
    secret, client = an_app_of(robin), Client()
    types_password(client, robin)
    assert client.post("/second-step", {"code": code_of(secret, later=-1)}).status_code == 302
    assert is_in(client)


def test_printed_codes_alone_are_a_second_step_and_each_works_once(robin: Account) -> None:
    """For people without a mobile telephone; spaces as on the paper do no harm."""
    codes = printed_codes_of(robin)
    first, again = Client(), Client()
    assert types_password(first, robin).headers["Location"] == "/second-step"
    first.post("/second-step", {"code": f"{codes[0][:4]} {codes[0][4:]}"})
    assert is_in(first)
    types_password(again, robin)
    assert "This code is not right" in text(again.post("/second-step", {"code": codes[0]}))
    assert not is_in(again)
    again.post("/second-step", {"code": codes[1]})
    assert is_in(again)


@pytest.mark.parametrize(("used", "where"), [(7, "/appointments/"), (8, "/account/second-step")])
def test_who_has_fewer_than_three_printed_codes_left_is_shown_what_to_do(
    client: Client, robin: Account, used: int, where: str
) -> None:
    codes = printed_codes_of(robin)
    Authenticator.objects.filter(user_id=robin.id).update(data=_used(robin, used - 1))
    types_password(client, robin, next="/appointments/")
    assert client.post("/second-step", {"code": codes[9]}).headers["Location"] == where
    page = read(client.get("/account/second-step"))
    assert any("Few printed codes" in words for words in page.words("h2") + page.words("h3")) is (used == 8)
    if used == 8:
        assert page.all("a", href="/appointments/")


def _used(account: Account, number: int) -> dict[str, Any]:
    row = Authenticator.objects.get(user_id=account.id, type="recovery_codes")
    return {**row.data, "used_mask": 2**number - 1}


def test_the_secrets_of_apps_and_codes_are_nowhere_in_the_table(robin: Account) -> None:
    """Sealed, so that a stolen copy of the database signs nobody in."""
    secret, codes = an_app_of(robin), printed_codes_of(robin)
    kept = str(list(Authenticator.objects.values()))
    assert len(Authenticator.objects.all()) == 2
    assert not [one for one in (secret, *codes) if one in kept]
    seeds = [row.data.get("secret") or row.data.get("seed") for row in Authenticator.objects.all()]
    assert all("." in seed for seed in seeds)


def test_the_password_alone_signs_in_who_has_no_second_step(client: Client, robin: Account) -> None:
    """Patients may; what it is not enough for is refused, page by page."""
    assert types_password(client, robin).headers["Location"] == "/"
    assert is_in(client)


def test_staff_who_signed_in_with_the_password_alone_are_led_to_a_second_step(client: Client) -> None:
    account = an_account("rita@example.com", name="Rita Placeholder")
    staff_of(a_practice(), Role.RECEPTIONIST, account=account)
    types_password(client, account)
    response = client.get("/practice/patients?q=robin")
    assert response.status_code == 403
    assert read(response).words("h1") == ["Show your second step first"]
    [link] = [one.attributes["href"] for one in read(response).all("a") if "second-step" in one.attributes["href"]]
    assert link == "/account/second-step?next=/practice/patients"
    assert "patients" not in " ".join(read(response).words("nav"))
