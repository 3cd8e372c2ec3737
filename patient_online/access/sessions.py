"""The session store: its `load` tells who is asking, so that no request reads session and account apart."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from patient_online.access.models import Session
from patient_online.access.queries import Asking, who_is_asking
from patient_online.nhs.dates import local_day
from patient_online.storage.postgres import prepared_cursor

LAST_SEEN_MOVES_AFTER = timedelta(minutes=1)
SEEN = "UPDATE access_session SET last_seen_at = %s WHERE key_hash = %s"
KEEP = """
UPDATE access_session SET data = %(data)s, account_id = %(account_id)s, last_seen_at = %(last_seen_at)s
WHERE key_hash = %(key_hash)s
"""


def hash_of(key: str) -> str:
    """What is kept in place of a session's key: its SHA-256. The key has 190 random bits, so it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """A session kept under the hash of its key; it ends after 12 hours, or when nobody uses it for a while."""

    asking: Asking | None = None
    trusted: tuple[Asking, str] | None = None

    def load(self) -> dict[str, Any]:
        """The session's data; keeps who is asking in `asking`."""
        now = timezone.now()
        self.asking = who_is_asking(hash_of(self.session_key or ""), at=now, today=local_day(now))
        if self.asking is None:
            self._session_key = None
            return {}
        return self.asking.data

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return Session.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        """Start a new session under a new key."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Keep the data; raises UpdateError when the session was ended elsewhere meanwhile."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row = {
            "data": json.loads(json.dumps(data)),
            "account_id": data.get(SESSION_KEY),
            "last_seen_at": timezone.now(),
        }
        if must_create:
            return self._insert(row)
        with prepared_cursor() as cursor:
            cursor.execute(KEEP, {**row, "data": json.dumps(data), "key_hash": hash_of(self.session_key)})
            if not cursor.rowcount:
                raise UpdateError
        return None

    def _insert(self, row: dict[str, Any]) -> None:
        now = row["last_seen_at"]
        ends_at = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        try:
            with transaction.atomic():
                Session.objects.create(key_hash=hash_of(self.session_key or ""), started_at=now, ends_at=ends_at, **row)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        if key := session_key or self.session_key:
            Session.objects.filter(key_hash=hash_of(key)).delete()

    def seen(self) -> None:
        """Note that the person did something, at most once a minute."""
        now = timezone.now()
        if self.asking and self.session_key and now - self.asking.last_seen_at > LAST_SEEN_MOVES_AFTER:
            with prepared_cursor() as cursor:
                cursor.execute(SEEN, [now, hash_of(self.session_key)])

    @classmethod
    def forget_ended(cls) -> int:
        """Forget the sessions that have ended; says how many."""
        now = timezone.now()
        idle = Q(last_seen_at__lt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS))
        return Session.objects.filter(Q(ends_at__lt=now) | idle).delete()[0]

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions that have ended (Django's name for it)."""
        cls.forget_ended()
