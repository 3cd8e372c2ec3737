"""When the clocks change, sessions made from templates stay where they are on the wall."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from patient_online.appointments.models import Schedule, Slot
from patient_online.appointments.queries.planning import next_days
from patient_online.appointments.rules.sessions import LeftOut, Part
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.changes import BACK, FORWARD
from patient_online.appointments.tests.planner import SAT, SUN, Planner, days, on_the_wall, refused, sessions
from patient_online.nhs.dates import from_wall_clock, local_day, to_london

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def a_fortnight_before(day: date) -> Planner:
    """Mara plans two weeks before the clocks change."""
    return Planner.at(from_wall_clock(day - 2 * WEEK - timedelta(days=1), time(8)))


@pytest.mark.parametrize("changes", FORWARD + BACK, ids=str)
@pytest.mark.parametrize("starts", [time(0, 30), time(8, 30), time(18)], ids=str)
def test_sessions_on_both_days_keep_their_times_on_the_wall(changes: date, starts: time) -> None:
    """All eight changes from 2024 to 2027, with the Saturday before and the weekends around."""
    planner = a_fortnight_before(changes)
    parts = (Part(10, 3, planner.kind.id),)
    plan = planner.plan(starts, weekdays=(SAT, SUN), parts=parts, except_bank_holidays=False)
    planner.adds(plan)
    assert {wall for _day, wall in on_the_wall(sessions())} == {starts}
    assert {changes - timedelta(days=1), changes, changes + WEEK} <= set(days())
    for session in sessions():
        slots = list(Slot.objects.filter(schedule=session).order_by("starts_at"))
        assert [slot.ends_at - slot.starts_at for slot in slots] == [timedelta(minutes=10)] * 3
        assert [local_day(slot.starts_at) for slot in slots] == [session.template_day] * 3
        assert (slots[0].starts_at, slots[-1].ends_at) == (session.starts_at, session.ends_at)


@pytest.mark.parametrize("changes", FORWARD, ids=str)
def test_a_time_that_the_clocks_skip_is_left_out_and_said(changes: date) -> None:
    planner = a_fortnight_before(changes)
    plan = planner.plan(time(1, 30), weekdays=(SUN,), parts=(Part(10, 3, planner.kind.id),))
    template = planner.adds(plan)
    assert changes not in days()
    assert {changes - WEEK, changes + 2 * WEEK} <= set(days())
    said = {each.day: each.left_out for each in next_days(planner.mara, plan, at=planner.now, besides=template.id)}
    assert said[changes] is LeftOut.CLOCKS
    assert refused(planner.adds_one, changes, time(1, 15))[0] is NotMade.CLOCKS


@pytest.mark.parametrize("changes", BACK, ids=str)
def test_of_a_time_that_comes_twice_the_first_is_meant_and_no_slot_is_doubled(changes: date) -> None:
    """From 1am British summer time: half an hour of slots is over before the hour comes again."""
    planner = a_fortnight_before(changes)
    planner.adds(planner.plan(time(1), weekdays=(SUN,), parts=(Part(10, 3, planner.kind.id),)))
    session = Schedule.objects.get(template_day=changes)
    assert session.starts_at == datetime(changes.year, changes.month, changes.day, tzinfo=UTC)
    assert [to_london(slot.starts_at).tzname() for slot in Slot.objects.filter(schedule=session)] == ["BST"] * 3


@pytest.mark.parametrize("changes", FORWARD + BACK, ids=str)
def test_a_session_through_the_night_is_as_long_as_planned(changes: date) -> None:
    """Half past midnight for four hours: the wall shows an hour more or less, the slots do not."""
    planner = a_fortnight_before(changes)
    planner.adds(planner.plan(time(0, 30), weekdays=(SUN,), parts=(Part(30, 8, planner.kind.id),)))
    session = Schedule.objects.get(template_day=changes)
    assert session.ends_at - session.starts_at == timedelta(hours=4)
    assert to_london(session.ends_at).time() == (time(5, 30) if changes in FORWARD else time(3, 30))
    assert Slot.objects.filter(schedule=session).count() == 8


@pytest.mark.parametrize("changes", FORWARD + BACK, ids=str)
def test_a_session_from_one_to_half_past_two_lies_across_the_change(changes: date) -> None:
    """In March there is no such start; in October its nine slots go through the hour that comes twice."""
    planner = a_fortnight_before(changes)
    planner.adds(planner.plan(time(1), weekdays=(SUN,), parts=(Part(10, 9, planner.kind.id),)))
    assert {changes - WEEK, changes + WEEK} <= set(days())
    slots = Slot.objects.filter(schedule__template_day=changes).order_by("starts_at")
    if changes in FORWARD:
        assert not slots.exists()
        return
    shown = [to_london(slot.starts_at).strftime("%H:%M %Z") for slot in slots]
    first = [f"01:{minute:02} BST" for minute in range(0, 60, 10)]
    assert shown == [*first, "01:00 GMT", "01:10 GMT", "01:20 GMT"]
    assert [slot.ends_at - slot.starts_at for slot in slots] == [timedelta(minutes=10)] * 9
    assert slots[8].ends_at - slots[0].starts_at == timedelta(minutes=90)
