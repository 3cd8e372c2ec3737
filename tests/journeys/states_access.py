"""The pages of what a patient can use and why not, and of what the practice decides about it."""

from tests.journeys.state import State, presses, wrong

ONLINE = "/practice/patients/{with_access}/online/access"
OF_ACCOUNT = ONLINE + "/{account_of_access}"
USE, GONE = "/what-you-can-use", "/practice/patients/{gone_patient}"
ACCESS = [
    State("access:what_you_can_use", USE),
    State("access:what_you_can_use", USE, who="asks", called="with something asked for"),
    State("access:what_you_can_use", USE, who="elsewhere", called="where nothing is offered"),
    State("access:what_you_can_use", USE, who="nobody", called="linked to no patient"),
    State("access:ask", f"{USE}/ask/appointments"),
    State("access:ask", f"{USE}/ask/record", who="asks", called="about the record"),
    wrong("access:ask", f"{USE}/ask/appointments", presses("Send to your practice"), "left empty"),
    State("access:ask", f"{USE}/ask/messages", called="for what is not offered"),
    State("access:withdraw_request", USE + "/requests/{asked}/take-back", who="asks"),
    State("access:patient_access", ONLINE, who="manager"),
    State(
        "access:patient_access", "/practice/patients/{gone_patient}/online/access", who="manager", called="of a leaver"
    ),
    State("access:service_level", f"{OF_ACCOUNT}/services/appointments", who="manager"),
    State("access:service_level", f"{OF_ACCOUNT}/services/prescriptions", who="manager", called="not offered"),
    State("access:record_level", f"{OF_ACCOUNT}/record", who="gp"),
    wrong(
        "access:record_level",
        f"{OF_ACCOUNT}/record",
        presses("Save", from_day_day="31", from_day_month="2"),
        "on no real day",
        "gp",
    ),
    State("access:end_link", f"{OF_ACCOUNT}/end", who="manager"),
    wrong("access:end_link", f"{OF_ACCOUNT}/end", presses("End it"), "left empty", "manager"),
    State("access:hold_back", f"{ONLINE}/hold-back", who="gp"),
    wrong("access:hold_back", f"{ONLINE}/hold-back", presses("Hold it back"), "left empty", "gp"),
    State("access:lift", ONLINE + "/held/{held}/lift", who="gp"),
    State("access:enter_code", f"{ONLINE}/codes", who="gp"),
    wrong("access:enter_code", f"{ONLINE}/codes", presses("Save"), "left empty", "gp"),
    State("access:decide", "/practice/access-requests/{asked}", who="gp"),
    wrong("access:decide", "/practice/access-requests/{asked}", presses("Decide"), "without an answer", "gp"),
    State("access:patient_gone", "/practice/patients/{with_access}/gone", who="manager"),
    wrong(
        "access:patient_gone", "/practice/patients/{with_access}/gone", presses("Note it"), "not confirmed", "manager"
    ),
    State("access:patient_back", GONE + "/gone/take-back", who="manager"),
]
