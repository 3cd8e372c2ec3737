"""What staff do with messages that failed and with letters, and what a patient does by reading."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from patient_online.asking import Acting, Role, Staff
from patient_online.audit.actions import action, record, record_all
from patient_online.notify.kinds import Words, known_kind, worded
from patient_online.notify.models import Message
from patient_online.notify.queueing import put_in_again
from patient_online.notify.rules import INBOX, LETTER, NotThisMessage
from patient_online.refusals import Refused

DESK = (Role.MANAGER, Role.RECEPTIONIST)
Status = Message.Status


@action("message.tried_again")
def try_again(message: Message, *, by: Staff, at: datetime) -> None:
    """Send a message that has failed once more, now."""
    by.require_at(message.practice_id, *DESK)
    failed = Message.objects.filter(practice_id=by.practice_id, id=message.id, status=Status.FAILED)
    # What may have been taken before is asked after before it is sent again, so when it was handed over stays.
    if not failed.update(status=Status.WAITING, settled_at=None, next_try_at=None, attempts=0, trouble=""):
        raise Refused(NotThisMessage.NOT_FAILED)
    put_in_again(message, at)
    record("message.tried_again", by=by, at=at, subject=message.id, patient=message.patient_id)


@action("message.stopped")
def stop(message: Message, *, by: Staff, at: datetime) -> None:
    """See to it that a message that waits or has failed is not sent."""
    by.require_at(message.practice_id, *DESK)
    rows = Message.objects.filter(practice_id=by.practice_id, id=message.id)
    rows = rows.filter(status__in=[Status.WAITING, Status.FAILED])
    gone = {"status": Status.DROPPED, "settled_at": at, "next_try_at": None, "trouble": "stopped"}
    if not rows.update(**gone, subject="", body=""):
        raise Refused(NotThisMessage.NOT_WAITING)
    record("message.stopped", by=by, at=at, subject=message.id, patient=message.patient_id)


@action("message.print_instead")
def print_instead(message: Message, *, by: Staff, at: datetime) -> None:
    """Make a letter of a message that waits or has failed, or raise Refused."""
    by.require_at(message.practice_id, *DESK)
    words = _for_paper(message, at)
    rows = Message.objects.filter(practice_id=by.practice_id, id=message.id)
    letter = {"route": LETTER, "subject": words.subject[:200], "body": "\n\n".join(words.lasting)}
    gone = {"status": Status.TO_PRINT, "settled_at": at, "next_try_at": None, **letter}
    if not rows.filter(status__in=[Status.WAITING, Status.FAILED]).update(**gone):
        raise Refused(NotThisMessage.NOT_WAITING)
    record("message.print_instead", by=by, at=at, subject=message.id, patient=message.patient_id)


def _for_paper(message: Message, at: datetime) -> Words:
    """What the letter says, or Refused where there is to be none: a letter on the mat may be a danger."""
    patient, kind = message.patient, known_kind(message.kind)
    if kind and kind.address:
        raise Refused(NotThisMessage.NOT_FOR_PAPER)
    if patient.contact_by == INBOX:
        raise Refused(NotThisMessage.NO_LETTER)
    words = None if patient.left_on or patient.died_on else worded(message, at)
    if words is None:
        raise Refused(NotThisMessage.NOT_TRUE)
    return words


@action("letters.printed")
def mark_printed(ids: Sequence[UUID], *, by: Staff, at: datetime) -> int:
    """Note that these letters have come out of the printer; how many of them were still to be printed."""
    by.require(*DESK)
    return _turn(Message.objects.filter(id__in=ids), Status.TO_PRINT, Status.PRINTED, "letters.printed", by, at)


@action("letters.not_printed")
def not_printed(printed_at: datetime, *, by: Staff, at: datetime) -> int:
    """Take back that the letters of one printing were printed; how many are to be printed again."""
    by.require(*DESK)
    rows = Message.objects.filter(settled_at=printed_at)
    return _turn(rows, Status.PRINTED, Status.TO_PRINT, "letters.not_printed", by, at)


def _turn(rows: QuerySet[Message], old: str, new: str, event: str, by: Staff, at: datetime) -> int:
    found = list(rows.filter(practice_id=by.practice_id, status=old).select_for_update())
    Message.objects.filter(practice_id=by.practice_id, id__in=[each.id for each in found]).update(
        status=new, settled_at=at
    )
    record_all(event, by=by, at=at, patients=[each.patient_id for each in found], letters=len(found))
    return len(found)


@action("message.read")
def mark_read(message: Message, *, by: Acting, at: datetime) -> None:
    """Note that the patient, or somebody acting for them, has opened the message; audited each time."""
    Message.objects.filter(practice_id=by.practice_id, patient_id=by.patient_id, id=message.id, read_at=None).update(
        read_at=at
    )
    record("message.read", by=by, at=at, subject=message.id)
