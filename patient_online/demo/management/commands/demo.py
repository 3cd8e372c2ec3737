"""What `make demo` runs: the made-up practice, ready in a browser on this machine."""

import os
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from patient_online.demo.nhs_login.shown import nhs_login_beside
from patient_online.web.assets import CannotBuild, build, here
from patient_online.web.beside import beside
from patient_online.web.serving import CannotServe, address_of, check_port, serve

WORKER = "patient_online.config.worker"  # by name: config stands above
NOT_DEMO = (
    "Demonstration mode is off. Set PATIENT_ONLINE_DEMO=1 before the start, as `make demo` does: "
    "its pages then say that everybody is made up, and list the logins."
)


class Command(BaseCommand):
    """Bring the database and the assets up to date, make the made-up practice, and serve it."""

    help = "Shows the made-up practice in a browser until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the port and the address be chosen."""
        parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="the address to listen on (127.0.0.1: this machine alone); name others in PATIENT_ONLINE_HOSTS too",
        )
        parser.add_argument("--among-others", action="store_true", help="even where other practices have patients")
        parser.add_argument("--afresh", action="store_true", help="make the made-up practice anew for today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say where, serve."""
        if not settings.DEMO:
            raise CommandError(NOT_DEMO)
        host, port = options["host"], options["port"]
        try:
            check_port(host, port)
            build(here())
        except (CannotServe, CannotBuild) as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        call_command("check", databases=["default"], stdout=StringIO())
        collect_static()
        call_command("make_demo", afresh=options["afresh"], among_others=options["among_others"])
        # Passkeys and NHS login need a name, and cookies hold for one name alone.
        address = address_of("localhost" if host == "127.0.0.1" else host, port)
        # For the processes that serve and send: they read the settings anew.
        os.environ["PATIENT_ONLINE_URL"] = os.environ.get("PATIENT_ONLINE_URL") or address
        with beside(WORKER, wanted=settings.WITH_WORKER), nhs_login_beside(port, os.environ["PATIENT_ONLINE_URL"]):
            self.stdout.write(f"\nOpen {address} in your browser. Press Ctrl-C here to end.")
            self.stdout.flush()
            serve(host, port)
        self.stdout.write("\nThe demonstration has ended. What was booked is kept for the next time.")


def collect_static() -> None:
    """Collect the static files, unless they have been since the assets were built."""
    built = here().assets / ".built"
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not collected.exists() or collected.stat().st_mtime < built.stat().st_mtime:
        call_command("collectstatic", interactive=False, verbosity=0)
