"""`make bench`: what the product does a second, beside a bare view and PostgreSQL alone, in one run.

The figures of one run stand beside each other; only their ratios mean something elsewhere. The database is one of its
own, made and dropped here.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

from dj_database_url import parse
from psycopg import connect, sql

from patient_online.config.start import start

DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


@contextmanager
def of_its_own() -> Iterator[None]:
    """An empty database for the run, to which the settings are pointed; it is dropped afterwards."""
    owner = os.environ["DATABASE_OWNER_URL"]
    name = f"bench_{parse(owner)['NAME']}"
    _run(owner, DROP, name)
    _run(owner, "CREATE DATABASE {}", name)
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        url = os.environ[variable]
        head, _, tail = url.rpartition(f"/{parse(url)['NAME']}")
        os.environ[variable] = f"{head}/{name}{tail}"
    try:
        yield
    finally:
        _run(owner, DROP, name)


def _run(owner: str, statement: LiteralString, name: str) -> None:
    with connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def arguments() -> argparse.Namespace:
    """What to measure, for how long, on how large a world."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", help="book hot move search slot day rush flood; all where none is named")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each round lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured, in turns")
    parser.add_argument("--connections", type=int, default=32, help="how many ask at once")
    parser.add_argument("--serve", default="", help='what the product is told, such as "--workers 1 --threads 2"')
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
    with of_its_own():
        _measure(given)


def _measure(given: argparse.Namespace) -> None:
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


if __name__ == "__main__":
    main()
