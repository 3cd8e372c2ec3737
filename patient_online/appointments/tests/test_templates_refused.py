"""Templates that cannot be: what stands in the way is named."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from patient_online.appointments.actions import stop_template
from patient_online.appointments.models import SessionTemplate, Slot
from patient_online.appointments.rules.sessions import Part
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.planner import FRI, MON, Planner, refused, sessions
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import (
    a_clinician_of,
    a_practice,
    a_schedule,
    a_slot_type,
    staff_of,
)
from patient_online.nhs.dates import from_wall_clock
from patient_online.nhs.patterns import Kind
from patient_online.practices.models import Site

pytestmark = pytest.mark.django_db
THURSDAYS = [date(2026, 3, 5) + timedelta(weeks=n) for n in range(8)]  # eight weeks from Tuesday 3 March 2026


@pytest.fixture
def planner(now: datetime) -> Planner:
    """Mara plans at 8am on Tuesday 3 March 2026."""
    return Planner.at(now)


def test_two_templates_of_one_clinician_cannot_meet_even_at_two_places(planner: Planner) -> None:
    """The second Thursday is a Thursday too; what stands in the way is named, with its days."""
    planner.adds()
    branch = Site.objects.create(practice=planner.practice, name="Branch")
    plan = planner.plan(time(11, 20), kind=Kind.NTH_WEEKDAY, nth=2, site=branch, name="Minor surgery")
    reason, facts = refused(planner.adds, plan)
    assert reason is NotMade.IN_THE_WAY
    assert facts == {
        "clinician": "Dr Ada Exampleby",
        "session": "Morning surgery",
        "site": "Main building",
        "days": "Thursday 12 March 2026, Thursday 9 April 2026, Thursday 14 May 2026 …",
    }


def test_templates_that_only_touch_or_are_another_clinicians_do_not_meet(planner: Planner) -> None:
    planner.adds()
    planner.adds(planner.plan(time(11, 30), name="Right after"))
    planner.adds(planner.plan(clinician=a_clinician_of(planner.practice)))
    planner.adds(planner.plan(weekdays=(FRI,)))
    assert SessionTemplate.objects.count() == 4


def test_templates_that_meet_only_in_a_year_are_refused_too(planner: Planner) -> None:
    planner.adds(planner.plan(kind=Kind.NTH_WORKING_DAY, first=date(2027, 1, 1), last=date(2027, 1, 31), weekdays=()))
    reason, facts = refused(planner.adds, planner.plan(weekdays=(MON,)))
    assert (reason, facts["days"]) == (NotMade.IN_THE_WAY, "Monday 4 January 2027")


def test_a_day_on_which_another_session_is_in_the_book_is_left_out(planner: Planner) -> None:
    a_schedule(planner.practice, from_wall_clock(THURSDAYS[1], time(11)), hours=1, clinician=planner.ada)
    planner.adds()
    assert [row.template_day for row in sessions() if row.template_id] == [THURSDAYS[0], *THURSDAYS[2:]]


def test_slots_go_online_only_with_words_and_a_national_category(planner: Planner) -> None:
    for number, lacking in enumerate([{"national_category": ""}, {"label": ""}, {"national_category": "Unmapped"}]):
        kind = a_slot_type(planner.practice, name=f"LACKING {number}", **lacking)
        reason, facts = refused(planner.adds, planner.plan(parts=(Part(10, 3, kind.id, online=True),)))
        assert (reason, facts) == (NotMade.NO_WORDS, {"kind": kind.name})
        planner.adds(planner.plan(time(8 + number), parts=(Part(10, 3, kind.id),)))
    assert not Slot.objects.filter(online=True).exists()


@pytest.mark.parametrize(
    ("parts", "starts", "reason"),
    [
        ((), time(9), NotMade.NO_SLOTS),
        ((Part(30),), time(9), NotMade.NO_SLOTS),
        ((Part(10, 3, UUID(int=1)),), time(9), NotMade.NOT_HERE),
    ],
)
def test_a_session_needs_slots_of_the_practices_kinds(
    planner: Planner, parts: tuple[Part, ...], starts: time, reason: NotMade
) -> None:
    assert refused(planner.adds, planner.plan(starts, parts=parts))[0] is reason


def test_a_session_ends_at_midnight_at_the_latest(planner: Planner) -> None:
    parts = (Part(30, 3, planner.kind.id),)
    assert refused(planner.adds, planner.plan(time(22, 31), parts=parts))[0] is NotMade.PAST_MIDNIGHT
    assert planner.adds(planner.plan(time(22, 30), parts=parts))


def test_a_template_without_any_day_to_come_is_refused(planner: Planner) -> None:
    plan = planner.plan(first=date(2026, 1, 1), last=date(2026, 2, 28))
    assert refused(planner.adds, plan)[0] is NotMade.NO_DAY


def test_other_practices_people_and_places_cannot_be_used(planner: Planner) -> None:
    other = a_practice()
    stranger, place = a_clinician_of(other), Site.objects.get(practice=other)
    assert refused(planner.adds, planner.plan(clinician=stranger))[0] is NotMade.NOT_HERE
    assert refused(planner.adds, planner.plan(site=place))[0] is NotMade.NOT_HERE
    elsewhere = staff_of(other, Role.MANAGER)
    template = planner.adds()
    gone, _facts = refused(stop_template, template, from_day=THURSDAYS[1], by=elsewhere, at=planner.now)
    assert gone is NotMade.STOPPED_ALREADY


def test_only_a_manager_may(planner: Planner) -> None:
    rita = staff_of(planner.practice, Role.RECEPTIONIST)
    assert refused(planner.adds, planner.plan(), by=rita)[0] is NotAllowed.ROLE_NEEDED
