"""The session store: its `load` tells who is asking, so that no request reads session and account apart."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from patient_online.access.models import Session
from patient_online.access.queries import Asking, who_is_asking
from patient_online.identity.rules import METHODS
from patient_online.nhs.dates import local_day
from patient_online.storage.postgres import prepared_cursor

LAST_SEEN_MOVES_AFTER = timedelta(seconds=5)
ENDED_KEPT = timedelta(days=1)  # so long is what is sent with an ended session's key known to be its account's
SEEN = "UPDATE access_session SET last_seen_at = %s WHERE key_hash = %s"
# Who signs in starts anew: the hours count from then. What was kept for an account is for nobody else.
KEEP = """
UPDATE access_session SET data = %(data)s, account_id = %(account_id)s,
  last_seen_at = CASE WHEN %(by_a_person)s THEN %(at)s ELSE last_seen_at END,
  started_at = CASE WHEN account_id IS DISTINCT FROM %(account_id)s THEN %(at)s ELSE started_at END,
  ends_at = CASE WHEN account_id IS DISTINCT FROM %(account_id)s THEN %(at)s + make_interval(secs => CASE
    WHEN EXISTS (SELECT 1 FROM access_worksat w WHERE w.account_id = %(account_id)s)
      OR EXISTS (SELECT 1 FROM access_programmemember m WHERE m.account_id = %(account_id)s)
    THEN %(staff_seconds)s ELSE %(seconds)s END) ELSE ends_at END,
  kept = CASE WHEN %(account_id)s IS NULL OR kept_for = %(account_id)s THEN kept END,
  kept_for = CASE WHEN %(account_id)s IS NULL OR kept_for = %(account_id)s THEN kept_for END
WHERE key_hash = %(key_hash)s AND ends_at > %(at)s
"""
TURN = """
UPDATE access_session SET key_hash = %(new)s, device = COALESCE(NULLIF(%(device)s, ''), device)
WHERE key_hash = %(old)s AND ends_at > %(at)s
"""


def hash_of(key: str) -> str:
    """What is kept in place of a session's key: its SHA-256. The key has 190 random bits, so it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """A session kept under the hash of its key; it ends after some hours, or when nobody uses it for a while.

    `came_with` is the key that the browser sent, whether it still opens anything or not. `by_a_person` says whether
    the request is something that a person does: only then is the session used. `over` says that it ended meanwhile.
    """

    asking: Asking | None = None
    trusted: tuple[Asking, str] | None = None
    by_a_person = True
    device = ""
    turned = False
    over = False

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.came_with = self.session_key

    def load(self) -> dict[str, Any]:
        """The session's data; keeps who is asking in `asking`."""
        now = timezone.now()
        self.asking = who_is_asking(hash_of(self.session_key or ""), at=now, today=local_day(now))
        if self.asking is None:
            self._session_key = None
            return {}
        return dict(self.asking.data)  # its own: what changes is compared with what there was

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return Session.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        """Start a new session under a new key."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def begin(self) -> None:
        """Start a session where the browser has none."""
        if self.session_key is None:
            self.create()

    def save(self, must_create: bool = False) -> None:
        """Keep the data; raises UpdateError when the session was ended elsewhere meanwhile."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        row = {"data": json.dumps(data), "account_id": _uuid(data.get(SESSION_KEY)), "at": now}
        if must_create:
            self._insert(now)
        with prepared_cursor() as cursor:
            cursor.execute(KEEP, {**row, **self._limits(), "key_hash": hash_of(self.session_key)})
            if not cursor.rowcount:
                raise UpdateError
        return None

    def _limits(self) -> dict[str, Any]:
        seconds, staff = settings.SESSION_COOKIE_AGE, settings.SESSION_STAFF_SECONDS
        return {"by_a_person": self.by_a_person, "seconds": seconds, "staff_seconds": min(staff, seconds)}

    def _insert(self, now: datetime) -> None:
        ends_at = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        row = {"device": self.device, "started_at": now, "last_seen_at": now, "ends_at": ends_at}
        try:
            with transaction.atomic():
                Session.objects.create(key_hash=hash_of(self.session_key or ""), **row)
        except IntegrityError:
            raise CreateError from None

    def cycle_key(self) -> None:
        """Turn the session's key into another: the old one opens nothing from then on. No time is won by it."""
        data, old = self._session, self.session_key  # type: ignore[attr-defined]
        if old is None:
            self.create()
            self._session_cache = data
        else:
            self._turn(old)
        self.modified = self.turned = True

    def _turn(self, old: str) -> None:
        new: str = self._get_new_session_key()  # type: ignore[attr-defined]
        row = {"new": hash_of(new), "old": hash_of(old), "device": self.device, "at": timezone.now()}
        with prepared_cursor() as cursor:
            cursor.execute(TURN, row)
            if not cursor.rowcount:
                raise SessionInterrupted
        self._session_key = new

    def turn_after_a_step(self) -> None:
        """Turn the key when the person has shown something more in this request: a password, a second step."""
        shown = self.asking.data.get(METHODS) if self.asking else None
        if self.modified and not self.turned and self.session_key and self.get(METHODS) != shown:
            self.cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        if key := session_key or self.session_key:
            Session.objects.filter(key_hash=hash_of(key)).delete()

    def end(self) -> None:
        """End the session and leave this browser without one; its emptied row tells for a day whose it was."""
        if key := self.session_key:
            Session.objects.filter(key_hash=hash_of(key)).update(ends_at=timezone.now(), data={}, kept=None)
        self.clear()
        self._session_key = self.asking = None
        self.over = True

    def flush(self) -> None:
        """Forget the session altogether: its owner has signed out, or somebody else signs in."""
        self.over = self.asking is not None and self.asking.account is not None
        super().flush()
        self.asking = None

    def seen(self) -> None:
        """Note that the person did something, at most every few seconds."""
        now = timezone.now()
        late = self.asking and now - self.asking.last_seen_at > LAST_SEEN_MOVES_AFTER
        if late and self.by_a_person and self.session_key:
            with prepared_cursor() as cursor:
                cursor.execute(SEEN, [now, hash_of(self.session_key)])

    @classmethod
    def forget_ended(cls) -> int:
        """Forget the sessions that ended a day ago, and of nobody's all that ended; says how many."""
        now = timezone.now()
        idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        long_ago = Q(ends_at__lt=now - ENDED_KEPT) | Q(last_seen_at__lt=now - idle - ENDED_KEPT)
        return Session.objects.filter(long_ago | Q(ends_at__lt=now, account_id=None)).delete()[0]

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions that have ended (Django's name for it)."""
        cls.forget_ended()


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
