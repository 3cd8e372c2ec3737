"""Who may sign in to the made-up practice and for whom: the same rows that the actions of access would have made."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db.models import Model

from patient_online.access.models import ActsFor, Grant, Link, ProgrammeMember, WorksAt
from patient_online.asking import Channel
from patient_online.audit.models import Entry
from patient_online.demo.ids import Ids, account_id, sign_in_name
from patient_online.demo.logins import BY_EMAIL
from patient_online.demo.people import ADULT, People
from patient_online.demo.surgery import ODS_CODE, Surgery
from patient_online.identity.models import Account
from patient_online.nhs.dates import age_on, from_wall_clock
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient

MADE_BY = "make_demo"
HAVE_AN_ACCOUNT = 0.45
TWINS = ("Hana", "Hugo")
ANALYST = "analyst@example.com"


@dataclass
class Access:
    """Accounts and what each may do, with the trail that this leaves."""

    accounts: list[Account] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    acts_for: list[ActsFor] = field(default_factory=list)
    works_at: list[WorksAt] = field(default_factory=list)
    of_programme: list[ProgrammeMember] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def rows(self) -> list[list[Model]]:
        """Every row, in an order in which the database takes them."""
        tied: list[list[Model]] = [list(self.accounts), list(self.links), list(self.grants), list(self.acts_for)]
        return [*tied, list(self.works_at), list(self.of_programme), list(self.entries)]

    @property
    def of_patients(self) -> dict[UUID, UUID]:
        """For each patient the account that books for them, where there is one."""
        return {row.patient_id: row.account_id for row in self.acts_for if row.levels.values() != [Level.VIEW]}


def the_access(random: Random, people: People, surgery: Surgery, ids: Ids) -> Access:
    """An account for each login, for staff and for nearly half of the adults with an e-mail address."""
    access = Access()
    for email, login in BY_EMAIL.items():
        _open(access, email, login.name, from_wall_clock(_long_before(people.today), time(9)))
    _staff(access, surgery, people.today, ids)
    access.of_programme.append(ProgrammeMember(account_id=account_id(ANALYST), from_day=_long_before(people.today)))
    _who_are_known(access, people, ids)
    known = {patient.id for patient in people.known.values()}
    for patient in people.everyone:
        adult = age_on(patient.birth_date, people.today) >= ADULT and patient.left_on is None
        if adult and patient.email and patient.id not in known and random.random() < HAVE_AN_ACCOUNT:
            at = from_wall_clock(_between(random, patient.registered_on, people.today), time(10, 15))
            account = _open(access, patient.email, f"{patient.given_name} {patient.family_name}", at)
            _link(access, account, patient, Level.MANAGE, at, ids)
    return access


def _open(access: Access, email: str, name: str, at: datetime) -> UUID:
    known = account_id(email)
    row = {"id": known, "sign_in_name": sign_in_name(known), "email": email, "name": name}
    access.accounts.append(Account(**row, created_at=at))
    return access.accounts[-1].id


def _who_are_known(access: Access, people: People, ids: Ids) -> None:
    at = from_wall_clock(_long_before(people.today), time(9, 30))
    for email, patient in people.known.items():
        if email in BY_EMAIL:
            level = Level.VIEW if email.startswith("looking@") else Level.MANAGE
            _link(access, account_id(email), patient, level, at, ids)
    for name in TWINS:
        _link(access, account_id("parent@example.com"), people.known[name], Level.MANAGE, at, ids)


def _link(access: Access, account: UUID, patient: Patient, level: Level, at: datetime, ids: Ids) -> None:
    """What `access.actions.give` does for the appointments of one patient."""
    service = Service.APPOINTMENTS
    grant = Grant(
        practice_id=ODS_CODE,
        id=ids(),
        patient_id=patient.id,
        account_id=account,
        service=service,
        level=level,
        granted_at=at,
    )
    access.grants.append(grant)
    row = {"account_id": account, "practice_id": ODS_CODE, "patient_id": patient.id}
    access.links.append(Link(id=ids(), proof=Proof.STAFF, identity=Identity.P9, linked_at=at, **row))
    access.acts_for.append(ActsFor(id=ids(), levels={service.value: level.value}, **row))
    about = {"patient_id": patient.id, "subject_id": grant.id}
    details = {"service": service.value, "level": level.value}
    access.entries.append(_entry("access.granted", at, ids, details=details, **about))


def _staff(access: Access, surgery: Surgery, today: date, ids: Ids) -> None:
    """What `access.actions.list_staff` does for everybody at the practice who signs in."""
    at = from_wall_clock(_long_before(today), time(9, 15))
    roles = {row.staff_id: row.role for row in surgery.roles}
    for member in surgery.staff.values():
        if member.account_id:
            row = {"account_id": member.account_id, "practice_id": ODS_CODE, "staff_id": member.id}
            access.works_at.append(WorksAt(id=ids(), roles=[str(roles[member.id])], **row))
            access.entries.append(_entry("access.staff_listed", at, ids, subject_id=member.id))


def _entry(event: str, at: datetime, ids: Ids, **more: object) -> Entry:
    """What `audit.record` adds for a named job."""
    who = {"asker": "system", "asker_name": MADE_BY, "channel": Channel.COMMAND}
    return Entry(practice_id=ODS_CODE, id=ids(), at=at, event=event, **who, **more)


def _long_before(today: date) -> date:
    return today - timedelta(days=500)


def _between(random: Random, registered: date, today: date) -> date:
    """A day after registering, and at least a month ago so that the account has had time to book."""
    earliest = max(registered + timedelta(days=7), today - timedelta(days=540))
    return earliest + timedelta(days=random.randrange(max(1, (today - timedelta(days=30) - earliest).days)))
