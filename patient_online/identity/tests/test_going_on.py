"""Whoever must first open an account, or find the way back in, is led to where they were going: never elsewhere."""

import re
from typing import Any

import pytest
from django.test import Client

from patient_online.demo.factories import an_account
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
GOOD = "three-plain-words"


def opens(client: Client, email: str = "") -> Any:
    """Send the form to open an account."""
    return client.post("/open-account", {"name": "Robin Testperson", "email": email, "password": GOOD})


def test_the_sign_in_page_hands_on_where_somebody_was_going(client: Client) -> None:
    page = client.get("/link", follow=True)
    links = [each.attributes["href"] for each in read(page).all("a") if "open one" in each.text]
    assert links == ["/open-account?next=/link"]


def test_who_opens_an_account_from_their_letter_comes_to_the_page_for_the_letter(client: Client) -> None:
    client.get("/open-account?next=/link")
    opens(client)
    assert client.post("/open-account/sign-in-name", {"written": "on"}).headers["Location"] == "/link"
    assert client.post("/open-account/sign-in-name", {"written": "on"}).headers["Location"] == "/"


def test_the_code_by_email_leads_to_it_too(client: Client, mailoutbox: list[Any]) -> None:
    client.get("/open-account?next=/link")
    opens(client, "robin@example.com")
    found = re.search(r"Your code is ([0-9]{6})\.", mailoutbox[0].body)
    assert found
    assert client.post("/account/email/code", {"code": found[1]}).headers["Location"] == "/link"


@pytest.mark.parametrize("where", ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"])
def test_nobody_is_led_out_of_the_service(client: Client, where: str) -> None:
    client.get("/open-account", {"next": where})
    opens(client)
    assert client.post("/open-account/sign-in-name", {"written": "on"}).headers["Location"] == "/"


@pytest.mark.parametrize("page", ["/forgotten-password", "/way-in"])
def test_who_has_a_new_password_signs_in_and_is_where_they_were_going(client: Client, page: str) -> None:
    client.get(f"{page}?next=/link")
    links = [
        each.attributes["href"]
        for each in read(client.get("/password-chosen")).all("a")
        if each.text.strip() == "Sign in"
    ]
    assert "/sign-in?next=/link" in links


def test_an_address_whose_code_was_not_typed_stands_on_the_account_page(client: Client) -> None:
    opens(client, "robin@example.com")
    assert "robin@example.com is not confirmed yet. Type the code that we sent there" in said(client.get("/account"))


def test_an_account_without_a_password_is_not_told_to_sign_in_with_its_name(client: Client) -> None:
    account = an_account()
    account.email = None
    account.save()
    client.force_login(account)
    assert "you sign in with your sign-in name" in said(client.get("/account"))
    account.set_unusable_password()
    account.save()
    client.force_login(account)
    assert "you sign in with your sign-in name" not in said(client.get("/account"))


def test_the_front_door_leads_to_an_account_with_a_letter_or_without(client: Client) -> None:
    links = [each.attributes["href"] for each in read(client.get("/")).all("a")]
    assert "/open-account" in links
    assert "/open-account?next=/link" in links
