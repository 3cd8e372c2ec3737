"""Who works at a practice, in which roles, and what became of it; for those who look after the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from patient_online.access.models import WorksAt
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import record
from patient_online.audit.models import Entry
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember

STAFF_EVENTS = Q(event__startswith="staff.")  # as the index of these entries says it
MOST_EVENTS = 100


class SignsIn(StrEnum):
    """How somebody who works at a practice stands with signing in.

    Invited is who has been sent something: nobody learns from it whether there was an account with their address.
    """

    NOT = "not"
    INVITED = "invited"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place at the practice. `over` where they have left, `leaves` where a day is set on which they will."""

    member: StaffMember
    roles: tuple[Role, ...]
    signs_in: SignsIn
    over: bool
    email: str = ""
    sign_in_name: str = ""

    @property
    def leaves(self) -> bool:
        """Whether a day is set on which they will leave."""
        return self.member.to_day is not None and not self.over


def places(staff: Staff, *, at: datetime) -> list[Place]:
    """Everybody who works or worked at the practice, by name; those who work there first."""
    rows = StaffMember.objects.filter(practice_id=staff.practice_id).prefetch_related("roles").order_by("name", "id")
    record("staffing.seen", by=staff, at=at)
    return sorted(_places(list(rows), at), key=lambda place: place.over)


def place_of(staff: Staff, staff_id: UUID, *, at: datetime) -> Place:
    """One person's place. Raises StaffMember.DoesNotExist."""
    member = StaffMember.objects.prefetch_related("roles").get(practice_id=staff.practice_id, id=staff_id)
    return _places([member], at)[0]


def _places(members: Sequence[StaffMember], at: datetime) -> list[Place]:
    ids = [member.account_id for member in members if member.account_id]
    accounts = {account.id: account for account in Account.objects.filter(id__in=ids)} if ids else {}
    invited = _invited(members)
    return [
        _place(member, accounts.get(member.account_id) if member.account_id else None, member.id in invited, at)
        for member in members
    ]


def _invited(members: Sequence[StaffMember]) -> set[UUID]:
    """Those without an account who were sent a link: they have one of their own, and are asked to accept."""
    here = {"practice_id__in": {member.practice_id for member in members}, "refused_by": ""}
    sent = Entry.objects.filter(STAFF_EVENTS, **here, event="staff.invited", subject_id__in=[one.id for one in members])
    return {each for each in sent.values_list("subject_id", flat=True) if each}


def _place(member: StaffMember, account: Account | None, invited: bool, at: datetime) -> Place:
    roles = tuple(role for role in Role if role in {row.role for row in member.roles.all()})
    over = member.to_day is not None and member.to_day <= local_day(at)
    if account is None or not account.has_usable_password():
        return Place(member, roles, SignsIn.INVITED if account or invited else SignsIn.NOT, over)
    return Place(member, roles, SignsIn.YES, over, account.email or "", account.sign_in_name)


def history_of_place(staff: Staff, member: StaffMember) -> list[Entry]:
    """What was done about somebody's place, by whom, the latest first; what was refused is left out."""
    rows = Entry.objects.filter(STAFF_EVENTS, practice_id=staff.practice_id, subject_id=member.id, refused_by="")
    return list(rows.order_by("-id")[:MOST_EVENTS])


def member_invited(system: System, staff_id: UUID) -> StaffMember | None:
    """Who was invited to the practice; None where there is nobody, or they have left or have an account by now."""
    rows = StaffMember.objects.filter(practice_id=system.practice_id, id=staff_id, account_id=None, to_day=None)
    return rows.select_related("practice").first()


def leavers_listed(system: System, *, at: datetime) -> list[StaffMember]:
    """Those whose day has come and who may still do what their roles let them, at the practice."""
    gone = StaffMember.objects.filter(practice_id=system.practice_id, to_day__lte=local_day(at))
    gone = gone.filter(account_id__isnull=False)
    listed = WorksAt.objects.filter(practice_id=system.practice_id, staff_id__in=[member.id for member in gone])
    still = set(listed.values_list("staff_id", flat=True))
    return [member for member in gone if member.id in still]


def manager_listed(system: System, name: str, email: str) -> StaffMember | None:
    """The manager of the practice, listed and not gone, who has this name or this address; or None."""
    rows = StaffMember.objects.filter(practice_id=system.practice_id, to_day=None, roles__role=Role.MANAGER)
    account = Account.objects.filter(email=email).first() if email else None
    same = Q(name__iexact=name) | (Q(account_id=account.id) if account else Q())
    return rows.filter(same).first()
