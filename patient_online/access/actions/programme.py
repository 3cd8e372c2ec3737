"""What can happen to who is of the national programme: somebody is added, or leaves it."""

from datetime import datetime
from uuid import UUID

from patient_online.access.actions.sessions import end_sessions, shorten_sessions
from patient_online.access.models import ProgrammeMember
from patient_online.asking import System
from patient_online.audit.actions import action, record_account
from patient_online.nhs.dates import local_day


@action("programme.member_added")
def add_to_programme(account_id: UUID, *, by: System, at: datetime) -> ProgrammeMember:
    """Let the account see the programme's pages from today on."""
    since = {"from_day": local_day(at), "to_day": None}
    member, _ = ProgrammeMember.objects.update_or_create(account_id=account_id, defaults=since)
    shorten_sessions(account_id, by=by, at=at)
    record_account("programme.member_added", account_id=account_id, at=at)
    return member


@action("programme.member_left")
def remove_from_programme(account_id: UUID, *, by: System, at: datetime) -> bool:
    """End it from now on; whether the account was of the programme."""
    today = local_day(at)
    gone = ProgrammeMember.objects.filter(account_id=account_id, to_day=None).update(to_day=today)
    if gone:
        end_sessions(account_id, by=by, at=at, why="programme-left")
        record_account("programme.member_left", account_id=account_id, at=at)
    return bool(gone)
