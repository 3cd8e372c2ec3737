"""What staff see of a patient's registration for online services: checks, letters, accounts; and what a rule judges."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from patient_online.access.models import ActsFor, LinkageKey, Verification
from patient_online.access.models import Link as LinkRow
from patient_online.access.queries.links import is_oneself
from patient_online.access.rules.registering import CheckFacts, LetterFacts
from patient_online.asking import Role, Staff
from patient_online.nhs.dates import age_on, local_day
from patient_online.nhs.identity import Proof
from patient_online.nhs.record_levels import RECORD_SERVICES, ceiling_of
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import ServiceStatus, StaffMember
from patient_online.practices.queries import services
from patient_online.practices.working import here

MOST_SHOWN = 20
# What a letter may give besides the record; the others are given one by one, where there is more to think of.
ON_LETTERS = (Service.APPOINTMENTS, Service.PRESCRIPTIONS, Service.DEMOGRAPHICS, Service.MESSAGES)


@dataclass(frozen=True, slots=True)
class Online:
    """How a patient stands with online services: accounts that act for them, checks made, letters given."""

    links: list[LinkRow]
    checks: list[Verification]
    letters: list[LinkageKey]
    works: bool


def online_of(staff: Staff, patient: Patient) -> Online:
    """How a patient, whom `patient_seen` has given, stands with online services."""
    here = {"practice_id": staff.practice_id, "patient_id": patient.id}
    links = LinkRow.objects.filter(**here, ended_at=None).order_by("linked_at")
    checks = Verification.objects.filter(**here).select_related("staff").order_by("-id")
    letters = LinkageKey.objects.filter(**here).select_related("verification").order_by("-id")
    return Online(list(links), list(checks[:MOST_SHOWN]), list(letters[:MOST_SHOWN]), works=_works(staff).may_vouch)


def check_of(staff: Staff, patient_id: UUID, check_id: UUID) -> Verification | None:
    """One check of who a patient is."""
    rows = Verification.objects.filter(practice_id=staff.practice_id, patient_id=patient_id, id=check_id)
    return rows.select_related("staff").first()


def letter_of(staff: Staff, patient_id: UUID, letter_id: UUID) -> LinkageKey | None:
    """One letter that was made for a patient; its key cannot be read by anybody."""
    return LinkageKey.objects.filter(practice_id=staff.practice_id, patient_id=patient_id, id=letter_id).first()


def check_facts(staff: Staff, patient: Patient, *, at: datetime) -> CheckFacts:
    """What the rules of a check judge: who is checked, and by whom."""
    return CheckFacts(
        registered=patient.left_on is None and patient.died_on is None,
        age=age_on(patient.birth_date, local_day(at)),
        oneself=is_oneself(staff, patient.id),
        named=_works(staff).may_vouch,
        by_a_gp=Role.GP in staff.roles,
    )


def is_family(staff: Staff, patient: Patient) -> bool:
    """Whether the patient lives where a patient lives for whom the account of who asks acts."""
    if not patient.postcode:
        return False
    own = ActsFor.objects.filter(account_id=staff.account_id, practice_id=staff.practice_id).values("patient_id")
    near = Patient.objects.filter(practice_id=staff.practice_id, id__in=own, postcode=patient.postcode)
    return near.filter(address=patient.address).exclude(id=patient.id).exists()


def letter_facts(staff: Staff, check: Verification, *, at: datetime) -> LetterFacts:
    """What the rules of a letter judge: how the patient was checked, and what the practice offers today."""
    known = services(staff, practice_id=staff.practice_id, on=local_day(at))
    on = {name: row for name, row in known.items() if row.status == ServiceStatus.Status.SWITCHED_ON}
    offered = {name: Level(row.ceiling) for name, row in on.items() if name not in RECORD_SERVICES}
    return LetterFacts(Proof(check.proof), check.at, offered, ceiling_of(frozenset(on)))


def vouchers(staff: Staff, *, on: date) -> list[StaffMember]:
    """Everybody who works at the practice on the day and signs in, with whether they may vouch for patients."""
    rows = StaffMember.objects.filter(here(on), practice_id=staff.practice_id, account_id__isnull=False)
    return list(rows.order_by("name", "id"))


def _works(staff: Staff) -> StaffMember:
    return StaffMember.objects.get(practice_id=staff.practice_id, id=staff.staff_id)
