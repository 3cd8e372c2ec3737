"""The stop to all sending, raised when the database is not the one that sent last, or by somebody's wish."""

import logging
from datetime import datetime, timedelta

from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.notify import queries
from patient_online.notify.models import Fence, KnownDatabase, Message

RESTORED = (
    "This database is not the one that sent messages last: it was restored, moved, or its server has failed over."
)
CANNOT_TELL = "The database does not tell which one it is, so nobody knows whether it was restored."
UNKNOWN = "unknown"
logger = logging.getLogger(__name__)


def recognise(*, mark: str, known: str | None, by: System, at: datetime) -> bool:
    """Remember a database that is new, and raise a fence where it is another; whether messages may be sent."""
    if known == mark:
        return True
    if known is None and mark != UNKNOWN:
        KnownDatabase.objects.bulk_create([KnownDatabase(mark=mark, seen_at=at)], ignore_conflicts=True)
        return True
    raise_fence(why=CANNOT_TELL if mark == UNKNOWN else RESTORED, by=by, at=at)
    return False


def raise_fence(*, why: str, by: System, at: datetime) -> None:
    """Hold every message until somebody lifts the fence."""
    Fence.objects.bulk_create([Fence(raised_at=at, why=why[:200])], ignore_conflicts=True)
    logger.error("No message is sent until somebody runs: manage.py release_messages")


@action("messages.released")
def lift_fences(*, mark: str, who: str, drop_older_than: timedelta | None, by: System, at: datetime) -> int:
    """Let messages be sent again from this database; those older than that are dropped first, and their number told."""
    dropped = 0
    if drop_older_than is not None:
        dropped = queries.waiting_since_before(by, at - drop_older_than).update(
            status=Message.Status.DROPPED, settled_at=at, next_try_at=None, trouble="too-old", subject="", body=""
        )
    Fence.objects.filter(lifted_at=None).update(lifted_at=at, lifted_by=who[:100])
    KnownDatabase.objects.update_or_create(id=1, defaults={"mark": mark, "seen_at": at})
    record("messages.released", by=by, at=at, who=who, dropped=dropped)
    return dropped
