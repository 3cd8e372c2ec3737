"""What the pages find by statements kept ready is what the plain queries find, whoever asks, whenever, for whatever."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_online.appointments.models import Appointment, BookingRule, Slot, SlotType
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
from patient_online.appointments.queries.held import Held, held_by
from patient_online.appointments.queries.slots import slots_waiting
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
        near = slots_nearest(who, gone, at=at, length=wish.length, **asked)
        assert nearest_found(who, gone, at=at, length=wish.length, **asked) == near


@given(
    later=st.integers(0, 16 * 24),
    gone=st.integers(0, 127),
    has=st.sets(st.integers(0, 127), max_size=9),
    limits=st.lists(st.none() | st.integers(1, 3), min_size=4, max_size=4),
    length=st.integers(1, 2),
    most=st.sampled_from([5, 15]),
    of_its_kind=st.booleans(),
    moves=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_is_refused_is_offered_the_nearest_of_all_that_they_could_have(
    kinds: list[SlotType],
    book: list[Slot],
    now: datetime,
    later: int,
    gone: int,
    has: set[int],
    limits: list[int | None],
    length: int,
    most: int,
    of_its_kind: bool,
    moves: bool,
) -> None:
    for kind, limit in zip(kinds, limits, strict=True):
        SlotType.objects.filter(id=kind.id).update(most_future=limit)
    robin, at = a_patient_of(book[0].practice), now + timedelta(hours=later)
    who, held = acting_as(robin), [an_appointment(book[n], robin) for n in sorted(has) if n % 4]
    moving = held[0] if held and moves else None
    stay = [one.slot for one in held[1 if moving else 0 :] if one.slot.ends_at > at]
    could = [one for one in slots_bookable(who, at=at, length=length) if leave_room(one, stay, moving, length, at)]
    wanted = [one for one in could if one.id != book[gone].id and (of_its_kind or one.type_id != book[gone].type_id)]
    wanted.sort(key=lambda one: nearness(one, book[gone]))
    asked: dict[str, Any] = {"most": most, "of_its_kind": of_its_kind, "length": length}
    asked["besides"] = held_by(who, at=at, besides=moving)
    found = nearest_found(who, book[gone], at=at, **asked)
    assert found == sorted(wanted[:most], key=lambda one: one.starts_at)
    assert found == slots_nearest(who, book[gone], at=at, **asked)
    Appointment.objects.filter(patient=robin).delete()


def nearness(one: Slot, gone: Slot) -> tuple[Any, ...]:
    """What comes first of the times to offer: those of the same kind, the nearest of them."""
    return one.type_id != gone.type_id, abs(one.starts_at - gone.starts_at), one.starts_at, one.id


def leave_room(one: Slot, stay: list[Slot], moving: Appointment | None, length: int, at: datetime) -> bool:
    """Whether slots that somebody has leave room for an appointment that begins with this one, and for its kind."""
    until = one.starts_at + length * (one.ends_at - one.starts_at)
    if any(other.starts_at < until and other.ends_at > one.starts_at for other in stay):
        return False
    alike = [other for other in stay if other.type_id == one.type_id and other.starts_at > at]
    same_kind = moving is not None and moving.slot.type_id == one.type_id
    return same_kind or one.type.most_future is None or len(alike) < one.type.most_future


def test_a_patient_with_many_appointments_needs_few_statements_of_their_own(book: list[Slot]) -> None:
    times = [(slot.starts_at, slot.ends_at) for slot in book[:9]]
    held = [Held(times[:n], [slot.type_id for slot in book[:n]]) for n in range(10)]
    assert [each.rounded().shape[0] for each in held] == [0, 1, 2, 4, 4, 8, 8, 8, 8, 16]
    assert all(set(each.rounded().times) == set(each.times) for each in held)
    assert all(set(each.rounded().kinds) == set(each.kinds) for each in held)


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
