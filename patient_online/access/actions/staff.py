"""What can happen to who works where: the list with an account of the practices where it works, and its roles there."""

from datetime import datetime

from patient_online.access.actions.sessions import shorten_sessions
from patient_online.access.models import WorksAt
from patient_online.access.rules.staffing import KEEPERS
from patient_online.asking import Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember


@action("access.staff_listed")
def list_staff(member: StaffMember, *, by: Staff | System, at: datetime) -> None:
    """Keep with the account of a member of staff what they may do at the practice; a leaver may do nothing."""
    if isinstance(by, Staff):
        by.require_at(member.practice_id, *KEEPERS)
    if member.account_id is None:
        return
    listed = WorksAt.objects.filter(account_id=member.account_id, practice_id=member.practice_id)
    if member.to_day is not None and member.to_day <= local_day(at):
        listed.delete()
    else:
        roles = sorted(member.roles.values_list("role", flat=True))
        WorksAt.objects.update_or_create(
            account_id=member.account_id,
            practice_id=member.practice_id,
            defaults={"staff_id": member.id, "roles": roles, "to_day": member.to_day},
        )
        shorten_sessions(member.account_id, by=by, at=at)
    record("access.staff_listed", by=by, at=at, subject=member.id)
