"""Who we are to NHS login: the issuer we trust, our name there, and the key that shows that it is us."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.http import HttpRequest
from joserfc.jwk import RSAKey

LEAST_BITS = 2048
LOOPBACK = frozenset({"localhost", "127.0.0.1"})


class NotSetUp(Exception):
    """Raised when NHS login is switched on but cannot be used, with a sentence that says what to put right."""


@dataclass(frozen=True)
class Ours:
    """Our side of the agreement with one issuer."""

    issuer: str
    client_id: str
    key: RSAKey = field(repr=False)

    @property
    def public_keys(self) -> dict[str, Any]:
        """Our public key as a set (JWKS), to be registered with NHS login."""
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "RS512"}]}


def ours() -> Ours | None:
    """Our side as the settings have it, or None where NHS login is switched off. Raises NotSetUp."""
    given = (settings.NHS_LOGIN_ISSUER, settings.NHS_LOGIN_CLIENT_ID, settings.NHS_LOGIN_KEY_FILE)
    return _read(*given, settings.NHS_LOGIN_KEY_ID) if any(given) else None


def is_on() -> bool:
    """Whether somebody can sign in with NHS login here."""
    try:
        return ours() is not None
    except NotSetUp:
        return False


def about_nhs_login(request: HttpRequest) -> dict[str, Any]:
    """Whether pages may offer NHS login (a context processor)."""
    return {"nhs_login": is_on()}


@lru_cache(maxsize=8)
def _read(issuer: str, client_id: str, key_file: str, key_id: str) -> Ours:
    if not (issuer and client_id and key_file):
        raise NotSetUp(
            "NHS login needs all three: PATIENT_ONLINE_NHS_LOGIN_ISSUER, PATIENT_ONLINE_NHS_LOGIN_CLIENT_ID and "
            "PATIENT_ONLINE_NHS_LOGIN_KEY_FILE. Set what is missing, or none of them."
        )
    parts = urlsplit(issuer)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.netloc or parts.query or parts.fragment or parts.username:
        raise NotSetUp("PATIENT_ONLINE_NHS_LOGIN_ISSUER must be an https address such as https://auth.login.nhs.uk")
    return Ours(issuer, client_id, _key(Path(key_file), key_id))


def _key(file: Path, key_id: str) -> RSAKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise NotSetUp(f"The key for NHS login, {file}, cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise NotSetUp(f"{file} holds no private key in PEM that opens without a password.") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise NotSetUp(f"{file} must hold an RSA key of at least {LEAST_BITS} bits: NHS login takes no other.")
    ours = RSAKey.import_key(key)
    return RSAKey.import_key(key, {"kid": key_id or ours.thumbprint()})
