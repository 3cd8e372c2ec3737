"""How somebody has signed in, as their session tells it: by which steps, and how well NHS login knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from patient_online.nhs.identity import Identity

METHODS = "account_authentication_methods"  # where allauth keeps in a session what was shown, in order
METHODS_OF = "account_authentication_methods_user"  # and whose they are: of anybody else they count for nothing
NHS_LOGIN = "nhs-login"
CONFIRMED_FOR = 5 * 60  # seconds
NEW_HERE = "new_here"  # of a step: it was set up or connected in a session that had shown a password alone
GIVEN_A_WAY_IN = "given_a_way_in"  # in a session: the account whose owner came with a code that a practice gave them
SECOND_STEP = "mfa"  # an authenticator app, a printed code or a passkey, as allauth names them together


@dataclass(frozen=True, slots=True)
class SignedIn:
    """By what somebody has signed in: with more than a password or not; `identity` and `vot` are NHS login's word.

    `at_work` says whether it is enough for who works with patients' details: NHS login only where it knows who it is.
    """

    two_steps: bool = False
    at_work: bool = False
    identity: Identity | None = None
    vot: str = ""


def how_signed_in(session: Mapping[str, Any]) -> SignedIn:
    """By what somebody has signed in, from their session's data.

    A second step that was set up here after a password alone counts from the next sign-in on: whoever has stolen the
    password could set one up too.
    """
    methods = session.get(METHODS) or []
    logins = [each for each in methods if each.get("method") == NHS_LOGIN]
    steps = [each for each in methods if each.get("method") == SECOND_STEP]
    own = bool(steps) and not any(each.get(NEW_HERE) for each in steps)
    if not logins:
        return SignedIn(own, own)
    vot, new = logins[-1]["vot"], any(each.get(NEW_HERE) for each in logins)
    known = two_steps_in(vot) and identity_in(vot) >= Identity.P9 and not new
    return SignedIn(own or two_steps_in(vot), own or known, identity_in(vot), vot)


def counts_here(session: Mapping[str, Any], account_id: UUID) -> bool:
    """Whether a step that is set up now counts in this session: after another one, or a code of a practice.

    An account that has a second step shows it when it signs in: who comes with a code has none yet, or none any more.
    """
    return how_signed_in(session).at_work or session.get(GIVEN_A_WAY_IN) == str(account_id)


def set_up_here(session: Mapping[str, Any]) -> bool:
    """Whether a second step was set up in this session that does not count in it."""
    return any(each.get(NEW_HERE) for each in session.get(METHODS) or [] if each.get("method") == SECOND_STEP)


def by_nhs_login_now(session: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether somebody has signed in, or confirmed who they are, at NHS login in the last minutes."""
    logins = [
        each for each in session.get(METHODS) or [] if each.get("method") == NHS_LOGIN and each.get("asked_there")
    ]
    return bool(logins) and at.timestamp() - logins[-1]["at"] < CONFIRMED_FOR


def identity_in(vot: str) -> Identity:
    """The level of identity of a vector of trust such as `P9.Cp.Cd`; KeyError for one that we do not know."""
    return Identity[vot.split(".")[0]]


def two_steps_in(vot: str) -> bool:
    """Whether a vector of trust names more than a password: a key (Cm), or a password with a registered device (Cd)."""
    parts = vot.split(".")[1:]
    return "Cm" in parts or ("Cp" in parts and ("Cd" in parts or "Ck" in parts))


@dataclass(frozen=True, slots=True)
class Limit:
    """How often somebody may be wrong: so often without a wait, then with waits that grow, counted for so long.

    The last wait holds for every wrong try after it.
    """

    kind: str
    free: int
    waits: tuple[timedelta, ...]
    counted_for: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROWING = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 60))  # the tenth wrong one: an hour
AT_A_NAME = Limit("name", 4, GROWING, DAY)
ON_A_DEVICE = Limit("device", 4, GROWING, DAY)
FROM_A_NETWORK = Limit("network", 99, (HOUR,), HOUR)
OF_A_CODE = Limit("code", 4, (DAY,), DAY)  # the fifth wrong one is the last
MAILS_TO_AN_ADDRESS = Limit("mails", 4, (HOUR,), HOUR)
MAILS_FROM_A_NETWORK = Limit("mails-network", 29, (HOUR,), HOUR)
ACCOUNTS_FROM_A_NETWORK = Limit("accounts", 19, (HOUR,), HOUR)
TELL_AFTER = 10  # wrong tries, and the owner of the account is told
