"""What staff see of a patient's online access: each account, what it may use, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from patient_online.access.models import Grant, Link, RecordGrant
from patient_online.access.queries.links import is_oneself
from patient_online.access.rules.codes import ENHANCED_REVIEW
from patient_online.asking import Staff
from patient_online.audit.models import Entry
from patient_online.audit.queries import history_of
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof, most_record
from patient_online.nhs.record_levels import RecordLevel, ceiling_of
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import ServiceStatus, StaffMember
from patient_online.practices.queries import services
from patient_online.tasks.models import Task

GIVEN_AT_THE_DESK = (Service.APPOINTMENTS, Service.PRESCRIPTIONS, Service.DEMOGRAPHICS, Service.MESSAGES)
# Reading is not doing; and what concerns letters and checks stands on the page of the registration desk.
NOT_TOLD = frozenset({"access.codes_seen", "access.blocks_seen", "access.request_seen", "access.requests_seen"})

OF_BLOCKS = frozenset({"access.held_back", "access.hold_lifted", "access.holds_carried"})


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """What one account may do for the patient."""

    link: Link
    name: str
    levels: Mapping[str, str]
    record: RecordGrant | None
    most: RecordLevel

    @property
    def identity(self) -> Identity:
        """How well it is known who uses the account."""
        return Identity(self.link.identity)


def accounts_of(staff: Staff, patient: Patient) -> list[AccountAccess]:
    """Each account that is linked to the patient, with what it was given; the page that shows it has audited it."""
    whose = {"practice_id": staff.practice_id, "patient_id": patient.id}
    links = list(Link.objects.filter(**whose, ended_at=None).order_by("linked_at", "id"))
    names = dict(Account.objects.filter(id__in=[link.account_id for link in links]).values_list("id", "name"))
    grants = list(Grant.objects.filter(**whose, revoked_at=None))
    records = {row.account_id: row for row in RecordGrant.objects.filter(**whose, revoked_at=None)}
    return [
        AccountAccess(
            link,
            names.get(link.account_id, ""),
            {row.service: row.level for row in grants if row.account_id == link.account_id},
            records.get(link.account_id),
            most_record(Proof(link.proof)),
        )
        for link in links
    ]


def ceilings(staff: Staff, *, on: date) -> dict[Service, Level]:
    """The most that the practice lets any patient do with each service that it has switched on."""
    known = services(staff, practice_id=staff.practice_id, on=on)
    on_now = {each: row for each, row in known.items() if row.status == ServiceStatus.Status.SWITCHED_ON}
    return {Service(each): Level(row.ceiling) for each, row in on_now.items()}


def record_ceiling(staff: Staff, *, on: date) -> RecordLevel:
    """The most of a record that the practice shows to any patient."""
    return ceiling_of(frozenset(ceilings(staff, on=on)))


def waits_for_review(staff: Staff, patient: Patient) -> bool:
    """Whether a review of the patient's record is on the work list."""
    open_ones = Task.objects.filter(practice_id=staff.practice_id, status=Task.Status.OPEN, kind=ENHANCED_REVIEW)
    return open_ones.filter(about=patient.id).exists()


def what_was_done(staff: Staff, patient: Patient) -> list[tuple[Entry, str]]:
    """What was done about the patient's access, the newest first, with who of the practice did it."""
    not_told = NOT_TOLD | (OF_BLOCKS if is_oneself(staff, patient.id) else frozenset())
    entries = [entry for entry in history_of(staff, patient.id, about="access.") if entry.event not in not_told]
    ids: set[UUID] = {entry.staff_id for entry in entries if entry.staff_id}
    members = StaffMember.objects.filter(practice_id=staff.practice_id, id__in=ids)
    names = dict(members.values_list("id", "name"))
    return [(entry, names.get(entry.staff_id, "") if entry.staff_id else "") for entry in entries]
