"""Who is asking: one statement from a session's key."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from patient_online.access.models import Grant
from patient_online.asking import Acting, Role, Staff, System
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.notify.models import ContactCheck, FormerContact, Message
from patient_online.notify.rules import NO_SUCH_ADDRESS
from patient_online.storage.postgres import prepared_cursor

ACCOUNT_FIELDS = ("id", "email", "name", "password", "created_at")
WHAT_AN_ACCOUNT_MAY = """
  a.id, a.email, a.name, a.password, a.created_at,
  (SELECT jsonb_agg(jsonb_build_object(
      'practice', f.practice_id, 'name', p.name, 'patient', f.patient_id, 'levels', f.levels, 'on', (
        SELECT jsonb_agg(latest.service) FROM (
          SELECT DISTINCT ON (o.service) o.service, o.status FROM practices_servicestatus o
          WHERE o.practice_id = f.practice_id AND o.from_day <= %(today)s ORDER BY o.service, o.from_day DESC
        ) latest WHERE latest.status = 'switched-on'), 'policies', (
        SELECT jsonb_object_agg(c.name, c.value) FROM practices_policysetting c WHERE c.practice_id = f.practice_id)
      ) ORDER BY f.id)
   FROM access_actsfor f JOIN practices_practice p ON p.ods_code = f.practice_id WHERE f.account_id = a.id),
  (SELECT jsonb_agg(jsonb_build_object(
      'practice', w.practice_id, 'name', p.name, 'staff', w.staff_id, 'roles', w.roles) ORDER BY w.id)
   FROM access_worksat w JOIN practices_practice p ON p.ods_code = w.practice_id WHERE w.account_id = a.id)
"""
WHO_IS_ASKING = f"""
SELECT s.data, s.last_seen_at, {WHAT_AN_ACCOUNT_MAY}
FROM access_session s LEFT JOIN identity_account a ON a.id = s.account_id AND a.is_active
WHERE s.key_hash = %(key_hash)s AND s.ends_at > %(at)s
  AND s.last_seen_at > %(at)s - make_interval(secs => %(idle)s)
"""  # noqa: S608 - made of constants
WHO_HAS_ACCOUNT = f"""
SELECT '{{}}'::jsonb, %(at)s, {WHAT_AN_ACCOUNT_MAY} FROM identity_account a WHERE a.id = %(account)s AND a.is_active
"""  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True)
class ActsForOne:
    """One patient that the account may act for."""

    practice_id: str
    practice_name: str
    patient_id: UUID
    levels: dict[Service, Level]
    switched_on: frozenset[Service]
    policies: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorksAtOne:
    """One practice that the account works at."""

    practice_id: str
    practice_name: str
    staff_id: UUID
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a session's key tells: the session's data, the account, whom it may act for and where it works."""

    data: dict[str, Any]
    last_seen_at: datetime
    account: Account | None
    acts_for: tuple[ActsForOne, ...] = ()
    works_at: tuple[WorksAtOne, ...] = ()

    @property
    def account_id(self) -> UUID | None:
        """The account's id, or None for somebody not signed in."""
        return self.account.id if self.account else None

    def acting(self, request_id: UUID | None = None) -> Acting | None:
        """The patient side of this person, or None when no patient is linked to the account."""
        if self.account is None or not self.acts_for:
            return None
        one = self.acts_for[0]
        known = (one.practice_id, one.patient_id, one.switched_on, one.levels, one.policies)
        return Acting(self.account.id, *known, request_id)

    def staff(self, request_id: UUID | None = None) -> Staff | None:
        """The staff side of this person, or None when the account works at no practice."""
        if self.account is None or not self.works_at:
            return None
        one = self.works_at[0]
        return Staff(self.account.id, one.practice_id, one.staff_id, one.roles, request_id)


def who_is_asking(key_hash: str, *, at: datetime, today: date) -> Asking | None:
    """Who holds the session with this key, or None when it has ended. One statement."""
    idle = settings.SESSION_IDLE_SECONDS
    return _asking(WHO_IS_ASKING, {"key_hash": key_hash, "at": at, "today": today, "idle": idle})


