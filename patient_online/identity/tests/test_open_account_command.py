"""Accounts that are opened from the command line, for the first people of a new place."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from patient_online.identity.models import Account

pytestmark = pytest.mark.django_db
GOOD = "three-plain-words"
NAME, CODE = re.compile(r"Sign-in name: (\S+)"), re.compile(r"Code: +(\S+)")


def told(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[str, str]:
    """The sign-in name and the code that the command prints."""
    call_command("open_account", *command)
    out = capsys.readouterr().out
    name, code = NAME.search(out), CODE.search(out)
    assert name
    assert code
    return name[1], code[1]


def test_a_code_opens_the_account_that_the_command_line_opened(capsys: pytest.CaptureFixture[str]) -> None:
    """With it they choose a password; nothing else lets anybody in."""
    name, code = told(capsys, "Count Onlynumbers", "--email", "Count@example.org")
    client = Client()
    assert client.post("/way-in", {"login": name, "code": code}).headers["Location"] == "/choose-password"
    client.post("/choose-password", {"password": GOOD})
    for login in (name, "count@example.org"):
        assert Client().post("/sign-in", {"login": login, "password": GOOD}).status_code == 302
    assert GOOD not in str(Account.objects.values())


def test_a_second_code_ends_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the first was lost on its way."""
    name, first = told(capsys, "Count Onlynumbers", "--email", "count@example.org")
    again, second = told(capsys, "Count Onlynumbers", "--email", "count@example.org", "--again")
    assert again == name
    assert Client().post("/way-in", {"login": name, "code": first}).status_code == 200
    assert Client().post("/way-in", {"login": name, "code": second}).status_code == 302
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["A", "--email", "nonsense"], "not an email address"),
        (["A", "--email", "a@example.org", "--again"], "No account has this address"),
        (["A", "--again"], "No account has this address"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(command: list[str], words: str) -> None:
    """And nothing is opened."""
    with pytest.raises(CommandError, match=words):
        call_command("open_account", *command)
    assert not Account.objects.exists()


def test_an_address_that_has_an_account_opens_no_second(capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to give a new code instead."""
    told(capsys, "A", "--email", "a@example.org")
    with pytest.raises(CommandError, match="--again"):
        call_command("open_account", "A", "--email", "a@example.org")
