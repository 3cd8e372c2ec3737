"""The pages of what patients are told, of closures, and of what people could not get."""

from tests.journeys.state import State, presses, wrong

LOOK = "See it as patients will"
WELCOME = "/practice/notices/welcome"
ROUTES = "/practice/notices/routes"
NOTICES = [
    State("access:notices", "/practice/notices", who="manager"),
    State("access:notices", "/practice/notices", who="gp", called="to be read only"),
    State("access:notice", WELCOME, who="manager"),
    State("access:notice", WELCOME, "manager", presses(LOOK), "looked at"),
    wrong("access:notice", WELCOME, presses("Save", text="long " * 201), "too long", "manager"),
    State("access:notice", ROUTES, "manager", presses(LOOK), "with ways, looked at"),
    State("access:notice", ROUTES, "manager", presses("Add another way"), "with another way"),
    wrong("access:notice", ROUTES, presses("Save", how_0=""), "without a number", "manager"),
    State("access:versions", f"{WELCOME}/versions", who="manager"),
    State("access:version", f"{WELCOME}/versions/1", who="manager"),
    State("access:closures", "/practice/closures", who="manager"),
    State("access:closures", "/practice/closures", who="gp", called="to be read only"),
    State("access:new_closure", "/practice/closures/new", who="manager"),
    wrong("access:new_closure", "/practice/closures/new", presses("Save"), "left empty", "manager"),
    State("access:take_back", "/practice/closures/{closure}/take-back", who="manager"),
    State("appointments:unmet", "/practice/unmet", who="manager"),
]
