"""What can happen to sessions: they are ended, here and elsewhere; what was sent too late is kept for its owner."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from patient_online.access.models import Session
from patient_online.access.rules.sessions import MOST_FORMS
from patient_online.asking import AccountHolder, Anyone, Asker
from patient_online.audit.actions import action, record_account
from patient_online.identity.actions import forget_devices


@action("account.sessions_ended")
def end_sessions(account_id: UUID, *, by: Asker, at: datetime, why: str, but: str = "") -> int:
    """End the account's sessions, but the one whose key has the hash `but`; says how many.

    The next request of each is refused. The row stays, emptied, until it is forgotten: what is sent with its key is
    known to be this account's, and can be kept for it until it has signed in again.
    """
    rows = Session.objects.filter(account_id=account_id, ends_at__gt=at).exclude(key_hash=but)
    ended = rows.update(ends_at=at, data={}, kept=None, kept_for=None)
    if ended:
        about = {"why": why, "sessions": ended}
        record_account("account.sessions_ended", account_id=account_id, at=at, request_id=by.request_id, **about)
    return ended


def end_closed(account_id: UUID, *, by: Asker, at: datetime) -> None:
    """End every session of an account that is being closed."""
    end_sessions(account_id, by=by, at=at, why="closed")


def end_lost(account_id: UUID, *, by: Asker, at: datetime) -> None:
    """End every session of an account whose owner has lost the second step."""
    end_sessions(account_id, by=by, at=at, why="lost-step")


def shorten_sessions(account_id: UUID, *, by: Asker, at: datetime) -> None:
    """Let the account's sessions last no longer than those of who works for the NHS: it does from now on."""
    until = F("started_at") + timedelta(seconds=settings.SESSION_STAFF_SECONDS)
    rows = Session.objects.filter(account_id=account_id, ends_at__gt=at)
    rows.update(ends_at=Least(F("ends_at"), until))


@action("account.signed_out_elsewhere")
def sign_out_one(session_id: UUID, *, by: AccountHolder, at: datetime) -> bool:
    """End one session of one's own, on another device; whether there was one to end."""
    rows = Session.objects.filter(id=session_id, account_id=by.account_id, ends_at__gt=at)
    if not rows.update(ends_at=at, data={}, kept=None, kept_for=None):
        return False
    event, which = "account.signed_out_elsewhere", str(session_id)
    record_account(event, account_id=by.account_id, at=at, request_id=by.request_id, session=which)
    return True


@action("account.signed_out_others")
def sign_out_others(*, by: AccountHolder, at: datetime, this: str, device: str) -> int:
    """End all sessions of one's own but this, whose key has the hash, and know no other browser again; says how many.

    `device` is this browser's mark: it stays known.
    """
    forget_devices(by.account_id, by=by, at=at, but=device)
    return end_sessions(by.account_id, by=by, at=at, why="others-signed-out", but=this)


def keep_form(key_hash: str, form: dict[str, Any], *, account_id: UUID, by: Anyone, at: datetime) -> bool:
    """Keep a form in the session of somebody not signed in, for the account that sent it; not more than a few."""
    with transaction.atomic():
        session = Session.objects.select_for_update().get(key_hash=key_hash)
        kept = session.kept or [] if session.kept_for == account_id else []
        if len(kept) >= MOST_FORMS:
            return False
        session.kept, session.kept_for = [*kept, form], account_id
        session.save(update_fields=["kept", "kept_for"])
    return True


def drop_form(key_hash: str, number: str, *, by: AccountHolder, at: datetime) -> dict[str, Any] | None:
    """Keep a form no longer: it is being sent, or is not wanted any more; None where it was not there."""
    with transaction.atomic():
        session = Session.objects.select_for_update().filter(key_hash=key_hash, kept_for=by.account_id).first()
        kept: list[dict[str, Any]] = session.kept or [] if session else []
        found = next((form for form in kept if form["number"] == number), None)
        if session is None or found is None:
            return None
        session.kept = [form for form in kept if form is not found] or None
        session.kept_for = by.account_id if session.kept else None
        session.save(update_fields=["kept", "kept_for"])
    return found
