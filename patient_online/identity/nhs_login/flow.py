"""The code flow: sending somebody to NHS login, and believing what they come back with."""

import json
import secrets
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from patient_online.asking import Anyone
from patient_online.identity.actions.nhs_login import spend
from patient_online.identity.nhs_login.fetching import Unreachable, Untrue, fetch
from patient_online.identity.nhs_login.ours import Ours
from patient_online.identity.nhs_login.provider import Provider, provider_of
from patient_online.identity.nhs_login.rules import Expected, Known
from patient_online.identity.nhs_login.telling import known_from
from patient_online.identity.nhs_login.tokens import assertion, read_id_token

KEPT = "nhs_login"  # in the session: what was asked, by its state
MOST_TABS = 5
WAITED_FOR = timedelta(minutes=60)
SCOPE = "openid profile profile_extended gp_registration_details"
LATER_ERRORS = frozenset({"server_error", "temporarily_unavailable"})
MOST_SIGNS = 2048


class Declined(Exception):
    """Raised when somebody did not agree to share their details, or turned back."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody went to NHS login for: to sign in, to prove who they are, to connect it, or to confirm."""

    purpose: str
    vtr: tuple[str, ...]
    next: str = ""
    account: str = ""


def send(session: MutableMapping[str, Any], ours: Ours, errand: Errand, *, at: datetime) -> str:
    """Where to send the browser. What the answer must fit is kept in the session, for one use."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {**asdict(errand), "nonce": nonce, "verifier": verifier, "at": at.timestamp()}
    earlier = list((session.get(KEPT) or {}).items())[-(MOST_TABS - 1) :]
    session[KEPT] = {**dict(earlier), state: asked}
    parameters = {
        "nonce": nonce,
        "vtr": json.dumps(errand.vtr),
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
        # On a computer that others use, nobody comes in as who was here before; a step-up is for the same person.
        **({} if errand.purpose == "step-up" else {"prompt": "login"}),
    }
    where = provider_of(ours).authorization_endpoint
    return str(prepare_grant_uri(where, ours.client_id, "code", return_address(), SCOPE, state, **parameters))


def return_address() -> str:
    """Where NHS login sends people back to: registered there, to the last sign."""
    return settings.SERVICE_URL + reverse("nhs_login_return")


def errand_of(session: MutableMapping[str, Any], query: QueryDict, *, at: datetime) -> tuple[Errand, dict[str, Any]]:
    """What this browser went for, by the state that it brings back; each state is good once. Raises Untrue."""
    waiting = dict(session.get(KEPT) or {})
    asked = waiting.pop(query.get("state", ""), None)
    if asked is None:
        raise Untrue("state")
    session[KEPT] = waiting
    if datetime.fromtimestamp(asked["at"], UTC) < at - WAITED_FOR:
        raise Untrue("late")
    return Errand(asked["purpose"], tuple(asked["vtr"]), asked["next"], asked["account"]), asked


def known_by(ours: Ours, query: QueryDict, asked: dict[str, Any], *, at: datetime) -> Known:
    """Who came back, as NHS login tells it. Raises Declined, Unreachable or Untrue."""
    provider = provider_of(ours)
    code = _code_in(query, provider, ours)
    if not spend(ours.issuer, "code", code, by=Anyone(), at=at):
        raise Untrue("code-used")
    tokens = fetch(ours.issuer, provider.token_endpoint, form=_request(ours, provider, code, asked["verifier"]))
    access = _access_token(tokens)
    expected = Expected(ours.issuer, ours.client_id, asked["nonce"], tuple(asked["vtr"]))
    claims = read_id_token(tokens.get("id_token"), ours, expected, access=access, at=at)
    if not spend(ours.issuer, "jti", claims["jti"], by=Anyone(), at=at):
        raise Untrue("token-used")
    told = fetch(ours.issuer, provider.userinfo_endpoint, bearer=access)
    return known_from(ours.issuer, claims, told)


def _code_in(query: QueryDict, provider: Provider, ours: Ours) -> str:
    """The code that the browser brought, or why there is none."""
    if any(len(values) != 1 or len(values[0]) > MOST_SIGNS for _, values in query.lists()):
        raise Untrue("parameters")
    if query.get("iss", "" if provider.names_itself else ours.issuer) != ours.issuer:
        raise Untrue("mixed-up")
    if "error" in query:
        _refuse(query)
    if not query.get("code"):
        raise Untrue("no-code")
    return str(query["code"])


def _refuse(query: QueryDict) -> None:
    if "code" in query:
        raise Untrue("error-and-code")
    if query["error"] == "access_denied":
        raise Declined
    raise Unreachable if query["error"] in LATER_ERRORS else Untrue("error")


def _request(ours: Ours, provider: Provider, code: str, verifier: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_address(),
        "client_id": ours.client_id,
        "code_verifier": verifier,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(ours, provider.token_endpoint),
    }


def _access_token(tokens: dict[str, Any]) -> str:
    if str(tokens.get("token_type")).lower() != "bearer":
        raise Untrue("token-type")
    access = tokens.get("access_token")
    if not isinstance(access, str) or not access.isascii() or not access.isprintable() or len(access) > MOST_SIGNS * 4:
        raise Untrue("access-token")
    return access
