"""The pages of the work list, of one's own details, and of switching an online service."""

from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor

WORK, SERVICES = "/practice/tasks", "/practice/services"
DETAILS, ASKED = "/your-details", "/practice/details-requests/{amended}"


def switches_appointments_off(visitor: Visitor, cast: Cast) -> None:
    """Look at what would happen if they were off from today."""
    visitor.chooses("Available, not switched on")
    visitor.presses("Continue")


def forgets_the_tick(visitor: Visitor, cast: Cast) -> None:
    """Save it without saying that one is sure."""
    switches_appointments_off(visitor, cast)
    visitor.presses("Save")


WORKING = [
    State("access:work", WORK, who="manager"),
    State("access:work", f"{WORK}?whose=mine", who="manager", called="with nothing of one's own"),
    State("access:work", WORK, called="for somebody else"),
    State("access:task", WORK + "/{task}", who="manager"),
    State("access:cover", f"{WORK}/cover", who="manager"),
    wrong("access:cover", f"{WORK}/cover", presses("Save"), "left empty", "manager"),
    State("access:take_back_cover", WORK + "/cover/{cover}/take-back", who="manager"),
    State("access:own_details", DETAILS, who="detailed"),
    State("access:own_details", DETAILS, who="renamed", called="with a request that waits"),
    State("access:own_details", DETAILS, called="not given"),
    State("access:amend", f"{DETAILS}/change", who="detailed"),
    wrong(
        "access:amend",
        f"{DETAILS}/change",
        presses("Ask your practice", family_name="", postcode="nowhere"),
        "with a wrong postcode",
        "detailed",
    ),
    State("access:withdraw_details", f"{DETAILS}/take-back", who="renamed"),
    State("access:details_request", ASKED, who="manager"),
    wrong("access:details_request", ASKED, presses("Save the decision"), "undecided", "manager"),
    State("access:correct_details", "/practice/patients/{patient}/details", who="manager"),
    wrong(
        "access:correct_details",
        "/practice/patients/{patient}/details",
        presses("Save", given_name=""),
        "without a name",
        "manager",
    ),
    State("access:service", f"{SERVICES}/documents", who="manager", called="for what is not built"),
    State("access:service", f"{SERVICES}/appointments", "manager", switches_appointments_off, "looked at"),
    wrong("access:service", f"{SERVICES}/appointments", forgets_the_tick, "without the tick", "manager"),
    State("access:service_history", f"{SERVICES}/appointments/history", who="manager"),
    State("access:service_history", f"{SERVICES}/prescriptions/history", who="gp", called="with something planned"),
    State("access:take_back_switch", SERVICES + "/prescriptions/{planned}/take-back", who="manager"),
]
