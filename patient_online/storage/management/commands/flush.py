"""Django's flush, as the owner of the tables: the application's role may not."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections


class Command(flush.Command):
    """Run flush on the owner's connection."""

    def handle(self, **options: Any) -> None:
        """Turn the default connection into the owner's."""
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL to the role that owns the tables: flush needs it.")
        if options["database"] == "default":
            options["database"] = "owner"
        super().handle(**options)
