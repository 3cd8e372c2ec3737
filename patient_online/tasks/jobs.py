"""What happens later to the work list: managers are told once a day of what is overdue."""

from django.utils import timezone
from procrastinate.contrib.django import app

from patient_online.asking import System
from patient_online.nhs.bank_holidays import is_working_day
from patient_online.nhs.dates import local_day
from patient_online.tasks.actions import tell_of_overdue
from patient_online.tasks.queries import practices_with_overdue


@app.periodic(cron="40 6 * * *")
@app.task(queueing_lock="tasks.tell_of_overdue_everywhere")
def tell_of_overdue_everywhere(timestamp: int) -> None:
    """Have the managers of each practice with overdue tasks told, on the morning of each working day."""
    now = timezone.now()
    if not is_working_day(local_day(now)):
        return
    for practice_id in practices_with_overdue(System("overdue", why="looks which practices have any"), at=now):
        tell_of_overdue_at_practice.defer(practice_id=practice_id)


@app.task
def tell_of_overdue_at_practice(practice_id: str) -> None:
    """Have the managers of one practice told."""
    tell_of_overdue(by=System("overdue", practice_id), at=timezone.now())
