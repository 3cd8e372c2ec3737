"""A double appointment is moved only to where there is room for it, and the pages say so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_online.appointments.actions import book, rearrange
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import (
    appointment_of,
    days_with_free_slots,
    next_free_day,
    slots_bookable,
    slots_free,
    slots_nearest,
    slots_together,
)
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.asked import any_time, done, refused
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_schedule, a_slot_type, an_appointment
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import time_text
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

TEN = timedelta(minutes=10)


@pytest.fixture
def open_book(client: Client, now: datetime, db: None) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def ids_in(html: str, slots: list[Slot]) -> list[int]:
    """Which of the slots the page leads to, as their numbers."""
    return [number for number, slot in enumerate(slots) if f"/{slot.id}" in html]


def test_a_double_is_moved_only_to_times_with_room_for_it(open_book: OpenBook) -> None:
    """Robin has the first two of six; the fourth is taken: only the fifth and sixth are free together."""
    slots, browser = open_book.slots, open_book.client
    open_book.confirms(slots[0], length="2")
    old = Appointment.objects.get(continues_id=None)
    an_appointment(slots[3], a_patient_of(open_book.practice))
    page = browser.get(f"/appointments/{old.id}/move")
    html = page.content.decode()
    assert "These are times for as long an appointment as the one you have." in html
    assert ids_in(html, slots) == [4]
    assert "10 minutes" not in read(page).all("main")[0].text

    chosen = browser.get(f"/appointments/{old.id}/move/{slots[4].id}")
    assert f"{time_text(slots[4].starts_at)} to {time_text(slots[5].ends_at)}" in chosen.content.decode()
    moved = browser.post(f"/appointments/{old.id}/move/{slots[4].id}", {"key": str(uuid4())})
    assert moved.status_code == 302
    booked = Appointment.objects.filter(patient_id=open_book.robin.id, status="booked")
    assert set(booked.values_list("slot_id", flat=True)) == {slots[4].id, slots[5].id}


def test_a_move_of_a_double_to_a_time_without_room_names_the_reason_and_times_with_room(open_book: OpenBook) -> None:
    slots = open_book.slots
    open_book.confirms(slots[0], length="2")
    old = Appointment.objects.get(continues_id=None)
    an_appointment(slots[3], a_patient_of(open_book.practice))
    answer = open_book.client.post(f"/appointments/{old.id}/move/{slots[2].id}", {"key": str(uuid4())})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert NotBooked.NOT_TOGETHER.words in html
    assert NotBooked.JUST_TAKEN.words not in html
    assert ids_in(html, slots) == [4]


def test_a_single_is_moved_to_any_free_time(open_book: OpenBook) -> None:
    old = an_appointment(open_book.slots[0], open_book.robin)
    an_appointment(open_book.slots[3], a_patient_of(open_book.practice))
    html = open_book.client.get(f"/appointments/{old.id}/move").content.decode()
    assert ids_in(html, open_book.slots) == [1, 2, 4, 5]
    assert "as long an appointment" not in html


def test_an_appointment_knows_how_many_slots_it_has(ann: Acting, slots: list[Slot], now: datetime) -> None:
    single, double = (done(book, slots[n], by=ann, at=now, length=length) for n, length in ((0, 1), (2, 2)))
    lengths = [appointment_of(ann, each.id, at=now).length for each in (single, double)]  # type: ignore[attr-defined]
    assert lengths == [1, 2]


@dataclass(frozen=True)
class Made:
    """A slot as drawn: what may stand in the way of a longer appointment that it is part of."""

    gap: int
    online: bool
    open: bool
    taken: bool
    released: bool
    mode: str
    kind: int


mostly = st.sampled_from([True, True, True, True, False])
a_made = st.builds(
    Made,
    gap=st.sampled_from([0, 0, 0, 0, 5]),
    online=mostly,
    open=mostly,
    taken=mostly.map(lambda yes: not yes),
    released=mostly,
    mode=st.sampled_from([Mode.IN_PERSON.value] * 3 + [Mode.HOME_VISIT.value]),
    kind=st.sampled_from([0, 0, 0, 1]),
)
JOINS = {0: 3, 1: 2}


def plainly(drawn: list[Made], length: int) -> list[int]:
    """The numbers of the slots that an appointment of so many slots could begin with: the condition a second time."""
    found = []
    for number in range(len(drawn) - length + 1):
        run = drawn[number : number + length]
        free = all(each.online and each.open and each.released and not each.taken for each in run)
        alike = len({(each.mode, each.kind) for each in run}) == 1 and not any(each.gap for each in run[1:])
        if free and (length == 1 or (alike and length <= JOINS[run[0].kind])):
            found.append(number)
    return found


@given(st.lists(a_made, min_size=1, max_size=9), st.integers(1, 4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_times_for_longer_appointments_are_those_that_a_plain_search_finds(
    practice: Practice, ann: Acting, now: datetime, drawn: list[Made], length: int
) -> None:
    """And each of them can be booked, as no other can."""
    with transaction.atomic():
        kept = _kept(practice, drawn, now + timedelta(days=1))
        wish = replace(any_time(now), length=length)
        expected = [kept[number] for number in plainly(drawn, length)]
        assert list(slots_free(ann, wish, at=now)) == expected
        assert list(slots_bookable(ann, at=now, length=length)) == expected
        assert sum(days_with_free_slots(ann, wish, at=now).values()) == len(expected)
        assert next_free_day(ann, wish, at=now) == (expected[0].day if expected else None)
        beside = Slot(id=UUID(int=1), type_id=UUID(int=1), starts_at=now)
        assert slots_nearest(ann, beside, at=now, length=length) == expected[:5]
        assert all(len(slots_together(ann, each, wanted=length, at=now)) == length for each in expected)
        assert [slot for slot in kept if _can_be_booked(ann, slot, now, length)] == expected
        transaction.set_rollback(True)


def _can_be_booked(ann: Acting, slot: Slot, now: datetime, length: int) -> bool:
    """Whether the action takes it; what it did is undone."""
    with transaction.atomic():
        try:
            book(slot, by=ann, key=None, at=now, length=length)
        except Exception as no:
            if getattr(no, "reason", None) is None:
                raise
            return False
        finally:
            transaction.set_rollback(True)
    return True


def _kept(practice: Practice, drawn: list[Made], starts_at: datetime) -> list[Slot]:
    """Put the slots into the database, in one schedule, one after the other but for their gaps."""
    schedule, other = a_schedule(practice, starts_at), a_patient_of(practice)
    kinds = {number: a_slot_type(practice, joins_up_to=joins) for number, joins in JOINS.items()}
    kept = []
    for each in drawn:
        starts_at += timedelta(minutes=each.gap)
        row: dict[str, Any] = {"mode": each.mode, "online": each.online, "type": kinds[each.kind]}
        row |= {"status": "open" if each.open else "withdrawn"}
        row |= {"release_at": None if each.released else starts_at}
        slot = Slot.objects.create(
            practice=practice, schedule=schedule, starts_at=starts_at, ends_at=starts_at + TEN, **row
        )
        kept.append(slot)
        starts_at += TEN
        if each.taken:
            an_appointment(slot, other)
    return kept


def test_a_double_can_be_moved_beside_a_slot_that_is_taken_but_not_over_it(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    old = done(book, slots[0], by=ann, at=now, length=2)
    an_appointment(slots[3], a_patient_of(practice))
    assert refused(rearrange, old, to=slots[2], by=ann, at=now) is NotBooked.NOT_TOGETHER
    assert refused(rearrange, old, to=slots[3], by=ann, at=now) is NotBooked.JUST_TAKEN
    assert done(rearrange, old, to=slots[4], by=ann, at=now).slot_id == slots[4].id
