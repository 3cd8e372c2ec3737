"""What staff see before they withdraw: the free times that the message to each patient will name, and no others."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, BookingRule, Cohort, CohortMember, Slot
from patient_online.appointments.notices.withdrawn import as_withdrawn
from patient_online.appointments.tests.clinics import Morning, a_morning
from patient_online.asking import System
from patient_online.demo.factories import a_schedule, an_appointment, slots_in
from patient_online.storage.ids import uuid7
from tests.statements import statements

pytestmark = pytest.mark.django_db
FRIDAY = timedelta(days=3)


@pytest.fixture
def morning(now: datetime, db: None) -> Iterator[Morning]:
    """Six times tomorrow from 8am; it is 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        yield a_morning(now)


def free_on(morning: Morning, starts_at: datetime, *, hours: float = 2) -> list[Slot]:
    """A session of free times of the same kind."""
    return slots_in(a_schedule(morning.practice, starts_at, hours=hours), kind=morning.kind)


def seen(morning: Morning) -> dict[Appointment, list[datetime]]:
    """The times that the preview shows for each appointment."""
    plan = queries.sessions_seen(morning.rita, morning.choice, at=morning.now)
    offered = queries.offers(morning.rita, plan, at=morning.now)
    return {row: [slot.starts_at for slot in offered[row.id]] for row in plan.appointments}


def named(morning: Morning, appointment: Appointment) -> list[datetime]:
    """The times that the message names when it is sent."""
    now = Appointment.objects.select_related("slot", "patient").get(id=appointment.id)
    system = System("notices", morning.practice.ods_code)
    return queries.times_to_offer(system, now, now.slot.starts_at, at=morning.now)


def test_staff_see_for_each_patient_the_times_that_their_message_will_name(morning: Morning) -> None:
    free_on(morning, morning.now + timedelta(hours=2), hours=1)
    free_on(morning, morning.now + FRIDAY)
    for number in range(6):
        morning.booked(number)
    shown = seen(morning)
    morning.withdraws()
    assert shown == {each: named(morning, each) for each in shown}
    assert {len(times) for times in shown.values()} == {3}
    assert len({time for times in shown.values() for time in times}) > 3


def test_nobody_is_shown_a_time_that_is_not_for_them_online(morning: Morning) -> None:
    """Ann is in the group that may book soonest, Bob is not; Cyd has something else, and Dee is a child."""
    days = [free_on(morning, morning.now + FRIDAY + timedelta(days=n), hours=0.5) for n in range(3)]
    Slot.objects.filter(id=days[0][0].id).update(online=False)
    cohort = Cohort.objects.create(practice=morning.practice, name="Invited")
    rule = {"practice": morning.practice, "type_id": morning.kind.id, "least_age": 16}
    BookingRule.objects.create(**rule, cohort_id=cohort.id, days_ahead=3, release_time="07:00")
    BookingRule.objects.create(**rule, embargo_until=morning.now + timedelta(hours=1))
    ann, bob, cyd = (morning.booked(number) for number in range(3))
    dee = morning.booked(3, patient=morning.patient(birth_date=date(2020, 1, 1)))
    for each in (ann, cyd):
        group = {"practice": morning.practice, "cohort_id": cohort.id, "added_at": morning.now, "added_by": uuid7()}
        CohortMember.objects.create(patient_id=each.patient_id, **group)
    busy = slots_in(a_schedule(morning.practice, days[0][1].starts_at, hours=0.25), minutes=15)[0]
    an_appointment(busy, cyd.patient)
    shown = seen(morning)
    assert shown == {ann: [each.starts_at for each in days[0][1:]], bob: [], cyd: [], dee: []}
    morning.withdraws()
    assert shown == {each: named(morning, each) for each in shown}


def test_a_colleagues_time_at_the_hour_of_the_one_that_goes_is_named_before_and_after(morning: Morning) -> None:
    """What the patient loses does not stand in the way of what they get instead."""
    beside = free_on(morning, morning.slots[0].starts_at, hours=0.2)[0]
    ann = morning.booked(0)
    going = [slot.id for slot in morning.slots]
    before = as_withdrawn(ann, "", besides=going, at=morning.now)
    assert before.at_once == ("Free at the moment: Wednesday 4 March 2026 at 8am.",)
    assert seen(morning) == {ann: [beside.starts_at]}
    morning.withdraws()
    assert named(morning, ann) == [beside.starts_at]


def test_of_fifty_as_many_statements_are_made_as_of_one(morning: Morning) -> None:
    free_on(morning, morning.now + FRIDAY)
    Slot.objects.filter(id=morning.slots[0].id).update(seats=50)
    counts = []
    for seats in (range(1), range(1, 50)):
        for seat in seats:
            an_appointment(morning.slots[0], morning.patient(), seat=seat)
        plan = queries.sessions_seen(morning.rita, morning.choice, at=morning.now)
        with statements() as made:
            assert len(queries.offers(morning.rita, plan, at=morning.now)) == len(plan.appointments)
        counts.append(len(made))
    assert counts[0] == counts[1] <= 6
