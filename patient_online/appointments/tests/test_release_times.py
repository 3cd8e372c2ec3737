"""What is released at a time of day is released then by the clock on the wall, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from patient_online.appointments.models import BookingRule
from patient_online.appointments.queries import NextRelease, next_release, slots_bookable, terms_of
from patient_online.appointments.rules.release import WhoFacts
from patient_online.appointments.tests.changes import CHANGES
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_schedule, a_slot_type, acting_as, slots_in
from patient_online.nhs.dates import LONDON, london
from patient_online.practices.models import Practice

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("days_ahead", [0, 1, 7])
def test_what_is_released_at_eight_is_released_at_eight_by_the_wall(
    practice: Practice, change: date, after: int, days_ahead: int
) -> None:
    """On the day the clocks change and the day after: not a second earlier, whichever days lie between."""
    released_on = change + timedelta(days=after)
    day = released_on + timedelta(days=days_ahead)
    acting, kind = acting_as(a_patient_of(practice)), a_slot_type(practice)
    BookingRule.objects.create(practice=practice, type=kind, days_ahead=days_ahead, release_time=time(8))
    nine, late = (london(day.year, day.month, day.day, *clock) for clock in ((9, 0), (23, 50)))
    todays = [slots_in(a_schedule(practice, starts_at), most=1, kind=kind)[0] for starts_at in (nine, late)]
    slots_in(a_schedule(practice, late + timedelta(minutes=10)), most=1, kind=kind)
    eight = london(released_on.year, released_on.month, released_on.day, 8)
    assert eight.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(released_on, time(8))
    assert list(slots_bookable(acting, at=eight - SECOND)) == []
    assert next_release(acting, at=eight - SECOND) == NextRelease(eight, day)
    assert list(slots_bookable(acting, at=eight)) == todays


@pytest.mark.parametrize(("clock", "utc"), [(time(1, 30), (29, 1, 30)), (time(0, 59), (29, 0, 59))])
def test_a_release_in_the_hour_that_the_clocks_skip_is_the_same_in_python_and_in_the_database(
    practice: Practice, clock: time, utc: tuple[int, int, int]
) -> None:
    acting, kind = acting_as(a_patient_of(practice)), a_slot_type(practice)
    BookingRule.objects.create(practice=practice, type=kind, days_ahead=0, release_time=clock)
    slot = slots_in(a_schedule(practice, london(2026, 3, 29, 10)), most=1, kind=kind)[0]
    released = datetime(2026, 3, *utc, tzinfo=UTC)
    assert next_release(acting, at=released - SECOND) == NextRelease(released, slot.day)
    assert not slots_bookable(acting, at=released - SECOND).exists()
    assert slots_bookable(acting, at=released).exists()


def test_the_rules_of_a_patient_are_read_in_one_statement(
    practice: Practice, ann: Acting, django_assert_num_queries: Any
) -> None:
    kind = a_slot_type(practice)
    for age in (1, 2):
        BookingRule.objects.create(practice=practice, type=kind, least_age=age)
    with django_assert_num_queries(1):
        terms = terms_of(ann)
    assert [rule.least_age for rule in terms.of(kind.id)] == [1, 2]
    assert terms.who == WhoFacts(date(1980, 1, 1), "unknown", frozenset())
