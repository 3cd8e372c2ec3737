"""Writes each practice's list of today and of the next working day as a file, as the job of every hour does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from patient_online.appointments.day_files import practices_to_write, write_day_lists
from patient_online.refusals import Refused
from patient_online.storage.files import told


class Command(BaseCommand):
    """Write the lists, and say where they are."""

    help = "Write the days' lists as files that open without the system."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them practice by practice; one that cannot be written does not keep the others from it."""
        failed: list[str] = []
        now = timezone.now()
        for practice_id in practices_to_write(now):
            try:
                for path in write_day_lists(practice_id, at=now):
                    self.stdout.write(str(path))
            except Refused as refused:
                failed.append(told(refused))
        if failed:
            raise CommandError("\n".join(failed))
