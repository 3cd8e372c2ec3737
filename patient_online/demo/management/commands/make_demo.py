"""Puts the made-up practice into the database, once, and says who can sign in."""

import shlex
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from patient_online.demo.keeping import CannotMake, check_database, check_people, keep, last_clinic, remove
from patient_online.demo.telling import logins_table
from patient_online.demo.world import SEED, the_world
from patient_online.nhs.dates import date_short, local_day

RUNNING_OUT = timedelta(days=7)
THERE_ALREADY = "The made-up practice is there already. Its clinics go on until {day}."
RUN_OUT = (
    "The made-up practice was made for an older day: its last clinic is on {day}.\n"
    "To make it afresh for today (what was booked in it is cleared away), run:\n"
    "PATIENT_ONLINE_VAR={var} .venv/bin/python manage.py make_demo --afresh"
)


class Command(BaseCommand):
    """Make the made-up practice around today, unless it is there."""

    help = "Puts a made-up practice with its people and clinics into the database, and says who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the seed and the day be chosen."""
        parser.add_argument("--seed", type=int, default=SEED, help="the same number makes the same world")
        parser.add_argument("--today", type=date.fromisoformat, help="the day around which clinics lie (2026-03-20)")
        parser.add_argument("--afresh", action="store_true", help="clear the made-up practice away first")
        parser.add_argument("--remove", action="store_true", help="take the made-up practice out, and make none")
        parser.add_argument("--among-others", action="store_true", help="even where other practices have patients")
        parser.add_argument("--no-logins", action="store_true", help="do not list who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say that it is there."""
        today = options["today"] or local_day(timezone.now())
        try:
            check_database()
            if options["remove"]:
                return self._remove()
            if not options["among_others"]:
                check_people()
            self._make(today, options["seed"], options["afresh"])
        except CannotMake as error:
            raise CommandError(str(error)) from error
        if not options["no_logins"]:
            self.stdout.write(f"\n{logins_table()}")

    def _remove(self) -> None:
        remove()
        self.stdout.write("The made-up practice is not in this database any more.")

    def _make(self, today: date, seed: int, afresh: bool) -> None:
        last = last_clinic()
        if last is not None and not afresh:
            words = RUN_OUT if last < today + RUNNING_OUT else THERE_ALREADY
            self.stdout.write(words.format(day=date_short(last), var=shlex.quote(str(settings.VAR))))
            return
        began = time.monotonic()
        world = the_world(today, seed)
        keep(world, afresh=afresh)
        made = f"{world.surgery.practice.name}: {len(world.people.everyone)} patients, {len(world.book.slots)} slots, "
        seconds = time.monotonic() - began
        self.stdout.write(f"{made}{len(world.appointments)} appointments. Made up in {seconds:.1f} seconds.")
