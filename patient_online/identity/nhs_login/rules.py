"""What NHS login must say, and to whom it says no: its vectors of trust, its ID token, and who comes by it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from patient_online.identity.rules import identity_in
from patient_online.nhs.dates import age_on, local_day
from patient_online.nhs.identity import Identity
from patient_online.refusals import N_, Owner, Refusal

SIGN_IN = ("P0.Cp.Cd", "P0.Cm", "P5.Cp.Cd", "P5.Cm", "P9.Cp.Cd", "P9.Cm")
PROVEN = ("P9.Cp.Cd", "P9.Cm")
LEEWAY = timedelta(seconds=30)  # clocks differ
FRESH = timedelta(minutes=10)  # an ID token is fetched at once; an older one was lying about
LONGEST = timedelta(hours=1)  # NHS login's ID tokens last an hour
SUBJECT_LENGTH = 255
LEAST_AGE = 13


class NotByNhsLogin(Refusal):
    """Why somebody whom NHS login knows is not signed in here."""

    MISMATCH = (
        N_("We could not match what NHS login told us with what your GP practice holds."),
        N_("Telephone your GP practice, or go to the reception desk. They have been told and can put it right."),
        Owner.PRACTICE,
    )
    ANOTHER_LOGIN = (
        N_("We could not match this NHS login with what your GP practice holds."),
        N_("Telephone your GP practice, or go to the reception desk. They have been told and can put it right."),
        Owner.PRACTICE,
    )
    TOO_YOUNG = (
        N_("You need to be 13 or over to use this with NHS login."),
        N_("Ask your parent or guardian to telephone your GP practice, or telephone it yourself."),
        Owner.LAW,
    )
    OTHER_PERSON = (
        N_("This NHS login belongs to somebody else than the person who is signed in. Nothing was changed."),
        N_("Sign out first, then sign in with the NHS login that is yours."),
        Owner.LAW,
    )
    CLOSED = (
        N_("This account is closed."),
        N_("Ask your GP practice if you think that it should be open."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What NHS login told us of somebody, every part of it checked."""

    issuer: str
    subject: str
    vot: str
    name: str = ""
    family_name: str = ""
    nhs_number: str = ""
    birth_date: date | None = None
    ods_code: str = ""

    @property
    def identity(self) -> Identity:
        """How well NHS login knows who this is."""
        return identity_in(self.vot)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say to be the answer to what we asked."""

    issuer: str
    client_id: str
    nonce: str
    vtr: tuple[str, ...]


def why_not_this_token(claims: Mapping[str, Any], expected: Expected, *, at: datetime) -> str | None:
    """What is wrong with an ID token whose signature holds, in a word for the trail; or None."""
    return _not_from_them_for_us(claims, expected) or _not_of_now(claims, at) or _not_as_asked(claims, expected)


def _not_from_them_for_us(claims: Mapping[str, Any], expected: Expected) -> str | None:
    if claims.get("iss") != expected.issuer:
        return "issuer"
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        return "audience"
    if claims.get("azp", expected.client_id) != expected.client_id:
        return "authorised-party"
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isprintable():
        return "subject"
    return None


def _not_of_now(claims: Mapping[str, Any], at: datetime) -> str | None:
    begun, ends, now = _instant(claims.get("iat")), _instant(claims.get("exp")), at.timestamp()
    if begun is None or ends is None:
        return "no-times"
    leeway = LEEWAY.total_seconds()
    if ends <= now - leeway or ends - begun > LONGEST.total_seconds() + leeway:
        return "expired" if ends <= now - leeway else "lasts-too-long"
    if begun > now + leeway or begun < now - FRESH.total_seconds():
        return "issued-at"
    starts = _instant(claims.get("nbf", begun))
    return None if starts is not None and starts <= now + leeway else "not-before"


def _instant(value: Any) -> float | None:
    """Seconds since 1970, if it is a number; JSON's true is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _not_as_asked(claims: Mapping[str, Any], expected: Expected) -> str | None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        return "nonce"
    if claims.get("vot") not in expected.vtr:
        return "vot"
    if not isinstance(claims.get("vtm"), str) or not urlsplit(claims["vtm"]).netloc:
        return "vtm"
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        return "jti"
    level = claims.get("identity_proofing_level")
    return None if level in (None, claims["vot"].split(".")[0]) else "level"


def why_not_let_in(known: Known, *, at: datetime) -> NotByNhsLogin | None:
    """Why nobody of this age is let in by NHS login, or None; P0 tells no birth date."""
    too_young = known.birth_date is not None and age_on(known.birth_date, local_day(at)) < LEAST_AGE
    return NotByNhsLogin.TOO_YOUNG if too_young else None
