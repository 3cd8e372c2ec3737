"""The pages on which a practice looks after its staff, and after records that open only with a reason."""

from tests.journeys.state import State, presses, wrong

PLACE, LEFT, NEW = "/practice/staff/{worker}", "/practice/staff/{leaver}", "/practice/staff/{newcomer}"
GLASS = "/practice/patients/{protected}/open"
STAFF = [
    State("access:staff", "/practice/staff", who="manager"),
    State("access:add_staff", "/practice/staff/add", who="manager"),
    wrong("access:add_staff", "/practice/staff/add", presses("Add"), "left empty", "manager"),
    State("access:staff_member", PLACE, who="manager"),
    State("access:staff_member", LEFT, who="manager", called="who has left"),
    State("access:change_staff", f"{PLACE}/change", who="manager"),
    wrong("access:change_staff", f"{PLACE}/change", presses("Save", name=""), "without a name", "manager"),
    State("access:staff_leaves", f"{PLACE}/leaves", who="manager"),
    wrong("access:staff_leaves", f"{PLACE}/leaves", presses("End their work here"), "left empty", "manager"),
    State("access:staff_back", f"{LEFT}/back", who="manager"),
    State("access:invite_staff", f"{NEW}/way-in", who="manager"),
    wrong("access:invite_staff", f"{NEW}/way-in", presses("Go on", email="no address"), "without address", "manager"),
    State("access:join", "/work-at/{join}", who="invited"),
    State("access:join", "/work-at/{join}", called="for somebody else"),
    State("access:open_record", GLASS, who="manager"),
    wrong("access:open_record", GLASS, presses("Open the record", reason="because"), "without a reason", "manager"),
    State("access:protect", "/practice/patients/{patient}/protect", who="gp"),
    State("access:openings", "/practice/openings", who="governance"),
    State("access:opening", "/practice/openings/{opening}", who="governance"),
    State("access:programme", "/programme", who="analyst"),
    State("access:programme", "/programme", called="for somebody else"),
]
