"""A manager's templates, and the sessions that are made from them."""

from datetime import date, datetime, time, timedelta

import pytest

from patient_online.appointments.actions import add_template, change_template, make_sessions, stop_template
from patient_online.appointments.models import Absence, Schedule, SessionTemplate, Slot, TemplatePart
from patient_online.appointments.queries.templates import plan_of
from patient_online.appointments.rules.sessions import Part
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.planner import FRI, MON, THU, Planner, days, on_the_wall, refused, sessions
from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    an_appointment,
)
from patient_online.nhs.dates import from_wall_clock, to_london
from patient_online.nhs.patterns import Kind
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Closure, StaffMember
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db
THURSDAYS = [date(2026, 3, 5) + timedelta(weeks=n) for n in range(8)]  # eight weeks from Tuesday 3 March 2026


@pytest.fixture
def planner(now: datetime) -> Planner:
    """Mara plans at 8am on Tuesday 3 March 2026."""
    return Planner.at(now)


def test_mara_adds_every_thursday_and_eight_weeks_of_sessions_are_there(planner: Planner) -> None:
    template = planner.adds()
    assert days() == THURSDAYS
    assert {row.template_id for row in sessions()} == {template.id}
    slots = list(Slot.objects.filter(schedule=sessions()[0]).order_by("starts_at"))
    assert [to_london(slot.starts_at).strftime("%H:%M") for slot in slots[:2]] == ["08:30", "08:40"]
    assert [slot.online for slot in slots] == [True] * 10 + [False] * 6
    assert slots[10].starts_at - slots[9].ends_at == timedelta(minutes=20)
    assert slots[-1].ends_at == sessions()[0].ends_at == from_wall_clock(THURSDAYS[0], time(11, 30))
    assert Entry.objects.get(event="appointment.template_added").details == {"sessions": 8}


def test_what_was_planned_is_read_back_as_it_was(planner: Planner) -> None:
    plan = planner.plan(kind=Kind.NTH_WEEKDAY, nth=-1, weekdays=(MON, FRI), last=date(2027, 3, 1))
    template = planner.adds(plan)
    assert plan_of(planner.mara, SessionTemplate.objects.get(id=template.id)) == plan


def test_a_template_sent_twice_is_one_template(planner: Planner) -> None:
    key, plan = uuid7(), planner.plan()
    first, again = (add_template(plan, by=planner.mara, key=key, at=planner.now) for _ in range(2))
    assert first.id == again.id
    assert days() == THURSDAYS


def test_making_again_makes_none_twice_and_making_further_makes_the_rest(planner: Planner) -> None:
    template, system = planner.adds(), System("make_sessions", planner.practice.ods_code)
    assert make_sessions(template, through=THURSDAYS[-1], by=system, at=planner.now) == 0
    later = THURSDAYS[-1] + timedelta(weeks=2)
    assert make_sessions(template, through=later, by=system, at=planner.now + timedelta(days=1)) == 2
    assert days() == [*THURSDAYS, THURSDAYS[-1] + timedelta(weeks=1), later]
    assert SessionTemplate.objects.get(id=template.id).made_through == later


def test_how_far_ahead_is_the_practices_to_say(planner: Planner) -> None:
    system = System("test", planner.practice.ods_code)
    set_policy(planner.practice, name="sessions_made_weeks", value=2, by=system, at=planner.now)
    planner.adds()
    assert days() == THURSDAYS[:2]


def test_a_session_that_would_have_started_already_today_is_not_made(planner: Planner) -> None:
    """It is 8am on a Tuesday: half past seven is gone, half past eight is not."""
    planner.adds(planner.plan(time(7, 30), weekdays=(2,), name="Early", parts=(Part(10, 1, planner.kind.id),)))
    planner.adds(planner.plan(time(8, 30), weekdays=(2,), parts=(Part(10, 1, planner.kind.id),)))
    assert on_the_wall(sessions())[0] == (date(2026, 3, 3), time(8, 30))
    assert (date(2026, 3, 3), time(7, 30)) not in on_the_wall(sessions())


def test_bank_holidays_closed_days_and_absences_are_left_out(planner: Planner) -> None:
    """Easter Monday is 6 April 2026; closures and absences that were taken back leave nothing out."""
    at, who = planner.now, planner.mara.account_id
    back = {"taken_back_at": at, "taken_back_by": who}
    entered = {"practice": planner.practice, "words": "Training", "entered_at": at, "entered_by": who}
    Closure.objects.create(from_day=date(2026, 3, 9), to_day=date(2026, 3, 9), **entered)
    Closure.objects.create(from_day=date(2026, 3, 16), to_day=date(2026, 3, 20), **entered, **back)
    _away(planner, date(2026, 3, 20), date(2026, 3, 23))
    _away(planner, date(2026, 3, 30), date(2026, 3, 30), **back)
    _away(planner, date(2026, 4, 13), date(2026, 4, 13), clinician=a_clinician_of(planner.practice))
    planner.adds(planner.plan(weekdays=(MON,)))
    left_out = {date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)}
    mondays = [date(2026, 3, 9) + timedelta(weeks=n) for n in range(8)]
    assert days() == [day for day in mondays if day not in left_out]


