"""On the days on which the clocks change, what is counted in minutes is so many minutes, and eight o'clock is eight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from patient_online.appointments.actions import book, cancel, cancel_by_link
from patient_online.appointments.forms.release import RuleForm
from patient_online.appointments.models import BookingRule, Slot
from patient_online.appointments.queries import NextRelease, next_release, slots_bookable
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.rules.release import RuleFacts
from patient_online.appointments.tests.asked import done, refused
from patient_online.appointments.tests.changes import CHANGES, FORWARD
from patient_online.asking import Acting, LinkHolder
from patient_online.demo.factories import (
    a_patient_of,
    a_schedule,
    a_slot_type,
    acting_as,
    an_appointment,
    slots_in,
    the_maker,
)
from patient_online.nhs.dates import local_day
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LONG_BEFORE = datetime(2020, 1, 6, 8, tzinfo=UTC)


def at_one(change: date) -> datetime:
    """The instant at which the clocks change: one o'clock, Greenwich mean time."""
    return datetime.combine(change, time(1), UTC)


def a_slot_at(practice: Practice, starts_at: datetime, **rule: object) -> Slot:
    """A slot of a kind that has this one rule, or none."""
    kind = a_slot_type(practice)
    if rule:
        BookingRule.objects.create(practice=practice, type=kind, **rule)
    return slots_in(a_schedule(practice, starts_at), most=1, kind=kind)[0]


def opens_exactly_at(acting: Acting, slot: Slot, instant: datetime) -> None:
    """Not a second before, neither in the search nor when it is booked; at the instant it can be."""
    assert slot not in slots_bookable(acting, at=instant - SECOND)
    assert refused(book, slot, by=acting, at=instant - SECOND) is NotBooked.NOT_RELEASED
    assert next_release(acting, at=instant - SECOND) == NextRelease(instant, local_day(slot.starts_at))
    assert slot in slots_bookable(acting, at=instant)
    assert done(book, slot, by=acting, at=instant).slot_id == slot.id


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_an_embargo_ends_at_its_instant_in_every_hour_of_the_night(practice: Practice, change: date) -> None:
    """Also in the hour that the wall shows twice, and one that is kept with the slot alone."""
    for hours in (-2, -1, 0, 1):
        ends, somebody = at_one(change) + hours * HOUR, acting_as(a_patient_of(practice))
        opens_exactly_at(somebody, a_slot_at(practice, ends + 9 * HOUR, embargo_until=ends), ends)
        slot = a_slot_at(practice, ends + 12 * HOUR)
        Slot.objects.filter(id=slot.id).update(release_at=ends)
        opens_exactly_at(somebody, Slot.objects.get(id=slot.id), ends)
        Slot.objects.update(online=False)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_an_embargo_typed_by_the_clock_on_the_wall_is_never_over_early(practice: Practice, change: date) -> None:
    """Half past one is skipped in March and then means half past two; of the two in October it is the later one."""
    meant = {
        time(0, 59): (-MINUTE, -61 * MINUTE),
        time(1, 30): (30 * MINUTE, 30 * MINUTE),
        time(2): (0 * HOUR, HOUR),
        time(8): (6 * HOUR, 7 * HOUR),
    }
    for clock, (march, october) in meant.items():
        ends, somebody = at_one(change) + (march if change in FORWARD else october), acting_as(a_patient_of(practice))
        assert typed(change, clock).embargo_until == ends
        opens_exactly_at(somebody, a_slot_at(practice, at_one(change) + 20 * HOUR, embargo_until=ends), ends)
        Slot.objects.update(online=False)


def typed(day: date, clock: time) -> RuleFacts:
    """What a manager types a month before: a rule with this embargo and nothing else."""
    boxes = {"embargo_day_day": day.day, "embargo_day_month": day.month, "embargo_day_year": day.year}
    form = RuleForm({"key": str(uuid7()), "sex": "any", "embargo_time": f"{clock:%H:%M}", **boxes}, cohorts=[])
    with time_machine.travel(at_one(day) - timedelta(days=30), tick=False):
        assert form.is_valid(), form.errors
    return form.facts()


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("by_rule", [True, False], ids=["by a rule", "by the policy"])
def test_the_shortest_notice_is_so_many_minutes_whatever_the_wall_shows_between(
    practice: Practice, change: date, by_rule: bool
) -> None:
    starts = at_one(change) + 90 * MINUTE
    for minutes in (60, 150, 24 * 60):
        rule = {"minimum_notice_minutes": minutes} if by_rule else {}
        if not by_rule:
            decides(practice, "minimum_notice_minutes", minutes)
        slot, latest = a_slot_at(practice, starts, **rule), starts - minutes * MINUTE
        somebody = acting_as(a_patient_of(practice))
        assert slot not in slots_bookable(somebody, at=latest + SECOND)
        assert refused(book, slot, by=somebody, at=latest + SECOND) is NotBooked.TOO_SOON
        assert slot in slots_bookable(somebody, at=latest)
        assert done(book, slot, by=somebody, at=latest)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_cut_off_is_so_many_minutes_before_for_the_patient_and_for_the_link(
    practice: Practice, change: date
) -> None:
    starts = at_one(change) + 10 * MINUTE
    for minutes in (30, 120, 24 * 60):
        decides(practice, "cancel_cutoff_minutes", minutes)
        patient, latest = a_patient_of(practice), starts - minutes * MINUTE
        slots = [a_slot_at(practice, starts) for _ in range(2)]
        mine, linked = (an_appointment(slot, patient, booked_at=LONG_BEFORE) for slot in slots)
        ann, holder = acting_as(patient), LinkHolder(practice.ods_code, patient.id, linked.id)
        assert refused(cancel, mine, by=ann, at=latest + SECOND) is NotCancelled.TOO_LATE
        with pytest.raises(Refused) as no:
            cancel_by_link(by=holder, at=latest + SECOND)
        assert no.value.reason is NotCancelled.TOO_LATE
        assert done(cancel, mine, by=ann, at=latest).status == "cancelled"
        assert cancel_by_link(by=holder, at=latest).status == "cancelled"


def decides(practice: Practice, policy: str, value: int) -> None:
    """The practice sets a policy."""
    set_policy(practice, name=policy, value=value, by=the_maker(practice), at=LONG_BEFORE)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_somebody_is_of_age_from_midnight_on_the_wall(practice: Practice, change: date) -> None:
    """Who is forty on the day can have that day's first slot, and not the last of the day before."""
    born = date(change.year - 40, change.month, change.day)
    forty = a_patient_of(practice, birth_date=born)
    kind = a_slot_type(practice)
    BookingRule.objects.create(practice=practice, type=kind, least_age=40)
    midnight = at_one(change) - HOUR * (1 if change in FORWARD else 2)
    late, first = (slots_in(a_schedule(practice, midnight + n * 10 * MINUTE), most=1, kind=kind)[0] for n in (-1, 0))
    found = list(slots_bookable(acting_as(forty), at=midnight - 30 * HOUR))
    assert found == [first]
    assert late.starts_at < first.starts_at
