"""The pages of the desk, where it does more than look."""

from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor

ADD = "Add it and book it for a patient"
ADD_SLOT = "/practice/sessions/{session}/add-slot"
TIMES = "/practice/patients/{patient}/book?over=1"


def cancels_at_the_desk(visitor: Visitor, cast: Cast) -> None:
    """Say how the patient asked, and cancel."""
    visitor.chooses("At the desk")
    visitor.presses("Yes, cancel this appointment")


DESK = [
    wrong(
        "appointments:cancel_for",
        "/practice/patients/{patient}/appointments/{cancelled}/cancel",
        cancels_at_the_desk,
        "cancelled already",
        "manager",
    ),
    wrong(
        "appointments:book_for",
        "/practice/patients/{patient}/book/{free}",
        presses("Book for the patient"),
        "without saying how they asked",
        "manager",
    ),
    State("appointments:add_slot", ADD_SLOT, who="manager"),
    wrong("appointments:add_slot", ADD_SLOT, presses(ADD, starts="late"), "late", "manager"),
    State("appointments:book_times", TIMES, who="manager", called="with past times"),
]
