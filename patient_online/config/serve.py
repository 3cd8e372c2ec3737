"""Serves the product for real use, behind a proxy that speaks HTTPS: `python -m patient_online.config.serve`."""

import argparse
import io
import os
import sys
from pathlib import Path

from patient_online.config import worker
from patient_online.config.sentences import in_a_sentence
from patient_online.config.start import name_the_service, start
from patient_online.web.beside import beside
from patient_online.web.serving import CannotServe, address_of, check_port, serve

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Bring the database up to date where we may, collect the static files, and serve until told to stop."""
    given = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    try:
        check_port(given.host, given.port)
    except CannotServe as error:
        sys.exit(str(error))
    start(ROOT)
    with in_a_sentence():
        _prepare()
    name_the_service(address_of(given.host, given.port))
    sys.stdout.write(f"Patient Online serves at {address_of(given.host, given.port)} . Ctrl-C ends it.\n")
    sys.stdout.flush()
    with beside(worker.MODULE, wanted=given.worker and _with_worker()):
        serve(given.host, given.port, workers=given.workers, threads=given.threads)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Serve Patient Online.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; as many as processors")
    parser.add_argument("--threads", type=int, default=2, help="requests each process works on at once")
    parser.add_argument(
        "--no-worker", dest="worker", action="store_false", help="where `manage.py procrastinate worker` runs apart"
    )
    return parser.parse_args()


def _with_worker() -> bool:
    from django.conf import settings

    return bool(settings.WITH_WORKER)


def _prepare() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    from patient_online.demo.keeping import IS_HERE, demo_is_here

    call_command("check", databases=["default"], stdout=io.StringIO())
    # Where only the application's role is known, somebody else migrates, and /readyz tells whether they have.
    if os.environ.get("DATABASE_OWNER_URL"):
        call_command("migrate", verbosity=0)
    if not settings.DEMO and demo_is_here():
        sys.exit(IS_HERE)
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


if __name__ == "__main__":
    main()
