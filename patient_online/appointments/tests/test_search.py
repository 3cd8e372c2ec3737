"""Searching free appointments: every wish on its own, and all of them against a search written as plainly as can be."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_online.appointments.models import Schedule, Slot, SlotType
from patient_online.appointments.queries import Wish, days_with_free_slots, slots_free
from patient_online.appointments.tests.changes import CHANGES
from patient_online.asking import Acting
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_schedule,
    a_slot_of,
    a_slot_type,
    an_appointment,
    slots_in,
)
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import LONDON, london
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, Site

WEDNESDAY = date(2026, 3, 4)


@dataclass
class Surgery:
    """Two clinics at the same time that differ in everything a patient may wish for."""

    hers: list[Slot]
    his: list[Slot]


@pytest.fixture
def surgery(practice: Practice, now: datetime) -> Surgery:
    """Dr She's visits at the main building and Dr He's calls at the branch, tomorrow and the day after."""
    she, he = a_clinician_of(practice, sex="female"), a_clinician_of(practice, sex="male")
    branch = Site.objects.create(practice=practice, name="Branch")
    visits, calls = a_slot_type(practice, label="See a GP"), a_slot_type(practice, label="Call from a nurse")
    hers: list[Slot] = []
    his: list[Slot] = []
    for days in (1, 2):
        starts_at = now + timedelta(days=days)
        hers += slots_in(a_schedule(practice, starts_at, clinician=she), most=1, kind=visits)
        his += slots_in(
            a_schedule(practice, starts_at, clinician=he, site=branch), most=1, kind=calls, mode=Mode.TELEPHONE
        )
    return Surgery(hers, his)


def found(ann: Acting, now: datetime, **wishes: Any) -> set[Slot]:
    """What there is for the wish in the next fortnight."""
    return set(slots_free(ann, Wish(WEDNESDAY, WEDNESDAY + timedelta(days=13), **wishes), at=now))


def test_a_patient_who_wishes_for_nothing_sees_everything(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now) == {*surgery.hers, *surgery.his}


def test_a_patient_searches_by_clinician(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, clinician=surgery.his[0].schedule.clinician_id) == set(surgery.his)


def test_a_patient_searches_by_the_clinicians_sex(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, sex="female") == set(surgery.hers)
    assert found(ann, now, sex="male") == set(surgery.his)


def test_a_patient_searches_by_place(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, site=surgery.his[0].schedule.site_id) == set(surgery.his)


def test_a_patient_searches_by_mode(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, mode=Mode.TELEPHONE) == set(surgery.his)
    assert found(ann, now, mode=Mode.VIDEO) == set()


def test_a_patient_searches_by_what_it_is_for(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, label="See a GP") == set(surgery.hers)


def test_a_patient_searches_by_day(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert set(slots_free(ann, Wish(WEDNESDAY, WEDNESDAY), at=now)) == {surgery.hers[0], surgery.his[0]}


def test_all_wishes_must_come_true(ann: Acting, surgery: Surgery, now: datetime) -> None:
    assert found(ann, now, sex="female", mode=Mode.TELEPHONE) == set()
    assert found(ann, now, sex="male", mode=Mode.TELEPHONE, label="Call from a nurse") == set(surgery.his)


def test_a_search_looks_at_fourteen_days_at_most(practice: Practice, ann: Acting, now: datetime) -> None:
    last, beyond = (a_slot_of(practice, london(2026, 3, day, 23, 50)) for day in (17, 18))
    year = Wish(WEDNESDAY, date(2027, 3, 4))
    assert list(slots_free(ann, year, at=now)) == [last]
    assert days_with_free_slots(ann, year, at=now) == {date(2026, 3, 17): 1}
    assert list(slots_free(ann, replace(year, first=date(2026, 3, 5)), at=now)) == [last, beyond]


def test_only_slots_wholly_inside_the_days_are_found(practice: Practice, ann: Acting, now: datetime) -> None:
    """A slot over midnight is on neither day alone, and no day is counted that would then show nothing."""
    inside, over = (a_slot_of(practice, london(2026, 3, 4, 23, minute)) for minute in (50, 55))
    first = a_slot_of(practice, london(2026, 3, 5))
    assert list(slots_free(ann, Wish(WEDNESDAY, WEDNESDAY), at=now)) == [inside]
    assert over in slots_free(ann, Wish(WEDNESDAY, WEDNESDAY + timedelta(days=1)), at=now)
    both = days_with_free_slots(ann, Wish(WEDNESDAY, WEDNESDAY + timedelta(days=1)), at=now)
    assert both == {WEDNESDAY: 1, WEDNESDAY + timedelta(days=1): 1}
    assert list(slots_free(ann, Wish(first.day, first.day), at=now)) == [first]


@dataclass(frozen=True)
class Made:
    """A slot as drawn: when, and what may be wrong with it."""

    starts_at: datetime
    minutes: int
    online: bool
    open: bool
    worded: bool
    taken: bool
    release_at: datetime | None
    mode: str

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


def wall(instant: datetime) -> datetime:
    """What the clock on the wall shows."""
    return instant.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None)


def plainly_bookable(slot: Made, at: datetime) -> bool:
    """Whether the slot could be booked, by a practice that left its policies as they come."""
    released = slot.release_at is None or slot.release_at <= at
    away = slot.starts_at - at
    in_time = timedelta(minutes=15) <= away <= timedelta(days=28)
    return slot.online and slot.open and slot.worded and not slot.taken and released and in_time


def plainly_free(slots: list[Made], first: date, last: date, mode: str, at: datetime) -> list[Made]:
    """The search a second time: from one midnight on the wall to another, nothing sticking out."""
    last = min(last, first + timedelta(days=13))
    midnight = datetime.combine(last + timedelta(days=1), time())
    inside = [
        slot
        for slot in slots
        if plainly_bookable(slot, at)
        and wall(slot.starts_at) >= datetime.combine(first, time())
        # Compared as instants: on the October night the wall shows an hour twice.
        and slot.ends_at <= midnight.replace(tzinfo=LONDON).astimezone(UTC)
    ]
    return [slot for slot in inside if mode in ("", slot.mode)]


@st.composite
def clinics(draw: st.DrawFn) -> tuple[date, datetime, list[Made]]:
    """A day on which the clocks change, an instant in the days before it, and slots around its nights."""
    change = draw(st.sampled_from(CHANGES))
    midnight = datetime.combine(change, time(), LONDON).astimezone(UTC)
    fives = st.integers(-12 * 30, 12 * 40).map(lambda n: midnight + timedelta(minutes=5 * n))
    at = midnight - timedelta(minutes=5 * draw(st.integers(-60, 12 * 24 * 3)))
    mostly = st.sampled_from([True, True, True, False])
    modes = st.sampled_from([Mode.IN_PERSON.value, Mode.VIDEO.value])
    made = st.builds(
        Made, fives, st.sampled_from([5, 10, 30]), mostly, mostly, mostly, mostly.map(lambda yes: not yes),
        st.none() | fives, modes,
    )  # fmt: skip
    return change, at, draw(st.lists(made, max_size=12, unique_by=lambda slot: slot.starts_at))


@given(clinics(), st.integers(-2, 1), st.integers(0, 20), st.sampled_from(["", Mode.VIDEO]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_finds_what_a_plain_one_finds_around_the_clock_changes(
    practice: Practice,
    ann: Acting,
    clinic: tuple[date, datetime, list[Made]],
    first: int,
    days: int,
    mode: str,
) -> None:
    change, at, drawn = clinic
    wish = Wish(change + timedelta(days=first), change + timedelta(days=first + days), mode=mode)
    with transaction.atomic():
        ids = _kept(practice, drawn)
        free = [ids[slot.id] for slot in slots_free(ann, wish, at=at)]
        counted = days_with_free_slots(ann, wish, at=at)
        transaction.set_rollback(True)
    expected = plainly_free(drawn, wish.first, wish.last, mode, at)
    assert free == sorted(expected, key=lambda slot: slot.starts_at)
    by_day = [wall(slot.starts_at).date() for slot in expected if not plainly_over_midnight(slot)]
    assert counted == {day: by_day.count(day) for day in sorted(by_day)}


def plainly_over_midnight(slot: Made) -> bool:
    """Whether it ends on another day than it starts, by the wall; at midnight sharp it does not."""
    return wall(slot.starts_at).date() != wall(slot.ends_at - timedelta(seconds=1)).date()


def _kept(practice: Practice, drawn: list[Made]) -> dict[UUID, Made]:
    """Put the slots into the database, in one schedule; the slot drawn for each id."""
    patient: Patient = a_patient_of(practice)
    schedule: Schedule = a_schedule(practice, datetime(2026, 1, 1, tzinfo=UTC))
    kinds: dict[bool, SlotType] = {True: a_slot_type(practice), False: a_slot_type(practice, label="")}
    kept = {}
    for each in drawn:
        slot = Slot.objects.create(
            practice=practice,
            schedule=schedule,
            type=kinds[each.worded],
            mode=each.mode,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            online=each.online,
            status="open" if each.open else "withdrawn",
            release_at=each.release_at,
        )
        kept[slot.id] = each
        if each.taken:
            an_appointment(slot, patient)
    return kept
