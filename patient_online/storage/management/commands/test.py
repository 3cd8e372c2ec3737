"""Says how the tests are run, in place of Django's command, which would find none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

HOW = 'The tests run with pytest: `make test`, or `make test ARGS="-k book"` for some of them.'


class Command(BaseCommand):
    """Run nothing, and say how."""

    help = "Says how the tests are run: make test."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Say it whatever Django's command would have been asked."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how."""
        raise CommandError(HOW)
