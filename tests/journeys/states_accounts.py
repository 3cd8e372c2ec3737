"""The pages on which people open, keep, find again and close their accounts."""

import re
from uuid import uuid4

from django.core import mail

from patient_online.demo.factories import PASSWORD
from tests.journeys.cast import Cast
from tests.journeys.state import Deed, State, presses, wrong
from tests.journeys.visitors import Visitor

OPEN, FORGOTTEN, WAY_IN = "/open-account", "/forgotten-password", "/way-in"
GOOD = "three-plain-words"


def opens(*buttons: str, with_email: bool = False, **typed: str) -> Deed:
    """Open an account, and press these buttons of the page that follows."""

    def do(visitor: Visitor, cast: Cast) -> None:
        email = f"madeup-{uuid4().hex}@example.com" if with_email else ""
        presses("Open my account", name="Robin Testperson", email=email, password=GOOD)(visitor, cast)
        presses(*buttons, **typed)(visitor, cast)

    return do


def forgets(*buttons: str, **typed: str) -> Deed:
    """Ask for a code by e-mail where nobody has an account, and press these buttons of the page that follows."""

    def do(visitor: Visitor, cast: Cast) -> None:
        presses("Send a code", email=f"madeup-{uuid4().hex}@example.com")(visitor, cast)
        presses(*buttons, **typed)(visitor, cast)

    return do


def shows_the_code(*buttons: str, **typed: str) -> Deed:
    """Ask for a code for the account of the cast's last one, and type it."""

    def do(visitor: Visitor, cast: Cast) -> None:
        presses("Send a code", email=cast.accounts["femi"].email or "")(visitor, cast)
        found = re.search(r"Your code is ([0-9A-Z-]+)\.", str(mail.outbox[-1].body))
        presses("Continue", code=found[1] if found else "")(visitor, cast)
        presses(*buttons, **typed)(visitor, cast)

    return do


def confirms(*buttons: str, **typed: str) -> Deed:
    """Type the password once more, and press these buttons of the page that follows."""

    def do(visitor: Visitor, cast: Cast) -> None:
        presses("Confirm", password=PASSWORD)(visitor, cast)
        presses(*buttons, **typed)(visitor, cast)

    return do


ACCOUNTS = [
    State("open_account", OPEN, who=""),
    wrong("open_account", OPEN, presses("Open my account"), "left empty", who=""),
    wrong(
        "open_account",
        OPEN,
        presses("Open my account", name="Robin", email="robin", password="short"),
        "all wrong",
        who="",
    ),
    State("sign_in_name", OPEN, "", opens(), "just opened"),
    State("sign_in_name", f"{OPEN}/sign-in-name"),
    wrong("sign_in_name", f"{OPEN}/sign-in-name", presses("Continue"), "not ticked"),
    State("confirm_email", OPEN, "", opens(with_email=True), "just opened"),
    State("send_code_again", OPEN, "", opens("Send a new code", with_email=True), "sent again"),
    wrong("confirm_email", OPEN, opens("Continue", with_email=True, code="x"), "with a wrong code", who=""),
    State("account", "/account"),
    State("account", "/account", who="manager", called="of staff"),
    State("account", "/account", who="nobody", called="linked to no patient"),
    State("account", "/account?saved=email", called="with a new address"),
    State("change_email", "/account/email", then=confirms()),
    wrong("change_email", "/account/email", confirms("Send a code", email="x"), "with no address"),
    State("close_account", "/account/close", then=confirms()),
    State("close_account", "/account/close", "manager", confirms(), "for staff"),
    wrong("close_account", "/account/close", confirms("Close my account"), "not ticked"),
    State("closed", "/account/closed", who=""),
    State("forgotten_password", FORGOTTEN, who=""),
    wrong("forgotten_password", FORGOTTEN, presses("Send a code"), "left empty", who=""),
    State("forgotten_code", FORGOTTEN, "", forgets(), "waiting for the code"),
    wrong("forgotten_code", FORGOTTEN, forgets("Continue", code="x"), "with a wrong code", who=""),
    State("choose_password", FORGOTTEN, "", shows_the_code(), "with the code"),
    wrong("choose_password", FORGOTTEN, shows_the_code("Save password", password="short"), "too short", who=""),
    State("password_chosen", "/password-chosen", who=""),
    State("way_in", WAY_IN, who=""),
    wrong("way_in", WAY_IN, presses("Continue"), "left empty", who=""),
    wrong("way_in", WAY_IN, presses("Continue", login="robin@example.com", code="x"), "wrong", who=""),
    State("account_set_password", "/password/set", who="passwordless"),
]
