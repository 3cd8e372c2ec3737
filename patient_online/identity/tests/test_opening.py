"""Opening an account alone, with an e-mail address or without."""

import re
from typing import Any

import pytest
from django.test import Client

from patient_online.access.models import Session
from patient_online.asking import AccountHolder
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, an_account
from patient_online.identity.actions import confirm_email
from patient_online.identity.models import Account
from patient_online.storage.codes import grouped
from patient_online.web.tests.pages import read, said
from tests.statements import statements

pytestmark = pytest.mark.django_db
GOOD = "three-plain-words"
CODE = re.compile(r"Your code is ([0-9]{6})\.")
NO = "This code is not right or has run out."


def opens(client: Client, email: str = "", **more: str) -> Any:
    """Send the form."""
    return client.post("/open-account", {"name": "Robin Testperson", "email": email, "password": GOOD, **more})


def code_in(mail: Any) -> str:
    """The code that an e-mail holds."""
    found = CODE.search(mail.body)
    assert found
    return found[1]


def newest() -> Account:
    """The account that was opened last."""
    return Account.objects.order_by("-created_at")[0]


def test_somebody_without_email_gets_a_sign_in_name_to_write_down(client: Client, mailoutbox: list[Any]) -> None:
    """Large, and with a tick; with it and the password they sign in from then on."""
    assert opens(client).headers["Location"] == "/open-account/sign-in-name"
    robin = newest()
    page = client.get("/open-account/sign-in-name")
    assert read(page).words("p", **{"class": "app-code-large"}) == [grouped(robin.sign_in_name)]
    unticked = client.post("/open-account/sign-in-name", {})
    assert read(unticked).words("title")[0].startswith("Error: ")
    assert client.post("/open-account/sign-in-name", {"written": "on"}).headers["Location"] == "/"
    client.post("/sign-out")
    typed = {"login": grouped(robin.sign_in_name).lower(), "password": GOOD}
    assert client.post("/sign-in", typed).status_code == 302
    assert (robin.email, robin.name, mailoutbox) == (None, "Robin Testperson", [])


def test_an_address_is_the_account_s_once_its_code_was_typed(client: Client, mailoutbox: list[Any]) -> None:
    """The account works before, by its sign-in name; the page says so."""
    assert opens(client, "Robin@Example.com").headers["Location"] == "/account/email/code"
    robin = newest()
    assert robin.email is None
    page = said(client.get("/account/email/code"))
    assert "Your account works already." in page
    assert grouped(robin.sign_in_name) in page
    assert Client().post("/sign-in", {"login": "robin@example.com", "password": GOOD}).status_code == 200
    assert (
        client.post("/account/email/code", {"code": code_in(mailoutbox[0])}).headers["Location"]
        == "/account?saved=email"
    )
    assert newest().email == "robin@example.com"
    assert Client().post("/sign-in", {"login": "robin@example.com", "password": GOOD}).status_code == 302


def test_a_taken_address_gets_the_same_answer_and_its_owner_is_written_to(settings: Any, mailoutbox: list[Any]) -> None:
    """T19. Nobody learns by opening accounts who has one: page, status and statements are the same."""
    an_account("taken@example.com")
    pages = []
    for email in ("taken@example.com", "free00@example.com"):
        client = Client()
        location = opens(client, email).headers["Location"]
        page = said(client.get(location)).replace(email, "").replace(grouped(newest().sign_in_name), "")
        wrong = client.post(location, {"code": "x"})
        assert NO in said(wrong)
        pages.append((location, page, wrong.status_code))
    assert pages[0] == pages[1]
    assert [mail.subject for mail in mailoutbox] == ["You have an account already", mailoutbox[1].subject]
    assert not CODE.search(mailoutbox[0].body)


def test_opening_costs_the_same_whether_the_address_is_taken_or_not(settings: Any) -> None:
    """T19. The same statements, in the same order."""
    settings.EMAIL_BACKEND = "patient_online.notify.backend.Backend"
    an_account("taken@example.com")
    costs = []
    opens(Client(), "first0@example.com")  # the network is counted from here on
    for email in ("taken@example.com", "free00@example.com"):
        with statements() as made:
            opens(Client(), email)
        costs.append([re.sub(r"'[^']*'", "?", each) for each in made])
    assert costs[0] == costs[1]


def test_after_five_wrong_codes_a_new_one_must_be_asked_for(client: Client, mailoutbox: list[Any]) -> None:
    """And comes with a button of the same page."""
    opens(client, "robin@example.com")
    for n in range(5):
        client.post("/account/email/code", {"code": f"12345{n}" if code_in(mailoutbox[0]) != f"12345{n}" else "000000"})
    assert NO in said(client.post("/account/email/code", {"code": code_in(mailoutbox[0])}))
    again = client.post("/account/email/code/again").headers["Location"]
    assert "We have sent a new code." in said(client.get(again))
    assert client.post("/account/email/code", {"code": code_in(mailoutbox[1])}).status_code == 302


