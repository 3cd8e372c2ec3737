"""The pages on which people set up, show and print their second steps."""

from patient_online.demo.factories import PASSWORD
from tests.journeys.cast import Cast
from tests.journeys.state import Deed, State, presses, wrong
from tests.journeys.states_accounts import confirms
from tests.journeys.visitors import Visitor

MINE, CONFIRM = "/account/second-step", "/confirm-it-is-you"
APP, PAPER, PASSKEYS = f"{MINE}/app", f"{MINE}/printed-codes", f"{MINE}/passkeys"


def signs_in(*buttons: str, **typed: str) -> Deed:
    """Sign in with the password of somebody who has an app, and go on from there."""

    def do(visitor: Visitor, cast: Cast) -> None:
        visitor.signs_in(cast.accounts["keeper"], PASSWORD)
        presses(*buttons, **typed)(visitor, cast)

    return do


SECOND_STEPS = [
    State("mfa_authenticate", "/sign-in", "", signs_in(), "after the password"),
    wrong("mfa_authenticate", "/sign-in", signs_in("Continue"), "left empty", who=""),
    wrong("mfa_authenticate", "/sign-in", signs_in("Continue", code="00"), "wrong", who=""),
    State("mfa_login_webauthn", "/sign-in/passkey", who=""),
    State("account_reauthenticate", f"{CONFIRM}?next={MINE}", who="keeper"),
    wrong("account_reauthenticate", CONFIRM, presses("Confirm"), "left empty"),
    State("mfa_reauthenticate", f"{CONFIRM}/code", who="keeper"),
    wrong("mfa_reauthenticate", f"{CONFIRM}/code", presses("Confirm"), "left empty", "keeper"),
    State("mfa_reauthenticate_webauthn", f"{CONFIRM}/passkey", who="keeper"),
    State("mfa_index", MINE, called="with none"),
    State("mfa_index", MINE, who="keeper", called="with all of them"),
    State("mfa_index", f"{MINE}?next=/practice/patients", who="manager", called="on the way"),
    State("mfa_activate_totp", APP, then=confirms()),
    wrong("mfa_activate_totp", APP, confirms("Save", code="00"), "wrong"),
    State("mfa_deactivate_totp", f"{APP}/remove", "keeper", confirms()),
    State("mfa_deactivate_totp", f"{APP}/remove", "careful", confirms(), "as the last one"),
    State("mfa_view_recovery_codes", PAPER, "keeper", confirms(), "shown before"),
    State("mfa_view_recovery_codes", f"{PAPER}/new", "keeper", confirms("Make 10 codes"), "just made"),
    State("mfa_generate_recovery_codes", f"{PAPER}/new", then=confirms()),
    State("mfa_add_webauthn", f"{PASSKEYS}/add", then=confirms()),
    State("mfa_edit_webauthn", f"{PASSKEYS}/{{passkey}}", "keeper", confirms()),
    wrong("mfa_edit_webauthn", f"{PASSKEYS}/{{passkey}}", confirms("Save", name=""), "left empty", "keeper"),
    State("mfa_remove_webauthn", f"{PASSKEYS}/{{passkey}}/remove", "keeper", confirms()),
]
