"""Makes sessions from the templates of one practice or of all, as the job of the night does."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patient_online.appointments.jobs import make_sessions_at
from patient_online.appointments.queries.templates import practices_with_templates
from patient_online.asking import System
from patient_online.nhs.dates import local_day
from patient_online.nhs.organisations import normalise_ods


class Command(BaseCommand):
    """Make what is not there yet, and say how many sessions that were."""

    help = "Make sessions from templates. Making them again makes none twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose sessions, and how far ahead."""
        parser.add_argument("--practice", metavar="ODS", help="the ODS code of one practice; else all")
        parser.add_argument("--through", metavar="YYYY-MM-DD", type=date.fromisoformat, help="the last day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them practice by practice."""
        system = System("make_sessions", why="every practice with templates has its sessions made")
        known = practices_with_templates(system, on=local_day(timezone.now()))
        for practice_id in [_one_of(known, options["practice"])] if options["practice"] else known:
            number = make_sessions_at(practice_id, through=options["through"])
            words = ngettext(
                "%(practice)s: %(number)s session made.", "%(practice)s: %(number)s sessions made.", number
            )
            self.stdout.write(words % {"practice": practice_id, "number": number})


def _one_of(known: list[str], code: str) -> str:
    """The practice with this code, or CommandError where it has no templates."""
    try:
        practice_id = normalise_ods(code)
    except ValueError as error:
        raise CommandError(_("%(code)s is no ODS code.") % {"code": code}) from error
    if practice_id not in known:
        raise CommandError(_("%(code)s has no templates of sessions.") % {"code": practice_id})
    return practice_id
