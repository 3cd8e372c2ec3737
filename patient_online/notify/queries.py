"""What may be seen of messages: by the worker that sends them, by staff, and by the patient they are for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from patient_online.asking import Acting, Staff, System
from patient_online.audit.actions import record, record_all
from patient_online.notify.models import Fence, KnownDatabase, Message
from patient_online.notify.queueing import lock_of
from patient_online.refusals import Refused

Status = Message.Status
MOST_SHOWN = 100
MOST_ASKED = 300
COUNTED = timedelta(days=30)
UNDONE_WITHIN = timedelta(days=2)
SOON = timedelta(minutes=1)
SILENCE = timedelta(minutes=2)
CHUNK = 2000
IN_THE_INBOX = (Status.SENT, Status.TO_PRINT, Status.PRINTED, Status.INBOX, Status.FAILED)
UNKNOWN = "unknown"
# Another cluster, another timeline of it (after a recovery or a failover), another database of it, or tables made anew.
MARK = """
SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
  left(pg_walfile_name(pg_current_wal_lsn()), 8), (SELECT oid FROM pg_database WHERE datname = current_database()),
  'notify_message'::regclass::oid)
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether messages may go out: no fence is up, and this is the database that they went out from before."""

    mark: str
    known: str | None
    fences: tuple[str, ...]


def sending(system: System) -> Sending:
    """What decides whether messages may be sent now."""
    known = KnownDatabase.objects.values_list("mark", flat=True).first()
    fences = Fence.objects.filter(lifted_at=None).order_by("raised_at").values_list("why", flat=True)
    return Sending(_mark(), known, tuple(fences))


def _mark() -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MARK)
            return str(cursor.fetchone()[0])
    except DatabaseError:  # a server that lets nobody ask
        return UNKNOWN


def due_without_job(system: System, *, at: datetime) -> Iterator[Message]:
    """The messages of every practice that are due, are no worker's, and have no job in the queue."""
    rows = Message.objects.filter(status=Status.WAITING, due_at__lte=at + SOON)
    due = rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=at)).order_by("practice", "due_at")
    chunk: list[Message] = []
    for message in due.iterator(CHUNK):
        chunk.append(message)
        if len(chunk) == CHUNK:
            yield from _without_job(chunk)
            chunk = []
    yield from _without_job(chunk)


def _without_job(messages: list[Message]) -> Iterator[Message]:
    locks = [lock_of(message) for message in messages]
    # Not in one statement: the queue is on one node and messages are on many.
    jobs = ProcrastinateJob.objects.filter(queueing_lock__in=locks, status__in=["todo", "doing"])
    known = set(jobs.values_list("queueing_lock", flat=True))
    return (message for message, lock in zip(messages, locks, strict=True) if lock not in known)


def receipts_due(system: System, *, at: datetime) -> list[Message]:
    """The messages of every practice whose provider is to be asked now whether they arrived, some hundreds at most."""
    rows = Message.objects.filter(receipt_due_at__lte=at).select_related("patient", "practice")
    return list(rows.order_by("receipt_due_at")[:MOST_ASKED])


def waiting_of_all(system: System) -> tuple[int, datetime | None]:
    """How many messages of every practice wait, and since when the oldest is due."""
    found = Message.objects.filter(status=Status.WAITING).aggregate(n=Count("id"), oldest=Min("due_at"))
    return found["n"], found["oldest"]


def waiting_since_before(system: System, instant: datetime) -> QuerySet[Message]:
    """The messages of every practice that wait and were due before the instant."""
    return Message.objects.filter(status=Status.WAITING, due_at__lt=instant)


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of the messages made in the last thirty days, by status; since when the oldest that is due waits.

    Those known to have arrived are among the sent.
    """

    made: int
    arrived: int
    by_status: dict[str, int]
    oldest_due_at: datetime | None

    @property
    def adds_up(self) -> bool:
        """Whether every message made is in one of the states."""
        return self.made == sum(self.by_status.values())


def standing(staff: Staff, *, at: datetime) -> Standing:
    """How the practice's messages of the last thirty days stand."""
    rows = Message.objects.filter(practice_id=staff.practice_id, id__gte=_first_id_of(at - COUNTED))
    counts = {status.value: Count("id", filter=Q(status=status)) for status in Status}
    names = {f"n_{name.replace('-', '_')}": count for name, count in counts.items()}
    oldest = Min("due_at", filter=Q(status=Status.WAITING, due_at__lte=at))
    found = rows.aggregate(made=Count("id"), arrived=Count("delivered_at"), oldest=oldest, **names)
    by_status = {status.value: found[f"n_{status.value.replace('-', '_')}"] for status in Status}
    return Standing(found["made"], found["arrived"], by_status, found["oldest"])