def _away(planner: Planner, first: date, last: date, **given: object) -> None:
    entered = {"entered_at": planner.now, "entered_by": planner.mara.account_id}
    row = {"clinician": planner.ada, "from_day": first, "to_day": last, **entered, **given}
    Absence.objects.create(practice=planner.practice, **row)


def test_bank_holidays_are_kept_where_the_template_says_so(planner: Planner) -> None:
    planner.adds(planner.plan(weekdays=(MON,), except_bank_holidays=False))
    assert date(2026, 4, 6) in days()


def test_no_session_is_made_after_the_clinician_has_left(planner: Planner) -> None:
    StaffMember.objects.filter(id=planner.ada.id).update(to_day=date(2026, 3, 18))
    planner.adds()
    assert days() == THURSDAYS[:2]


def test_first_and_last_day_hold(planner: Planner) -> None:
    planner.adds(planner.plan(first=date(2026, 3, 12), last=date(2026, 3, 26)))
    assert days() == THURSDAYS[1:4]


def test_a_changed_template_makes_free_sessions_anew_and_leaves_booked_ones(planner: Planner) -> None:
    template = planner.adds()
    booked = Slot.objects.filter(schedule__template_day=THURSDAYS[2]).order_by("starts_at")[0]
    an_appointment(booked, a_patient_of(planner.practice))
    plan = planner.plan(time(14), parts=(Part(15, 4, planner.kind.id, online=True),), name="Afternoon surgery")
    change_template(template, plan=plan, by=planner.mara, key=None, at=planner.now)
    expected = [(day, time(8, 30) if day == THURSDAYS[2] else time(14)) for day in THURSDAYS]
    assert on_the_wall(sessions()) == expected
    assert Slot.objects.filter(schedule__template_day=THURSDAYS[2]).count() == 16
    assert Slot.objects.filter(schedule__template_day=THURSDAYS[3]).count() == 4
    assert TemplatePart.objects.count() == 1
    assert Entry.objects.get(event="appointment.template_changed").details == {"sessions": 7, "stayed": 1}


def test_a_session_with_a_cancelled_appointment_stays_with_it(planner: Planner) -> None:
    """The row of a cancelled appointment is kept for ever, and points to its slot."""
    template = planner.adds()
    slot = Slot.objects.filter(schedule__template_day=THURSDAYS[0]).first()
    assert slot is not None
    gone = {"status": "cancelled", "cancelled_at": planner.now, "cancelled_by": planner.ada.id}
    an_appointment(slot, a_patient_of(planner.practice), **gone, cancelled_through="desk")
    change_template(template, plan=planner.plan(weekdays=(FRI,)), by=planner.mara, key=None, at=planner.now)
    assert [day for day in days() if day.isoweekday() == THU] == [THURSDAYS[0]]


def test_a_withdrawn_session_is_not_made_again(planner: Planner) -> None:
    template = planner.adds()
    withdrawn = Schedule.objects.filter(template_day=THURSDAYS[1])
    withdrawn.update(withdrawn_at=planner.now, withdrawn_by=planner.mara.account_id)
    make_sessions(template, through=THURSDAYS[-1], by=planner.mara, at=planner.now)
    change_template(template, plan=planner.plan(time(10)), by=planner.mara, key=None, at=planner.now)
    assert days() == [THURSDAYS[0], *THURSDAYS[2:]]


def test_a_stopped_template_makes_nothing_more_and_booked_sessions_stay(planner: Planner) -> None:
    template = planner.adds()
    booked = Slot.objects.filter(schedule__template_day=THURSDAYS[5])[0]
    an_appointment(booked, a_patient_of(planner.practice))
    stop_template(template, from_day=THURSDAYS[3], by=planner.mara, at=planner.now)
    assert days() == [*THURSDAYS[:3], THURSDAYS[5]]
    make_sessions(template, through=THURSDAYS[-1], by=planner.mara, at=planner.now)
    assert days() == [*THURSDAYS[:3], THURSDAYS[5]]
    again = {"from_day": THURSDAYS[4], "by": planner.mara, "at": planner.now}
    assert refused(stop_template, template, **again)[0] is NotMade.STOPPED_ALREADY


def test_a_template_stopped_before_it_began_is_gone_and_what_is_booked_stands_by_itself(planner: Planner) -> None:
    template = planner.adds(planner.plan(first=THURSDAYS[1]))
    booked = Slot.objects.filter(schedule__template_day=THURSDAYS[2])[0]
    an_appointment(booked, a_patient_of(planner.practice))
    stop_template(template, from_day=THURSDAYS[0], by=planner.mara, at=planner.now)
    assert not SessionTemplate.objects.exists()
    assert [(row.id, row.template_id) for row in sessions()] == [(booked.schedule_id, None)]


def test_what_has_been_is_not_stopped(planner: Planner) -> None:
    template = planner.adds()
    yesterday = {"from_day": date(2026, 3, 2), "by": planner.mara, "at": planner.now}
    assert refused(stop_template, template, **yesterday)[0] is NotMade.IN_THE_PAST
