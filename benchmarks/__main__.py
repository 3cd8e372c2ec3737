"""`make bench`: what the product does a second, beside a bare view and PostgreSQL alone, in one run.

The figures of one run stand beside each other; only their ratios mean something elsewhere. The database is one of its
own, made and dropped here.
"""

import argparse
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


def arguments() -> argparse.Namespace:
    """What to measure, for how long, on how large a world."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help="book hot move search slot day rush flood; all where none is named")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each round lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured, in turns")
    parser.add_argument("--connections", type=int, default=32, help="how many ask at once")
    parser.add_argument("--large", action="store_true", help="1,000,000 patients, not 10,000")
    return parser.parse_args()


def print_line(line: str) -> None:
    """Show a line of the table at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Set up, measure, print, clear away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    given = arguments()
    start(Path(__file__).resolve().parent.parent)
    kept = os.environ["DATABASE_OWNER_URL"]
    of_its_own()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from benchmarks.everything import measure

    call_command("migrate", verbosity=0)
    try:
        measure(given, print_line)
    finally:
        connections.close_all()
        with connect(kept, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


if __name__ == "__main__":
    main()
