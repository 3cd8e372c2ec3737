"""Whose a task is: taken, given to somebody, put back for anybody; given up by who leaves."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused
from patient_online.tasks.kinds import decided_by, known_kind
from patient_online.tasks.models import Task
from patient_online.tasks.rules import NotOwned, OwnerFacts, why_not_given

ANY_ROLE = frozenset(Role)


@action("task.taken")
def take(task: Task, *, was: UUID | None = None, by: Staff, at: datetime) -> Task:
    """Make the task one's own, or raise Refused: of two who take it at once, one has it. `was` is who had it before."""
    return _hand_over(task, was, by.staff_id, "task.taken", by, at)


@action("task.given")
def give(task: Task, *, to: UUID, was: UUID | None = None, by: Staff, at: datetime) -> Task:
    """Make the task somebody's, or raise Refused where they may not decide it or it changed hands meanwhile."""
    return _hand_over(task, was, to, "task.given", by, at)


@action("task.put_back")
def put_back(task: Task, *, was: UUID | None, by: Staff, at: datetime) -> Task:
    """Make the task nobody's again, for anybody to take; or raise Refused."""
    return _hand_over(task, was, None, "task.put_back", by, at)


def _hand_over(task: Task, was: UUID | None, to: UUID | None, event: str, by: Staff, at: datetime) -> Task:
    """Only where it still is whose it was when it was looked at: the row is asked, not what we have read."""
    deciders = _deciders(task)
    by.require_at(task.practice_id, Role.MANAGER, *deciders)
    if to is not None:
        _must_fit(task.practice_id, to, deciders)
    rows = Task.objects.filter(practice_id=by.practice_id, id=task.id, status=Task.Status.OPEN)
    if not rows.filter(owner_id=was).update(owner_id=to):
        raise Refused(NotOwned.TAKEN if rows.exists() else NotOwned.ENDED)
    record(event, by=by, at=at, subject=task.id, patient=task.patient_id, kind=task.kind, to=str(to or ""))
    task.owner_id = to
    return task


def _deciders(task: Task) -> frozenset[Role]:
    kind = known_kind(task.kind)
    return kind.roles if kind else ANY_ROLE


def _must_fit(practice_id: str, staff_id: UUID, deciders: frozenset[Role]) -> None:
    """Raise Refused unless they work here and may decide; a leaver waits for us, or we for the leaving."""
    member = StaffMember.objects.select_for_update(no_key=True).filter(practice_id=practice_id, id=staff_id).first()
    if member is None:
        raise Refused(NotOwned.HAS_LEFT)
    facts = OwnerFacts(member.to_day is None, {Role(role) for role in member.roles.values_list("role", flat=True)})
    if refusal := why_not_given(facts, deciders=deciders):
        raise Refused(refusal)


def give_up_all(member: StaffMember, *, by: Staff | System, at: datetime) -> int:
    """Put back all that is theirs: they leave. How many tasks they were. Who has left covers for nobody (`queries`)."""
    return give_up(member, roles=(), by=by, at=at)


def give_up(member: StaffMember, *, roles: Collection[Role], by: Staff | System, at: datetime) -> int:
    """Put back what is theirs but not decided by these roles: they have these and no others from now on."""
    rows = Task.objects.filter(practice_id=member.practice_id, owner_id=member.id, status=Task.Status.OPEN)
    count = rows.exclude(kind__in=decided_by(roles)).update(owner_id=None)
    if count:
        record("task.given_up", by=by, at=at, subject=member.id, count=count)
    return count
