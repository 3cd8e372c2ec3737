"""Release rules agree with the same rules thought through slot by slot, in Python and in the database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patient_online.appointments.models import BookingRule, Cohort, CohortMember, Slot
from patient_online.appointments.queries import (
    NextRelease,
    booking_facts,
    choices_online,
    next_release,
    slots_bookable,
)
from patient_online.appointments.rules.booking import why_not_book
from patient_online.appointments.rules.release import Reach, RuleFacts, WhoFacts, birthday, why_not_open
from patient_online.appointments.tests.changes import CHANGES
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_schedule, a_slot_type, acting_as, slots_in
from patient_online.nhs.dates import LONDON, local_day, london
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice

THE_GROUP = UUID(int=7)
REACH = Reach(28, 15)
SECOND = timedelta(seconds=1)


def plain_age(born: date, day: date) -> int:
    """How often the person has had a birthday by the day, counted one by one; 29 February's is 1 March elsewhere."""
    age, year = 0, born.year + 1
    while year <= day.year:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        month, of_month = (3, 1) if (born.month, born.day) == (2, 29) and not leap else (born.month, born.day)
        age += date(year, month, of_month) <= day
        year += 1
    return age if born <= day else -1


def wall(instant: datetime) -> datetime:
    """What the clock on the wall shows."""
    return instant.astimezone(LONDON).replace(tzinfo=None)


def plainly_for(rule: RuleFacts, who: WhoFacts, starts_at: datetime) -> bool:
    """Whether the rule is for this patient on the day of the slot."""
    age = plain_age(who.birth_date, wall(starts_at).date())
    old_enough = rule.least_age is None or age >= rule.least_age
    young_enough = rule.most_age is None or age <= rule.most_age
    invited = rule.cohort_id is None or rule.cohort_id in who.cohorts
    return old_enough and young_enough and invited and rule.sex in ("", who.sex)


def plainly_released(rule: RuleFacts, starts_at: datetime, at: datetime, reach: Reach) -> bool:
    """Whether the clock on the wall has come to the release, and the embargo is over."""
    if rule.embargo_until is not None and at < rule.embargo_until:
        return False
    if rule.days_ahead is None or rule.release_time is None:
        return starts_at - at <= timedelta(days=reach.book_ahead_days)
    day = wall(starts_at).date() - timedelta(days=rule.days_ahead)
    return wall(at) >= datetime.combine(day, rule.release_time)


def plainly_open(rule: RuleFacts, who: WhoFacts, starts_at: datetime, at: datetime, reach: Reach = REACH) -> bool:
    """Whether this rule lets this slot in."""
    notice = rule.minimum_notice_minutes
    notice = reach.minimum_notice_minutes if notice is None else notice
    in_time = starts_at > at and starts_at - at >= timedelta(minutes=notice)
    return in_time and plainly_for(rule, who, starts_at) and plainly_released(rule, starts_at, at, reach)


# From 2am on every day has each time once.
clocks = st.sampled_from([time(8), time(2), time(12, 30), time(23, 59), time(18)])
ages = st.none() | st.integers(0, 90)
few_days = st.none() | st.sampled_from([0, 1, 2, 7])


@st.composite
def rules(draw: st.DrawFn, around: datetime) -> RuleFacts:
    """A rule, mostly one that says little."""
    least, most = draw(ages), draw(ages)
    if least is not None and most is not None and least > most:
        least, most = most, least
    days = draw(few_days)
    hours = st.integers(-72, 72)
    return RuleFacts(
        cohort_id=draw(st.sampled_from([None, None, THE_GROUP])),
        least_age=least,
        most_age=most,
        sex=draw(st.sampled_from(["", "", "female", "male"])),
        days_ahead=days,
        release_time=None if days is None else draw(clocks),
        embargo_until=draw(st.none() | hours.map(lambda n: around + timedelta(hours=n))),
        minimum_notice_minutes=draw(st.none() | st.sampled_from([0, 60, 2880])),
    )


