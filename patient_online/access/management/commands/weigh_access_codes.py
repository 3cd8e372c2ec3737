"""Weighs the codes about access for the accounts of one practice that were never given sight of the record.

For the day on which a practice begins to show records. Without --do it says what would happen and changes nothing.
"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions import first_access
from patient_online.access.models import CodesWeighed, Link
from patient_online.access.queries.codes import access_facts, codes_of, to_be_weighed
from patient_online.access.rules.codes import weigh
from patient_online.asking import System
from patient_online.nhs.dates import local_day
from patient_online.nhs.organisations import normalise_ods
from patient_online.practices.queries import practices_active

SAY_AFTER = 500


class Command(BaseCommand):
    """Weigh them, and say how often each outcome came of it."""

    help = "Weigh the codes 103, 104 and 106 for the accounts of a practice that begins to show records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where, and whether it is meant."""
        parser.add_argument("--practice", metavar="ODS", required=True, help="the ODS code of the practice")
        parser.add_argument("--do", action="store_true", help="change it; else say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Weigh the codes account by account: what is done stays done if the rest fails, and is not done twice."""
        system = System("weigh_access_codes", _practice(options["practice"]))
        came: Counter[str] = Counter()
        links = list(to_be_weighed(system))
        for number, link in enumerate(links, start=1):
            came[_weigh(system, link, really=options["do"])] += 1
            if number % SAY_AFTER == 0:
                self.stdout.write(_("%(number)s of %(all)s accounts") % {"number": number, "all": len(links)})
        for outcome, number in sorted(came.items()):
            self.stdout.write(f"{outcome}: {number}")
        if not options["do"]:
            self.stdout.write(_("Nothing was changed. Say --do to do it."))


def _practice(code: str) -> str:
    everywhere = System("weigh_access_codes", why="sees that the practice that was named is there")
    try:
        practice_id = normalise_ods(code)
    except ValueError as error:
        raise CommandError(_("%(code)s is no ODS code.") % {"code": code}) from error
    if practice_id not in practices_active(everywhere):
        raise CommandError(_("There is no practice %(code)s here.") % {"code": practice_id})
    return practice_id


def _weigh(system: System, link: Link, *, really: bool) -> str:
    """What comes, or would come, of weighing the codes for one account."""
    now = timezone.now()
    if really:
        batch = CodesWeighed.Occasion.BATCH
        return first_access(link.patient, link.account_id, by=system, at=now, occasion=batch).outcome
    facts = access_facts(system, link.patient, link.account_id, on=local_day(now))
    return weigh(facts, codes_of(system, link.patient), today=local_day(now)).outcome
