"""Every page of the product, as it opens and as it is when something is wrong: what the accessibility tests look at."""

from django.test import Client

from tests.journeys.cast import Cast
from tests.journeys.state import State as State
from tests.journeys.state import presses, wrong
from tests.journeys.states_desk import DESK
from tests.journeys.states_messages import MESSAGES
from tests.journeys.states_notices import NOTICES
from tests.journeys.states_release import RELEASE
from tests.journeys.states_sessions import SESSIONS
from tests.journeys.states_wrong import WRONG
from tests.journeys.visitors import Visitor
from tests.journeys.withdrawing import books_what_was_moved

# Addresses that answer with a file or with words for machines.
NO_PAGES = {"appointments:calendar", "appointments:unmet_file", "web:healthz", "web:readyz", "web:version"}


def cancels_what_is_cancelled(visitor: Visitor, cast: Cast) -> None:
    """Press the button when somebody else has cancelled meanwhile."""
    with cast.cancelled_meanwhile():
        visitor.presses("Yes, cancel this appointment")


def books_what_was_taken(visitor: Visitor, cast: Cast) -> None:
    """Go past the signs of an emergency, and confirm when somebody else was quicker."""
    visitor.presses(GO_ON)
    with cast.taken_meanwhile():
        visitor.presses("Confirm and book")


def moves_to_what_was_taken(visitor: Visitor, cast: Cast) -> None:
    """Confirm the new time when somebody else was quicker."""
    with cast.taken_meanwhile():
        visitor.presses("Confirm and move")


def tries_too_often(visitor: Visitor, cast: Cast) -> None:
    """Guess at a password until the service has had enough."""
    for _ in range(MOST_TRIES_A_MINUTE):
        Client().post("/sign-in", {"login": "guessed@example.com", "password": "guess"})
    presses("Sign in", login="guessed@example.com", password="guess")(visitor, cast)


def loses_the_cookie(visitor: Visitor, cast: Cast) -> None:
    """Send a form whose cookie has gone."""
    visitor.page.context.clear_cookies(name="csrf")
    presses("Sign in", login="robin@example.com", password="lost")(visitor, cast)


