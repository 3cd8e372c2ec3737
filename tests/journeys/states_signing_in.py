"""The pages of signing in and out, and of changing a password, as they open and as they are when something is wrong."""

from django.test import Client

from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor

FREE_TRIES = 5  # wrong ones at a name, before the first wait


def tries_too_often(visitor: Visitor, cast: Cast) -> None:
    """Guess at a password until the service has had enough."""
    for _ in range(FREE_TRIES):
        Client().post("/sign-in", {"login": "guessed@example.com", "password": "guess"})
    presses("Sign in", login="guessed@example.com", password="guess")(visitor, cast)


def loses_the_cookie(visitor: Visitor, cast: Cast) -> None:
    """Send a form whose cookie has gone."""
    visitor.page.context.clear_cookies(name="csrf")
    presses("Sign in", login="robin@example.com", password="lost")(visitor, cast)


SIGNING_IN = [
    State("account_login", "/sign-in", who=""),
    wrong("account_login", "/sign-in", presses("Sign in"), "left empty", who=""),
    wrong("account_login", "/sign-in", presses("Sign in", login="a@example.com", password="no"), "wrong", who=""),
    wrong("account_login", "/sign-in", tries_too_often, "tried too often", who=""),
    State("account_login", "/sign-in", "", loses_the_cookie, "open too long"),
    State("account_logout", "/sign-out"),
    State("signed_out", "/signed-out", who=""),
    State("account_inactive", "/account-closed", who=""),
    State("account_change_password", "/password"),
    wrong("account_change_password", "/password", presses("Change password"), "left empty"),
    wrong(
        "account_change_password",
        "/password",
        presses("Change password", oldpassword="no", password1="short", password2="other"),
        "all wrong",
    ),
    State("password_changed", "/password-changed"),
]