def test_two_who_wait_with_one_address_do_not_both_get_it(mailoutbox: list[Any]) -> None:
    """The database holds that an address has one account; the second is told that the code does not fit."""
    one, other = Client(), Client()
    for client in (one, other):
        opens(client, "robin@example.com")
    assert one.post("/account/email/code", {"code": code_in(mailoutbox[0])}).status_code == 302
    assert NO in said(other.post("/account/email/code", {"code": code_in(mailoutbox[1])}))
    assert Account.objects.filter(email="robin@example.com").count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"email": "robin"}, "Enter an email address like name@example.com"),
        ({"password": ""}, "Enter a password"),
        ({"password": "short"}, "12 characters"),
        ({"password": "1q2w3e4r5t6y"}, "too common"),
        ({"password": "robin testperson"}, "similar"),
    ],
)
def test_what_cannot_be_is_pointed_out_and_nothing_typed_is_lost(
    client: Client, given: dict[str, str], words: str
) -> None:
    """No account is opened; only the password is to be typed again."""
    answer = opens(client, **{"email": "robin@example.com", **given})
    page = read(answer)
    assert page.words("title")[0].startswith("Error: ")
    assert words in said(answer)
    kept = {one.attributes["name"]: one.attributes.get("value") for one in page.all("input")}
    assert kept["name"] == (given.get("name", "Robin Testperson") or None)
    assert GOOD not in answer.content.decode()
    assert not Account.objects.exists()


def test_a_password_may_be_pasted_and_as_long_as_a_sentence(client: Client) -> None:
    """Nothing on the page stops pasting, and spaces and all letters of the world are kept."""
    words = " Grüße über das Frühstück, 早餐 und sehr viel Tee " * 3
    assert opens(client, password=words).status_code == 302
    page = read(Client().get("/open-account"))
    assert not [one for one in page.elements if "onpaste" in one.attributes or "maxlength" in one.attributes]
    name = newest().sign_in_name
    assert Client().post("/sign-in", {"login": name, "password": words}).status_code == 302
    assert Client().post("/sign-in", {"login": name, "password": words.strip()}).status_code == 200


def test_twenty_accounts_an_hour_are_all_that_one_network_opens() -> None:
    """The page says to wait; others are not held back."""
    assert {opens(Client()).status_code for _ in range(20)} == {302}
    assert "Too many accounts were opened here." in said(opens(Client()))
    elsewhere = {"name": "Robin", "password": GOOD}
    assert Client().post("/open-account", elsewhere, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_new_account_begins_with_a_new_session_and_leaves_a_trail(client: Client) -> None:
    """What a stranger may have put into the browser before is no key to it."""
    client.get("/forgotten-password")
    client.post("/forgotten-password", {"email": "nobody@example.com"})
    before = client.cookies["session"].value
    opens(client)
    assert client.cookies["session"].value != before
    assert Session.objects.get(account_id=newest().id)
    events = AccountEntry.objects.filter(account_id=newest().id).values_list("event", flat=True)
    assert set(events) == {"account.opened", "account.signed_in"}


def test_who_is_signed_in_opens_no_second_account(client: Client) -> None:
    """They see the one they have."""
    opens(client)
    assert client.get("/open-account").headers["Location"] == "/account"
    assert opens(client).headers["Location"] == "/account"
    assert Account.objects.count() == 1


def test_another_address_takes_a_confirmation_and_the_old_one_is_told(mailoutbox: list[Any]) -> None:
    """First the password again, then the code; until then the old address holds."""
    robin, client = an_account("robin@example.com"), Client()
    client.force_login(robin)
    assert client.get("/account/email").headers["Location"].startswith("/confirm-it-is-you")
    client.post("/confirm-it-is-you", {"password": PASSWORD})
    sent = client.post("/account/email", {"email": "new@example.com"})
    assert sent.headers["Location"] == "/account/email/code"
    robin.refresh_from_db()
    assert robin.email == "robin@example.com"
    code = next(code_in(mail) for mail in mailoutbox if mail.to == ["new@example.com"])
    client.post("/account/email/code", {"code": code})
    robin.refresh_from_db()
    assert robin.email == "new@example.com"
    assert ["robin@example.com"] in [mail.to for mail in mailoutbox if mail.subject == "Your email address was changed"]


def test_an_address_that_another_account_has_is_refused_by_the_database_too() -> None:
    """Whatever the pages believed."""
    robin, other = an_account("robin@example.com"), an_account("other@example.com")
    by = AccountHolder(other.id)
    assert not confirm_email(other.id, "robin@example.com", by=by, at=robin.created_at)
    other.refresh_from_db()
    assert other.email == "other@example.com"


def test_a_code_of_one_account_is_worth_nothing_for_the_next_in_the_same_browser(mailoutbox: list[Any]) -> None:
    """Two people share a computer."""
    client = Client()
    opens(client, "robin@example.com")
    client.post("/sign-out")
    opens(client)
    answer = client.post("/account/email/code", {"code": code_in(mailoutbox[0])})
    assert answer.headers["Location"] == "/account/email"
    assert newest().email is None