@dataclass(frozen=True)
class Drawn:
    """A patient, an instant, rules, and slots with the instant of their own embargo."""

    who: WhoFacts
    at: datetime
    rules: list[RuleFacts]
    slots: list[tuple[datetime, datetime | None]]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Around a night on which the clocks change, to the second around 8am."""
    change = draw(st.sampled_from(CHANGES))
    noon = datetime.combine(change, time(12), UTC)
    eight = london(change.year, change.month, change.day, 8)
    at = draw(
        st.sampled_from([eight, eight - SECOND, eight + SECOND])
        | st.integers(-40, 40).map(lambda n: noon + timedelta(hours=n))
    )
    starts = st.integers(-4 * 24, 4 * 24 * 9).map(lambda n: noon + timedelta(minutes=15 * n))
    own = st.none() | st.integers(-48, 96).map(lambda n: noon + timedelta(hours=n))
    slots = draw(st.lists(st.tuples(starts, own), max_size=8, unique_by=lambda slot: slot[0]))
    born = draw(st.dates(date(1920, 1, 1), date(2026, 3, 1)) | st.just(date(1976, 2, 29)) | st.just(change))
    who = WhoFacts(born, draw(st.sampled_from(["female", "male", "unknown"])), draw(groups))
    return Drawn(who, at, draw(st.lists(rules(at), max_size=3)), slots)


groups = st.sampled_from([frozenset(), frozenset([THE_GROUP])])


@given(drawn())
@settings(max_examples=300)
def test_the_rules_let_in_what_day_by_day_thinking_lets_in(case: Drawn) -> None:
    for starts_at, _ in case.slots:
        if starts_at > case.at and case.rules:
            told = why_not_open(case.rules, case.who, REACH, starts_at, at=case.at)
            assert (told is None) == any(plainly_open(rule, case.who, starts_at, case.at) for rule in case.rules)


@given(st.dates(date(1904, 1, 1), date(2026, 1, 1)) | st.just(date(1976, 2, 29)), st.integers(0, 120))
def test_a_birthday_is_the_first_day_of_the_age(born: date, age: int) -> None:
    day = birthday(born, age)
    assert plain_age(born, day) == age
    assert plain_age(born, day - timedelta(days=1)) == age - 1


def _kept(practice: Practice, case: Drawn) -> tuple[Acting, Patient, list[Slot]]:
    """The drawn case in the database: the rules are those of one kind of slot; a second kind has none."""
    patient = a_patient_of(practice, birth_date=case.who.birth_date, sex=case.who.sex)
    kind, free_for_all = a_slot_type(practice, label="Ruled"), a_slot_type(practice, label="For all")
    group = Cohort.objects.create(practice=practice, name="Invited")
    if case.who.cohorts:
        CohortMember.objects.create(
            practice=practice, cohort=group, patient=patient, added_at=case.at, added_by=UUID(int=1)
        )
    for rule in case.rules:
        row = {name: getattr(rule, name) for name in RuleFacts.__slots__ if name != "cohort_id"}
        BookingRule.objects.create(practice=practice, type=kind, cohort=group if rule.cohort_id else None, **row)
    slots = []
    for n, (starts_at, release_at) in enumerate(case.slots):
        which = free_for_all if n % 4 == 3 else kind
        slots += slots_in(a_schedule(practice, starts_at), most=1, kind=which, release_at=release_at)
    return acting_as(patient), patient, slots


def plainly_bookable(case: Drawn, slot: Slot, at: datetime) -> bool:
    """Whether the slot could be booked at that instant."""
    ruled = case.rules if slot.type.label == "Ruled" else []
    released = slot.release_at is None or slot.release_at <= at
    return released and any(plainly_open(rule, case.who, slot.starts_at, at) for rule in ruled or [RuleFacts()])


def plain_next_release(case: Drawn, slots: list[Slot]) -> NextRelease | None:
    """Every instant at which something could change, one after the other, until one opens a slot that is shut now."""
    shut = [slot for slot in slots if not plainly_bookable(case, slot, case.at)]
    instants = {slot.starts_at - timedelta(days=28) for slot in shut} | {slot.release_at for slot in shut}
    for rule in case.rules:
        instants.add(rule.embargo_until)
        if rule.days_ahead is not None and rule.release_time is not None:
            days = [wall(slot.starts_at).date() - timedelta(days=rule.days_ahead) for slot in shut]
            instants |= {datetime.combine(day, rule.release_time, LONDON).astimezone(UTC) for day in days}
    for at in sorted(each for each in instants if each and each > case.at):
        if opened := [slot for slot in shut if plainly_bookable(case, slot, at)]:
            return NextRelease(at, local_day(min(slot.starts_at for slot in opened)))
    return None


@given(drawn())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_search_the_rules_and_day_by_day_thinking_agree(practice: Practice, case: Drawn) -> None:
    """What the search finds, what a booking would be told, and what a plain second thought says are the same."""
    with transaction.atomic():
        acting, patient, slots = _kept(practice, case)
        found = set(slots_bookable(acting, at=case.at))
        allowed = {slot for slot in slots if _may(acting, slot, patient, case.at)}
        release, choices = next_release(acting, at=case.at), choices_online(acting, at=case.at)
        transaction.set_rollback(True)
    assert found == allowed == {slot for slot in slots if plainly_bookable(case, slot, case.at)}
    assert release == plain_next_release(case, slots)
    to_come = [slot for slot in slots if slot.starts_at > case.at]
    theirs = [slot for slot in to_come if _for_them(case, slot)]
    assert {row["clinician"] for row in choices} == {slot.schedule.clinician_id for slot in theirs}


def _may(acting: Acting, slot: Slot, patient: Patient, at: datetime) -> bool:
    facts = booking_facts(acting, [slot], patient=patient, wanted=1, at=at)
    return why_not_book(facts, at=at) is None


def _for_them(case: Drawn, slot: Slot) -> bool:
    ruled = case.rules if slot.type.label == "Ruled" else []
    return any(plainly_for(rule, case.who, slot.starts_at) for rule in ruled or [RuleFacts()])