def _first_id_of(instant: datetime) -> UUID:
    """The least id that can have been made at this instant: ids begin with the milliseconds."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


def not_sent(staff: Staff, *, at: datetime) -> list[Message]:
    """The practice's hundred oldest messages that have failed, or are due and still wait; the reading is audited."""
    late = Q(status=Status.FAILED) | Q(status=Status.WAITING, due_at__lte=at)
    rows = Message.objects.filter(late, practice_id=staff.practice_id, status__in=[Status.WAITING, Status.FAILED])
    found = list(rows.select_related("patient").order_by("due_at")[:MOST_SHOWN])
    record_all("messages.seen", by=staff, at=at, patients=[message.patient_id for message in found])
    return found


def message_of_practice(staff: Staff, message_id: UUID, *, at: datetime) -> Message:
    """One message, for staff to decide on; the reading is audited. Raises Message.DoesNotExist."""
    rows = Message.objects.select_related("patient").filter(practice_id=staff.practice_id)
    message = rows.get(id=message_id)
    record("messages.seen", by=staff, at=at, subject=message.id, patient=message.patient_id)
    return message


def letters(staff: Staff, *, at: datetime) -> list[Message]:
    """The hundred oldest letters to be printed; the reading is audited."""
    rows = Message.objects.filter(practice_id=staff.practice_id, status=Status.TO_PRINT)
    found = list(rows.select_related("patient", "practice").order_by("id")[:MOST_SHOWN])
    record_all("letters.seen", by=staff, at=at, patients=[message.patient_id for message in found])
    return found


def printings(staff: Staff, *, at: datetime) -> list[tuple[datetime, int]]:
    """When letters were marked as printed in the last two days, and how many each time, the latest first."""
    rows = Message.objects.filter(
        practice_id=staff.practice_id,
        id__gte=_first_id_of(at - COUNTED),
        status=Status.PRINTED,
        settled_at__gte=at - UNDONE_WITHIN,
    )
    counted = rows.values_list("settled_at").annotate(n=Count("id")).order_by("-settled_at")
    return [(when, n) for when, n in counted if when]


def held_since(staff: Staff) -> Fence | None:
    """The fence that holds every message, where one is up."""
    return Fence.objects.filter(lifted_at=None).order_by("raised_at").first()


def is_worked_on(staff: Staff, *, at: datetime) -> bool:
    """Whether a worker lives that sends what is due."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - SILENCE).exists()


def inbox(acting: Acting, *, at: datetime) -> list[Message]:
    """The patient's hundred latest messages; the reading is audited. Raises Refused."""
    _may_read(acting)
    record("messages.listed", by=acting, at=at)
    return list(_inbox(acting).order_by("-id")[:MOST_SHOWN])


def inbox_message(acting: Acting, message_id: UUID) -> Message:
    """One message of the patient's, to be opened: `mark_read` audits it. Raises Message.DoesNotExist and Refused."""
    _may_read(acting)
    return _inbox(acting).get(id=message_id)


def unread(acting: Acting) -> int:
    """How many messages the patient has not opened; a hundred for more."""
    return len(_inbox(acting).filter(read_at=None).values_list("id")[:MOST_SHOWN])


def _may_read(acting: Acting) -> None:
    if refusal := acting.may_read_inbox():
        raise Refused(refusal)


def _inbox(acting: Acting) -> QuerySet[Message]:
    """What was said to the patient, whichever way: not what waits, was stopped or is a secret of one address."""
    rows = Message.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id)
    return rows.filter(status__in=IN_THE_INBOX).exclude(body="")
