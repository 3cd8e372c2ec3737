"""Writes docs/roles.md: who may open which page and do which thing, by role, read from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from patient_online.access.role_matrix import matrix

PLACE = settings.ROOT / "docs" / "roles.md"


class Command(BaseCommand):
    """Write the matrix where it is read."""

    help = "Write docs/roles.md, the matrix of roles, from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say where."""
        PLACE.write_text(matrix(), encoding="utf-8")
        self.stdout.write(str(PLACE))
