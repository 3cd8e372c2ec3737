"""Lets messages go again after a restore, a failover or `hold_messages`; says first how many wait and how old."""

import getpass
import math
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patient_online.asking import System
from patient_online.nhs.dates import date_text, time_text, to_london
from patient_online.notify import actions, queries
from patient_online.notify.actions.fences import CANNOT_TELL, RESTORED, UNKNOWN

SURE = (
    "Nothing is changed yet. Messages that this database does not know to have been sent may have been, before the "
    "restore. If that is right, run it again with --yes; with --drop-older-than-hours 24 what is older is never sent."
)

MOST_HOURS = 87_600  # ten years


class Command(BaseCommand):
    """Let messages go again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whether it is meant, and whether old messages are still to be sent."""
        parser.add_argument("--yes", action="store_true", help="do it")
        parser.add_argument("--drop-older-than-hours", type=_hours, metavar="HOURS", help="do not send what is older")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what waits and what would be dropped; with --yes, let the rest go."""
        system, now = System("release_messages", why="lets messages go again"), timezone.now()
        sending, older = queries.sending(system), options["drop_older_than_hours"]
        held = _why_held(sending)
        for line in [*(held or [_("Nothing holds the messages.")]), _waiting(system)]:
            self.stdout.write(line)
        if not held:
            return
        if older:
            self.stdout.write(_too_old(queries.waiting_since_before(system, now - older).count()))
        if not options["yes"]:
            raise CommandError(SURE)
        who = f"release_messages, run by {getpass.getuser()}"
        dropped = actions.lift_fences(mark=sending.mark, who=who, drop_older_than=older, by=system, at=now)
        self.stdout.write(_released(dropped))


def _why_held(sending: queries.Sending) -> list[str]:
    """The fences that are up, or the one that a worker will raise; empty where nothing holds the messages."""
    if sending.fences:
        return list(sending.fences)
    if sending.known == sending.mark or (sending.known is None and sending.mark != UNKNOWN):
        return []
    return [CANNOT_TELL if sending.mark == UNKNOWN else RESTORED]


def _hours(typed: str) -> timedelta:
    """So many hours, or ArgumentTypeError where they would drop everything, nothing, or nobody knows what."""
    try:
        hours = float(typed)
    except ValueError:
        hours = math.nan
    if not 0 < hours <= MOST_HOURS:
        told = {"typed": typed, "most": MOST_HOURS}
        raise ArgumentTypeError(_("%(typed)s is no number of hours above 0 and at most %(most)s") % told)
    return timedelta(hours=hours)


def _waiting(system: System) -> str:
    waiting, oldest = queries.waiting_of_all(system)
    since = f", the oldest since {time_text(to_london(oldest))} on {date_text(oldest)}" if oldest else ""
    words = ngettext("%(number)s message waits%(since)s.", "%(number)s messages wait%(since)s.", waiting)
    return words % {"number": waiting, "since": since}


def _too_old(number: int) -> str:
    words = ngettext(
        "%(number)s of them is too old and is never sent.", "%(number)s of them are too old and are never sent.", number
    )
    return words % {"number": number}


def _released(dropped: int) -> str:
    words = ngettext(
        "Messages are sent again. %(number)s was too old and is not.",
        "Messages are sent again. %(number)s were too old and are not.",
        dropped,
    )
    return words % {"number": dropped}
