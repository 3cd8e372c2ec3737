"""The link in a message that gives one appointment back without signing in.

It holds the appointment's id and its practice, and a seal that only we can make: 96 bits of an HMAC, so that nobody
finds one by trying. It opens nothing else, and no secret is kept for it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "patient_online.appointments.cancel"
ID, SEAL = 16, 12  # bytes


def address_of(practice_id: str, appointment_id: UUID) -> str:
    """The whole address that gives the appointment back, as it stands in a message."""
    return settings.SERVICE_URL + reverse("cancel_by_link", args=[token_of(practice_id, appointment_id)])


def token_of(practice_id: str, appointment_id: UUID) -> str:
    """The end of that address: short enough for a text, and telling nobody anything."""
    return _sealed(appointment_id.bytes + practice_id.encode(), settings.SECRET_KEY)


def opened(token: str) -> tuple[str, UUID] | None:
    """The practice and the appointment that a token of ours names; None for any other text."""
    try:
        known = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        named = known[:ID] + known[ID + SEAL :]
        practice_id, appointment_id = named[ID:].decode("ascii"), UUID(bytes=named[:ID])
    except ValueError:
        return None
    keys: list[str] = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    ours = [constant_time_compare(token, _sealed(named, key)) for key in keys]
    return (practice_id, appointment_id) if any(ours) else None


def _sealed(named: bytes, key: str) -> str:
    seal = salted_hmac(SALT, named, secret=key, algorithm="sha256").digest()[:SEAL]
    return urlsafe_b64encode(named[:ID] + seal + named[ID:]).decode().rstrip("=")
