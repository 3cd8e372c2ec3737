"""Forms that are sent with what cannot be, or after somebody else has changed what they show."""

from tests.journeys.arranged import LOOK
from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor

NEEDS = "/practice/patients/{patient}/needs"
GROUP = "/practice/groups/{group}"


def takes_down_what_was_changed_meanwhile(visitor: Visitor, cast: Cast) -> None:
    """Send another address from a page that was opened before the patient gave theirs."""
    visitor.page.locator('[name="seen"]').evaluate("field => { field.value = '0'.repeat(32) }")
    presses("Save", email="another@example.com")(visitor, cast)


WRONG: list[State] = [
    wrong("access:needs", NEEDS, takes_down_what_was_changed_meanwhile, "changed meanwhile", "manager"),
    wrong(
        "appointments:change_rule",
        "/practice/slot-types/{ruled}/rules/{rule}",
        presses("Save", least_age="65", most_age="18"),
        "with ages that do not fit",
        "manager",
    ),
    wrong(
        "appointments:change_template",
        "/practice/templates/{template}/change",
        presses(LOOK, starts="late"),
        "at no time",
        "manager",
    ),
    wrong("appointments:rename_group", f"{GROUP}/rename", presses("Save", name=""), "left empty", "manager"),
    wrong("appointments:join_group", f"{GROUP}/add-patients", presses("Add these patients"), "left empty", "manager"),
    wrong(
        "appointments:move_times",
        "/practice/patients/{patient}/appointments/{booked}/move",
        presses("Show times", day_day="32"),
        "on no real day",
        "manager",
    ),
]
