"""Many made-up practices for benchmarks: the rows, before any of them is in a database."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from patient_online.appointments.models import Appointment, Slot
from patient_online.demo.crowd import Crowd, Of
from patient_online.demo.crowd_rows import tables
from patient_online.nhs.numbers import SYNTHETIC_COUNT, is_valid
from patient_online.patients.models import Patient

SMALL = Crowd(3, 40, 100, 1, date(2026, 3, 20))


def rows_of(crowd: Crowd, *, first: int = 0, last: int | None = None) -> dict[Any, list[dict[str, Any]]]:
    numbers = range(first, crowd.practices if last is None else last)
    return {
        table.model: [dict(zip(table.columns, row, strict=True)) for row in table.values]
        for table in tables(crowd, numbers, "hash")
    }


def test_the_same_seed_makes_the_same_crowd_and_another_seed_another() -> None:
    again, other = Crowd(3, 40, 100, 1, SMALL.today), Crowd(3, 40, 100, 2, SMALL.today)
    assert rows_of(SMALL) == rows_of(again)
    ids, others = ({row["id"] for row in rows_of(crowd)[Patient]} for crowd in (SMALL, other))
    assert ids.isdisjoint(others)


@pytest.mark.parametrize("crowd", [SMALL, Crowd(2, 5, 0, 1, SMALL.today), Crowd(1, 500, 5000, 1, SMALL.today)])
def test_the_number_of_rows_is_known_beforehand(crowd: Crowd) -> None:
    assert crowd.rows == sum(map(len, rows_of(crowd).values()))


def test_a_practice_is_the_same_in_whichever_group_it_is_made() -> None:
    alone = rows_of(SMALL, first=1, last=2)
    together = rows_of(SMALL)
    for model, rows in alone.items():
        assert rows
        assert all(row in together[model] for row in rows)


def test_every_id_is_a_uuid7_of_its_own_and_ids_of_a_kind_rise() -> None:
    ids = [SMALL.id(of, n, k) for of in Of for n in range(20) for k in range(100)]
    assert len(set(ids)) == len(ids) == len(Of) * 2000
    assert all(UUID(each).version == 7 and UUID(each).variant == "specified in RFC 4122" for each in ids)
    far = [SMALL.id(Of.SLOT, 0, k) for k in range(0, 20_000, 7)]
    assert all(one[:18] <= other[:18] for one, other in pairwise(far))


@pytest.mark.parametrize("first", [0, 22_727])
def test_numbers_repeat_across_practices_but_never_within_one(first: int) -> None:
    crowd = Crowd(30_000, 40, 0, SYNTHETIC_COUNT - 20, SMALL.today)
    for n in range(first, first + 3):
        numbers = [row["nhs_number"] for row in rows_of(crowd, first=n, last=n + 1)[Patient]]
        assert len(set(numbers)) == len(numbers) == 40
        assert all(is_valid(number) and number.startswith("999") for number in numbers)


def test_no_clinician_has_two_sessions_at_once_however_many_slots_there_are() -> None:
    crowd = Crowd(1, 500, 5000, 1, SMALL.today)
    assert crowd.clinicians_each > 2
    seen = Counter(crowd.session(k) for k in range(crowd.sessions_each))
    assert max(seen.values()) == 1
    assert max(surgery for surgery, _ in seen) < len(crowd.surgeries)


@pytest.mark.parametrize("slots", [0, 1, 17, 100, 399])
def test_each_patient_has_one_appointment_at_most_and_each_slot_one_patient(slots: int) -> None:
    made = rows_of(Crowd(2, 40, slots, 1, SMALL.today))
    assert len(made[Slot]) == 2 * slots
    by_practice = defaultdict(list)
    for row in made[Appointment]:
        by_practice[row["practice_id"]].append(row)
    existing = {(row["practice_id"], row["id"]) for row in made[Slot]}
    assert sum(map(len, by_practice.values())) == 2 * min(slots // 4, 30)
    for practice, rows in by_practice.items():
        assert len({row["slot_id"] for row in rows}) == len({row["patient_id"] for row in rows}) == len(rows)
        assert all((practice, row["slot_id"]) in existing for row in rows)
