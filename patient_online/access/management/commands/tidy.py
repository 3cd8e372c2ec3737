"""Forgets what has run out: sessions, keys of more than two days ago, and codes of yesterday. Run it every night."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from patient_online.access.actions import forget_checks
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
        by = System("tidy", why="forgets what has run out")
        guesses = forget_guesses(by=by, at=timezone.now())
        checks = forget_checks(by=by, at=timezone.now())
        told = f"{sessions} ended sessions, {keys} keys of repeated requests, {guesses} counts of guesses"
        told += f", {checks} checks of addresses"
        self.stdout.write(f"Forgot {told}.")
