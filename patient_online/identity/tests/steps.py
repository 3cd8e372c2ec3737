"""Second steps for tests: an app, printed codes, and the codes that one would read from them now."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client
from django.utils import timezone

from patient_online.asking import System
from patient_online.demo.factories import PASSWORD
from patient_online.identity.actions import give_way_in
from patient_online.identity.models import Account
from patient_online.identity.tests.telephone import Telephone

LONG_AGO = 10_000  # steps of half a minute: a code of then is a wrong one now


def an_app_of(account: Account) -> str:
    """Set up an authenticator app; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def code_of(secret: str, *, later: int = 0) -> str:
    """The code that an app with the secret shows now, or so many steps later."""
    _, now, _ = yield_hotp_counters_from_time()
    code: str = format_hotp_value(hotp_value(secret, now + later))
    return code


def printed_codes_of(account: Account) -> list[str]:
    """Make printed codes; those that are not used."""
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    return codes


def steps_of(account: Account) -> list[str]:
    """The kinds of second step that the account has."""
    return sorted(Authenticator.objects.filter(user_id=account.id).values_list("type", flat=True))


def types_password(client: Client, account: Account, **more: str) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in", {"login": account.email, "password": PASSWORD, **more})


def comes_with_a_code(client: Client, account: Account, why: str = "invited") -> Any:
    """Choose a password with a code that a practice gave, and sign in with it in the same browser."""
    at = timezone.now()
    code = give_way_in(account, why=why, by=System("test", why="a code on paper"), at=at).code
    client.post("/way-in", {"login": account.sign_in_name, "code": code})
    assert client.post("/choose-password", {"password": PASSWORD}).headers["Location"] == "/password-chosen"
    return types_password(client, account)


def confirms(client: Client, **more: str) -> Any:
    """Confirm with the password that it is them."""
    return client.post("/confirm-it-is-you", {"password": PASSWORD, **more})


def a_passkey_of(account: Account) -> int:
    """Put a passkey of a telephone nobody has into the account; its number."""
    options = {"publicKey": {"user": {"id": "AA"}, "challenge": "AA"}}
    made = json.loads(Telephone().makes(options))
    return int(WebAuthn.add(account, "My telephone", made).instance.pk)


def paper_of(account: Account) -> RecoveryCodes:
    """The account's printed codes, as a worker reads them."""
    return RecoveryCodes(Authenticator.objects.get(user_id=account.id, type=Authenticator.Type.RECOVERY_CODES))
