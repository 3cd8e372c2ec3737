"""`make bench`: bookings a second on different slots and on one hot slot, beside a bare statement, in one run.

The figures of one run stand beside each other; only their ratios mean something elsewhere. The database is one of its
own, made and dropped here.
"""

import os
import sys
from pathlib import Path

from dj_database_url import parse
from psycopg import connect, sql

from patient_online.config.start import start

NAME = "bench_patient_online"


def of_its_own() -> None:
    """Make an empty database for the run and point the settings at it."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        url = os.environ[variable]
        old = parse(url)["NAME"]
        head, _, tail = url.rpartition(f"/{old}")
        os.environ[variable] = f"{head}/{NAME}{tail}"


def print_line(line: str) -> None:
    """Show a line of the table at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Set up, measure, print, clear away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    start(Path(__file__).resolve().parent.parent)
    kept = os.environ["DATABASE_OWNER_URL"]
    of_its_own()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from benchmarks import bookings

    call_command("migrate", verbosity=0)
    try:
        bookings.measure(print_line=print_line)
    finally:
        connections.close_all()
        with connect(kept, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


if __name__ == "__main__":
    main()
