"""Who is asking for a page of accounts: its holder, or somebody of whom nothing is known."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest

from patient_online.asking import AccountHolder, Anyone
from patient_online.identity.rules import NHS_LOGIN


def holder_of(request: Any) -> AccountHolder:
    """The holder of the account that is signed in."""
    return AccountHolder(request.user.id, request.id)


def anyone_of(request: Any) -> Anyone:
    """Somebody of whom nothing is known."""
    return Anyone(request.id)


def ways_to_confirm_here(request: HttpRequest) -> list[dict[str, str]]:
    """The ways of our own in which the account can confirm who it is; none for one that has NHS login alone."""
    ways: list[dict[str, str]] = get_adapter().get_reauthentication_methods(request.user)
    return [each for each in ways if each["id"] != NHS_LOGIN]


def ask_again_who_it_is(request: HttpRequest) -> None:
    """Send who has not shown it in the last minutes to show that it is them, and back."""
    raise_if_reauthentication_required(request, app="")
