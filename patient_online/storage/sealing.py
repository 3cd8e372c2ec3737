"""Sealing what must be kept and used again but never read in the table: AES-256-GCM, its key made from the secret key.

What is sealed names its key, so that a new secret key can come: the old one goes to SECRET_KEY_FALLBACKS, and opens
what it has sealed.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES, NAME_BYTES, NONCE_BYTES = 32, 6, 12


class CannotUnseal(Exception):
    """Raised when what was sealed was changed, or is of a key or a purpose that is not ours."""


def seal(text: str, *, purpose: str) -> str:
    """The text as only we can read it again, and only for the same purpose."""
    name, key = _key_of(settings.SECRET_KEY)
    nonce = urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{name}.{urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed; CannotUnseal when it was not, not for this purpose, or not by a key that we have."""
    name, _, rest = sealed.partition(".")
    keys = dict(_key_of(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    if name not in keys:
        raise CannotUnseal("The key that sealed this is not among ours.")
    try:
        raw = urlsafe_b64decode(rest)
        return AESGCM(keys[name]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal("This was not sealed by us for this purpose, or was changed since.") from error


@lru_cache(maxsize=8)
def _key_of(secret: str) -> tuple[str, bytes]:
    """The name and the key that are made from a secret key: neither tells anything of it."""
    made = HKDF(SHA256(), KEY_BYTES + NAME_BYTES, salt=None, info=b"patient-online sealing").derive(secret.encode())
    return made[KEY_BYTES:].hex(), made[:KEY_BYTES]
