"""Adds an account to the national programme, or takes it out: it then sees counts of practices, never a patient."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions.programme import add_to_programme, remove_from_programme
from patient_online.asking import System
from patient_online.identity.queries import account_named


class Command(BaseCommand):
    """Add or remove one account."""

    help = "Let an account see the national programme's figures, or no longer: programme_member add|remove EMAIL."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do, and whose account."""
        parser.add_argument("what", choices=["add", "remove"])
        parser.add_argument("account", metavar="EMAIL", help="the account's email address or sign-in name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that there is no such account."""
        system, now = System("programme_member", why="the programme's people belong to no practice"), timezone.now()
        account = account_named(system, options["account"].strip())
        if account is None:
            raise CommandError(_("There is no account with this email address or sign-in name."))
        if options["what"] == "add":
            add_to_programme(account.id, by=system, at=now)
            self.stdout.write(_("The account sees the programme's figures. A second step is needed to sign in."))
        elif remove_from_programme(account.id, by=system, at=now):
            self.stdout.write(_("The account no longer sees the programme's figures."))
        else:
            raise CommandError(_("The account was not of the programme."))
