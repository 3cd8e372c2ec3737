"""Who is refused, or loses an appointment with many others, is not sent after the same few times as everybody else."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from patient_online.appointments.queries import others, times_to_offer
from patient_online.appointments.rules.offering import first_of_the_kind, how_many_near, their_share
from patient_online.appointments.tests.clinics import a_morning
from patient_online.asking import System
from patient_online.demo.factories import a_schedule, a_slot_type, acting_as, an_appointment, slots_in
from patient_online.storage.ids import uuid7

TWELVE = list(range(12))


def share(near: list[int], patient_id: UUID) -> list[int]:
    """Three of the times."""
    return their_share(near, patient_id, most=3, key=lambda time: time)


def test_four_hundred_who_look_at_once_are_spread_over_all_that_is_near() -> None:
    named = Counter(time for _ in range(400) for time in share(TWELVE, uuid7()))
    assert set(named) == set(TWELVE)
    assert max(named.values()) < 3 * min(named.values())


def test_each_is_named_the_same_times_however_often_they_look() -> None:
    robin = uuid7()
    assert share(TWELVE, robin) == share(TWELVE, robin) == sorted(share(TWELVE, robin))
    assert len(share(TWELVE, robin)) == 3


def test_a_time_that_goes_changes_nothing_for_those_to_whom_it_was_not_named() -> None:
    robin = uuid7()
    mine = share(TWELVE, robin)
    [first_other, *_] = [time for time in TWELVE if time not in mine]
    assert share([time for time in TWELVE if time != first_other], robin) == mine


def test_where_there_are_few_everybody_is_named_all() -> None:
    assert {tuple(share([7, 8], uuid7())) for _ in range(20)} == {(7, 8)}


def test_times_of_the_same_kind_come_before_all_others() -> None:
    def three(near: list[int], kind: range) -> list[int]:
        return first_of_the_kind(near, uuid7(), most=3, key=lambda time: time, alike=lambda time: time in kind)

    for _ in range(20):
        assert set(three(TWELVE, range(6, 12))) <= set(range(6, 12))
        few = three(TWELVE, range(2))
        assert few[:2] == [0, 1]
        assert few[2] not in (0, 1)


@pytest.mark.django_db
def test_patients_of_a_withdrawn_session_are_told_of_different_times(now: datetime) -> None:
    morning = a_morning(now)
    morning.another(now + timedelta(days=2))
    slots_in(a_schedule(morning.practice, now + timedelta(days=2), hours=4), kind=morning.kind)
    system = System("notices", morning.practice.ods_code)
    lost = [morning.booked(n) for n in range(6)]
    near = lost[0].slot.starts_at
    offered = [times_to_offer(system, each, near, at=now) for each in lost]
    assert offered == [times_to_offer(system, each, near, at=now) for each in lost]
    assert all(len(times) == 3 and times == sorted(times) for times in offered)
    assert len({time for times in offered for time in times}) > 3
    last = now + timedelta(days=2, minutes=10 * how_many_near(3))
    assert all(time <= last for times in offered for time in times)


@pytest.mark.django_db
def test_patients_who_are_refused_the_same_time_are_offered_different_ones(now: datetime) -> None:
    morning = a_morning(now)
    slots_in(a_schedule(morning.practice, now + timedelta(days=2), hours=4), kind=morning.kind)
    morning.booked(0)
    looking = [acting_as(morning.patient()) for _ in range(8)]
    offered = [[slot.starts_at for slot in others(each, morning.slots[0], at=now)] for each in looking]
    assert all(len(times) == 5 and times == sorted(times) for times in offered)
    assert len({time for times in offered for time in times}) > 8
    assert [slot.starts_at for slot in others(looking[0], morning.slots[0], at=now)] == offered[0]


@pytest.mark.django_db
def test_who_moves_may_go_to_a_time_next_to_the_one_they_leave(now: datetime) -> None:
    """What they have now does not stand in the way of itself."""
    morning = a_morning(now)
    robin = morning.patient()
    acting = acting_as(robin)
    held = an_appointment(morning.slots[0], robin)
    held.length = 1  # type: ignore[attr-defined]
    beside = slots_in(a_schedule(morning.practice, morning.slots[0].starts_at, hours=0.2), kind=morning.kind)[0]
    assert beside not in others(acting, morning.slots[1], at=now)
    assert beside in others(acting, morning.slots[1], at=now, moving=held)


@pytest.mark.django_db
def test_a_long_appointment_that_clashes_with_all_that_is_near_hides_nothing_that_is_further_off(now: datetime) -> None:
    morning = a_morning(now)
    for _ in range(6):
        slots_in(a_schedule(morning.practice, morning.slots[0].starts_at, hours=3), kind=morning.kind)
    robin = morning.patient()
    nurse = a_slot_type(morning.practice, label="Nurse")
    long = slots_in(a_schedule(morning.practice, morning.slots[0].starts_at, hours=0.5), minutes=30, kind=nurse)[0]
    an_appointment(long, robin)
    offered = others(acting_as(robin), morning.slots[1], at=now)
    assert len(offered) == 5
    assert all(slot.starts_at >= long.ends_at for slot in offered)


@pytest.mark.django_db
def test_kinds_of_which_a_patient_has_enough_hide_nothing_that_is_further_off(now: datetime) -> None:
    morning = a_morning(now)
    robin, blood = morning.patient(), a_slot_type(morning.practice, label="Blood test", most_future=1)
    slots_in(a_schedule(morning.practice, morning.slots[0].starts_at, hours=3), kind=blood)
    an_appointment(slots_in(a_schedule(morning.practice, now + timedelta(days=3), hours=0.5), kind=blood)[0], robin)
    nurse = a_slot_type(morning.practice, label="Nurse")
    later = slots_in(a_schedule(morning.practice, now + timedelta(days=1, hours=8), hours=1), kind=nurse)
    offered = others(acting_as(robin), morning.slots[0], at=now, of_its_kind=False)
    assert offered
    assert {slot.id for slot in offered} <= {slot.id for slot in later}
