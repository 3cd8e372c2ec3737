"""What can happen to somebody's way to sign in at a practice: they are invited, and accept with an account."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from patient_online.access.actions.staff import list_staff
from patient_online.access.invitations import Invitation, send_code, send_link
from patient_online.access.rules.staffing import KEEPERS, NotStaffed
from patient_online.asking import Staff, System
from patient_online.audit.actions import action, record, record_account
from patient_online.identity.actions import give_way_in
from patient_online.identity.models import Account, WayIn
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused


@action("staff.invited")
def invite(member: StaffMember, *, email: str, lost: bool = False, by: Staff | System, at: datetime) -> Invitation:
    """Give somebody a way to sign in, or raise Refused: a code by e-mail, or to be printed where there is no e-mail.

    Who has an account with the address already is sent a link instead: nobody else ties their account to a practice.
    Who has no second step, or has `lost` it, is handed a code that takes the old ones away when it is used.
    """
    if isinstance(by, Staff):
        by.require_at(member.practice_id, *KEEPERS)
    known = StaffMember.objects.select_for_update().get(practice_id=by.practice_id, id=member.id)
    if known.to_day is not None and known.to_day <= local_day(at):
        raise Refused(NotStaffed.HAS_LEFT)
    record("staff.invited", by=by, at=at, subject=member.id, by_email=bool(email))
    if known.account_id is None and email and (other := Account.objects.filter(email=email).first()):
        send_link(email, known, other.id)
        return Invitation(email)
    account = Account.objects.get(id=known.account_id) if known.account_id else _opened(known, email, by, at)
    return _let_back_in(known, account, by, at) if lost and known.account_id else _let_in(known, account, by, at)


def _let_back_in(member: StaffMember, account: Account, by: Staff | System, at: datetime) -> Invitation:
    """A code on paper for who signs in already, handed over by their manager; nobody makes one for themselves."""
    if by.account_id == account.id:
        raise Refused(NotStaffed.OWN_ROLES)
    way = give_way_in(account, why=WayIn.Why.LOST, by=by, at=at)
    return Invitation(sign_in_name=account.sign_in_name, code=way.code, ends_at=way.ends_at)


def _let_in(member: StaffMember, account: Account, by: Staff | System, at: datetime) -> Invitation:
    """A code for the account: of who signs in already only where no e-mail could bring them a new password."""
    known = account.has_usable_password()
    if known and account.email:
        raise Refused(NotStaffed.CANNOT_SIGN_IN)
    why = WayIn.Why.FORGOTTEN if known else WayIn.Why.INVITED
    way = give_way_in(account, why=why, by=by, at=at)
    if account.email:
        send_code(account.email, member, way.code)
        return Invitation(account.email)
    return Invitation(sign_in_name=account.sign_in_name, code=way.code, ends_at=way.ends_at)


def _opened(member: StaffMember, email: str, by: Staff | System, at: datetime) -> Account:
    account = Account(email=email or None, name=member.name, created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    record_account("account.opened", account_id=account.id, at=at, request_id=by.request_id, why="invited")
    member.account_id = account.id
    member.save(update_fields=["account_id"])
    list_staff(member, by=by, at=at)
    return account


@action("staff.accepted")
def accept(member: StaffMember, *, account_id: UUID, by: System, at: datetime) -> None:
    """Tie the place to the account of who was invited, or raise Refused where somebody has it or they have one."""
    rows = StaffMember.objects.filter(practice_id=by.practice_id, id=member.id, account_id=None, to_day=None)
    try:
        with transaction.atomic():
            taken = rows.update(account_id=account_id)
    except IntegrityError:
        taken = 0
    if not taken:
        raise Refused(NotStaffed.INVITATION_OVER)
    list_staff(StaffMember.objects.get(practice_id=by.practice_id, id=member.id), by=by, at=at)
    record("staff.accepted", by=by, at=at, subject=member.id)
    record_account("account.works_at", account_id=account_id, at=at, request_id=by.request_id)
