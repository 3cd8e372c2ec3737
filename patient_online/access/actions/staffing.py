"""What can happen to who works at a practice: added, changed, gone from a day on, back again."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from patient_online.access.actions.sessions import end_sessions
from patient_online.access.actions.staff import list_staff
from patient_online.access.models import WorksAt
from patient_online.access.rules.staffing import (
    KEEPERS,
    NotStaffed,
    PlaceFacts,
    keeps,
    why_not_changed,
    why_not_left,
)
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, StaffMember, StaffRole
from patient_online.refusals import Refused
from patient_online.tasks.actions import give_up, give_up_all


@action("staff.added")
def add_member(
    name: str,
    job: str,
    *,
    roles: Collection[Role],
    sees_patients: bool,
    by: Staff | System,
    at: datetime,
    key: UUID | None = None,
) -> StaffMember:
    """Put somebody on the list of those who work at the practice, without a way to sign in yet."""
    practice = _held(by)
    member = StaffMember.objects.create(
        practice=practice, name=name, job=job, sees_patients=sees_patients, from_day=local_day(at)
    )
    _write_roles(member, roles)
    record("staff.added", by=by, at=at, subject=member.id, roles=sorted(roles))
    return member


@action("staff.changed")
def change_member(
    member: StaffMember,
    *,
    name: str,
    job: str,
    roles: Collection[Role],
    sees_patients: bool,
    seen: Collection[Role],
    by: Staff,
    at: datetime,
) -> None:
    """Change what somebody does at the practice, or raise Refused; another role holds from their next sign-in on.

    `seen` are the roles that whoever changes them was shown.
    """
    known, before = _member_held(member, by), _roles_of(member)
    if before != set(seen) and before != set(roles):
        raise Refused(NotStaffed.CHANGED)
    if refusal := why_not_changed(_facts(known, by, at), before=before, after=roles):
        raise Refused(refusal)
    known.name, known.job, known.sees_patients = name, job, sees_patients
    known.save(update_fields=["name", "job", "sees_patients"])
    if before != set(roles):
        _write_roles(known, roles)
        give_up(known, roles=roles, by=by, at=at)
        list_staff(known, by=by, at=at)
        _end_sessions(known, "roles", by, at)
    record("staff.changed", by=by, at=at, subject=member.id, before=sorted(before), roles=sorted(roles))


@action("staff.left")
def leave(member: StaffMember, *, day: date, by: Staff, at: datetime) -> None:
    """Let somebody's work end on a day, or raise Refused. Today means now: their next request is refused."""
    known, roles = _member_held(member, by), _roles_of(member)
    today = local_day(at)
    if refusal := why_not_left(_facts(known, by, at), day=day, today=today, since=known.from_day, roles=roles):
        raise Refused(refusal)
    known.to_day = day
    known.save(update_fields=["to_day"])
    record("staff.left", by=by, at=at, subject=member.id, day=day.isoformat())
    if day <= today:
        _let_out(known, by, at)
    else:
        list_staff(known, by=by, at=at)


@action("staff.stays")
def come_back(member: StaffMember, *, by: Staff, at: datetime) -> None:
    """Let somebody work here again who has left, or stay who was to leave; with the roles that they had."""
    known = _member_held(member, by)
    if known.to_day is None or _account_is_here_otherwise(known):
        raise Refused(NotStaffed.STILL_HERE)
    if known.account_id == by.account_id:
        raise Refused(NotStaffed.OWN_ROLES)
    known.to_day = None
    known.save(update_fields=["to_day"])
    list_staff(known, by=by, at=at)
    record("staff.stays", by=by, at=at, subject=member.id)


@action("staff.gone")
def let_out(member: StaffMember, *, by: System, at: datetime) -> None:
    """End what a leaver may do, whose day has come."""
    known = StaffMember.objects.select_for_update().get(practice_id=by.practice_id, id=member.id)
    if known.to_day is not None and known.to_day <= local_day(at):
        _let_out(known, by, at)
        record("staff.gone", by=by, at=at, subject=member.id)


def _let_out(member: StaffMember, by: Staff | System, at: datetime) -> None:
    """Their tasks go back to the list, the practice is no longer theirs, and their sessions end."""
    give_up_all(member, by=by, at=at)
    list_staff(member, by=by, at=at)
    _end_sessions(member, "left", by, at)


def _end_sessions(member: StaffMember, why: str, by: Staff | System, at: datetime) -> None:
    if member.account_id:
        end_sessions(member.account_id, by=by, at=at, why=why)


def _held(by: Staff | System) -> Practice:
    """The practice, locked: who may change its staff is counted by one at a time."""
    if isinstance(by, Staff):
        by.require(*KEEPERS)
    return Practice.objects.select_for_update(no_key=True).get(ods_code=by.practice_id)


def _member_held(member: StaffMember, by: Staff) -> StaffMember:
    by.require_at(member.practice_id, *KEEPERS)
    _held(by)
    return StaffMember.objects.select_for_update().get(practice_id=by.practice_id, id=member.id)


def _roles_of(member: StaffMember) -> set[Role]:
    rows = StaffRole.objects.filter(practice_id=member.practice_id, staff_id=member.id)
    return {Role(role) for role in rows.values_list("role", flat=True)}


def _write_roles(member: StaffMember, roles: Collection[Role]) -> None:
    StaffRole.objects.filter(practice_id=member.practice_id, staff_id=member.id).exclude(role__in=roles).delete()
    new = set(roles) - _roles_of(member)
    of = {"practice_id": member.practice_id, "staff_id": member.id}
    StaffRole.objects.bulk_create([StaffRole(role=role, **of) for role in sorted(new)])


def _facts(member: StaffMember, by: Staff, at: datetime) -> PlaceFacts:
    others = WorksAt.objects.filter(practice_id=by.practice_id).exclude(staff_id=member.id)
    staying = StaffMember.objects.filter(practice_id=by.practice_id, to_day=None).values_list("id", flat=True)
    return PlaceFacts(
        own=by.staff_id == member.id or by.account_id == member.account_id,
        over=member.to_day is not None and member.to_day <= local_day(at),
        others_keep=any(keeps(one.roles) for one in others.filter(staff_id__in=list(staying))),
    )


def _account_is_here_otherwise(member: StaffMember) -> bool:
    rows = StaffMember.objects.filter(practice_id=member.practice_id, account_id=member.account_id, to_day=None)
    return member.account_id is not None and rows.exclude(id=member.id).exists()
