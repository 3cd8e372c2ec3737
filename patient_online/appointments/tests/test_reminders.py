"""Reminders: each booked appointment gets each of them once, at the right instant, whatever the clocks do."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine

from patient_online.appointments import jobs, queries
from patient_online.appointments.actions import cancel, rearrange, remind
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.told import kinds_about, words_of
from patient_online.asking import Acting, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    a_slot_type,
    an_appointment,
    the_maker,
)
from patient_online.nhs.dates import day_bounds, from_wall_clock
from patient_online.notify.models import Message
from patient_online.patients.models import Patient
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from tests.at_once import at_once
from tests.statements import statements

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FIRST = ("appointment-reminder", 1)
CHANGES = [
    day
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1))
    if day_bounds(day)[1] - day_bounds(day)[0] != timedelta(days=1)
]
SYSTEM = System("remind", why="as the job does")


def reminded_from(practice: Practice, first: int, second: int) -> None:
    """The practice reminds so many hours before, and again."""
    for name, value in (("reminder_hours", first), ("second_reminder_hours", second)):
        set_policy(practice, name=name, value=value, by=the_maker(practice), at=the_past())


def the_past() -> datetime:
    return from_wall_clock(date(2020, 1, 1), time(9))


def minutes_around(instants: list[datetime]) -> Iterator[datetime]:
    """The minutes from two before to two after each of the instants, in their order, each once."""
    around = {instant + n * MINUTE for instant in instants for n in range(-2, 3)}
    yield from sorted(around)


def ticks(at: datetime) -> None:
    """The worker's clock comes to this minute, and both jobs run."""
    with time_machine.travel(at, tick=False):
        jobs.remind(0)
        jobs.remind_late(0)


def booked_at(practice: Practice, starts_at: datetime) -> Appointment:
    """An appointment that was booked long before."""
    slot = a_slot_of(practice, starts_at, kind=a_slot_type(practice))
    return an_appointment(slot, a_patient_of(practice), booked_at=starts_at - timedelta(days=60))


def reminders_of(appointment: Appointment) -> list[tuple[int, datetime]]:
    rows = Message.objects.filter(about=appointment.id, kind="appointment-reminder").order_by("part")
    return list(rows.values_list("part", "made_at"))


def test_there_are_eight_clock_changes_to_look_at() -> None:
    assert len(CHANGES) == 8


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_around_each_clock_change_every_reminder_comes_once_at_its_hour(practice: Practice, change: date) -> None:
    """Appointments on the day and the two days after, whose reminders fall before, in and after the night."""
    reminded_from(practice, 48, 3)
    walls = [(0, time(0, 30)), (0, time(3, 30)), (0, time(9)), (1, time(1, 30)), (2, time(1, 30)), (2, time(9))]
    starts = [from_wall_clock(change + timedelta(days=n), wall) for n, wall in walls]
    appointments = [booked_at(practice, at) for at in starts]
    for minute in minutes_around([at - timedelta(hours=hours) for at in starts for hours in (48, 3)]):
        ticks(minute)
    for appointment, at in zip(appointments, starts, strict=True):
        assert reminders_of(appointment) == [(1, at - timedelta(hours=48)), (2, at - timedelta(hours=3))]


def test_a_reminder_is_only_of_the_new_time_when_the_appointment_was_moved(
    ann: Acting, practice: Practice, now: datetime
) -> None:
    old = a_slot_of(practice, now + timedelta(days=5))
    new = a_slot_of(practice, now + timedelta(days=9))
    booked = an_appointment(old, Patient.objects.get(id=ann.patient_id), booked_at=now)
    moved = rearrange(booked, to=new, by=ann, key=None, at=now)
    for minute in minutes_around([slot.starts_at - timedelta(hours=48) for slot in (old, new)]):
        ticks(minute)
    assert reminders_of(booked) == []
    assert reminders_of(moved) == [(1, new.starts_at - timedelta(hours=48))]


def test_who_cancels_is_not_reminded_neither_before_nor_while_the_reminder_waits(
    ann: Acting, practice: Practice, now: datetime
) -> None:
    slots = [a_slot_of(practice, now + timedelta(days=3, hours=n)) for n in range(2)]
    patient = Patient.objects.get(id=ann.patient_id)
    one, two = (an_appointment(slot, patient, booked_at=now) for slot in slots)
    cancel(one, by=ann, key=None, at=now)
    due = slots[1].starts_at - timedelta(hours=48)
    ticks(due)
    assert reminders_of(one) == []
    assert reminders_of(two) == [(1, due)]
    assert words_of("appointment-reminder", two, due)
    cancel(two, by=ann, key=None, at=due)
    assert words_of("appointment-reminder", two, due) is None


def test_who_books_inside_the_time_of_the_reminder_is_not_reminded_at_once(practice: Practice, now: datetime) -> None:
    reminded_from(practice, 48, 2)
    starts_at = now + timedelta(hours=47)
    booked = an_appointment(a_slot_of(practice, starts_at), a_patient_of(practice), booked_at=now)
    for minute in minutes_around([now, starts_at - timedelta(hours=2), starts_at]):
        ticks(minute)
    assert reminders_of(booked) == [(2, starts_at - timedelta(hours=2))]


