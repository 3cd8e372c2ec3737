"""The tokens of the flow: the one by which we say who we are, and the ID token, read only when every part is right."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc import jwt
from joserfc.errors import JoseError

from patient_online.identity.nhs_login.fetching import Untrue
from patient_online.identity.nhs_login.ours import Ours
from patient_online.identity.nhs_login.provider import key_of
from patient_online.identity.nhs_login.rules import Expected, why_not_this_token

ALGORITHM = "RS512"  # the only one; what a token's header names is compared with it, never followed
ASSERTION_SECONDS = 120
MOST_SIGNS = 16 * 1024
MAY_STAND_IN_HEADER = frozenset({"alg", "kid", "typ"})


def assertion(ours: Ours, token_endpoint: str) -> str:
    """A token that shows to the token endpoint that it is us who ask: used once, and soon over."""
    given: dict[str, Any] = {"header": {"kid": ours.key.kid}, "expires_in": ASSERTION_SECONDS}
    return str(private_key_jwt_sign(ours.key, ours.client_id, token_endpoint, alg=ALGORITHM, **given))


def read_id_token(token: Any, ours: Ours, expected: Expected, *, access: str, at: datetime) -> dict[str, Any]:
    """What an ID token says, once its signature and every claim have been checked. Raises Untrue or Unreachable."""
    kid = _header_of(token)
    try:
        claims: dict[str, Any] = jwt.decode(token, key_of(ours, kid), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Untrue("signature") from error
    if why := why_not_this_token(claims, expected, at=at) or _why_not_with(access, claims):
        raise Untrue(why)
    return claims


def _header_of(token: Any) -> str:
    """The id of the key that a token names, if the header is plain and names the one algorithm."""
    if not isinstance(token, str) or len(token) > MOST_SIGNS or token.count(".") != 2:
        raise Untrue("no-token")
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise Untrue("header") from error
    if not isinstance(header, dict) or not header.keys() <= MAY_STAND_IN_HEADER:
        raise Untrue("header")
    if header.get("alg") != ALGORITHM:
        raise Untrue("algorithm")
    if header.get("typ", "JWT") != "JWT" or not isinstance(header.get("kid"), str):
        raise Untrue("header")
    return str(header["kid"])


def _why_not_with(access: str, claims: dict[str, Any]) -> str | None:
    """The hash of the access token that came along, where the ID token holds one, must be that token's."""
    if "at_hash" not in claims:
        return None
    half = hashlib.sha512(access.encode()).digest()[:32]
    known = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    return None if hmac.compare_digest(known.encode(), str(claims["at_hash"]).encode()) else "access-token-hash"
