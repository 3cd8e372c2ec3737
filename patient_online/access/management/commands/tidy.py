"""Forgets what has run out: sessions, keys of more than two days ago, and codes of yesterday. Run it every night."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from patient_online.access.actions import forget_checks
from patient_online.access.sessions import SessionStore
from patient_online.asking import System
from patient_online.identity.actions import forget_guesses
from patient_online.identity.actions.nhs_login import forget_spent
from patient_online.notify.actions import forget_mail
from patient_online.storage.idempotency import forget

KEPT = timedelta(hours=48)
MAIL_KEPT = timedelta(days=7)


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
        mails = forget_mail(before=timezone.now() - MAIL_KEPT, by=by, at=timezone.now())
        told += f", {checks} checks of addresses, {mails} emails of accounts"
        spent = forget_spent(by=by, at=timezone.now())
        told += f", {spent} used codes of NHS login"
        self.stdout.write(f"Forgot {told}.")
