"""What can happen to counts of guesses: one more is counted, one is taken back, old ones are forgotten.

They are in the database, so all workers share them; a try is counted before anything is compared, in one statement
that locks its row, so that any number of tries at once are as many tries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from patient_online.asking import Asker, System
from patient_online.identity.models import GuessBucket
from patient_online.identity.rules import DAY, Limit

NO_WAIT = timedelta(minutes=1)  # in the past: of two requests at once, the later may be counted first
COUNT = """
INSERT INTO identity_guessbucket AS b (bucket, wrong, since, ends_at)
VALUES (%(bucket)s, 1, %(at)s, %(at)s + make_interval(secs => %(first)s))
ON CONFLICT (bucket) DO UPDATE SET (wrong, since, ends_at) = (
  SELECT n.wrong, CASE WHEN n.wrong = 1 THEN excluded.since ELSE b.since END, excluded.since + make_interval(secs =>
    CASE WHEN n.wrong <= %(free)s THEN %(none)s
    ELSE (%(waits)s::float[])[least(n.wrong - %(free)s, %(how_many)s)] END)
  FROM (SELECT CASE WHEN b.since + make_interval(secs => %(counted_for)s) <= excluded.since
               THEN 1 ELSE b.wrong + 1 END AS wrong) n)
WHERE b.ends_at <= excluded.since
RETURNING wrong
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether there may be another try: which one it is if it is wrong, or until when there may be none."""

    wrong: int = 0
    held_until: datetime | None = None


def try_once(bucket: str, limit: Limit, *, by: Asker, at: datetime) -> Tried:
    """Count a try as wrong until it is taken back; while tries are held back it is not counted and may not be made."""
    waits = [wait.total_seconds() for wait in limit.waits]
    given: dict[str, Any] = {
        "bucket": bucket,
        "at": at,
        "free": limit.free,
        "none": -NO_WAIT.total_seconds(),
        "first": -NO_WAIT.total_seconds() if limit.free else waits[0],
        "waits": waits,
        "how_many": len(waits),
        "counted_for": limit.counted_for.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, given)
        row = cursor.fetchone()
    if row:
        return Tried(wrong=row[0])
    ends_at = GuessBucket.objects.filter(bucket=bucket).values_list("ends_at", flat=True).first()
    return Tried(held_until=ends_at or at)


def take_back(buckets: list[str], *, by: Asker, at: datetime) -> None:
    """Count a try no longer that was right, and let the next be made at once."""
    rows = GuessBucket.objects.filter(bucket__in=buckets)
    rows.update(wrong=Greatest(F("wrong") - 1, Value(0)), ends_at=at - NO_WAIT)


def forget_guesses(*, by: System, at: datetime) -> int:
    """Forget the counts of guesses that no longer hold anybody back; says how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_guesses WHERE expires < %s", [at])
        theirs = int(cursor.rowcount)
    ours, _ = GuessBucket.objects.filter(ends_at__lt=at, since__lt=at - DAY).delete()
    return theirs + ours
