"""Opens an account from the command line, for the first people of a new place; prints a code to get into it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from patient_online.asking import System
from patient_online.identity.actions import give_way_in, open_account
from patient_online.identity.models import Account, WayIn
from patient_online.identity.queries import account_named
from patient_online.nhs.dates import date_text
from patient_online.storage.codes import grouped

MOST_NAME = 150
TOLD = """The account of {name} is open.
  Sign-in name: {sign_in_name}
  Code:         {code}
They choose a password at {url}/way-in with both. The code works once, until {until}. Give it to them alone, on paper.
It opens no patient and no practice: roles are given apart (see docs/deploy.md)."""


class Command(BaseCommand):
    """Open an account, or give a new code for one that there is."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name and, if there is one, the e-mail address."""
        parser.add_argument("name", help="what the person is called on the pages")
        parser.add_argument("--email", help="an address that is known to be theirs, to sign in with")
        parser.add_argument("--again", action="store_true", help="a new code for the account that has this address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it and print the code."""
        if not options["name"].strip():
            raise CommandError("Say what the person is called: the name is empty.")
        if len(options["name"]) > MOST_NAME:
            raise CommandError(f"The name is longer than {MOST_NAME} characters.")
        by, at = System("open_account", why="accounts belong to no practice"), timezone.now()
        with transaction.atomic():
            account = self._account(options["name"], options["email"], again=options["again"], by=by)
            way = give_way_in(account, why=WayIn.Why.INVITED, by=by, at=at)
        self.stdout.write(_told(account, way.code, date_text(way.ends_at)))

    def _account(self, name: str, email: str | None, *, again: bool, by: System) -> Account:
        if email is not None:
            try:
                validate_email(email)
            except ValidationError:
                raise CommandError(f"{email} is not an email address.") from None
        known = account_named(by, email) if email else None
        if known and not again:
            raise CommandError("An account has this address. Say --again for a new code to get into it.")
        if again and not known:
            raise CommandError("No account has this address. Leave --again out to open one.")
        return known or open_account(name, email=email, by=by, at=timezone.now())


def _told(account: Account, code: str, until: str) -> str:
    known = {"name": account.name, "sign_in_name": grouped(account.sign_in_name), "code": grouped(code)}
    return TOLD.format(**known, url=settings.SERVICE_URL, until=until)
