"""What happens to a message after its provider took it: it arrives, or it does not and goes another way."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.notify.kinds import Words
from patient_online.notify.models import Message
from patient_online.notify.queueing import put_in_again
from patient_online.notify.rules import LETTER

Status = Message.Status


def claim_receipt(message: Message, *, by: System, at: datetime) -> bool:
    """Take the asking for this worker alone, until the lease ends; whether it is still due."""
    due = _asked_about(message).filter(receipt_due_at__lte=at)
    return bool(due.update(receipt_due_at=at + settings.NOTIFY_PATIENCE.lease))


def ask_later(message: Message, *, by: System, at: datetime) -> None:
    """Ask again when as much time again has gone by, or no more after four days."""
    wait = settings.NOTIFY_PATIENCE.receipt_after(at - (message.settled_at or at))
    _asked_about(message).update(receipt_due_at=at + wait if wait else None)


@action("message.delivered")
def mark_delivered(message: Message, *, by: System, at: datetime) -> None:
    """Note that the provider says it has arrived."""
    _became(message, "message.delivered", by, at, delivered_at=at)


@action("message.receipt_closed")
def ask_no_more(message: Message, *, by: System, at: datetime, trouble: str = "") -> None:
    """Note that no more will be known of it, or that it does not matter any more."""
    _became(message, "message.receipt_closed", by, at, trouble=trouble)


@action("message.not_delivered")
def go_another_way(message: Message, *, trouble: str, by: System, at: datetime) -> None:
    """Let a message that did not arrive wait again: it is sent the next way that is open."""
    gone: dict[str, Any] = {"status": Status.WAITING, "settled_at": None, "handed_over_at": None, "provider_id": ""}
    if _became(message, "message.not_delivered", by, at, trouble=trouble, **gone):
        put_in_again(message, at)


@action("message.not_delivered")
def give_up(message: Message, *, trouble: str, letter: Words | None, by: System, at: datetime) -> None:
    """Let a message that did not arrive become a letter, or else fail, so that staff see it."""
    to: dict[str, Any] = {"status": Status.FAILED, "settled_at": at, "handed_over_at": None}
    if letter:
        body = "\n\n".join(letter.lasting)
        to |= {"status": Status.TO_PRINT, "route": LETTER, "subject": letter.subject[:200], "body": body}
    _became(message, "message.not_delivered", by, at, trouble=trouble, **to)


def _became(message: Message, event: str, by: System, at: datetime, **values: Any) -> bool:
    """Write what became of it, once; whether nobody else did."""
    if not _asked_about(message).update(receipt_due_at=None, **values):
        return False
    trouble = values.get("trouble", "")
    record(event, by=by, at=at, subject=message.id, patient=message.patient_id, kind=message.kind, trouble=trouble)
    return True


def _asked_about(message: Message) -> QuerySet[Message]:
    rows = Message.objects.filter(practice_id=message.practice_id, id=message.id, status=Status.SENT)
    return rows.exclude(receipt_due_at=None)
