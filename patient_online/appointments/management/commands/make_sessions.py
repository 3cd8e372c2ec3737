"""Makes sessions from the templates of one practice or of all, as the job of the night does."""

import argparse
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patient_online.appointments.jobs import NotAllMade, make_sessions_at
from patient_online.appointments.management.practices import practice_named
from patient_online.appointments.queries.templates import practices_with_templates
from patient_online.asking import System
from patient_online.nhs.dates import local_day

FURTHEST = timedelta(days=2 * 366)


class Command(BaseCommand):
    """Make what is not there yet, and say how many sessions that were."""

    help = "Make sessions from templates. Making them again makes none twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose sessions, and how far ahead."""
        parser.add_argument("--practice", metavar="ODS", help="the ODS code of one practice; else all")
        parser.add_argument("--through", metavar="YYYY-MM-DD", type=_day, help="the last day, at most two years ahead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them practice by practice."""
        through, today = options["through"], local_day(timezone.now())
        if through and not today <= through <= today + FURTHEST:
            raise CommandError(_("--through must be a day from %(first)s to %(last)s.") % _limits(today))
        system = System("make_sessions", why="every practice with templates has its sessions made")
        known = practices_with_templates(system, on=today)
        failed = []
        for practice_id in [_one_of(system, known, options["practice"])] if options["practice"] else known:
            try:
                self._say(practice_id, make_sessions_at(practice_id, through=through))
            except NotAllMade as error:
                failed.append(str(error))
        if failed:
            raise CommandError("\n".join(failed))

    def _say(self, practice_id: str, number: int) -> None:
        words = ngettext("%(practice)s: %(number)s session made.", "%(practice)s: %(number)s sessions made.", number)
        self.stdout.write(words % {"practice": practice_id, "number": number})


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        words = _("%(typed)s is no day; write it as year, month and day, such as 2027-03-31")
        raise argparse.ArgumentTypeError(words % {"typed": typed}) from error


def _limits(today: date) -> dict[str, str]:
    return {"first": today.isoformat(), "last": (today + FURTHEST).isoformat()}


def _one_of(system: System, known: list[str], code: str) -> str:
    """The practice with this code, or CommandError where there is none or it has no templates."""
    practice_id = practice_named(system, code)
    if practice_id not in known:
        raise CommandError(_("%(code)s has no templates of sessions.") % {"code": practice_id})
    return practice_id
