"""Every page of the product, as it opens and as it is when something is wrong: what the accessibility tests look at."""

from tests.journeys.cast import Cast
from tests.journeys.state import State as State
from tests.journeys.state import presses, wrong
from tests.journeys.states_access import ACCESS
from tests.journeys.states_accounts import ACCOUNTS
from tests.journeys.states_desk import DESK
from tests.journeys.states_messages import MESSAGES
from tests.journeys.states_nhs_login import NHS_LOGIN, NO_PAGES_OF_NHS_LOGIN
from tests.journeys.states_notices import NOTICES
from tests.journeys.states_registering import REGISTERING
from tests.journeys.states_release import RELEASE
from tests.journeys.states_second_steps import SECOND_STEPS
from tests.journeys.states_sessions import SESSIONS
from tests.journeys.states_signed_in import SIGNED_IN
from tests.journeys.states_signing_in import SIGNING_IN
from tests.journeys.states_staff import STAFF
from tests.journeys.states_work import WORKING
from tests.journeys.states_wrong import WRONG
from tests.journeys.visitors import Visitor
from tests.journeys.withdrawing import books_what_was_moved

# Addresses that answer with a file or with words for machines.
NO_PAGES = {"web:healthz", "web:readyz", "web:version"}
NO_PAGES |= {"access:seconds_left", "appointments:calendar", "appointments:unmet_file", *NO_PAGES_OF_NHS_LOGIN}


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


def jumps_to_no_day(visitor: Visitor, cast: Cast) -> None:
    """Open what is folded away, and ask for the 32nd."""
    visitor.page.locator("summary").click()
    presses("Show", day_day="32")(visitor, cast)


GO_ON = "None of these apply: go on"
STATES = [
    State("home", "/", who=""),
    State("home", "/"),
    State("home", "/", who="nobody", called="linked to no patient"),
    State("web:accessibility", "/accessibility-statement", who=""),
    State("web:privacy", "/privacy-and-cookies", who=""),
    State("web:offline", "/help-without-going-online", who=""),
    State("web:about", "/about"),
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
    State("appointments:patients", "/practice/patients?slot={free}", "manager", presses("Find", q="robin"), "found"),
    State("appointments:patients", "/practice/patients", "manager", presses("Find", q="nobody"), "found nobody"),
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
    *ACCOUNTS,
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
    *SECOND_STEPS,
    *SIGNED_IN,
    *SIGNING_IN,
    *STAFF,
    *NHS_LOGIN,
    *ACCESS,
    *NOTICES,
    *REGISTERING,
    *RELEASE,
    *WORKING,
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
        presses("Continue", from_day_day="31", from_day_month="2", from_day_year="2026"),
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
