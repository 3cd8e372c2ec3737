"""Writes each practice's list of today and of the next working day as a file, as the job of every hour does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from patient_online.appointments.day_files import WHY, practices_to_write, write_day_lists
from patient_online.appointments.management.practices import practice_named
from patient_online.asking import System
from patient_online.refusals import Refused
from patient_online.storage.files import told


class Command(BaseCommand):
    """Write the lists, and say where they are."""

    help = "Write the days' lists as files that open without the system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose."""
        parser.add_argument("--practice", metavar="ODS", help="the ODS code of one practice; else all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them practice by practice; one that cannot be written does not keep the others from it."""
        failed: list[str] = []
        now, code = timezone.now(), options["practice"]
        system = System("export_day_lists", why=WHY)
        for practice_id in [practice_named(system, code)] if code else practices_to_write(now):
            try:
                for path in write_day_lists(practice_id, at=now):
                    self.stdout.write(str(path))
            except Refused as refused:
                failed.append(told(refused))
        if failed:
            raise CommandError("\n".join(failed))
