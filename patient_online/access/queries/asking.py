"""Who is asking: one statement from a session's key."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings

from patient_online.asking import Acting, Analyst, Role, Staff
from patient_online.identity.models import Account
from patient_online.identity.rules import how_signed_in
from patient_online.nhs.identity import Identity
from patient_online.nhs.record_levels import NO_RECORD, RecordAccess, RecordLevel, ceiling_of
from patient_online.nhs.services import Level, Service
from patient_online.storage.postgres import prepared_cursor

ACCOUNT_FIELDS = ("id", "sign_in_name", "email", "name", "password", "created_at")
WHAT_AN_ACCOUNT_MAY = """
  a.id, a.sign_in_name, a.email, a.name, a.password, a.created_at,
  (SELECT jsonb_agg(jsonb_build_object(
      'practice', f.practice_id, 'name', p.name, 'patient', f.patient_id, 'levels', f.levels,
      'held', f.held, 'record', f.record, 'identity', f.identity, 'on', (
        SELECT jsonb_object_agg(latest.service, latest.ceiling) FROM (
          SELECT DISTINCT ON (o.service) o.service, o.status, o.ceiling FROM practices_servicestatus o
          WHERE o.practice_id = f.practice_id AND o.from_day <= %(today)s ORDER BY o.service, o.from_day DESC
        ) latest WHERE latest.status = 'switched-on'), 'policies', (
        SELECT jsonb_object_agg(c.name, c.value) FROM practices_policysetting c WHERE c.practice_id = f.practice_id)
      ) ORDER BY f.id)
   FROM access_actsfor f JOIN practices_practice p ON p.ods_code = f.practice_id WHERE f.account_id = a.id),
  (SELECT jsonb_agg(jsonb_build_object(
      'practice', w.practice_id, 'name', p.name, 'staff', w.staff_id, 'roles', w.roles) ORDER BY w.id)
   FROM access_worksat w JOIN practices_practice p ON p.ods_code = w.practice_id
   WHERE w.account_id = a.id AND (w.to_day IS NULL OR w.to_day > %(today)s)),
  EXISTS (SELECT FROM access_programmemember m WHERE m.account_id = a.id
      AND m.from_day <= %(today)s AND (m.to_day IS NULL OR m.to_day > %(today)s))
"""
WHO_IS_ASKING = f"""
SELECT s.data, s.last_seen_at, s.ends_at, {WHAT_AN_ACCOUNT_MAY}
FROM access_session s LEFT JOIN identity_account a ON a.id = s.account_id AND a.is_active
WHERE s.key_hash = %(key_hash)s AND s.ends_at > %(at)s
  AND (s.account_id IS NULL OR s.last_seen_at > %(at)s - make_interval(secs => %(idle)s))
"""  # noqa: S608 - made of constants
WHO_HAS_ACCOUNT = f"""
SELECT '{{}}'::jsonb, %(at)s, %(at)s, {WHAT_AN_ACCOUNT_MAY}
FROM identity_account a WHERE a.id = %(account)s AND a.is_active
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
    record: RecordAccess = NO_RECORD
    identity: Identity = Identity.P9

    @classmethod
    def listed(cls, row: dict[str, Any]) -> Self:
        """One row of the list, with what the practice has on; what is held back from the patient counts as off."""
        ceilings = {Service(service): Level(ceiling) for service, ceiling in (row["on"] or {}).items()}
        given = {Service(service): Level(level) for service, level in row["levels"].items()}
        levels = {service: min(level, ceilings.get(service, level)) for service, level in given.items()}
        shown = frozenset(ceilings) - {Service(service) for service in row["held"]}
        known = (row["practice"], row["name"], UUID(row["patient"]), levels, shown, row["policies"] or {})
        return cls(*known, _record(row["record"]).at_most(ceiling_of(shown)), Identity(row["identity"]))


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
    ends_at: datetime
    account: Account | None
    acts_for: tuple[ActsForOne, ...] = ()
    works_at: tuple[WorksAtOne, ...] = ()
    of_programme: bool = False

    @property
    def account_id(self) -> UUID | None:
        """The account's id, or None for somebody not signed in."""
        return self.account.id if self.account else None

    @property
    def two_steps(self) -> bool:
        """Whether this person has shown more than a password since they signed in."""
        return how_signed_in(self.data).two_steps

    @property
    def two_steps_at_work(self) -> bool:
        """Whether it is enough for who works with patients' details: NHS login where it knows who somebody is."""
        return how_signed_in(self.data).at_work

    def acting(self, request_id: UUID | None = None) -> Acting | None:
        """The patient side of this person, or None when no patient is linked to the account."""
        if self.account is None or not self.acts_for:
            return None
        one, how = self.acts_for[0], how_signed_in(self.data)
        return Acting(
            self.account.id,
            one.practice_id,
            one.patient_id,
            one.switched_on,
            one.levels,
            one.policies,
            request_id,
            identity=min(one.identity, one.identity if how.identity is None else how.identity),
            two_steps=how.two_steps,
            record=one.record,
            vot=how.vot,
        )

    def staff(self, request_id: UUID | None = None) -> Staff | None:
        """The staff side of this person, or None when the account works at no practice."""
        if self.account is None or not self.works_at:
            return None
        one = self.works_at[0]
        own = frozenset(each.patient_id for each in self.acts_for if each.practice_id == one.practice_id)
        return Staff(self.account.id, one.practice_id, one.staff_id, one.roles, request_id, acts_for=own)

    def analyst(self, request_id: UUID | None = None) -> Analyst | None:
        """The national programme's side of this person, or None when the account is not of the programme."""
        return Analyst(self.account.id, request_id) if self.account and self.of_programme else None


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
    data, last_seen_at, ends_at, *account, acts_for, works_at, of_programme = row
    return Asking(
        json.loads(data),
        last_seen_at,
        ends_at,
        _account(account),
        tuple(ActsForOne.listed(each) for each in json.loads(acts_for or "[]")),
        tuple(_works_at(each) for each in json.loads(works_at or "[]")),
        bool(of_programme),
    )


def _account(row: list[Any]) -> Account | None:
    if row[0] is None:
        return None
    known = dict(zip(ACCOUNT_FIELDS, row, strict=True)) | {"is_active": True}
    fields = [field.attname for field in Account._meta.concrete_fields if field.attname in known]
    return Account.from_db("default", fields, [known[name] for name in fields])


def _record(row: dict[str, Any]) -> RecordAccess:
    if not row:
        return NO_RECORD
    return RecordAccess(RecordLevel(row["current"]), RecordLevel(row["historic"]), date.fromisoformat(row["from"]))


def _works_at(row: dict[str, Any]) -> WorksAtOne:
    roles = frozenset(Role(role) for role in row["roles"])
    return WorksAtOne(row["practice"], row["name"], UUID(row["staff"]), roles)
