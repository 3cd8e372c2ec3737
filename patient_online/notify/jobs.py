"""What happens later: messages are delivered, what was left lying is taken up, and old jobs are deleted."""

from uuid import UUID

from django.utils import timezone
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from patient_online.asking import System
from patient_online.notify import actions, delivering, mailing, queueing, receipts

BEFORE_OTHERS = 10
KEPT_HOURS = 48


@app.task(name=queueing.DELIVER, queue=queueing.QUEUE)
def deliver(practice_id: str, message_id: str) -> None:
    """Deliver one message."""
    delivering.deliver(System("deliver", practice_id), UUID(message_id))


@app.task(name=queueing.SEND_MAIL, queue=queueing.QUEUE, priority=queueing.AT_ONCE)
def send_mail(mail_id: str) -> None:
    """Send one e-mail of an account: somebody waits for the code in it."""
    mailing.send_mail(System("send_mail", why="accounts belong to no practice"), UUID(mail_id))


@app.periodic(cron="* * * * *")
@app.task(queue=queueing.QUEUE, queueing_lock="call-up", priority=BEFORE_OTHERS)
def call_up(timestamp: int) -> None:
    """Each minute, give a job to the messages that are due and have none."""
    actions.call_up(by=System("call_up", why="no message is left lying"), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue=queueing.QUEUE, queueing_lock="take-up-stalled", priority=BEFORE_OTHERS, pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Each minute, put the jobs of workers that have died back into the queue: nobody else does."""
    await queueing.take_up_stalled(context.app.job_manager)


@app.periodic(cron="* * * * *")
@app.task(queue=queueing.QUEUE, queueing_lock="ask-receipts")
def ask_receipts(timestamp: int) -> None:
    """Each minute, ask whether what was sent some time ago has arrived."""
    receipts.ask_all(System("ask_receipts", why="messages of every practice went out"))


@app.periodic(cron="20 3 * * *")
@app.task(queue=queueing.QUEUE, queueing_lock="delete-old-jobs", pass_context=True)
async def delete_old_jobs(context: JobContext, timestamp: int) -> None:
    """Each night, delete the jobs that ended more than two days ago."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEPT_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
