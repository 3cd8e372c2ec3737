"""What happens later in the appointment book, without anybody pressing a button."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from patient_online.appointments import actions, queries
from patient_online.appointments.day_files import practices_to_write, write_day_lists
from patient_online.appointments.models import SessionTemplate
from patient_online.appointments.queries import planning, templates
from patient_online.asking import System
from patient_online.nhs.dates import local_day
from patient_online.practices.queries import practices_active

logger = logging.getLogger(__name__)
LOOK_BACK = timedelta(minutes=15)
MADE_AT_ONCE = timedelta(weeks=4)


class NotAllMade(Exception):
    """The sessions of some templates could not be made: the log says why, and those of all others are made."""

    def __init__(self, practice_id: str, templates: Sequence[UUID], number: int) -> None:
        ids = ", ".join(map(str, templates))
        super().__init__(f"{practice_id}: {number} made, but not those of {len(templates)} templates: {ids}")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="appointments.remind")
def remind(timestamp: int) -> None:
    """Send the reminders whose time has just come, each minute."""
    send_reminders(LOOK_BACK)


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="appointments.remind_late")
def remind_late(timestamp: int) -> None:
    """Send the reminders that were missed while no worker ran, each hour: late is better than never."""
    send_reminders(queries.ANY_TIME)


def send_reminders(look_back: timedelta) -> None:
    """Send all that are due, some hundreds in a transaction."""
    system = System("remind", why="reminders are due at all practices at once")
    while actions.remind(by=system, at=timezone.now(), look_back=look_back) == queries.MOST_AT_ONCE:
        pass


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="appointments.make_sessions_ahead")
def make_sessions_ahead(timestamp: int) -> None:
    """Let each practice's sessions be made from its templates, each night."""
    system = System("make_sessions", why="every practice with templates has its sessions made")
    for practice_id in templates.practices_with_templates(system, on=local_day(timezone.now())):
        make_sessions_of_practice.defer(practice_id=practice_id)


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="appointments.export_day_lists")
def export_day_lists(timestamp: int) -> None:
    """Write each practice's list of today and the next working day, each hour."""
    for practice_id in practices_to_write(timezone.now()):
        export_day_lists_of_practice.defer(practice_id=practice_id)


@app.task
def export_day_lists_of_practice(practice_id: str) -> None:
    """Write one practice's lists; where that cannot be, the job fails with a sentence that says why."""
    write_day_lists(practice_id, at=timezone.now())


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="appointments.record_never_arrived")
def record_never_arrived(timestamp: int) -> None:
    """Let who never arrived be recorded at each practice, each night."""
    for practice_id in practices_active(System("record_never_arrived", why="each practice has its own policy")):
        record_never_arrived_at_practice.defer(practice_id=practice_id)


@app.task
def record_never_arrived_at_practice(practice_id: str) -> None:
    """Record who never arrived at one practice before today, if it wants that."""
    now = timezone.now()
    actions.record_never_arrived(before=local_day(now), by=System("record_never_arrived", practice_id), at=now)


@app.periodic(cron="10 2 * * *")
@app.task(queueing_lock="appointments.count_unmet")
def count_unmet(timestamp: int) -> None:
    """Count what was refused and given up at every practice, each night: the last three days, had a night failed."""
    system = System("count_unmet", why="each practice has its own counts of what people could not get")
    for practice_id in practices_active(system):
        count_unmet_of_practice.defer(practice_id=practice_id)


@app.task
def count_unmet_of_practice(practice_id: str) -> None:
    """Count what was refused and given up at one practice on the last three days that are over."""
    now = timezone.now()
    for back in (3, 2, 1):
        day = local_day(now) - timedelta(days=back)
        actions.count_unmet(day, by=System("count_unmet", practice_id), at=now)


@app.task
def make_sessions_of_practice(practice_id: str) -> None:
    """Make one practice's sessions as far ahead as it has chosen."""
    make_sessions_at(practice_id)


def make_sessions_at(practice_id: str, *, through: date | None = None) -> int:
    """Make the sessions of all of a practice's templates through the day, or as far as it has chosen; how many.

    A template that breaks stops none of the others; NotAllMade is raised when these are done.
    """
    system, now = System("make_sessions", practice_id), timezone.now()
    today, number, broken = local_day(now), 0, []
    through = through or planning.made_until(system, today=today)
    for row in templates.templates(system, on=today):
        try:
            for step in _steps(row, today, through):
                number += actions.make_sessions(row, through=step, by=system, at=now)
        except Exception:
            logger.exception("The sessions of template %s could not be made.", row.id)
            broken.append(row.id)
    if broken:
        raise NotAllMade(practice_id, broken, number)
    return number


def _steps(template: SessionTemplate, today: date, through: date) -> Iterator[date]:
    """The last days of what is made at a time: a few weeks, so that no transaction is long."""
    step = max(today, template.made_through or today) + MADE_AT_ONCE
    while step < through:
        yield step
        step += MADE_AT_ONCE
    yield through
