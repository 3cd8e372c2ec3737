"""Sessions are planned as somebody plans them who goes through ten years day by day, and slot by slot."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_online.appointments.actions import make_sessions
from patient_online.appointments.models import Absence, Schedule, Slot
from patient_online.appointments.rules.sessions import (
    LOOKED_AHEAD,
    Busy,
    Calendar,
    Days,
    LeftOut,
    Part,
    Plan,
    Planned,
    cut,
    days_in_common,
    planned_days,
    slots_of,
)
from patient_online.appointments.tests.changes import CHANGES
from patient_online.appointments.tests.plain_planner import (
    Outcome,
    days_from,
    every_slot,
    holidays,
    outcome,
    shared_days,
)
from patient_online.appointments.tests.planner import Planner
from patient_online.asking import System
from patient_online.nhs.bank_holidays import is_bank_holiday
from patient_online.nhs.dates import from_wall_clock
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.nhs.stretches import Stretch
from patient_online.practices.models import Closure, StaffMember

BEGINS, ENDS = date(2024, 1, 1), date(2033, 12, 31)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
GP, NURSE = UUID(int=1), UUID(int=2)
ten_years = st.dates(BEGINS, ENDS)
# No stretch begins or ends in the hour that the clocks skip or show twice: what is meant then is no matter of counting.
edges = st.none() | st.sampled_from([time(0, 30), time(8), time(9, 5), time(12, 30), time(17), time(23, 30)])
starts = st.sampled_from([time(), time(0, 30), time(1), time(1, 30), time(8, 30), time(9, 5), time(13), time(18, 45)])


def a_plan(pattern: Pattern, begins: time, parts: tuple[Part, ...]) -> Plan:
    """A plan of which only days and times matter."""
    return Plan("Surgery", UUID(int=3), UUID(int=4), begins, parts, pattern)


@st.composite
def patterns(draw: st.DrawFn, about: date) -> Pattern:
    """A pattern of any kind that has begun before a day, or begins in the weeks after it."""
    first = about + draw(st.integers(-40, 20)) * DAY
    last = draw(st.none() | st.integers(0, 90).map(lambda n: first + n * DAY))
    weekdays = tuple(draw(st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True)))
    counts = {"every": draw(st.integers(1, 4)), "nth": draw(st.sampled_from([-1, 1, 2, 3, 5, 20]))}
    return Pattern(
        draw(st.sampled_from(Kind)), first, last, weekdays, **counts, except_bank_holidays=draw(st.booleans())
    )


@st.composite
def plans(draw: st.DrawFn, about: date) -> Plan:
    """Two to four runs of slots, of a GP or a nurse, and breaks."""
    kinds = st.sampled_from([GP, GP, NURSE, None])
    runs = st.builds(Part, st.sampled_from([5, 10, 15]), st.integers(1, 4), kinds)
    parts = [Part(10, 2, GP), *draw(st.lists(runs, min_size=1, max_size=3))]
    draw(st.randoms(use_true_random=False)).shuffle(parts)
    return a_plan(draw(patterns(about)), draw(starts), tuple(parts))


@st.composite
def calendars(draw: st.DrawFn, about: date) -> Calendar:
    """Closures, absences, other sessions and days not employed, around a day."""
    days = st.integers(-3, 45).map(lambda n: about + n * DAY)

    def a_stretch(first: date, length: int, begins: time | None, over: time | None) -> Stretch:
        return Stretch(first, first + length * DAY, begins, over)

    stretches = st.builds(a_stretch, days, st.sampled_from([0, 0, 1, 6]), edges, edges).filter(lambda one: one.in_order)
    few = st.lists(stretches, max_size=4)
    noon = datetime.combine(about, time(12), UTC)
    hours = st.integers(-72, 45 * 24).map(lambda n: noon + n * timedelta(minutes=55))
    busy = st.builds(lambda begins, n: Busy("Other", "Site", begins, begins + n * MINUTE), hours, st.integers(5, 600))
    employed = Days(about + draw(st.integers(-60, 5)) * DAY, about + draw(st.integers(20, 400)) * DAY)
    kept = draw(st.sets(days, max_size=3))
    return Calendar(draw(few), draw(few), employed, draw(st.lists(busy, max_size=6)), kept)


def as_plain(plan: Plan, planned: Planned) -> Outcome:
    """What the rules say of a day, as the second implementation says it."""
    if planned.left_out:
        return Outcome(planned.left_out)
    return Outcome(None, tuple((each.starts_at, each.ends_at, each.part.type_id) for each in slots_of(plan, planned)))


def agree(plan: Plan, calendar: Calendar, first: date, last: date, at: datetime) -> Counter[LeftOut | None]:
    """Compare each day; how often there was a session, and how often each reason against one."""
    days = {day: outcome(plan, calendar, day, at) for day in days_from(first, last)}
    found = {each.day: as_plain(plan, each) for each in planned_days(plan, calendar, start=first, end=last, at=at)}
    assert found == {day: what for day, what in days.items() if what}
    return Counter(each.left_out for each in found.values())


@given(st.data(), ten_years | st.sampled_from(CHANGES).map(lambda day: day - 20 * DAY))
@settings(max_examples=80)
def test_six_weeks_are_planned_as_somebody_plans_them_who_asks_of_every_minute(
    data: st.DataObject, about: date
) -> None:
    plan, calendar = data.draw(plans(about)), data.draw(calendars(about))
    at = from_wall_clock(about, time(8, 30)) + data.draw(st.sampled_from([-1, 0, 1, 600])) * MINUTE
    agree(plan, calendar, about, about + 42 * DAY, at)


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (Pattern(Kind.WEEKLY, BEGINS, None, (4,), every=2), time(8, 30)),
        (Pattern(Kind.WEEKLY, BEGINS, None, (1, 7)), time(1)),
        (Pattern(Kind.NTH_WEEKDAY, BEGINS, None, (4, 7), nth=2), time(8, 30)),
        (Pattern(Kind.NTH_WEEKDAY, BEGINS, None, (7,), nth=-1, except_bank_holidays=False), time(1)),
        (Pattern(Kind.NTH_WORKING_DAY, BEGINS, None, nth=1), time(8, 30)),
        (Pattern(Kind.NTH_WORKING_DAY, BEGINS, None, nth=-1), time(9)),
    ],
    ids=["every other Thursday", "Mondays and Sundays", "second", "last Sunday", "first working day", "last"],
)
def test_ten_years_are_planned_alike(pattern: Pattern, begins: time) -> None:
    """With a week closed each summer, a training afternoon each month, leave each autumn and another clinic."""
    plan = a_plan(pattern, begins, (Part(30, 3, GP), Part(20), Part(10, 3, NURSE)))
    years = range(BEGINS.year, ENDS.year + 1)
    closed = [Stretch(date(year, 8, 1), date(year, 8, 7)) for year in years]
    closed += [Stretch(date(year, n, 11), date(year, n, 11), time(9, 35)) for year in years for n in range(1, 13)]
    away = [Stretch(date(year, 10, 20), date(year, 11, 1), None, time(9)) for year in years]
    busy = [Busy("Clinic", "Branch", noon, noon + 30 * MINUTE) for noon in nines(years)]
    calendar = Calendar(closed, away, Days(date(2024, 2, 1), date(2033, 11, 30)), busy, {date(2030, 6, 13)})
    told = agree(plan, calendar, BEGINS, ENDS, datetime(2024, 3, 1, tzinfo=UTC))
    assert told[None] > 60


def nines(years: range) -> list[datetime]:
    """Nine in the morning, Greenwich mean time, of each day of May."""
    return [datetime(year, 5, day, 9, tzinfo=UTC) for year in years for day in range(1, 32)]


def test_the_bank_holidays_of_ten_years_are_those_of_the_law() -> None:
    days = days_from(BEGINS, ENDS)
    assert [day for day in days if is_bank_holiday(day)] == [day for day in days if day in holidays(day.year)]
    assert sum(is_bank_holiday(day) for day in days) > 80


@given(st.data(), ten_years)
@settings(max_examples=40)
def test_two_plans_meet_on_the_days_of_two_years_on_which_a_minute_is_theirs_both(
    data: st.DataObject, about: date
) -> None:
    one, other = (data.draw(plans(about)) for _ in range(2))
    expected = shared_days(one, other, about, LOOKED_AHEAD.days)
    assert days_in_common(one, other, start=about) == days_in_common(other, one, start=about) == expected


def test_two_plans_that_meet_only_after_a_year_and_a_half_are_found() -> None:
    parts = (Part(10, 6, GP),)
    weekly = a_plan(Pattern(Kind.WEEKLY, BEGINS, None, (2,)), time(9), parts)
    late = a_plan(Pattern(Kind.WEEKLY, date(2025, 7, 1), date(2025, 7, 1), (2,)), time(9, 59), parts)
    assert days_in_common(weekly, late, start=BEGINS) == [date(2025, 7, 1)]
    assert LOOKED_AHEAD.days >= 2 * 365


@given(st.data(), ten_years)
def test_a_session_is_cut_without_a_gap_and_without_a_minute_more(data: st.DataObject, about: date) -> None:
    plan = data.draw(plans(about))
    starts_at = datetime.combine(about, time(0, 30), UTC)
    made = [(each.starts_at, each.ends_at, each.part.type_id) for each in cut(plan.parts, starts_at)]
    assert made == every_slot(plan, starts_at)
    assert made[-1][1] - starts_at == plan.minutes * MINUTE


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_what_stands_in_the_book_after_a_year_is_what_the_second_planner_finds(seed: int) -> None:
    """Closures, absences, a leaver, another session: read from the database, and made in several steps."""
    random, at = Random(seed), datetime(2026, 2, 10, 8, tzinfo=UTC)
    planner = Planner.at(at)
    pattern = Pattern(Kind.WEEKLY, at.date(), None, tuple(random.sample(range(1, 8), 3)), every=random.choice([1, 2]))
    parts = (Part(15, 6, planner.kind.id), Part(20), Part(10, 3, planner.kind.id))
    begins = random.choice([time(0, 30), time(1), time(8, 30)])
    plan = Plan("Surgery", planner.site.id, planner.ada.id, begins, parts, pattern)
    calendar = put_in_the_way(planner, random, at)
    template, last = planner.adds(plan), at.date() + 364 * DAY
    system = System("make_sessions", planner.practice.ods_code)
    for days in (90, 91, 200, 364):
        make_sessions(template, through=at.date() + days * DAY, by=system, at=at)
    outcomes = (outcome(plan, calendar, day, at) for day in days_from(at.date(), last))
    expected = [slot for each in outcomes if each for slot in each.slots]
    rows = Slot.objects.filter(schedule__template_id=template.id).order_by("starts_at")
    assert [(row.starts_at, row.ends_at, row.type_id) for row in rows] == expected
    assert len(expected) > 400


def put_in_the_way(planner: Planner, random: Random, at: datetime) -> Calendar:
    """What stands in the way, in the database and as a calendar."""
    entered = {"practice": planner.practice, "entered_at": at, "entered_by": planner.mara.account_id}
    closed, away = (some_stretches(random, at.date()) for _ in range(2))
    for each in closed:
        Closure.objects.create(words="Training", **row_of(each), **entered)
    for each in away:
        Absence.objects.create(clinician=planner.ada, **row_of(each), **entered)
    leaves = at.date() + 330 * DAY
    StaffMember.objects.filter(id=planner.ada.id).update(to_day=leaves)
    busy = [Busy("Single", "Main building", at + n * 9 * DAY, at + n * 9 * DAY + 50 * MINUTE) for n in range(1, 20)]
    given = {"practice": planner.practice, "site": planner.site, "clinician": planner.ada, "name": "Single"}
    for one in busy:
        Schedule.objects.create(starts_at=one.starts_at, ends_at=one.ends_at, **given)
    return Calendar(closed, away, Days(planner.ada.from_day, leaves), busy)


def some_stretches(random: Random, first: date) -> list[Stretch]:
    """A dozen, about half of them for a part of a day; no two meet, for closures may not."""
    days = [first + (n * 29 + random.randrange(10)) * DAY for n in range(12)]
    times = [(None, None), (None, time(9, 20)), (time(9, 50), None), (time(0, 50), time(9))]
    return [Stretch(day, day + random.choice([0, 0, 5]) * DAY, *random.choice(times)) for day in days]


def row_of(stretch: Stretch) -> dict[str, date | time | None]:
    """The stretch as the columns of a closure or an absence."""
    return {
        "from_day": stretch.first,
        "to_day": stretch.last,
        "from_time": stretch.starts,
        "to_time": stretch.ends,
    }
