"""The pages on which a practice says who may book what, and tries it on a patient."""

from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor


def looks_at_femi(visitor: Visitor, cast: Cast) -> None:
    """Find Femi, and look at what they would see."""
    presses("Find the patient", who="Femi Whatnot")(visitor, cast)
    visitor.page.locator("button[name=patient]").first.click()
    visitor.page.wait_for_load_state()


def tries_the_rule_on_femi(visitor: Visitor, cast: Cast) -> None:
    """Look at what a rule that is not saved would do."""
    presses("Preview without saving", least_age="65")(visitor, cast)
    looks_at_femi(visitor, cast)


RELEASE = [
    State("appointments:rules", "/practice/slot-types/{kind}/rules", who="manager", called="without rules"),
    State("appointments:rules", "/practice/slot-types/{ruled}/rules", who="manager", called="with a rule"),
    State("appointments:add_rule", "/practice/slot-types/{kind}/rules/add", who="manager"),
    State(
        "appointments:add_rule",
        "/practice/slot-types/{kind}/rules/add",
        "manager",
        tries_the_rule_on_femi,
        "tried without saving",
    ),
    wrong(
        "appointments:add_rule",
        "/practice/slot-types/{kind}/rules/add",
        presses("Save", least_age="65", most_age="18"),
        "with ages that do not fit",
        "manager",
    ),
    wrong(
        "appointments:add_rule",
        "/practice/slot-types/{kind}/rules/add",
        presses("Save", least_age="65"),
        "that shuts the others out",
        "manager",
    ),
    wrong(
        "appointments:add_rule",
        "/practice/slot-types/{ruled}/rules/add",
        presses("Save", least_age="18"),
        "with a tick to be sure",
        "manager",
    ),
    State("appointments:change_rule", "/practice/slot-types/{ruled}/rules/{rule}", who="manager"),
    State("appointments:remove_rule", "/practice/slot-types/{ruled}/rules/{rule}/remove", who="manager"),
    State("appointments:groups", "/practice/groups", who="manager"),
    State("appointments:add_group", "/practice/groups/add", who="manager"),
    wrong("appointments:add_group", "/practice/groups/add", presses("Make the group"), "left empty", "manager"),
    State("appointments:group", "/practice/groups/{group}", who="manager"),
    State("appointments:rename_group", "/practice/groups/{group}/rename", who="manager"),
    State("appointments:join_group", "/practice/groups/{group}/add-patients", who="manager"),
    State(
        "appointments:join_group",
        "/practice/groups/{group}/add-patients",
        "manager",
        presses("Add these patients", numbers="999 123\nRobin Example"),
        "with lines that are not taken",
    ),
    State("appointments:leave_group", "/practice/groups/{group}/members/{member}/remove", who="manager"),
    State("appointments:preview", "/practice/preview", who="manager"),
    State(
        "appointments:preview",
        "/practice/preview",
        "manager",
        looks_at_femi,
        "with what a patient sees",
    ),
    wrong("appointments:preview", "/practice/preview", presses("Find the patient"), "left empty", "manager"),
    State("appointments:preview_policy", "/practice/preview/policies/book_ahead_days", who="manager"),
    wrong(
        "appointments:preview_policy",
        "/practice/preview/policies/book_ahead_days",
        presses("Preview without saving", value="0"),
        "too low",
        "manager",
    ),
]
