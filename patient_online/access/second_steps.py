"""Second steps and access: who may never be without one, and other sessions that end when one changes."""

from typing import Any
from uuid import UUID

from allauth.mfa import signals
from django.utils import timezone

from patient_online.access.actions.sessions import end_sessions
from patient_online.access.queries.working import works_for_nhs
from patient_online.access.sessions import hash_of
from patient_online.asking import AccountHolder, System

WHO = System("second-step", why="asks whether an account works anywhere")


def works_with_patients(account_id: UUID) -> bool:
    """Whether the account works at a practice or for the programme."""
    return works_for_nhs(WHO, account_id)


def _end_others(sender: Any, request: Any, user: Any, **more: Any) -> None:
    """Whoever is signed in elsewhere shows from now on what holds from now on."""
    by = AccountHolder(user.id, getattr(request, "id", None))
    end_sessions(user.id, by=by, at=timezone.now(), why="second-step", but=hash_of(request.session.session_key or ""))


def listen() -> None:
    """Hear of each change of somebody's second steps."""
    signals.authenticator_added.connect(_end_others, dispatch_uid="access.second_step_added")
    signals.authenticator_removed.connect(_end_others, dispatch_uid="access.second_step_removed")
    signals.authenticator_reset.connect(_end_others, dispatch_uid="access.second_step_made_anew")
