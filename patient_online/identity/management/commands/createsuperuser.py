"""Says why there is no superuser, in place of Django's command, which cannot make one here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

NONE = (
    "There are no superusers in Patient Online: nobody may see everything. The accounts to try it with come with "
    "`make demo`; for real use `manage.py open_account` opens the first ones (see docs/deploy.md)."
)


class Command(BaseCommand):
    """Make nobody, and say why."""

    help = "There are no superusers here; says why."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Say it whatever Django's command would have been asked."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say why there is none."""
        raise CommandError(NONE)
