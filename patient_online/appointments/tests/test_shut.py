"""A closed day and a clinician who is away: nobody books there, though the slots stand in the book still."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from patient_online.appointments import queries
from patient_online.appointments.actions import book, enter_absence, take_back_absence
from patient_online.appointments.models import Slot
from patient_online.appointments.queries.shut import NOT_SHUT, SHUT, not_shut_after
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.asked import done, free, refused
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    acting_as,
    slots_in,
    staff_of,
)
from patient_online.nhs.dates import from_wall_clock, local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices.actions import close, take_back_closure

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_a_closed_day_is_not_offered_and_cannot_be_booked_until_the_closure_is_taken_back(now: datetime) -> None:
    practice = a_practice()
    slot, next_day = a_slot_of(practice, now + A_DAY), a_slot_of(practice, now + 2 * A_DAY)
    robin, manager = acting_as(a_patient_of(practice)), staff_of(practice, Role.MANAGER)
    closure = close(local_day(now + A_DAY), local_day(now + A_DAY), words="Training", by=manager, at=now, key=None)
    assert free(robin, now) == [next_day]
    assert queries.slot_online(robin, slot.id) is None
    assert refused(book, slot, by=robin, at=now) is NotBooked.NOT_OFFERED
    take_back_closure(closure, by=manager, at=now)
    assert free(robin, now) == [slot, next_day]
    assert done(book, slot, by=robin, at=now).slot_id == slot.id


def test_a_clinician_who_is_away_is_not_offered_and_the_others_are(now: datetime) -> None:
    practice = a_practice()
    slot, colleague = a_slot_of(practice, now + A_DAY), a_slot_of(practice, now + A_DAY + A_DAY / 24)
    robin, manager = acting_as(a_patient_of(practice)), staff_of(practice, Role.MANAGER)
    days: dict[str, Any] = {"from_day": local_day(now), "to_day": local_day(now + A_DAY)}
    away = enter_absence(slot.schedule.clinician_id, **days, note="", by=manager, key=None, at=now)
    assert slot.schedule.clinician_id != colleague.schedule.clinician_id
    assert free(robin, now) == [colleague]
    assert refused(book, slot, by=robin, at=now) is NotBooked.NOT_OFFERED
    take_back_absence(away, by=manager, at=now)
    assert free(robin, now) == [slot, colleague]


def test_closed_from_half_past_eight_nobody_books_what_goes_on_then_and_what_is_over_is_free(now: datetime) -> None:
    """Closed tomorrow from 8:30am to 9am: what only touches that time can be booked."""
    practice = a_practice()
    tomorrow = now + A_DAY  # 8am
    schedule = a_schedule(practice, tomorrow, hours=1.5)
    slots = slots_in(schedule, minutes=15, kind=a_slot_type(practice))
    robin, manager = acting_as(a_patient_of(practice)), staff_of(practice, Role.MANAGER)
    day, times = local_day(tomorrow), {"from_time": time(8, 30), "to_time": time(9)}
    closure = close(day, day, words="Training", **times, by=manager, at=now, key=None)
    assert free(robin, now) == [*slots[:2], *slots[4:]]
    assert refused(book, slots[2], by=robin, at=now) is NotBooked.NOT_OFFERED
    assert done(book, slots[1], by=robin, at=now).slot_id == slots[1].id
    take_back_closure(closure, by=manager, at=now)
    assert free(robin, now) == [slots[0], *slots[2:]]


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)])
def test_the_search_and_the_stretch_agree_about_every_slot_around_a_clock_change(day: date, now: datetime) -> None:
    practice = a_practice()
    who, kind = a_clinician_of(practice), a_slot_type(practice)
    schedule = a_schedule(practice, from_wall_clock(day, time(12)), hours=36, clinician=who)
    slots = slots_in(schedule, minutes=60, kind=kind)
    manager = staff_of(practice, Role.MANAGER)
    away: dict[str, Any] = {"from_day": day, "from_time": time(20), "to_day": day + A_DAY, "to_time": time(7)}
    absence = enter_absence(who.id, **away, note="", by=manager, key=None, at=now)
    shut = set(Slot.objects.filter(SHUT).values_list("id", flat=True))
    stretch = stretch_of(absence)
    assert shut == {slot.id for slot in slots if stretch.meets(slot.starts_at, slot.ends_at)}
    assert 0 < len(shut) < len(slots)


def test_a_slot_that_ends_at_midnight_is_not_of_the_closed_day_after_it(now: datetime) -> None:
    practice = a_practice()
    day = local_day(now) + A_DAY
    late = a_slot_of(practice, from_wall_clock(day, time(23, 50)))
    manager = staff_of(practice, Role.MANAGER)
    close(day + A_DAY, day + A_DAY, words="Training", by=manager, at=now, key=None)
    assert free(acting_as(a_patient_of(practice)), now) == [late]


@pytest.mark.parametrize("shut", ["nothing", "the practice", "the clinician", "the past", "what was taken back"])
def test_who_looks_at_what_is_ahead_alone_finds_the_same_times_shut(shut: str, now: datetime) -> None:
    practice = a_practice()
    who, kind = a_clinician_of(practice), a_slot_type(practice)
    slots = [
        slot for n in range(4) for slot in slots_in(a_schedule(practice, now + n * A_DAY, clinician=who), kind=kind)
    ]
    manager, day = staff_of(practice, Role.MANAGER), local_day(now) + A_DAY * (-2 if shut == "the past" else 1)
    if shut == "the clinician":
        days: dict[str, Any] = {"from_day": day, "to_day": day, "from_time": time(9), "to_time": None}
        enter_absence(who.id, **days, note="", by=manager, key=None, at=now)
    elif shut != "nothing":
        closure = close(day, day, words="Training", by=manager, at=now - 3 * A_DAY, key=None, to_time=time(9))
        if shut == "what was taken back":
            take_back_closure(closure, by=manager, at=now)
    later = Slot.objects.filter(starts_at__gt=now)
    found = set(later.filter(not_shut_after(manager, now)))
    assert found == set(later.filter(NOT_SHUT))
    assert (len(found) < later.count()) == (shut in ("the practice", "the clinician"))
    assert len(slots) > later.count() > 0
