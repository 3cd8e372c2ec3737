"""What can happen to the browsers that an account knows: one is known from a sign-in on, or forgotten."""

from datetime import datetime
from uuid import UUID

from patient_online.asking import Anyone, Asker
from patient_online.identity.guarding import Place, device_hash
from patient_online.identity.models import KnownDevice


def know_device(account_id: UUID, place: Place, *, by: Anyone, at: datetime) -> bool:
    """Know the browser again from now on; whether it was known before."""
    found = {"account_id": account_id, "token_hash": device_hash(place.device, account_id)}
    given = {"last_seen_at": at, "name": place.browser[:120]}
    _, new = KnownDevice.objects.update_or_create(
        **found, defaults=given, create_defaults={**given, "first_seen_at": at}
    )
    return not new


def forget_devices(account_id: UUID, *, by: Asker, at: datetime, but: str = "") -> int:
    """Forget every browser that the account knows, except the one with this mark; says how many."""
    rows = KnownDevice.objects.filter(account_id=account_id)
    return rows.exclude(token_hash=device_hash(but, account_id)).delete()[0]
