"""The made-up practice's templates go on where its six weeks of clinics end."""

from datetime import timedelta

import pytest

from patient_online.appointments.actions import make_sessions
from patient_online.appointments.models import Schedule, SessionTemplate
from patient_online.asking import System
from patient_online.demo.clinics import AFTER
from patient_online.demo.keeping import keep
from patient_online.demo.surgery import ODS_CODE
from patient_online.demo.world import World, the_world
from patient_online.nhs.dates import local_day, london


def test_sessions_of_the_book_are_those_of_its_templates_once_a_day(world: World) -> None:
    tied = [(each.template_id, each.template_day) for each in world.book.schedules if each.template_id]
    assert len(tied) == len(set(tied))
    weekly = {each.id for each in world.templates.templates if each.from_day < world.today}
    assert {template_id for template_id, _day in tied} == weekly
    assert all(each.template_day == local_day(each.starts_at) for each in world.book.schedules if each.template_id)


def test_templates_of_every_pattern_are_there_to_be_looked_at(world: World) -> None:
    assert {each.pattern for each in world.templates.templates} == set(SessionTemplate.Pattern.values)
    assert len({each.id for each in world.templates.templates}) > 5
    assert len(world.templates.absences) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_nightly_job_makes_what_comes_after_the_six_weeks_and_nothing_before() -> None:
    """Even on the first night no clinician gets a second session at the same time."""
    now = london(2026, 3, 20, 8)
    world = the_world(local_day(now))
    keep(world)
    before = Schedule.objects.count()
    ends, by = world.today + AFTER, System("make_sessions", ODS_CODE)
    for template in SessionTemplate.objects.order_by("id"):
        assert make_sessions(template, through=ends - timedelta(days=1), by=by, at=now) == 0, template.name
    made = [
        make_sessions(each, through=ends + timedelta(weeks=5), by=by, at=now) for each in SessionTemplate.objects.all()
    ]
    assert min(made) > 0
    assert Schedule.objects.count() == before + sum(made)
