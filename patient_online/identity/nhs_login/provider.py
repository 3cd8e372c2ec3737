"""What NHS login publishes of itself: its addresses and its keys, kept for an hour in this process."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from patient_online.identity.nhs_login.fetching import Untrue, fetch, same_host
from patient_online.identity.nhs_login.ours import LEAST_BITS, Ours

KEPT_SECONDS = 60 * 60
ASKED_AGAIN_AFTER_SECONDS = 60  # for a key that we do not know; otherwise anybody could have us ask at will
ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
DISCOVERY = "/.well-known/openid-configuration"


@dataclass
class Provider:
    """An issuer's addresses, each at its own host, and its keys by their ids."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    names_itself: bool  # in each answer to the browser (RFC 9207)
    read_at: float
    keys: dict[str, RSAKey] = field(default_factory=dict)
    keys_read_at: float = 0.0


_KNOWN: dict[str, Provider] = {}
_ONE_AT_A_TIME = threading.Lock()


def provider_of(ours: Ours) -> Provider:
    """What the issuer publishes of itself. Raises Unreachable or Untrue."""
    known = _KNOWN.get(ours.issuer)
    if known is None or time.monotonic() - known.read_at > KEPT_SECONDS:
        known = _KNOWN[ours.issuer] = _discovered(ours.issuer)
    return known


def forget_providers() -> None:
    """Ask anew the next time."""
    _KNOWN.clear()


def _discovered(issuer: str) -> Provider:
    published = fetch(issuer, f"{issuer.rstrip('/')}{DISCOVERY}")
    if published.get("issuer") != issuer:
        raise Untrue("discovery-issuer")
    if not all(same_host(issuer, published.get(name)) for name in ADDRESSES):
        raise Untrue("discovery-host")
    names_itself = published.get("authorization_response_iss_parameter_supported") is True
    addresses = {name: published[name] for name in ADDRESSES}
    return Provider(**addresses, names_itself=names_itself, read_at=time.monotonic())


def key_of(ours: Ours, kid: str) -> RSAKey:
    """The issuer's key of this id; its keys are read again for an id that is new, at most once a minute."""
    known = provider_of(ours)
    with _ONE_AT_A_TIME:
        age = time.monotonic() - known.keys_read_at
        if not known.keys_read_at or age > KEPT_SECONDS or (kid not in known.keys and age > ASKED_AGAIN_AFTER_SECONDS):
            known.keys, known.keys_read_at = _keys(ours, known), time.monotonic()
    if kid not in known.keys:
        raise Untrue("unknown-key")
    return known.keys[kid]


def _keys(ours: Ours, known: Provider) -> dict[str, RSAKey]:
    published = fetch(ours.issuer, known.jwks_uri).get("keys")
    if not isinstance(published, list):
        raise Untrue("no-keys")
    return {key.kid: key for key in map(_signing_key, published) if key and key.kid}


def _signing_key(published: Any) -> RSAKey | None:
    """The key, if it is one by which RS512 can be checked."""
    if not isinstance(published, dict) or published.get("kty") != "RSA" or "d" in published:
        return None
    if published.get("use", "sig") != "sig" or published.get("alg", "RS512") != "RS512":
        return None
    if len(str(published.get("n", ""))) < LEAST_BITS // 6:  # signs of six bits each
        return None
    try:
        key = RSAKey.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if key.public_key.key_size >= LEAST_BITS else None
