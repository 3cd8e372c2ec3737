"""The pages of sessions, templates and absences."""

from tests.journeys.arranged import LOOK, looks_at_a_session, stops_today
from tests.journeys.state import State, presses, wrong

ONE = "/practice/templates/{template}"
LONG_AGO = {"from_day_day": "1", "from_day_month": "1", "from_day_year": "2020"}
SESSIONS = [
    State("appointments:templates", "/practice/templates", who="manager"),
    State("appointments:templates", "/practice/templates", who="gp", called="to be read only"),
    State("appointments:template", ONE, who="manager"),
    State("appointments:new_template", "/practice/templates/new", who="manager"),
    State("appointments:new_template", "/practice/templates/new", "manager", looks_at_a_session, "looked at"),
    State("appointments:new_template", "/practice/templates/new", "manager", presses("Add more parts"), "with more"),
    wrong("appointments:new_template", "/practice/templates/new", presses(LOOK, starts="late"), "empty", "manager"),
    State("appointments:change_template", f"{ONE}/change", who="manager"),
    State("appointments:change_template", f"{ONE}/change", "manager", presses(LOOK), "looked at"),
    State("appointments:stop_template", f"{ONE}/stop", who="manager"),
    State("appointments:stop_template", f"{ONE}/stop", "manager", stops_today, "asked once more"),
    wrong("appointments:stop_template", f"{ONE}/stop", presses("Continue", **LONG_AGO), "long ago", "manager"),
    State("appointments:new_session", "/practice/sessions/new", who="manager"),
    wrong("appointments:new_session", "/practice/sessions/new", presses(LOOK), "empty", "manager"),
    State("appointments:absences", "/practice/absences", who="manager"),
    State("appointments:absences", "/practice/absences", who="gp", called="to be read only"),
    State("appointments:new_absence", "/practice/absences/new", who="manager"),
    wrong("appointments:new_absence", "/practice/absences/new", presses("Save"), "left empty", "manager"),
    State("appointments:take_back_absence", "/practice/absences/{absence}/take-back", who="manager"),
]
