"""Every page of the product, as it opens and as it is when something is wrong: what the accessibility tests look at."""

from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client

from tests.journeys.cast import Cast
from tests.journeys.visitors import Visitor

Deed = Callable[[Visitor, Cast], None]
# Addresses that answer with a file or with words for machines.
NO_PAGES = {"appointments:calendar", "web:healthz", "web:readyz", "web:version"}


def just_looks(visitor: Visitor, cast: Cast) -> None:
    """The page as it opens."""


def presses(*buttons: str, **typed: str) -> Deed:
    """Fill in the fields with these names, then press the buttons one after the other."""

    def do(visitor: Visitor, cast: Cast) -> None:
        for name, text in typed.items():
            visitor.page.locator(f'[name="{name}"]').fill(text)
        for button in buttons:
            visitor.presses(button)

    return do


@dataclass(frozen=True)
class State:
    """One page for one person: `path` names what is in the cast, `then` is what they do there."""

    route: str
    path: str
    who: str = "robin"
    then: Deed = just_looks
    called: str = "as it opens"
    error: bool = False

    def __str__(self) -> str:
        return f"{self.route} for {self.who or 'anybody'}, {self.called}"


def wrong(route: str, path: str, then: Deed, called: str, who: str = "robin") -> State:
    """A page that says what has to be put right."""
    return State(route, path, who, then, called, error=True)


def cancels_what_is_cancelled(visitor: Visitor, cast: Cast) -> None:
    """Press the button when somebody else has cancelled meanwhile."""
    with cast.cancelled_meanwhile():
        visitor.presses("Yes, cancel this appointment")


def tries_too_often(visitor: Visitor, cast: Cast) -> None:
    """Guess at a password until the service has had enough."""
    for _ in range(MOST_TRIES_A_MINUTE):
        Client().post("/sign-in", {"login": "guessed@example.com", "password": "guess"})
    presses("Sign in", login="guessed@example.com", password="guess")(visitor, cast)


def loses_the_cookie(visitor: Visitor, cast: Cast) -> None:
    """Send a form whose cookie has gone."""
    visitor.page.context.clear_cookies(name="csrf")
    presses("Sign in", login="robin@example.com", password="lost")(visitor, cast)


MOST_TRIES_A_MINUTE = 30  # from one address of the network: allauth's limit, kept in the database for all workers
GO_ON = "None of these apply: go on"
STATES = [
    State("home", "/", who=""),
    State("home", "/"),
    State("home", "/", who="nobody", called="linked to no patient"),
    State("web:accessibility", "/accessibility-statement", who=""),
    State("web:privacy", "/privacy-and-cookies", who=""),
    State("web:offline", "/help-without-going-online", who=""),
    State("web:about", "/about"),
    State("account_login", "/sign-in", who=""),
    wrong("account_login", "/sign-in", presses("Sign in"), "left empty", who=""),
    wrong("account_login", "/sign-in", presses("Sign in", login="a@example.com", password="no"), "wrong", who=""),
    State("account_login", "/sign-in", "", tries_too_often, "tried too often"),
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
    State("appointments:mine", "/appointments/"),
    State("appointments:mine", "/appointments/", who="femi", called="with nothing past"),
    State("appointments:search", "/appointments/book"),
    State("appointments:search", "/appointments/book?sex=male", called="with nothing free"),
    State("appointments:search", "/appointments/book", who="elsewhere", called="switched off"),
    State("appointments:search", "/appointments/book", who="nobody", called="linked to no patient"),
    State("appointments:red_flags", "/appointments/slots/{free}/before-you-book"),
    State("appointments:confirm", "/appointments/slots/{free}", then=presses(GO_ON), called="with a double"),
    State("appointments:confirm", "/appointments/slots/{telephone}", then=presses(GO_ON), called="by telephone"),
    wrong("appointments:confirm", "/appointments/slots/{taken}", presses(GO_ON, "Confirm and book"), "taken"),
    wrong("appointments:confirm", "/appointments/slots/{free}", presses(GO_ON, "Confirm and book"), "too many", "busy"),
    wrong(
        "appointments:confirm",
        "/appointments/slots/{telephone}",
        lambda visitor, cast: (
            presses(GO_ON)(visitor, cast),
            presses("Confirm and book", telephone="mine", reason="long " * 25)(visitor, cast),
        )[0],
        "with a number that is none",
    ),
    State("appointments:booked", "/appointments/{booked}/booked"),
    State("appointments:one", "/appointments/{booked}"),
    State("appointments:one", "/appointments/{soon}", called="too late to cancel"),
    State("appointments:one", "/appointments/{cancelled}", called="cancelled"),
    State("appointments:cancel", "/appointments/{booked}/cancel"),
    State(
        "appointments:cancel",
        "/appointments/{booked}/cancel",
        "robin",
        cancels_what_is_cancelled,
        "cancelled meanwhile",
    ),
    State("appointments:move", "/appointments/{booked}/move"),
    State("appointments:confirm_move", "/appointments/{booked}/move/{free}"),
    wrong("appointments:confirm_move", "/appointments/{booked}/move/{taken}", presses("Confirm and move"), "taken"),
    State("appointments:day", "/appointments/book-of-the-day/{day}", who="manager"),
    State("appointments:day", "/appointments/book-of-the-day/2020-02-29", who="manager", called="without clinics"),
    State("appointments:day", "/appointments/book-of-the-day", called="for somebody else"),
    State("appointments:words", "/appointments/words", who="manager"),
    State("appointments:word", "/appointments/words/{kind}", who="manager"),
    wrong(
        "appointments:word", "/appointments/words/{kind}", presses("Save", label="a" * 81), "with too much", "manager"
    ),
    State("access:policies", "/practice/policies", who="manager"),
    State("access:policies", "/practice/policies", who="gp", called="to be read only"),
    State("access:policy", "/practice/policies/cancel_online", who="manager", called="yes or no"),
    State("access:policy", "/practice/policies/book_ahead_days", who="gp", called="for another role"),
    wrong("access:policy", "/practice/policies/book_ahead_days", presses("Save", value="-1"), "too low", "manager"),
    State("access:services", "/practice/services", who="manager"),
    State("access:service", "/practice/services/appointments", who="manager"),
    wrong(
        "access:service",
        "/practice/services/appointments",
        presses("Save", from_day_day="31", from_day_month="2", from_day_year="2026"),
        "on no real day",
        "manager",
    ),
    State("access:details", "/practice/details"),
    State("404", "/nowhere"),
    State("404", "/nowhere", who=""),
]
