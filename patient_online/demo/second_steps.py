"""The second steps of the made-up people: staff have an app, one patient has printed codes; the page shows them."""

from base64 import b32encode
from hashlib import sha1, sha256

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from patient_online.demo.ids import account_id
from patient_online.demo.logins import BY_EMAIL, PRINTED_CODES
from patient_online.identity.models import Account
from patient_online.identity.second_steps import was_used


def second_steps() -> list[Authenticator]:
    """An app for everybody but patients, and printed codes for one patient: the same each time."""
    apps = [_app(email) for email, login in BY_EMAIL.items() if login.kind != "patient"]
    return [*apps, _printed(PRINTED_CODES)]


def _app(email: str) -> Authenticator:
    secret = b32encode(sha1(email.encode()).digest()).decode()  # noqa: S324 - of made-up people: everybody may know it
    return _step(email, Authenticator.Type.TOTP, {"secret": get_adapter().encrypt(secret)})


def _printed(email: str) -> Authenticator:
    seed = get_adapter().encrypt(sha256(email.encode()).hexdigest())
    return _step(email, Authenticator.Type.RECOVERY_CODES, {"seed": seed, "used_mask": 0, "viewed_at": 1})


def _step(email: str, kind: str, data: dict[str, object]) -> Authenticator:
    return Authenticator(user_id=account_id(email), type=kind, data=data)


def code_now(account: Account) -> str:
    """The code that a made-up person would type now: their app's, or their paper's; nothing for anybody else."""
    if account.email not in BY_EMAIL:
        return ""
    known = {each.type: each for each in Authenticator.objects.filter(user_id=account.pk)}
    if app := known.get(Authenticator.Type.TOTP):
        return _fresh(account, get_adapter().decrypt(app.data["secret"]))
    paper = known.get(Authenticator.Type.RECOVERY_CODES)
    return str(next(iter(paper.wrap().get_unused_codes()), "")) if paper else ""


def _fresh(account: Account, secret: str) -> str:
    """The app's code of now, or the next one when that was used already."""
    _, *counters = yield_hotp_counters_from_time()
    codes = [format_hotp_value(hotp_value(secret, counter)) for counter in counters]
    return str(next((code for code in codes if not was_used(account.pk, code)), codes[0]))
