"""How many bookings a second the action gives, beside the one statement that PostgreSQL would need at the least."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from patient_online.appointments.actions import book
from patient_online.appointments.models import Slot
from patient_online.asking import Acting
from patient_online.demo import factories
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

THREADS = 8
EACH = 40
BARE = """
WITH free AS (
  SELECT s.practice_id, s.id FROM appointments_slot s WHERE s.practice_id = %(practice)s AND s.id = %(slot)s FOR UPDATE
)
INSERT INTO appointments_appointment (practice_id, id, slot_id, seat, patient_id, status, outcome, reason, comment,
  contact_telephone, booked_at, booked_by, booked_through, cancelled_through, cancel_reason)
SELECT practice_id, %(id)s, id, 1, %(patient)s, 'booked', '', '', '', '', %(at)s, %(patient)s, 'online', '', ''
FROM free
"""


@dataclass(frozen=True, slots=True)
class Rush:
    """What a row of the table says: bookings a second, how many were made, and the slow end of the waiting times."""

    what: str
    a_second: float
    made: int
    p50_ms: float
    p99_ms: float


def measure(print_line: Callable[[str], None]) -> None:
    """Measure each kind of rush and print a table with ratios to the bare statement."""
    bare, usual, hot = _rush("one bare statement", _bare), _rush("book, different slots", _usual), _hot_rush()
    print_line(f"{'what':28}{'a second':>10}{'made':>8}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}")
    for row in (bare, usual, hot):
        ratio = row.a_second / bare.a_second
        print_line(f"{row.what:28}{row.a_second:10.0f}{row.made:8}{row.p50_ms:9.1f}{row.p99_ms:9.1f}{ratio:8.2f}")


def _rush(what: str, press: Callable[[Acting, Slot], None]) -> Rush:
    practice = factories.a_practice()
    starts = timezone.now() + timedelta(days=1)
    schedules = [factories.a_schedule(practice, starts, hours=EACH) for _ in range(THREADS)]
    kind = factories.a_slot_type(practice)
    books = [factories.slots_in(schedule, minutes=60, kind=kind) for schedule in schedules]
    people = [[_somebody(practice) for _ in range(EACH // 2)] for _ in range(THREADS)]
    return _timed(
        what, [list(zip(each * 2, slots, strict=True)) for each, slots in zip(people, books, strict=True)], press
    )


def _hot_rush() -> Rush:
    practice = factories.a_practice()
    slot = factories.a_slot_of(practice, timezone.now() + timedelta(days=1))
    people = [[(_somebody(practice), slot) for _ in range(EACH // 4)] for _ in range(THREADS)]
    return _timed("answers on one hot slot", people, _usual)


def _somebody(practice: Practice) -> Acting:
    return factories.acting_as(factories.a_patient_of(practice))


def _timed(what: str, work: list[list[tuple[Acting, Slot]]], press: Callable[[Acting, Slot], None]) -> Rush:
    def one(pairs: list[tuple[Acting, Slot]]) -> tuple[list[float], int]:
        times, made = [], 0
        for acting, slot in pairs:
            began = time.perf_counter()
            made += _pressed(press, acting, slot)
            times.append((time.perf_counter() - began) * 1000)
        connection.close()
        return times, made

    began = time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        done = list(pool.map(one, work))
    took = time.perf_counter() - began
    times = sorted(each for times, _ in done for each in times)
    cuts = statistics.quantiles(times, n=100)
    return Rush(what, len(times) / took, sum(made for _, made in done), cuts[49], cuts[98])


def _pressed(press: Callable[[Acting, Slot], None], acting: Acting, slot: Slot) -> int:
    try:
        press(acting, slot)
    except Refused:
        return 0
    return 1


def _usual(acting: Acting, slot: Slot) -> None:
    book(slot, by=acting, key=uuid7(), at=timezone.now())


def _bare(acting: Acting, slot: Slot) -> None:
    given: dict[str, str | UUID | datetime] = {"practice": acting.practice_id, "slot": slot.id, "id": uuid7()}
    with connection.cursor() as cursor:
        cursor.execute(BARE, {**given, "patient": acting.patient_id, "at": timezone.now()})
