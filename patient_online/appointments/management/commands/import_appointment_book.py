"""Loads a practice's appointment book from our CSV format."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.appointments.imports import BookFile, WrongBook, read_book
from patient_online.appointments.loading import Loaded, load_book
from patient_online.asking import System
from patient_online.nhs.organisations import normalise_ods
from patient_online.refusals import N_, Refused
from patient_online.storage.bulk import require_owner
from patient_online.storage.files import lines_about, refused_rows_to, text_of, told

KINDS = {
    "sites": N_("Sites"),
    "clinicians": N_("Clinicians"),
    "types": N_("Slot types"),
    "sessions": N_("Sessions"),
    "slots": N_("Slots"),
}


class Command(BaseCommand):
    """Load the book and say what came of it."""

    help = "Load sessions and slots of one practice from a CSV file. The format: docs/appointment-book-csv.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, whose book it is, and where refused rows go."""
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--practice", required=True, metavar="ODS", help="the ODS code of the practice")
        parser.add_argument("--refused", metavar="FILE.csv", help="write the refused rows to this file")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all of the file first, then load it in one transaction."""
        require_owner()
        try:
            by = System("import_appointment_book", _practice(options["practice"]))
            file = read_book(text_of(options["file"]))
            with refused_rows_to(options["refused"], source=options["file"]) as refused_file:
                loaded = load_book(file, by=by, at=timezone.now(), dry_run=options["dry_run"])
                refused_file.write(loaded.refused, heading=file.heading)
        except Refused as wrong:
            raise CommandError(told(wrong)) from wrong
        for line in [*_report(file, loaded, dry_run=options["dry_run"]), *lines_about(loaded.refused)]:
            self.stdout.write(line)
        if len(loaded.refused) == len(file):
            raise CommandError(_("Every row was refused, so no slot was loaded."))


def _practice(code: str) -> str:
    try:
        return normalise_ods(code)
    except ValueError as error:
        raise Refused(WrongBook.PRACTICE, code=code) from error


def _report(file: BookFile, loaded: Loaded, *, dry_run: bool) -> Iterator[str]:
    """What was refused, what was read and what changed; a line that would say nothing is left out."""
    if dry_run:
        yield _("This is a dry run: nothing was kept of what follows.")
    if loaded.refused:
        yield _("Refused: %(number)s.") % {"number": len(loaded.refused)}
    yield _("%(read)s rows read.") % {"read": len(file)}
    for name, title in KINDS.items():
        facts = {"title": _(title), "new": loaded.new[name], "changed": loaded.changed[name]}
        if facts["new"] or facts["changed"]:
            yield _("%(title)s: %(new)s new, %(changed)s changed.") % facts
    if loaded.unchanged:
        yield _("Slots that were so already: %(number)s.") % {"number": loaded.unchanged}
    if loaded.is_idle:
        yield _("Nothing has changed.")
