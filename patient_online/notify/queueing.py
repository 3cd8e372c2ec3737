"""Puts jobs into the queue in the transaction that is open, and takes up those of workers that have died."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from patient_online.notify.models import Message
from patient_online.storage.writing import write

DELIVER = "patient_online.notify.jobs.deliver"
SEND_MAIL = "patient_online.notify.jobs.send_mail"
QUEUE = "messages"
AT_ONCE = 10  # somebody waits for the code in it
# The library's own function, as `batch_defer_jobs` calls it; here it may go with the statement that stores the message.
DEFER_ONE = """
SELECT procrastinate_defer_jobs_v1(
  ARRAY[ROW(%s, %s, %s, NULL, %s, %s::jsonb, %s::timestamptz)::procrastinate_job_to_defer_v1])
"""
MOST_ATTEMPTS = 20  # of one job whose workers all died
logger = logging.getLogger(__name__)


def lock_of(message: Message) -> str:
    """What names the message in the queue: at most one job waits for each."""
    return f"message:{message.id}"


def put_in(messages: Iterable[Message], at: datetime | None = None) -> None:
    """Defer the job that delivers each message, at this instant or when the message is due.

    On Django's own connection, so in the transaction of the caller; the connector of a worker has one of its own, in
    which the job could be seen before the change, or without it.
    """
    jobs = [_job(message, at or _due(message)) for message in messages]
    if len(jobs) == 1:
        write(DEFER_ONE, _values(jobs[0]), calls=True)
    elif jobs:
        _manager().batch_defer_jobs(jobs)


def put_in_again(message: Message, at: datetime) -> None:
    """Defer the job once more, unless one waits already."""
    try:
        with transaction.atomic():
            _manager().batch_defer_jobs([_job(message, at)])
    except (AlreadyEnqueued, UniqueViolation):
        return


def put_in_mail(mail_id: UUID, at: datetime | None = None) -> None:
    """Defer the job that sends an account's own e-mail, in the transaction that is open."""
    job = Job(
        id=None,
        queue=QUEUE,
        lock=None,
        queueing_lock=None,
        task_name=SEND_MAIL,
        priority=AT_ONCE,
        task_kwargs={"mail_id": str(mail_id)},
        scheduled_at=at,
    )
    write(DEFER_ONE, _values(job), calls=True)


def _values(job: Job) -> list[Any]:
    given = json.dumps(job.task_kwargs)
    return [job.queue, job.task_name, job.priority, job.queueing_lock, given, job.scheduled_at]


def _due(message: Message) -> datetime | None:
    """When it is due, or None for what is due as soon as it is made: clocks of two machines differ."""
    return message.due_at if message.due_at > message.made_at else None


def _manager() -> JobManager:
    return JobManager(DjangoConnector())


def _job(message: Message, at: datetime | None) -> Job:
    return Job(
        id=None,
        queue=QUEUE,
        lock=None,
        queueing_lock=lock_of(message),
        task_name=DELIVER,
        task_kwargs={"practice_id": message.practice_id, "message_id": str(message.id)},
        scheduled_at=at,
    )


async def take_up_stalled(manager: JobManager, *, silent_seconds: float = 30) -> int:
    """Put the jobs of workers whose heart has not beaten for so long back into the queue; how many there were."""
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    for job in stalled:
        if job.attempts >= MOST_ATTEMPTS or not await _taken_up(manager, job):
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    if stalled:
        logger.warning("Took up %s jobs of workers that have ended.", len(stalled))
    return len(stalled)


async def _taken_up(manager: JobManager, job: Job) -> bool:
    """Whether the job waits again; not when another for the same thing waits already."""
    try:
        await manager.retry_job(job)
    except (AlreadyEnqueued, UniqueViolation):
        return False
    return True
