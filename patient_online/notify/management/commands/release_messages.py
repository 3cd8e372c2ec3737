"""Lets messages go again after a restore, a failover or `hold_messages`; says first how many wait and how old."""

import getpass
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from patient_online.asking import System
from patient_online.nhs.dates import date_text, time_text, to_london
from patient_online.notify import actions, queries

SURE = (
    "Nothing is changed yet. Messages that this database does not know to have been sent may have been, before the "
    "restore. If that is right, run it again with --yes; with --drop-older-than-hours 24 what is older is never sent."
)


class Command(BaseCommand):
    """Let messages go again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whether it is meant, and whether old messages are still to be sent."""
        parser.add_argument("--yes", action="store_true", help="do it")
        parser.add_argument("--drop-older-than-hours", type=float, metavar="HOURS", help="do not send what is older")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what waits; with --yes, let it go."""
        system, now = System("release_messages", why="lets messages go again"), timezone.now()
        sending = queries.sending(system)
        waiting, oldest = queries.waiting_of_all(system)
        since = f", the oldest since {time_text(to_london(oldest))} on {date_text(oldest)}" if oldest else ""
        for why in sending.fences or ("Nothing holds the messages.",):
            self.stdout.write(why)
        self.stdout.write(f"{waiting} messages wait{since}.")
        if not options["yes"]:
            raise CommandError(SURE)
        hours = options["drop_older_than_hours"]
        older = timedelta(hours=hours) if hours is not None else None
        who = f"release_messages, run by {getpass.getuser()}"
        dropped = actions.lift_fences(mark=sending.mark, who=who, drop_older_than=older, by=system, at=now)
        self.stdout.write(f"Messages are sent again. {dropped} were too old and are not.")
