"""How long a wrong letter takes, whatever is wrong with it: `python -m benchmarks.linking [tries]`.

Each way of being wrong is tried in turn with one where nothing is right; Welch's t of the two lists of times says
whether they can be told apart (|t| above 4.5 is a leak, as in leakage tests of cryptography).
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean, variance
from typing import Any
from uuid import uuid4

from benchmarks.__main__ import of_its_own
from patient_online.config.start import start

TRIES, LEAKS = 2000, 4.5


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t of two lists of times."""
    spread = variance(one) / len(one) + variance(other) / len(other)
    return (fmean(one) - fmean(other)) / spread**0.5 if spread else 0.0


@dataclass(frozen=True)
class Wrong:
    """One way of being wrong, and how to type it."""

    name: str
    typed: Callable[[], Any]


class Letters:
    """Letters of one made-up practice, each to a patient of its own and wrong in one way."""

    def __init__(self) -> None:
        from patient_online.demo.factories import a_practice

        self.practice = a_practice()

    def wrong(self, name: str, ods: str = "", born: date | None = None, **row: Any) -> Wrong:
        """A letter whose row is changed so, or of which another practice or birth date is typed."""
        from patient_online.access.actions.linking import Typed
        from patient_online.access.linkage import new_key
        from patient_online.access.models import LinkageKey
        from patient_online.access.tests.registered import something_registered
        from patient_online.demo.factories import a_patient_of

        patient = a_patient_of(self.practice, family_name="Madeup")
        letters = LinkageKey.objects.filter(id=something_registered(self.practice, patient.id)["letter_id"])
        letters.update(**row)
        account_ref = letters.get().account_ref

        def typed() -> Typed:
            letters.filter(used_at=None, ended_at=None).update(wrong=0)
            place = ods or self.practice.ods_code
            return Typed(account_ref, place, new_key(), patient.family_name, born or patient.birth_date)

        return Wrong(name, typed)


def ways() -> Iterator[Wrong]:
    """Every way of being wrong with a letter, each on a letter of its own."""
    letters, now = Letters(), datetime.now().astimezone()
    yield letters.wrong("another key")
    yield letters.wrong("another birth date", born=date(1970, 1, 1))
    yield letters.wrong("no such practice", ods="ZZ998")
    yield letters.wrong("run out", made_at=now - timedelta(days=15), ends_at=now - timedelta(days=1))
    yield letters.wrong("used", used_at=now, used_by=uuid4())
    yield letters.wrong("ended", ended_at=now, ended_why="taken-back")


def took(account: Any, typed: Any) -> float:
    """How many seconds one try takes; the counts of tries are forgotten before it."""
    from patient_online.access.actions import link
    from patient_online.asking import AccountHolder
    from patient_online.identity.models import GuessBucket
    from patient_online.refusals import Refused

    GuessBucket.objects.all().delete()
    began = time.perf_counter()
    try:
        link(typed, network="bench", by=AccountHolder(account.id), at=datetime.now().astimezone())
    except Refused:
        return time.perf_counter() - began
    raise LookupError("A wrong letter was taken.")


def main(tries: int) -> int:
    """Say for each way of being wrong how far it can be told from one where nothing is right; 1 where one can."""
    from patient_online.access.actions.linking import Typed
    from patient_online.access.linkage import new_key
    from patient_online.demo.factories import an_account

    worst, account = 0.0, an_account()
    for way in ways():
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(2 * tries):
            nothing = Typed("0000000000", "ZZ999", new_key(), "Nobody", date(1990, 1, 1))
            typed = way.typed()  # made for both, so that the same was done just before
            times[number % 2].append(took(account, typed if number % 2 else nothing))
        t = welch(times[1], times[0])
        worst = max(worst, abs(t))
        sys.stdout.write(
            f"{way.name:20} {fmean(times[1]) * 1000:7.2f} ms  nothing right {fmean(times[0]) * 1000:7.2f} ms"
        )
        sys.stdout.write(f"  t = {t:+.2f}\n")
    return int(worst >= LEAKS)


def run(tries: int) -> int:
    """Measure in a database of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    start(Path(__file__).resolve().parent.parent)
    with of_its_own():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        try:
            return main(tries)
        finally:
            connections.close_all()


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]) if len(sys.argv) > 1 else TRIES))
