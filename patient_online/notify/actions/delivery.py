"""What happens to a message while it is delivered: each step is short, and no network call is made inside one."""

import random
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.notify.kinds import Words
from patient_online.notify.models import Message
from patient_online.notify.queries import due_without_job
from patient_online.notify.queueing import put_in_again

Status = Message.Status


def claim(message_id: UUID, *, by: System, at: datetime) -> Message | None:
    """Take the message for this worker alone, until the lease ends; None when it is not to be sent now."""
    free = Q(next_try_at=None) | Q(next_try_at__lte=at)
    rows = Message.objects.filter(practice_id=by.practice_id, id=message_id, status=Status.WAITING, due_at__lte=at)
    lease = settings.NOTIFY_PATIENCE.lease
    if not rows.filter(free).update(next_try_at=at + lease, attempts=F("attempts") + 1):
        return None
    return Message.objects.select_related("patient", "practice").get(practice_id=by.practice_id, id=message_id)


def look_again(message_id: UUID, *, by: System, at: datetime, held: bool = False) -> None:
    """See to it that a message that could not be claimed, or is held, has a job for later, if it still waits."""
    message = Message.objects.filter(practice_id=by.practice_id, id=message_id, status=Status.WAITING).first()
    if message is None:
        return
    soonest = at + settings.NOTIFY_PATIENCE.while_held * random.uniform(0.9, 1.1) if held else at  # noqa: S311 - spreads
    put_in_again(message, max(soonest, message.due_at, message.next_try_at or at))


def hand_over(message: Message, *, route: str, words: Words, secret: bool, by: System, at: datetime) -> bool:
    """Note that the message goes to a provider now, and renew the lease; whether it is still ours to send.

    From here on until it is settled, nobody knows whether it went out: who finds it so asks the provider first.
    """
    kept = {} if secret else _kept(words, at_once=True)
    until = at + settings.NOTIFY_PATIENCE.lease
    return bool(_ours(message).update(route=route, handed_over_at=at, next_try_at=until, **kept))


@action("message.settled")
def settle(
    message: Message,
    *,
    to: str,
    by: System,
    at: datetime,
    route: str | None = None,
    words: Words | None = None,
    trouble: str = "",
    provider_id: str = "",
    receipt_due_at: datetime | None = None,
) -> bool:
    """Put an end to the message's waiting; whether it was ours to end. What was sent was sent, whoever stopped it."""
    stopped = (Status.DROPPED, Status.TO_PRINT)  # by staff, while it was under way
    rows = _ours(message, Status.WAITING, *stopped) if to == Status.SENT else _ours(message)
    given = {"status": to, "settled_at": at, "next_try_at": None, "trouble": trouble, "provider_id": provider_id[:100]}
    given["receipt_due_at"] = receipt_due_at
    if route is not None:
        given["route"] = route
    if to == Status.DROPPED:
        given |= {"subject": "", "body": ""}
    if not rows.update(**given, **_kept(words, at_once=to == Status.SENT)):
        return False
    of = message.patient_id
    record("message.settled", by=by, at=at, subject=message.id, patient=of, kind=message.kind, to=to, trouble=trouble)
    return True


def put_off(message: Message, *, trouble: str, unknown: bool, until: datetime, by: System, at: datetime) -> None:
    """Let the message wait until it is tried again; `unknown` when the last try may have arrived."""
    with transaction.atomic():
        handed_over_at = F("handed_over_at") if unknown else None
        if _ours(message).update(next_try_at=until, trouble=trouble, handed_over_at=handed_over_at):
            put_in_again(message, until)


def call_up(*, by: System, at: datetime) -> int:
    """Give a job to every message that is due and has none; how many there were."""
    messages = list(due_without_job(by, at=at))
    for message in messages:
        put_in_again(message, max(message.due_at, at))
    return len(messages)


def _ours(message: Message, *statuses: str) -> QuerySet[Message]:
    """The message's row, unless it was settled meanwhile or another worker has claimed it since."""
    rows = Message.objects.filter(practice_id=message.practice_id, id=message.id, attempts=message.attempts)
    return rows.filter(status__in=statuses or (Status.WAITING,))


def _kept(words: Words | None, *, at_once: bool) -> dict[str, str]:
    """What is kept of the words: for what arrives at once all that was sent, else what may be read days later."""
    if words is None:
        return {}
    return {"subject": words.subject[:200], "body": "\n\n".join(words.paragraphs if at_once else words.lasting)}
