"""Codes that are sent by e-mail and typed back in the same browser: kept in its session as a hash, for 15 minutes.

Bound to the browser, so that nobody else's wrong tries use up somebody's code. For an address that gets no code, a code
that nobody knows is kept in its place: page, statements and work are the same.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from patient_online.asking import Anyone
from patient_online.identity.actions import send_to, take_back, try_once
from patient_online.identity.guarding import bucket, network_of
from patient_online.identity.notices import Mail
from patient_online.identity.rules import MAILS_FROM_A_NETWORK, MAILS_TO_AN_ADDRESS, OF_A_CODE
from patient_online.storage.codes import as_kept, new_code
from patient_online.storage.ids import uuid7

LASTS = timedelta(minutes=15)
DIGITS = 6


@dataclass(frozen=True, slots=True)
class MailedCode:
    """A code that was sent: what for, where to, and for which account, if there is one."""

    id: str
    email: str
    account: str
    hashed: str
    ends_at: str


def six_digits() -> str:
    """A code that proves that somebody reads an address; it opens nothing."""
    return f"{randbelow(10**DIGITS):0{DIGITS}}"


def eight_signs() -> str:
    """A code that opens an account: 40 random bits."""
    return new_code(8)


def send_code(request: HttpRequest, what_for: str, code: str, mail: Mail, *, to: str, account: Any = "") -> bool:
    """Send the mail and keep the code, which it may not hold; False when too many went there, or came from here."""
    by, at = Anyone(getattr(request, "id", None)), timezone.now()
    counted = ((network_of(request), MAILS_FROM_A_NETWORK), (to.lower(), MAILS_TO_AN_ADDRESS))
    for what, limit in counted:
        if try_once(bucket(limit.kind, what), limit, by=by, at=at).held_until:
            return False
    send_to(to, mail, by=by, at=at)
    kept = MailedCode(str(uuid7()), to.lower(), str(account or ""), make_password(code), (at + LASTS).isoformat())
    request.session[what_for] = asdict(kept)
    return True


def code_sent(request: HttpRequest, what_for: str) -> MailedCode | None:
    """The code that this browser waits for, or None once it has run out."""
    kept = request.session.get(what_for)
    if not kept or datetime.fromisoformat(kept["ends_at"]) < timezone.now():
        return None
    return MailedCode(**kept)


def code_fits(request: HttpRequest, sent: MailedCode, typed: str) -> bool:
    """Whether this is the code; after five wrong tries none is."""
    key, by, at = bucket(OF_A_CODE.kind, sent.id), Anyone(getattr(request, "id", None)), timezone.now()
    held = try_once(key, OF_A_CODE, by=by, at=at).held_until
    right = check_password(as_kept(typed), sent.hashed)
    if held or not right:
        return False
    take_back([key], by=by, at=at)
    return True


def forget_code(request: HttpRequest, what_for: str) -> None:
    """Take the code out of the session: it was used."""
    request.session.pop(what_for, None)
