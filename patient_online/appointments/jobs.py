"""What happens later in the appointment book, without anybody pressing a button."""

from datetime import date, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from patient_online.appointments import actions, queries
from patient_online.appointments.day_files import practices_to_write, write_day_lists
from patient_online.appointments.queries import planning, templates
from patient_online.asking import System
from patient_online.nhs.dates import local_day
from patient_online.practices.queries import practices_active

LOOK_BACK = timedelta(minutes=15)


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
    """Record who never arrived at the practices that want it, each night."""
    now = timezone.now()
    for practice_id in practices_active(System("record_never_arrived", why="each practice has its own policy")):
        by = System("record_never_arrived", practice_id)
        actions.record_never_arrived(before=local_day(now), by=by, at=now)


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
    """Make the sessions of all of a practice's templates through the day, or as far as it has chosen; how many."""
    system, now = System("make_sessions", practice_id), timezone.now()
    today = local_day(now)
    through = through or planning.made_until(system, today=today)
    rows = templates.templates(system, on=today)
    return sum(actions.make_sessions(row, through=through, by=system, at=now) for row in rows)
