"""Forgets what has run out: sessions that ended, and idempotency keys of more than two days ago. Run it every night."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from patient_online.access.sessions import SessionStore
from patient_online.asking import System
from patient_online.identity.actions import forget_guesses
from patient_online.storage.idempotency import forget

KEPT = timedelta(hours=48)


class Command(BaseCommand):
    """Forget what has run out."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how much."""
        sessions = SessionStore.forget_ended()
        keys = forget(timezone.now() - KEPT)
        guesses = forget_guesses(by=System("tidy", why="forgets what has run out"), at=timezone.now())
        told = f"{sessions} ended sessions, {keys} keys of repeated requests, {guesses} counts of guesses"
        self.stdout.write(f"Forgot {told}.")
