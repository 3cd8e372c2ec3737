"""While somebody is away another sees to their tasks: entered, and taken back."""

from datetime import date, datetime
from uuid import UUID

from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused
from patient_online.tasks.models import Cover
from patient_online.tasks.queries import who_may_cover
from patient_online.tasks.rules import NotCovered, why_no_cover


@action("cover.entered")
def cover(away: UUID, *, covered_by: UUID, from_day: date, to_day: date, by: Staff, at: datetime, key: UUID) -> Cover:
    """Say who sees to the tasks of somebody who is away, both days included; or raise Refused.

    Everybody may say it of themselves; of others the manager.
    """
    if away != by.staff_id:
        by.require(Role.MANAGER)
    if refusal := why_no_cover(from_day, to_day, oneself=away == covered_by, today=local_day(at)):
        raise Refused(refusal)
    _must_work_here(by.practice_id, away, covered_by)
    if covered_by not in [member.id for member in who_may_cover(by, away, on=local_day(at))]:
        raise Refused(NotCovered.SEES_NONE_OF_THEM)
    _must_not_meet(by.practice_id, away, from_day, to_day)
    made = {"from_day": from_day, "to_day": to_day, "entered_at": at, "entered_by": by.account_id}
    row = Cover.objects.create(practice_id=by.practice_id, away_id=away, covered_by_id=covered_by, **made)
    record("cover.entered", by=by, at=at, subject=row.id, away=str(away), covered_by=str(covered_by))
    return row


def _must_work_here(practice_id: str, *staff_ids: UUID) -> None:
    """Raise Refused unless all of them do; locked, so that who leaves, or enters another cover, waits."""
    rows = StaffMember.objects.select_for_update(no_key=True).filter(practice_id=practice_id, id__in=staff_ids)
    if len([member for member in rows.order_by("id") if member.to_day is None]) < len(staff_ids):
        raise Refused(NotCovered.NOT_THERE)


def _must_not_meet(practice_id: str, away: UUID, from_day: date, to_day: date) -> None:
    rows = Cover.objects.filter(practice_id=practice_id, away_id=away, taken_back_at=None)
    if rows.filter(from_day__lte=to_day, to_day__gte=from_day).exists():
        raise Refused(NotCovered.OVERLAPS)


@action("cover.taken_back")
def take_back_cover(row: Cover, *, by: Staff, at: datetime) -> Cover:
    """Say that nobody covers after all, or raise Refused; whom it is about may, and the manager."""
    if by.staff_id not in (row.away_id, row.covered_by_id):
        by.require_at(row.practice_id, Role.MANAGER)
    rows = Cover.objects.filter(practice_id=by.practice_id, id=row.id, taken_back_at=None)
    if not rows.update(taken_back_at=at, taken_back_by=by.account_id):
        raise Refused(NotCovered.ALREADY_TAKEN_BACK)
    record("cover.taken_back", by=by, at=at, subject=row.id)
    return row
