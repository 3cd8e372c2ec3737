"""Serves the product for real use, behind a proxy that speaks HTTPS: `python -m patient_online.config.serve`."""

import argparse
import multiprocessing
import os
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from patient_online.config.start import start

ROOT = Path(__file__).resolve().parents[2]
# A thread that ends takes its connection to the database with it.
IDLE_SECONDS = 600


def main() -> None:
    """Bring the database up to date where we may, collect the static files, and serve until told to stop."""
    given = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    start(ROOT)
    _prepare()
    # The workers are the application: they do not learn how to become the owner of the tables.
    os.environ.pop("DATABASE_OWNER_URL", None)
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "patient_online.config.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=given.threads,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        websockets=False,
        respawn_failed_workers=True,
        working_dir=ROOT,
    )
    server.serve()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Serve Patient Online.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; as many as processors")
    parser.add_argument("--threads", type=int, default=4, help="threads of each process; each keeps one connection")
    return parser.parse_args()


def _prepare() -> None:
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    # Where only the application's role is known, somebody else migrates, and /readyz tells whether they have.
    if os.environ.get("DATABASE_OWNER_URL"):
        call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


if __name__ == "__main__":
    main()
