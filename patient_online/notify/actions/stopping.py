"""A message that is not true any more is stopped in the transaction of the change that makes it so."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from patient_online.asking import Asker
from patient_online.audit.actions import record_all
from patient_online.notify.models import Message

Status = Message.Status


def stop_unsent(kind: str, *, about: Collection[UUID], by: Asker, at: datetime) -> set[UUID]:
    """Stop those of the messages about these things that have not gone out; of which things nobody was told so far.

    What a worker has handed to a provider may have arrived: it is not stopped. A letter counts until it is printed.
    One that was read online is stopped as well, and who read it was told.
    """
    rows = Message.objects.filter(practice_id=by.practice_id, kind=kind, about__in=about, handed_over_at=None)
    rows = rows.filter(status__in=[Status.WAITING, Status.TO_PRINT, Status.FAILED])
    found = list(rows.select_for_update(of=("self",)).order_by("id"))
    gone = {"status": Status.DROPPED, "settled_at": at, "next_try_at": None, "trouble": "not-true"}
    Message.objects.filter(practice_id=by.practice_id, id__in=[each.id for each in found]).update(
        **gone, subject="", body=""
    )
    if found:
        patients = [each.patient_id for each in found]
        record_all("message.not_true_any_more", by=by, at=at, patients=patients, kind=kind)
    return {each.about for each in found if each.about and not each.read_at}
