"""What may be seen of sessions: where an account is signed in, why one ended, and what was kept for who comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from patient_online.access.models import Session
from patient_online.access.rules.sessions import Ended, why_ended
from patient_online.asking import AccountHolder, Anyone

KNOWN_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedInOn:
    """A browser in which an account is signed in."""

    id: UUID
    device: str
    started_at: datetime
    last_seen_at: datetime
    is_this: bool


def signed_in_on(holder: AccountHolder, *, key_hash: str, at: datetime) -> list[SignedInOn]:
    """Where the account is signed in: this browser, whose key has the hash, first; then who was used last."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    rows = Session.objects.filter(account_id=holder.account_id, ends_at__gt=at, last_seen_at__gt=at - idle)
    each = [
        SignedInOn(row.id, row.device, row.started_at, row.last_seen_at, row.key_hash == key_hash)
        for row in rows.defer("data", "kept").order_by("-last_seen_at", "id")
    ]
    return sorted(each, key=lambda one: not one.is_this)


@dataclass(frozen=True, slots=True)
class Was:
    """Whose a session was that has ended, and why it did."""

    account_id: UUID
    why: Ended


def who_was_asking(anyone: Anyone, key_hash: str, *, at: datetime) -> Was | None:
    """Whose the session with this key was, if it ended within a day; None where nobody was signed in."""
    since = at - KNOWN_FOR
    rows = Session.objects.filter(key_hash=key_hash, ends_at__gt=since, last_seen_at__gt=since)
    row = rows.defer("kept").first()
    if row is None or row.account_id is None:
        return None
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return Was(row.account_id, why_ended(row.last_seen_at, row.ends_at, idle=idle, emptied=not row.data))


def forms_kept(holder: AccountHolder, key_hash: str) -> list[dict[str, Any]]:
    """The forms that were sent too late and are kept for the account, the first one first."""
    rows = Session.objects.filter(key_hash=key_hash, kept_for=holder.account_id)
    return rows.values_list("kept", flat=True).first() or []
