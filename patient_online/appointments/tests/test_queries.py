"""What a patient may see of the book: what is offered, what comes next, what is theirs, and what it costs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import book, cancel, rearrange
from patient_online.appointments.models import Appointment, Slot, SlotType
from patient_online.appointments.queries import (
    NextRelease,
    appointment_of,
    choices_online,
    day_list,
    days_with_free_slots,
    next_release,
    past,
    slot_following,
    slots_free,
    slots_nearest,
    slots_online,
    upcoming,
)
from patient_online.appointments.tests.asked import any_time, done, the_trail
from patient_online.asking import Acting, Role
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.identity.models import Account
from patient_online.nhs.appointments import NationalCategory
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.patients.queries import telephone_of
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from tests.statements import statements


@pytest.mark.parametrize(
    "unworded",
    [
        {"label": ""},
        {"national_category": ""},
        {"national_category": NationalCategory.UNMAPPED},
        {"national_category": NationalCategory.INCONSISTENT_MAPPING},
    ],
    ids=["no words", "no category", "unmapped", "inconsistent"],
)
def test_a_slot_without_words_or_national_category_is_in_no_list(
    ann: Acting, slots: list[Slot], now: datetime, unworded: dict[str, str]
) -> None:
    def seen() -> list[int]:
        lists: list[Any] = [slots_online(ann), slots_free(ann, any_time(now), at=now), choices_online(ann, at=now)]
        lists += [days_with_free_slots(ann, any_time(now), at=now), slots_nearest(ann, slots[0], at=now)]
        return [len(each) for each in lists]

    early = replace(ann, policies={"book_ahead_days": 1}), now - timedelta(minutes=1)
    assert all(seen())
    assert next_release(early[0], at=early[1])
    assert slot_following(ann, slots[0], at=now)
    SlotType.objects.filter(id=slots[0].type_id).update(**unworded)
    assert not any(seen())
    assert next_release(early[0], at=early[1]) is None
    assert slot_following(ann, slots[0], at=now) is None


def test_the_name_of_a_kind_of_slot_in_the_book_is_never_among_the_choices(ann: Acting, now: datetime) -> None:
    practice = Practice.objects.get(ods_code=ann.practice_id)
    a_slot_of(practice, now + timedelta(days=1), kind=a_slot_type(practice, name="GP-RTN-RAW", label="See a GP"))
    assert [choice["label"] for choice in choices_online(ann, at=now)] == ["See a GP"]
    assert "GP-RTN-RAW" not in str(choices_online(ann, at=now))


def test_the_next_release_is_the_time_the_practice_set(practice: Practice, ann: Acting, now: datetime) -> None:
    released, day = now + timedelta(hours=4), now + timedelta(days=3)
    for later in (2, 1, 0):
        a_slot_of(practice, day, release_at=released + timedelta(hours=later))
    assert next_release(ann, at=now) == NextRelease(released, local_day(day))
    assert next_release(ann, at=released + timedelta(hours=2)) is None


def test_the_next_release_is_the_day_that_comes_within_reach(practice: Practice, ann: Acting, now: datetime) -> None:
    """Four weeks before the slot, to the minute; or later, when the practice releases it later."""
    a_slot_of(practice, now + timedelta(days=30))
    assert next_release(ann, at=now) == NextRelease(now + timedelta(days=2), date(2026, 4, 2))
    late = a_slot_of(practice, now + timedelta(days=29), release_at=now + timedelta(days=1, hours=1))
    assert next_release(ann, at=now) == NextRelease(now + timedelta(days=1, hours=1), local_day(late.starts_at))


def test_nobody_is_told_to_wait_for_what_is_taken_or_released_too_late(
    practice: Practice, ann: Acting, now: datetime
) -> None:
    tomorrow = now + timedelta(days=1)
    an_appointment(a_slot_of(practice, now + timedelta(days=30)), a_patient_of(practice))
    a_slot_of(practice, tomorrow, release_at=tomorrow - timedelta(minutes=14))
    assert next_release(ann, at=now) is None
    a_slot_of(practice, tomorrow, release_at=tomorrow - timedelta(minutes=15))
    assert next_release(ann, at=now) is not None


def test_the_nearest_times_are_five_of_the_same_kind_first(practice: Practice, ann: Acting, now: datetime) -> None:
    nine, kind = now + timedelta(days=1), a_slot_type(practice)
    around = slots_in(a_schedule(practice, nine), most=9, kind=kind)
    others = slots_in(a_schedule(practice, nine), most=9, kind=a_slot_type(practice))
    an_appointment(around[4], a_patient_of(practice))
    assert slots_nearest(ann, around[4], at=now) == [*around[1:4], *around[5:7]]
    Slot.objects.filter(id__in=[slot.id for slot in around[5:]]).update(status="withdrawn")
    assert slots_nearest(ann, around[4], at=now)[:4] == around[:4]
    assert slots_nearest(ann, around[4], at=now)[4:] == [others[4]]


def test_the_nearest_times_can_all_be_booked(practice: Practice, ann: Acting, now: datetime) -> None:
    """Never one that is past, too soon, taken, or not released."""
    slots = slots_in(a_schedule(practice, now - timedelta(minutes=10)), most=6)
    Slot.objects.filter(id=slots[4].id).update(release_at=now + timedelta(minutes=1))
    an_appointment(slots[3], a_patient_of(practice))
    assert slots_nearest(ann, slots[3], at=now) == [slots[5]]


def test_a_patient_sees_what_is_to_come_and_what_has_been(practice: Practice, ann: Acting, now: datetime) -> None:
    """Cancelled, missed and attended ones too; the latest first, as many as the practice shows."""
    patient = Patient.objects.get(id=ann.patient_id)
    missed = an_appointment(a_slot_of(practice, now - timedelta(days=9)), patient, outcome="dna")
    came = an_appointment(a_slot_of(practice, now - timedelta(days=1)), patient, outcome="attended")
    gone = done(book, a_slot_of(practice, now + timedelta(days=1)), by=ann, at=now)
    done(cancel, gone, by=ann, at=now)
    later, sooner = (done(book, a_slot_of(practice, now + timedelta(days=d)), by=ann, at=now) for d in (5, 4))
    an_appointment(a_slot_of(practice, now + timedelta(days=2)), a_patient_of(practice))
    assert upcoming(ann, at=now) == [sooner, later]
    assert past(ann, at=now) == [gone, came, missed]
    assert past(replace(ann, policies={"past_appointments_shown": 2}), at=now) == [gone, came]


def test_a_double_appointment_is_one_in_the_list_and_to_come_until_its_end(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    made = done(book, slots[0], by=ann, at=now, length=2)
    (shown,) = upcoming(ann, at=slots[1].starts_at)
    assert (shown.id, shown.ends_at) == (made.id, slots[1].ends_at)  # type: ignore[attr-defined]
    assert past(ann, at=slots[1].starts_at) == []
    assert upcoming(ann, at=slots[1].ends_at) == []


def test_a_moved_appointment_leads_to_the_new_one(ann: Acting, slots: list[Slot], now: datetime) -> None:
    old = done(book, slots[0], by=ann, at=now)
    new = done(rearrange, old, to=slots[1], by=ann, at=now)
    assert [each.moved_to_id for each in past(ann, at=now)] == [new.id]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("event", "look"),
    [
        ("appointment.upcoming_seen", lambda ann, made, now: upcoming(ann, at=now)),
        ("appointment.past_seen", lambda ann, made, now: past(ann, at=now)),
        ("appointment.seen", lambda ann, made, now: appointment_of(ann, made.id, at=now)),
        ("patient.telephone_seen", lambda ann, made, now: telephone_of(ann, at=now)),
    ],
)
def test_every_reading_of_a_patients_data_leaves_exactly_one_entry(
    event: str, look: Callable[[Acting, Appointment, datetime], Any], ann: Acting, slots: list[Slot], now: datetime
) -> None:
    made = done(book, slots[0], by=ann, at=now)
    look(ann, made, now)
    assert the_trail() == [("appointment.booked", ""), (event, "")]


def test_staff_who_read_a_day_of_the_book_leave_exactly_one_entry(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    made = done(book, slots[0], by=ann, at=now)
    shown = day_list(staff_of(practice, Role.RECEPTIONIST), local_day(slots[0].starts_at), at=now)
    assert [comer.appointment for comer in shown.comers] == [made]
    assert [row.free for row in shown.rows] == [0, 1, 1, 1, 1, 1]
    assert the_trail() == [("appointment.booked", ""), ("appointment.day_seen", "")]


def test_what_is_not_the_patients_is_not_there(practice: Practice, ann: Acting, now: datetime) -> None:
    elsewhere = a_practice()
    there = an_appointment(a_slot_of(elsewhere, now + timedelta(days=1)), a_patient_of(elsewhere))
    neighbours = an_appointment(a_slot_of(practice, now + timedelta(days=1)), a_patient_of(practice))
    for unseen in (there.id, neighbours.id, uuid7()):
        with pytest.raises(Appointment.DoesNotExist):
            appointment_of(ann, unseen, at=now)
    assert upcoming(ann, at=now) == []
    assert list(slots_online(ann)) == [neighbours.slot]


@pytest.mark.parametrize(
    ("page", "events"),
    [
        ("book", []),
        ("", ["appointment.upcoming_seen", "appointment.past_seen"]),
        ("{made}", ["appointment.seen"]),
        ("{made}/calendar.ics", ["appointment.seen"]),
        ("{made}/cancel", ["appointment.seen"]),
    ],
)
def test_a_page_leaves_one_entry_for_each_thing_that_it_shows_of_a_patient(
    ann: Acting, slots: list[Slot], now: datetime, page: str, events: list[str]
) -> None:
    made = done(book, slots[0], by=ann, at=now)
    with time_machine.travel(now, tick=False):
        browser = Client()
        browser.force_login(Account.objects.get(id=ann.account_id))
        assert browser.get(f"/appointments/{page}".format(made=made.id)).status_code == 200
    assert the_trail() == [("appointment.booked", ""), *((event, "") for event in events)]


@pytest.mark.parametrize(
    ("page", "most"),
    [("/appointments/book", 7), ("/appointments/", 5), ("/appointments/{made}", 4), ("/appointments/{made}/move", 8)],
)
def test_pages_cost_few_statements(ann: Acting, slots: list[Slot], now: datetime, page: str, most: int) -> None:
    """One tells who asks, one writes the trail of each reading, and one or two read each thing shown."""
    made = done(book, slots[0], by=ann, at=now)
    with time_machine.travel(now, tick=False):
        browser = Client()
        browser.force_login(Account.objects.get(id=ann.account_id))
        with statements() as cost:
            assert browser.get(page.format(made=made.id)).status_code == 200
    assert len(cost) == most
