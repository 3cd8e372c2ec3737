"""Loads the ODS practice file (epraccur): every GP practice in England and its geography."""

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.asking import System
from patient_online.nhs.dates import date_short, local_day
from patient_online.practices.imports import SETTINGS, PracticeFile, read_practices
from patient_online.practices.loading import Loaded, known_kinds, load_practices
from patient_online.refusals import Refused
from patient_online.storage.bulk import require_owner
from patient_online.storage.files import lines_about, refused_rows_to, text_of, told

BY = System("import_practices", why="loads the NHS's file of practices")


class Command(BaseCommand):
    """Load the practice file and say what came of it."""

    help = "Load every GP practice in England from the NHS's ODS practice file (epraccur). See docs/practices-csv.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, the day it speaks of, and where refused rows go."""
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument(
            "--as-at", type=_day, help="the day from which changed areas hold, YYYY-MM-DD (default: today)"
        )
        parser.add_argument("--refused", metavar="FILE.csv", help="write the refused rows to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all of the file first, then load it in one transaction."""
        require_owner()
        at = timezone.now()
        as_at = options["as_at"] or local_day(at)
        try:
            file = read_practices(text_of(options["file"]), kinds=known_kinds(BY))
            with refused_rows_to(options["refused"], source=options["file"]) as refused_file:
                loaded = load_practices(file, as_at=as_at, by=BY, at=at)
                refused = sorted([*file.refused, *loaded.refused], key=lambda row: row.line)
                refused_file.write(refused)
        except Refused as wrong:
            raise CommandError(told(wrong)) from wrong
        for line in [*_report(file, loaded, as_at), *lines_about(refused)]:
            self.stdout.write(line)
        if file.refused and not file.rows:
            raise CommandError(_("Every row of a GP practice was refused, so none was loaded."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("%(text)s is no day such as 2026-03-31.") % {"text": text}) from error


def _report(file: PracticeFile, loaded: Loaded, as_at: date) -> Iterator[str]:
    """What was refused, what was read and what changed; a line that would say nothing is left out."""
    if number := len(file.refused) + len(loaded.refused):
        yield _("Refused: %(number)s.") % {"number": number}
    yield _("%(read)s rows read, %(practices)s of them GP practices.") % {
        "read": file.read,
        "practices": len(file.rows),
    }
    yield _("Practices: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.") % {
        "new": loaded.new,
        "changed": loaded.changed,
        "unchanged": loaded.unchanged,
    }
    if loaded.new_areas:
        yield _("Areas: %(areas)s new.") % {"areas": loaded.new_areas}
    for title, spells in ((_("Practices in areas"), loaded.memberships), (_("Areas in wider areas"), loaded.parts)):
        numbers = {"title": title, "new": len(spells.new), "changed": len(spells.changed)}
        if spells.new or spells.changed:
            yield _("%(title)s: %(new)s links new, %(changed)s ended or corrected.") % numbers
    yield from _notes(loaded, as_at)
    if file.left_out:
        yield _("Left out, because they are not GP practices: %(number)s.") % {"number": file.left_out.total()}
    for setting, number in file.left_out.most_common():
        name = _(SETTINGS[setting]) if setting in SETTINGS else setting
        yield _("  %(number)s: prescribing setting %(name)s") % {"number": number, "name": name}


def _notes(loaded: Loaded, as_at: date) -> Iterator[str]:
    """What needs a word more: nothing new, links dated by hand, areas that could not be settled."""
    if loaded.is_idle:
        yield _("Nothing has changed.")
    if loaded.parts.changed or loaded.memberships.changed:
        yield _("Where the file has no day for a change of area, it holds from %(day)s.") % {"day": date_short(as_at)}
    if loaded.disputed:
        yield _("Practices disagree about the area around these, so the most frequent was taken: %(codes)s.") % {
            "codes": ", ".join(loaded.disputed)
        }
    if loaded.parts.older:
        yield _("Kept, because what is known of them begins on that day or later: %(codes)s.") % {
            "codes": ", ".join(belongs.part for belongs in loaded.parts.older)
        }
