"""Django's migrate, as the owner of the tables: the application's role may not."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections


class Command(migrate.Command):
    """Run migrate on the owner's connection."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Turn the default connection into the owner's."""
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL to the role that owns the tables: migrate needs it.")
        if options["database"] == "default":
            options["database"] = "owner"
        try:
            connections[options["database"]].ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer. Look at DATABASE_OWNER_URL. It said: {error}") from error
        return super().handle(*args, **options)