def jumps_to_no_day(visitor: Visitor, cast: Cast) -> None:
    """Open what is folded away, and ask for the 32nd."""
    visitor.page.locator("summary").click()
    presses("Show", day_day="32")(visitor, cast)


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
    State("appointments:search", "/appointments/book", who="busy", called="with too many"),
    State("appointments:search", "/appointments/book", who="nobody", called="linked to no patient"),
    State("appointments:search", "/appointments/book?label=Nonsense", called="for a kind that is none"),
    State("appointments:red_flags", "/appointments/slots/{free}/before-you-book"),
    State("appointments:red_flags", "/appointments/slots/{taken}/before-you-book", called="of a time that is taken"),
    State("appointments:confirm", "/appointments/slots/{free}", then=presses(GO_ON), called="with a double"),
    State("appointments:confirm", "/appointments/slots/{telephone}", then=presses(GO_ON), called="by telephone"),
    State("appointments:confirm", "/appointments/slots/{free}", who="busy", called="with too many"),
    wrong("appointments:confirm", "/appointments/slots/{free}", books_what_was_taken, "taken meanwhile"),
    wrong(
        "appointments:confirm",
        "/appointments/slots/{telephone}",
        lambda visitor, cast: (
            presses(GO_ON)(visitor, cast),
            presses("Confirm and book", telephone="mine", reason="long " * 25)(visitor, cast),
        )[0],
        "with a number that is none",
    ),
    wrong("appointments:confirm", "/appointments/slots/{telephone}", books_what_was_moved, "moved meanwhile"),
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
    State("appointments:confirm_move", "/appointments/{booked}/move/{taken}", called="to a time that is taken"),
    wrong(
        "appointments:confirm_move", "/appointments/{booked}/move/{free}", moves_to_what_was_taken, "taken meanwhile"
    ),
    State("appointments:day", "/appointments/book-of-the-day/{day}", who="manager"),
    State("appointments:day", "/appointments/book-of-the-day/{day}?saved=1", who="manager", called="just saved"),
    State("appointments:day", "/appointments/book-of-the-day/2020-02-29", who="manager", called="without clinics"),
    State("appointments:day", "/appointments/book-of-the-day", called="for somebody else"),
    State("appointments:day", "/appointments/book-of-the-day", who="manager", called="with buttons to press"),
    wrong(
        "appointments:day",
        "/appointments/book-of-the-day",
        jumps_to_no_day,
        "on no real day",
        "manager",
    ),
    State("appointments:patients", "/practice/patients", who="manager"),
    State("appointments:patients", "/practice/patients?slot={free}&q=robin", who="manager", called="found"),
    State("appointments:patients", "/practice/patients?q=nobody", who="manager", called="found nobody"),
    wrong("appointments:patients", "/practice/patients", presses("Find"), "left empty", "manager"),
    State("appointments:patient", "/practice/patients/{patient}", who="manager"),
    State("appointments:book_times", "/practice/patients/{patient}/book?on={day}", who="manager"),
    State("appointments:book_times", "/practice/patients/{patient}/book?on=2040-02-29", who="manager", called="empty"),
    wrong(
        "appointments:book_times",
        "/practice/patients/{patient}/book",
        presses("Show times", day_day="32"),
        "on no real day",
        "manager",
    ),
    State("appointments:book_for", "/practice/patients/{patient}/book/{telephone}", who="manager"),
    wrong(
        "appointments:book_for",
        "/practice/patients/{patient}/book/{taken}",
        presses("Add the extra appointment"),
        "as an extra without a reason",
        "manager",
    ),
    State("appointments:booked_for", "/practice/patients/{patient}/appointments/{booked}", who="manager"),
    State("appointments:cancel_for", "/practice/patients/{patient}/appointments/{booked}/cancel", who="manager"),
    *DESK,
    State("appointments:move_times", "/practice/patients/{patient}/appointments/{booked}/move", who="manager"),
    State("appointments:move_for", "/practice/patients/{patient}/appointments/{booked}/move/{free}", who="manager"),
    wrong(
        "appointments:move_for",
        "/practice/patients/{patient}/appointments/{booked}/move/{taken}",
        presses("Move to this time"),
        "to a full time without a reason",
        "manager",
    ),
    State("appointments:withdraw", "/practice/withdraw", who="manager"),
    wrong("appointments:withdraw", "/practice/withdraw", presses("See whom it touches"), "without a day", "manager"),
    State("appointments:withdraw", "/practice/withdraw?session={session}", who="manager", called="as a preview"),
    State("appointments:withdraw", "/practice/withdraw?day={day}", who="manager", called="of a whole day"),
    State("appointments:withdraw", "/practice/withdraw?day=2020-02-29", who="manager", called="with nothing there"),
    wrong(
        "appointments:withdraw",
        "/practice/withdraw?session={session}",
        presses("Withdraw and tell the patients"),
        "without a reason",
        "manager",
    ),
    State(
        "appointments:withdraw",
        "/practice/withdraw?session={session}",
        "manager",
        presses("Withdraw and tell the patients", reason="Ill", words="The heating failed."),
        "with a message to read first",
    ),
    State("appointments:withdrawn", "/practice/withdrawn", who="manager"),
    State("appointments:withdrawn", "/practice/withdrawn", who="gp", called="for another role"),
    State("appointments:move_session", "/practice/sessions/{session}/move", who="manager"),
    wrong(
        "appointments:move_session",
        "/practice/sessions/{session}/move",
        presses("See whom it touches", time="soon"),
        "at no time",
        "manager",
    ),
    State(
        "appointments:move_session",
        "/practice/sessions/{session}/move",
        "manager",
        presses("See whom it touches", time="5:30pm"),
        "as a preview",
    ),
    State("appointments:put_back", "/practice/sessions/{gone}/put-back", who="manager"),
    State("appointments:put_back", "/practice/sessions/{session}/put-back", who="manager", called="not withdrawn"),
    State("appointments:words", "/appointments/words", who="manager"),
    State("appointments:word", "/appointments/words/{kind}", who="manager"),
    wrong(
        "appointments:word", "/appointments/words/{kind}", presses("Save", label="a" * 81), "with too much", "manager"
    ),
    *SESSIONS,
    *NOTICES,
    *RELEASE,
    *WRONG,
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
    State("access:setup", "/practice/set-up", who="manager"),
    State("access:setup", "/practice/set-up", who="gp", called="for another role"),
    *MESSAGES,
    State("cancel_by_link", "/cancel/{link_booked}", who=""),
    State("cancel_by_link", "/cancel/{link_booked}", called="signed in"),
    State("cancel_by_link", "/cancel/{link_soon}", who="", called="too late"),
    State("cancel_by_link", "/cancel/{link_cancelled}", who="", called="cancelled"),
    State("cancel_by_link", "/cancel/cut-short", who="", called="of nothing"),
    State("404", "/nowhere"),
    State("404", "/nowhere", who=""),
]
