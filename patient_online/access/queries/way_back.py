"""What is judged before somebody is given a way back into their account at the desk."""

from datetime import datetime
from uuid import UUID

from patient_online.access.models import Link, ProgrammeMember, Verification, WorksAt
from patient_online.access.rules.way_back import WayBackFacts
from patient_online.asking import Staff
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Identity, Proof


def link_checked(staff: Staff, patient_id: UUID, link_id: UUID) -> Link | None:
    """The patient's own account that a check has linked, while it is."""
    rows = Link.objects.filter(practice_id=staff.practice_id, patient_id=patient_id, id=link_id, ended_at=None)
    return rows.filter(kind=Link.Kind.SELF, identity__gte=Identity.P9).first()


def way_back_facts(staff: Staff, link: Link, *, at: datetime) -> WayBackFacts:
    """What the rules of a way back judge."""
    checks = Verification.objects.filter(practice_id=staff.practice_id, patient_id=link.patient_id)
    check = checks.filter(at__lte=at).order_by("-at").first()
    works = WorksAt.objects.filter(account_id=link.account_id).exists()
    return WayBackFacts(
        theirs=link_checked(staff, link.patient_id, link.id) is not None and account_of(staff, link) is not None,
        works=works or ProgrammeMember.objects.filter(account_id=link.account_id).exists(),
        proof=Proof(check.proof) if check else None,
        checked_on=local_day(check.at) if check else None,
    )


def account_of(staff: Staff, link: Link) -> Account | None:
    """The account that is linked, while it is open."""
    return Account.objects.filter(id=link.account_id, is_active=True).first()