@pytest.mark.parametrize(
    ("hours", "parts"),
    [((48, 0), [1]), ((0, 24), [2]), ((0, 0), []), ((24, 24), [1]), ((2, 48), [1, 2])],
)
def test_the_practice_says_when_and_whether_patients_are_reminded(
    practice: Practice, now: datetime, hours: tuple[int, int], parts: list[int]
) -> None:
    reminded_from(practice, *hours)
    starts_at = now + timedelta(days=10)
    booked = booked_at(practice, starts_at)
    for minute in minutes_around([starts_at - timedelta(hours=n) for n in {*hours, 48}]):
        ticks(minute)
    assert reminders_of(booked) == [(part, starts_at - timedelta(hours=hours[part - 1])) for part in parts]


def test_after_a_night_without_a_worker_everybody_is_reminded_late_and_of_the_nearer_reminder_alone(
    practice: Practice, now: datetime
) -> None:
    reminded_from(practice, 48, 4)
    late, later = booked_at(practice, now + timedelta(hours=40)), booked_at(practice, now + timedelta(hours=3))
    over, just = booked_at(practice, now), booked_at(practice, now + timedelta(hours=48) - 14 * MINUTE)
    with time_machine.travel(now, tick=False):
        jobs.remind(0)
        assert [reminders_of(each) for each in (late, later, over, just)] == [[], [], [], [(1, now)]]
        jobs.remind_late(0)
    assert [reminders_of(each) for each in (late, later, over)] == [[(1, now)], [(2, now)], []]


def test_a_double_appointment_and_a_withdrawn_slot(practice: Practice, now: datetime) -> None:
    """A double is reminded of once; a slot that is out of the book not at all."""
    first, second, gone = (a_slot_of(practice, now + timedelta(hours=n)) for n in (46, 47, 45))
    double = an_appointment(first, a_patient_of(practice))
    rest = an_appointment(second, double.patient, continues=double)
    out = an_appointment(gone, a_patient_of(practice))
    Slot.objects.filter(id=gone.id).update(status=Slot.Status.WITHDRAWN)
    ticks(now)
    assert [len(reminders_of(each)) for each in (double, rest, out)] == [1, 0, 0]


def test_a_large_batch_costs_as_many_statements_as_a_small_one(
    practice: Practice, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost() -> int:
        with statements() as made:
            assert remind(by=SYSTEM, at=now, look_back=queries.ANY_TIME)
        return len(made)

    for n in range(2):
        booked_at(practice, now + timedelta(hours=20 + n))
    few = cost()
    for n in range(30):
        booked_at(a_practice(), now + timedelta(hours=21 + n % 20))
        a_practice()
    assert cost() == few <= 4
    assert Entry.objects.filter(event="appointment.reminders_made").count() == 2
    for n in range(5):
        booked_at(practice, now + timedelta(hours=10 + n))
    monkeypatch.setattr(queries.telling, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
    with time_machine.travel(now, tick=False):
        jobs.remind_late(0)
    assert Message.objects.filter(kind="appointment-reminder").count() == 37


def naively(at: datetime) -> set[tuple[UUID, int]]:
    """Whom to remind by now, found appointment by appointment; `hours` as every practice here has chosen."""
    found: set[tuple[UUID, int]] = set()
    for each in Appointment.objects.select_related("slot"):
        for part, hours, nearer in ((1, 30, 6), (2, 6, 0)):
            ahead = each.slot.starts_at - at
            due = timedelta(hours=nearer) < ahead <= timedelta(hours=hours) and ahead > timedelta(0)
            known = each.booked_at <= each.slot.starts_at - timedelta(hours=hours)
            if each.status == "booked" and due and known:
                found.add((each.id, part))
    return found


def test_the_statement_finds_whom_a_naive_search_finds(now: datetime) -> None:
    practices = [a_practice() for _ in range(3)]
    for n in range(90):
        starts_at = now + timedelta(hours=n * 0.5 - 3)
        long_before = timedelta(hours=(n * 7) % 60)
        slot = a_slot_of(practices[n % 3], starts_at)
        an_appointment(slot, a_patient_of(slot.practice), booked_at=starts_at - long_before)
    for practice in practices:
        reminded_from(practice, 30, 6)
    found = queries.to_remind(SYSTEM, at=now)
    assert {(each.about, each.part) for each in found} == naively(now)
    assert len(found) > 20


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_workers_who_remind_at_the_same_minute_tell_each_patient_once(now: datetime) -> None:
    practice = a_practice()
    booked = [booked_at(practice, now + timedelta(hours=20, minutes=n)) for n in range(20)]

    def reminds() -> int:
        return remind(by=SYSTEM, at=now, look_back=queries.ANY_TIME)

    at_once([reminds] * 6)
    assert [kinds_about(each) for each in booked] == [[FIRST]] * 20