def who_has(account_id: UUID, *, at: datetime, today: date) -> Asking | None:
    """What an account may do, where there is no session: for a program that acts for somebody known."""
    return _asking(WHO_HAS_ACCOUNT, {"account": account_id, "at": at, "today": today})


def _asking(statement: str, given: dict[str, Any]) -> Asking | None:
    with prepared_cursor() as cursor:
        cursor.execute(statement, given)
        row = cursor.fetchone()
    if row is None:
        return None
    data, last_seen_at, *account, acts_for, works_at = row
    return Asking(
        json.loads(data),
        last_seen_at,
        _account(account),
        tuple(_acts_for(each) for each in json.loads(acts_for or "[]")),
        tuple(_works_at(each) for each in json.loads(works_at or "[]")),
    )


def _account(row: list[Any]) -> Account | None:
    if row[0] is None:
        return None
    known = dict(zip(ACCOUNT_FIELDS, row, strict=True)) | {"is_active": True}
    fields = [field.attname for field in Account._meta.concrete_fields if field.attname in known]
    return Account.from_db("default", fields, [known[name] for name in fields])


def _acts_for(row: dict[str, Any]) -> ActsForOne:
    levels = {Service(service): Level(level) for service, level in row["levels"].items()}
    switched_on = frozenset(Service(service) for service in row["on"] or [])
    policies = row["policies"] or {}
    return ActsForOne(row["practice"], row["name"], UUID(row["patient"]), levels, switched_on, policies)


def _works_at(row: dict[str, Any]) -> WorksAtOne:
    roles = frozenset(Role(role) for role in row["roles"])
    return WorksAtOne(row["practice"], row["name"], UUID(row["staff"]), roles)


def in_force(acting: Acting, service: Service, level: Level) -> Exists:
    """That the account still has the service for the patient: joined to the content, a revocation holds at once."""
    enough = [each.value for each in Level if each.allows(level)]
    return Exists(
        Grant.objects.filter(
            practice_id=acting.practice_id,
            patient_id=acting.patient_id,
            account_id=acting.account_id,
            service=service,
            level__in=enough,
            revoked_at=None,
        )
    )


def check_sent(system: System, check_id: UUID) -> ContactCheck | None:
    """A code that was sent to an address, whether it may still be typed in or not."""
    rows = ContactCheck.objects.filter(practice_id=system.practice_id, id=check_id)
    return rows.select_related("practice").first()


@dataclass(frozen=True, slots=True)
class CodeOut:
    """The newest code that still may be typed in, and what became of the message that carries it."""

    address: str
    made_at: datetime
    ends_at: datetime
    status: str


def code_out(acting: Acting, route: str, address: str, *, at: datetime) -> CodeOut | None:
    """The code on its way to the address, or there; None when none was sent, or it has ended or was used."""
    checks = ContactCheck.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id, route=route)
    told = Message.objects.filter(practice_id=acting.practice_id, kind="contact-check", about=OuterRef("id"))
    check = checks.annotate(message=told.values("status")).order_by("-made_at").first()
    if check is None or check.confirmed_at or check.ends_at <= at or check.address != address:
        return None
    return CodeOut(address, check.made_at, check.ends_at, check.message or Message.Status.FAILED)


def codes_lost(acting: Acting, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses and numbers to which the newest code could not be sent, as the provider knows no such."""
    if not addresses:
        return frozenset()
    checks = ContactCheck.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id)
    told = Message.objects.filter(practice_id=acting.practice_id, kind="contact-check", about=OuterRef("id"))
    rows = checks.filter(address__in=addresses).annotate(trouble=told.values("trouble")).order_by("made_at")
    newest = dict(rows.values_list("address", "trouble"))
    return frozenset(address for address, trouble in newest.items() if trouble in NO_SUCH_ADDRESS)


def former_contact(system: System, former_id: UUID) -> FormerContact | None:
    """Where a patient was reached until it was changed; None once it is forgotten."""
    rows = FormerContact.objects.filter(practice_id=system.practice_id, id=former_id)
    return rows.select_related("practice").first()
