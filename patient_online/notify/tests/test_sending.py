"""A message is stored with the change that causes it, and never without its job."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager

from patient_online.asking import System
from patient_online.demo.factories import EARLY
from patient_online.notify import actions, jobs, queueing
from patient_online.notify.models import Message
from patient_online.notify.tests.kinds import MUST_REACH
from patient_online.notify.tests.notify_api import TAKEN, Answer, NotifyApi
from patient_online.notify.tests.people import BY_TEXT, a_reader, again, forget_jobs, jobs_of, told, tried
from patient_online.notify.tests.waiting import waited_for
from patient_online.storage.ids import uuid7
from tests.at_once import at_once
from tests.statements import statements
from tests.test_serving import url_of

owned = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@owned
@pytest.mark.parametrize("in_a_worker", [False, True])
def test_a_booking_that_is_rolled_back_leaves_neither_message_nor_job(in_a_worker: bool) -> None:
    patient = a_reader()
    connector = app.connector.get_worker_connector() if in_a_worker else app.connector  # type: ignore[attr-defined]
    with app.replace_connector(connector), transaction.atomic():
        message = told(patient)
        assert len(jobs_of(message)) == 1
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_a_message_costs_two_statements_and_its_job_names_ids_alone() -> None:
    patient, by = a_reader(), System("test", why="tells")
    about = [uuid7() for _ in range(3)]
    with statements() as made:
        actions.send_all(MUST_REACH, to=[(patient, each) for each in about], by=by, at=timezone.now())
    assert len(made) == 2
    (job, *_) = jobs_of(Message.objects.get(about=about[0]))
    assert set(job.args) == {"practice_id", "message_id"}


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [0, 30])
def test_the_job_of_one_message_is_as_the_queue_s_own_way_makes_it(minutes: int) -> None:
    """It is put in by a statement of ours, so that it may go with the message."""
    message = told(a_reader(), due_at=timezone.now() + timedelta(minutes=minutes))
    ours = _told_of_job()
    forget_jobs(message)
    JobManager(DjangoConnector()).batch_defer_jobs([queueing._job(message, queueing._due(message))])
    assert ours == _told_of_job()


def _told_of_job() -> dict[str, object]:
    (job,) = ProcrastinateJob.objects.values()
    return {name: value for name, value in job.items() if name != "id"}


@pytest.mark.django_db
def test_said_twice_about_one_thing_it_is_one_message_and_the_second_job_does_nothing() -> None:
    message = told(a_reader())
    actions.send(MUST_REACH, to=message.patient, about=message.about or uuid7(), by=System("t", "x"), at=timezone.now())
    assert Message.objects.count() == 1
    for job in ProcrastinateJob.objects.all():
        jobs.deliver(**job.args)
    assert again(message).attempts == 1


@pytest.mark.django_db
def test_what_is_due_later_waits_and_what_is_due_much_later_is_called_up_in_time() -> None:
    patient, now = a_reader(), timezone.now()
    soon, late = told(patient, due_at=now + timedelta(minutes=30)), told(patient, due_at=now + timedelta(days=2))
    (job,) = jobs_of(soon)
    assert job.scheduled_at == soon.due_at
    assert jobs_of(late) == []
    assert tried(soon).attempts == tried(late).attempts == 0
    forget_jobs(late)
    by = System("call_up", why="test")
    assert actions.call_up(by=by, at=now + timedelta(days=1)) == 0
    assert actions.call_up(by=by, at=late.due_at) == 1
    (job,) = jobs_of(late)
    assert job.scheduled_at == late.due_at


@pytest.mark.django_db
def test_the_job_of_a_worker_that_died_is_taken_up() -> None:
    message = told(a_reader())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '40 s') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    assert waited_for(queueing.take_up_stalled, JobManager(DjangoConnector())) == 1
    assert len(jobs_of(message)) == 1
    assert waited_for(queueing.take_up_stalled, JobManager(DjangoConnector())) == 0


@owned
def test_the_job_of_a_worker_that_died_ends_where_another_waits_already() -> None:
    message = told(a_reader())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    queueing.put_in_again(message, timezone.now())
    assert waited_for(queueing.take_up_stalled, JobManager(DjangoConnector())) == 1
    assert len(jobs_of(message)) == len(jobs_of(message, "failed")) == 1


@pytest.mark.django_db
def test_a_job_whose_workers_always_die_is_not_taken_up_for_ever() -> None:
    message = told(a_reader())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 20")
    waited_for(queueing.take_up_stalled, JobManager(DjangoConnector()))
    assert len(jobs_of(message, "failed")) == 1


@owned
def test_a_worker_alone_does_what_is_due_and_the_periodic_tasks_are_known() -> None:
    message = told(a_reader())
    command = [sys.executable, "-c", ONE_ROUND]
    known = {**os.environ, "DATABASE_URL": url_of("default"), "DATABASE_OWNER_URL": ""}
    done = subprocess.run(command, env=known, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert again(message).status in ("to-print", "waiting")
    assert again(message).attempts == 1
    assert str(message.patient.family_name) not in done.stderr.decode()
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    ours = {f"patient_online.notify.jobs.{name}" for name in ("call_up", "take_up_stalled", "delete_old_jobs")}
    assert ours <= periodic


@owned
def test_eight_workers_with_the_same_message_send_it_once(texts: NotifyApi) -> None:
    texts.behaves = lambda: Answer(TAKEN, 201, 0.3)
    message = told(a_reader(contact_by="text", **BY_TEXT))
    at_once([lambda: tried(message)] * 8)
    assert [text["reference"] for text in texts.taken] == [str(message.id)]
    assert (again(message).status, again(message).attempts) == ("sent", 1)


ONE_ROUND = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "patient_online.config.settings"
django.setup()
from patient_online.notify.tests.kinds import register_test_kinds
register_test_kinds()
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(queues=["messages"], wait=False)
"""


@pytest.mark.django_db
def test_jobs_that_ended_long_ago_are_deleted_and_what_waits_stays() -> None:
    old, new = told(a_reader()), told(a_reader())
    with connection.cursor() as cursor:
        which = "WHERE args->>'message_id' = %s"
        cursor.execute(f"UPDATE procrastinate_jobs SET status = 'succeeded' {which}", [str(old.id)])
        cursor.execute("UPDATE procrastinate_events SET at = %s", [EARLY])
    delete = JobManager(DjangoConnector()).delete_old_jobs
    waited_for(delete, jobs.KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
    assert jobs_of(old, "succeeded") == []
    assert len(jobs_of(new)) == 1
