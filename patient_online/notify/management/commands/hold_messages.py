"""Holds every message until `release_messages` is run: before a restored copy starts, or when something is wrong."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patient_online.asking import System
from patient_online.notify import actions, queries


class Command(BaseCommand):
    """Hold every message."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask why: staff read it on their page of messages."""
        parser.add_argument("--why", required=True, type=_reason, help="why no message may go out; staff can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise a fence, and say how many messages wait behind it."""
        system = System("hold_messages", why="holds every message")
        actions.raise_fence(why=options["why"], by=system, at=timezone.now())
        waiting, _ = queries.waiting_of_all(system)
        wait = ngettext("%(number)s message waits.", "%(number)s messages wait.", waiting) % {"number": waiting}
        self.stdout.write(f"No message is sent from now on. {wait} `manage.py release_messages` lets them go.")


def _reason(typed: str) -> str:
    """What was typed without what surrounds it; nothing is no reason."""
    if not (why := typed.strip()):
        raise ArgumentTypeError(_("say why no message may go out, in a few words"))
    return why
