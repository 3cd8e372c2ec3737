"""What goes wrong at one practice, or with one template, at night stops nothing at the others, and is seen."""

from datetime import datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.appointments import jobs
from patient_online.appointments.models import Appointment, Schedule, SessionTemplate
from patient_online.appointments.tests.planner import Planner
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment, the_maker
from patient_online.practices.actions import set_policy

pytestmark = pytest.mark.django_db


def with_a_broken_template(now: datetime) -> Planner:
    """Two templates, the earlier of a pattern that this version does not know."""
    planner = Planner.at(now)
    broken = planner.adds(planner.plan(time(8, 30)))
    planner.adds(planner.plan(time(14), name="Afternoon surgery"))
    SessionTemplate.objects.filter(id=broken.id).update(pattern="of-tomorrow")
    return planner


def made(planner: Planner) -> dict[str, int]:
    names = Schedule.objects.filter(practice=planner.practice).values_list("name", flat=True)
    return {name: list(names).count(name) for name in set(names)}


def test_one_bad_template_does_not_stop_the_others_and_the_job_fails_when_they_are_done(now: datetime) -> None:
    planner = with_a_broken_template(now)
    with time_machine.travel(now + timedelta(weeks=1), tick=False), pytest.raises(jobs.NotAllMade, match="1 made"):
        jobs.make_sessions_of_practice(practice_id=planner.practice.ods_code)
    assert made(planner) == {"Morning surgery": 8, "Afternoon surgery": 9}


def test_the_command_goes_on_with_the_next_practice_and_fails_at_the_end(now: datetime) -> None:
    bad, good, said = with_a_broken_template(now), Planner.at(now), StringIO()
    good.adds()
    with time_machine.travel(now + timedelta(weeks=1), tick=False), pytest.raises(CommandError) as error:
        call_command("make_sessions", stdout=said)
    assert bad.practice.ods_code in str(error.value)
    assert good.practice.ods_code not in str(error.value)
    assert f"{good.practice.ods_code}: 1 session made." in said.getvalue()
    assert (made(bad)["Afternoon surgery"], made(good)["Morning surgery"]) == (9, 9)


def test_who_never_arrived_is_recorded_by_a_job_for_each_practice_so_that_one_stops_no_other(now: datetime) -> None:
    practices = [a_practice(), a_practice()]
    missed = []
    for practice in practices:
        set_policy(practice, name="auto_did_not_attend", value=True, by=the_maker(practice), at=now)
        slots = [a_slot_of(practice, now - timedelta(days=1, hours=n)) for n in (1, 2)]
        an_appointment(slots[0], a_patient_of(practice), arrived_at=slots[0].starts_at, outcome="attended")
        missed.append(an_appointment(slots[1], a_patient_of(practice)))
    with time_machine.travel(now, tick=False):
        jobs.record_never_arrived(timestamp=0)
        waiting = ProcrastinateJob.objects.filter(task_name=jobs.record_never_arrived_at_practice.name)
        asked = {str(job.args["practice_id"]) for job in waiting}
        assert {practice.ods_code for practice in practices} <= asked
        jobs.record_never_arrived_at_practice(practice_id=practices[1].ods_code)
    assert [Appointment.objects.get(id=each.id).outcome for each in missed] == ["", "dna"]
