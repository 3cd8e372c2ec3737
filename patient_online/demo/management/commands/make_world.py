"""Fills an empty database with made-up practices for benchmarks, with COPY, all or nothing."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from patient_online.demo.copying import OWNER, copy
from patient_online.demo.crowd import MOST_PATIENTS, MOST_PRACTICES, Crowd
from patient_online.demo.crowd_rows import tables
from patient_online.demo.keeping import CannotMake, check_database
from patient_online.demo.logins import PASSWORD
from patient_online.demo.telling import Progress
from patient_online.demo.world import SEED
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice

GROUPS = 20
MOST_SLOTS = 10_000_000
FILLED = (
    "The database {name} already holds {what}. Made-up practices are only put into an empty one: make another, "
    "or empty this one with `manage.py flush` if nothing in it is of worth."
)


class Command(BaseCommand):
    """Make many practices."""

    help = "Fills an empty database with made-up practices, patients, slots and appointments for benchmarks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how many."""
        parser.add_argument("--practices", type=int, required=True, metavar="N", help="how many practices")
        parser.add_argument("--patients-each", type=int, required=True, metavar="M", help="how many patients each has")
        parser.add_argument("--slots-each", type=int, metavar="K", help="how many slots each has (twice the patients)")
        parser.add_argument("--seed", type=int, default=SEED, help="the same number makes the same world")
        parser.add_argument("--today", type=date.fromisoformat, help="the day around which the slots lie (2026-03-20)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, fill, tidy, and say how long it took."""
        crowd = _crowd(options)
        try:
            check_database()
        except CannotMake as error:
            raise CommandError(str(error)) from error
        _check_empty()
        each = f"each with {crowd.patients_each:,} patients and {crowd.slots_each:,} slots"
        self.stdout.write(f"Making {crowd.practices:,} practices, {each}. If you stop it, nothing is kept.")
        progress = Progress(crowd.rows, sys.stderr)
        rows = _fill(crowd, progress)
        self._tell(crowd, rows, progress.seconds)

    def _tell(self, crowd: Crowd, rows: int, seconds: float) -> None:
        patients, slots = crowd.practices * crowd.patients_each, crowd.practices * crowd.slots_each
        self.stdout.write(f"{patients:,} patients, {slots:,} slots, {rows:,} rows in {seconds:.0f} seconds.")
        who = f"{crowd.email(0, 'patient-1')} and {crowd.email(0, 'reception')}"
        self.stdout.write(f"Sign in as {who} (and so on) with the password: {PASSWORD}")


def _crowd(options: dict[str, Any]) -> Crowd:
    """What was asked for, or CommandError."""
    practices, patients = options["practices"], options["patients_each"]
    slots = 2 * patients if options["slots_each"] is None else options["slots_each"]
    _check("--practices", practices, 1, MOST_PRACTICES)
    _check("--patients-each", patients, 1, MOST_PATIENTS)
    _check("--slots-each", slots, 0, MOST_SLOTS)
    if options["seed"] < 0:
        raise CommandError("--seed must be 0 or more.")
    return Crowd(practices, patients, slots, options["seed"], options["today"] or local_day(timezone.now()))


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise CommandError(f"{name} must be from {least} to {most:,}, not {value:,}.")


def _check_empty() -> None:
    name = connections[OWNER].settings_dict["NAME"]
    if Patient.objects.using(OWNER).exists():
        raise CommandError(FILLED.format(name=name, what="patients"))
    if Practice.objects.using(OWNER).filter(ods_code__regex=r"^X[0-9]{5}$").exists():
        raise CommandError(FILLED.format(name=name, what="made-up practices"))


def _fill(crowd: Crowd, progress: Progress) -> int:
    """Put everything in, in one transaction and by groups of practices; how many rows it was."""
    rows, password, filled = 0, make_password(PASSWORD), set()
    group = -(-crowd.practices // GROUPS)
    with transaction.atomic(using=OWNER):
        for first in range(0, crowd.practices, group):
            last = min(first + group, crowd.practices)
            for table in tables(crowd, range(first, last), password):
                rows += copy(table, progress)
                filled.add(table.model._meta.db_table)
            progress.step(f"Practices {first + 1:,} to {last:,} of {crowd.practices:,}")
    _tidy(filled)
    return rows


def _tidy(filled: set[str]) -> None:
    """Let the planner know what is there, and spare the first readers the tidying after a bulk load."""
    quote = connections[OWNER].ops.quote_name
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(map(quote, sorted(filled)))}")
