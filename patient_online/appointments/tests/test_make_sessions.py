"""Each night, every practice's sessions are made from its templates; by hand too."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.appointments.jobs import make_sessions_ahead, make_sessions_at, make_sessions_of_practice
from patient_online.appointments.models import Schedule, SessionTemplate
from patient_online.appointments.tests.planner import Planner, days
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice

pytestmark = pytest.mark.django_db
THURSDAYS = [date(2026, 3, 5) + timedelta(weeks=n) for n in range(16)]


def a_week_later(now: datetime) -> time_machine.travel:
    return time_machine.travel(now + timedelta(weeks=1), tick=False)


def test_a_week_later_one_more_session_is_made_at_each_practice_with_templates(now: datetime) -> None:
    """The night's job asks for one job a practice; a practice without templates, or with stopped ones, has none."""
    first, second, stopped = Planner.at(now), Planner.at(now), Planner.at(now)
    for planner in (first, second, stopped):
        planner.adds()
    a_practice()
    SessionTemplate.objects.filter(practice=stopped.practice).update(to_day=now.date())
    with a_week_later(now):
        make_sessions_ahead(timestamp=0)
        waiting = ProcrastinateJob.objects.filter(task_name=make_sessions_of_practice.name)
        asked = sorted(str(job.args["practice_id"]) for job in waiting)
        assert asked == sorted([first.practice.ods_code, second.practice.ods_code])
        for practice_id in asked:
            make_sessions_of_practice(practice_id=practice_id)
    for planner, number in ((first, 9), (second, 9), (stopped, 8)):
        made = Schedule.objects.filter(practice=planner.practice).order_by("template_day")
        assert list(made.values_list("template_day", flat=True)) == THURSDAYS[:number]


def test_the_job_tells_the_trail_what_it_made_and_nothing_when_there_was_nothing(now: datetime) -> None:
    planner = Planner.at(now)
    planner.adds()
    entries = Entry.objects.filter(event="appointment.sessions_made", asker="system")
    with a_week_later(now):
        assert make_sessions_at(planner.practice.ods_code) == 1
        assert make_sessions_at(planner.practice.ods_code) == 0
    assert [(entry.asker_name, entry.details) for entry in entries] == [("make_sessions", {"number": 1})]


def test_the_command_makes_them_through_a_day_and_says_how_many(now: datetime) -> None:
    planner, other = Planner.at(now), Planner.at(now)
    planner.adds()
    other.adds()
    code, said = planner.practice.ods_code, StringIO()
    with a_week_later(now):
        call_command("make_sessions", practice=code.lower(), through=THURSDAYS[11], stdout=said)
        assert said.getvalue() == f"{code}: 4 sessions made.\n"
        call_command("make_sessions", stdout=said)
    assert f"{code}: 0 sessions made." in said.getvalue()
    assert f"{other.practice.ods_code}: 1 session made." in said.getvalue()
    assert days().count(THURSDAYS[11]) == 1


@pytest.mark.parametrize("code", ["nowhere!", "Y99999"])
def test_the_command_knows_no_such_practice(now: datetime, code: str) -> None:
    Planner.at(now).adds()
    with pytest.raises(CommandError, match=code):
        call_command("make_sessions", practice=code)


@pytest.mark.parametrize(
    ("through", "words"),
    [
        ("2026-13-01", "2026-13-01 is no day"),
        ("next year", "next year is no day"),
        ("2020-01-01", "--through must be a day from 2026-03-"),
        ("2099-01-01", "--through must be a day from 2026-03-"),
    ],
)
def test_a_day_that_is_none_has_been_or_is_more_than_two_years_ahead_is_told_and_nothing_is_made(
    now: datetime, through: str, words: str
) -> None:
    planner = Planner.at(now)
    planner.adds()
    before = days()
    with a_week_later(now), pytest.raises(CommandError, match=words):
        call_command("make_sessions", f"--through={through}")
    assert days() == before


def test_sessions_of_two_years_are_made_a_few_weeks_at_a_time_and_all_of_them(now: datetime) -> None:
    planner, said = Planner.at(now), StringIO()
    planner.adds()
    with time_machine.travel(now, tick=False):
        call_command("make_sessions", "--through", (now.date() + timedelta(days=700)).isoformat(), stdout=said)
    assert f"{planner.practice.ods_code}: {len(days()) - 8} sessions made." in said.getvalue()
    thursdays = [now.date() + timedelta(days=n) for n in range(701)]
    assert days() == [day for day in thursdays if day.isoweekday() == 4]  # none is a holiday
    numbers = Entry.objects.filter(event="appointment.sessions_made", asker="system").values_list("details", flat=True)
    assert max(details["number"] for details in numbers) <= 4
