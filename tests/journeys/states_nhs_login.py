"""The pages around NHS login, as they are where it is switched on."""

from pathlib import Path
from typing import Any

from patient_online.demo.nhs_login.standin import set_up
from tests.journeys.state import State

NHS_LOGIN = [
    State("nhs_login", "/nhs-login", who=""),
    State("nhs_login", "/nhs-login", called="signed in already"),
    State("nhs_login_return", "/nhs-login/return?state=none", who="", called="with nothing that was asked"),
    State("nhs_login_step_up", "/nhs-login/step-up?next=/appointments/"),
    State("nhs_login_connect", "/nhs-login/connect"),
    *[
        State("nhs_login_what_next", f"/nhs-login/what-next/{outcome}", who="nobody", called=outcome)
        for outcome in ("unproven", "elsewhere", "left", "ended")
    ],
]
NO_PAGES_OF_NHS_LOGIN = {"nhs_login_keys", "nhs_login_confirm"}


def nhs_login_on(folder: Path) -> dict[str, Any]:
    """Settings under which NHS login is offered; nobody goes there, so nothing listens."""
    stand_in = set_up(folder, 9, services=[], people=[])
    return {
        "NHS_LOGIN_ISSUER": stand_in.issuer,
        "NHS_LOGIN_CLIENT_ID": stand_in.client_id,
        "NHS_LOGIN_KEY_FILE": str(stand_in.key_file),
    }
