"""What the pages find by statements kept ready is what the plain queries find, whoever asks, whenever, for whatever."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_online.appointments.models import BookingRule, Slot, SlotType
from patient_online.appointments.queries import (
    Wish,
    choices_found,
    choices_online,
    days_found,
    days_with_free_slots,
    nearest_found,
    next_release,
    slot_online,
    slots_bookable,
    slots_found,
    slots_free,
    slots_nearest,
    slots_online,
    terms_of,
)
from patient_online.appointments.queries.slots import nearest_to, slots_waiting
from patient_online.asking import Acting
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_schedule,
    a_slot_type,
    acting_as,
    an_appointment,
    slots_in,
)
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import day_bounds
from patient_online.practices.models import Practice

KINDS = ("See a GP", "Blood test", "Call from a nurse")
WISHED: dict[str, Any] = {"sex": "female", "mode": Mode.IN_PERSON, "label": KINDS[0]}


@pytest.fixture
def kinds(practice: Practice) -> list[SlotType]:
    """Four kinds of slot, two of which patients are told the same of."""
    return [a_slot_type(practice, label=label, joins_up_to=2) for label in (*KINDS, KINDS[0])]


@pytest.fixture
def book(practice: Practice, kinds: list[SlotType], now: datetime) -> list[Slot]:
    """Slots of every kind over five weeks, in the hands of a woman and a man; each fourth one is taken."""
    people, slots = [a_clinician_of(practice, sex=sex) for sex in ("female", "male")], list[Slot]()
    for days in (0, 1, 6, 13, 20, 27, 28, 34):
        for number, kind in enumerate(kinds):
            schedule = a_schedule(practice, now + timedelta(days=days, hours=number), clinician=people[number % 2])
            slots += slots_in(schedule, most=4, kind=kind, mode=Mode.TELEPHONE if number == 2 else Mode.IN_PERSON)
    for slot in slots[::4]:
        an_appointment(slot, a_patient_of(practice))
    return slots


def ruled(practice: Practice, kinds: list[SlotType], now: datetime) -> None:
    """Let the practice release one kind a week ahead at eight, and another to grown-ups and, later, to all."""
    at_eight = {"days_ahead": 7, "release_time": time(8)}
    BookingRule.objects.create(practice=practice, type=kinds[0], **at_eight)
    BookingRule.objects.create(practice=practice, type=kinds[1], least_age=18)
    BookingRule.objects.create(practice=practice, type=kinds[1], embargo_until=now + timedelta(days=2))


@pytest.mark.parametrize("with_rules", [False, True])
@given(
    born=st.sampled_from([date(1960, 2, 29), date(2008, 3, 5), date(2015, 1, 1)]),
    later=st.integers(0, 40 * 24),
    first=st.integers(0, 30),
    wished=st.sets(st.sampled_from(sorted(WISHED))),
    length=st.integers(1, 2),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_finds_what_the_plain_search_finds(
    practice: Practice,
    kinds: list[SlotType],
    book: list[Slot],
    now: datetime,
    with_rules: bool,
    born: date,
    later: int,
    first: int,
    wished: set[str],
    length: int,
) -> None:
    BookingRule.objects.all().delete()
    if with_rules:
        ruled(practice, kinds, now)
    who, at = acting_as(a_patient_of(practice, birth_date=born)), now + timedelta(hours=later)
    day = at.date() + timedelta(days=first)
    wish = Wish(day, day + timedelta(days=13), length=length, **{name: WISHED[name] for name in wished})
    finds_the_same(who, wish, book[0], at)


def finds_the_same(who: Acting, wish: Wish, gone: Slot, at: datetime) -> None:
    """Every question is answered as the plain query answers it."""
    terms = terms_of(who)
    free = slots_found(who, wish, at=at, terms=terms)
    plain = slots_free(who, wish, at=at)
    assert [(one.id, one.places_left) for one in free] == [(one.id, one.places_left) for one in plain]  # type: ignore[attr-defined]
    assert days_found(who, wish, at=at, terms=terms) == days_with_free_slots(who, wish, at=at)
    choices, plainly = choices_found(who, at=at, terms=terms), choices_online(who, at=at)
    assert sorted(map(repr, choices)) == sorted(map(repr, plainly))
    assert nearest_found(who, gone, at=at, length=wish.length) == slots_nearest(who, gone, at=at, length=wish.length)
    waiting = slots_waiting(who, wish, at=at, terms=terms).filter(starts_at__lt=day_bounds(wish.last)[1])
    released = next(([one.opens, one.day] for one in waiting if one.day >= wish.first), None)  # type: ignore[attr-defined]
    told = next_release(who, at=at, terms=terms, wish=wish, on_its_days=True)
    assert released == (told and [told.at, told.day])
    each: list[dict[str, Any]] = [{"most": 2}, {"most": 12}, {"most": 4, "of_its_kind": False}]
    for asked in each:
        near: Any = nearest_to(who, slots_bookable(who, at=at, length=wish.length), gone, **asked)
        in_order = sorted(near, key=lambda slot: slot.starts_at)
        assert nearest_found(who, gone, at=at, length=wish.length, **asked) == in_order


def test_somebody_finds_something_at_all(ann: Acting, book: list[Slot], now: datetime) -> None:
    """So that the comparison above is not one of nothing with nothing."""
    wish = Wish(now.date(), now.date() + timedelta(days=13))
    found = slots_found(ann, wish, at=now, terms=terms_of(ann))
    assert 20 < len(found) < len(book)
    assert found[0].schedule.clinician.name
    assert len(nearest_found(ann, book[0], at=now)) == 5


def test_a_slot_is_shown_to_who_may_book_it_alone(ann: Acting, book: list[Slot]) -> None:
    stranger = acting_as(a_patient_of(book[0].practice))
    assert slot_online(ann, book[0].id) == slots_online(ann).get(id=book[0].id)
    Slot.objects.filter(id=book[0].id).update(online=False)
    assert slot_online(ann, book[0].id) is None
    assert slot_online(Acting(stranger.account_id, ann.practice_id, ann.patient_id), book[1].id) is None
