"""A made-up world to measure on: practices filled with COPY, and visitors who are signed in already."""

import io
import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connections

from patient_online.identity.models import Account
from patient_online.identity.rules import METHODS, SECOND_STEP

VISITORS = 10_000
RECEPTIONISTS = 50
MOST_SLOTS = 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

ACCOUNTS = """
WITH newcomers AS (
  SELECT p.practice_id, p.id FROM (
    SELECT practice_id, id, row_number() OVER (PARTITION BY practice_id ORDER BY id) AS n FROM patients_patient
  ) p WHERE p.n <= %(each)s AND NOT EXISTS (
    SELECT FROM access_actsfor f WHERE f.practice_id = p.practice_id AND f.patient_id = p.id)
), accounts AS (
  INSERT INTO identity_account (id, sign_in_name, email, name, password, is_active, created_at)
  SELECT id, upper(right(id::text, 12)), 'visitor-' || id || '@example.com', 'Madeup Visitor', %(password)s, true, now()
  FROM newcomers
), links AS (
  INSERT INTO access_link (practice_id, id, patient_id, account_id, kind, proof, identity, linked_at, ended_why)
  SELECT practice_id, id, id, id, 'self', 'staff', 9, now(), '' FROM newcomers
), grants AS (
  INSERT INTO access_grant (practice_id, id, patient_id, account_id, service, level, held, granted_at)
  SELECT practice_id, id, id, id, 'appointments', 'manage', false, now() FROM newcomers
)
INSERT INTO access_actsfor (id, account_id, practice_id, patient_id, levels, held, record, identity)
SELECT id, id, practice_id, id, '{"appointments": "manage"}', '[]', '{}', 9 FROM newcomers
"""
KEY = "'benchmark' || replace({account}::text, '-', '')"
SESSIONS = f"""
INSERT INTO access_session (key_hash, id, account_id, device, data, started_at, last_seen_at, ends_at)
SELECT encode(sha256(convert_to({KEY.format(account="a.id")}, 'UTF8')), 'hex'), gen_random_uuid(), a.id, '',
  %(data)s::jsonb || jsonb_build_object('{SESSION_KEY}', a.id::text), now(), now(), now() + interval '12 hours'
FROM identity_account a
ON CONFLICT (key_hash) DO UPDATE SET data = EXCLUDED.data, last_seen_at = now(), ends_at = EXCLUDED.ends_at
"""  # noqa: S608 - made of constants
VISITING = f"""
SELECT {KEY.format(account="f.account_id")}, f.practice_id, f.patient_id, f.account_id FROM access_actsfor f
ORDER BY random() LIMIT %(most)s
"""  # noqa: S608 - made of constants
AT_THE_DESK = f"""
SELECT {KEY.format(account="w.account_id")}, w.practice_id, w.staff_id, w.account_id FROM access_worksat w
ORDER BY random() LIMIT %(most)s
"""  # noqa: S608 - made of constants
FREE = """
SELECT practice_id, id, starts_at FROM (
SELECT s.practice_id, s.id, s.starts_at, row_number() OVER (PARTITION BY s.practice_id ORDER BY random()) AS n
FROM appointments_slot s
WHERE s.practice_id = ANY(%(practices)s) AND s.online AND s.status = 'open'
  AND s.starts_at BETWEEN now() + interval '1 hour' AND now() + interval '20 days' AND NOT EXISTS (
    SELECT FROM appointments_appointment a WHERE a.practice_id = s.practice_id AND a.slot_id = s.id)
) free WHERE n <= %(most)s ORDER BY n
"""
EVERYBODY_ONE = """
WITH people AS (
  SELECT f.practice_id, f.patient_id, f.account_id, row_number() OVER (PARTITION BY f.practice_id) AS n
  FROM access_actsfor f
), slots AS (
  SELECT s.practice_id, s.id, row_number() OVER (PARTITION BY s.practice_id) AS n
  FROM unnest(%(practices)s::text[], %(slots)s::uuid[]) AS s (practice_id, id)
)
INSERT INTO appointments_appointment (practice_id, id, slot_id, seat, patient_id, status, outcome, reason, comment,
  contact_telephone, extra_reason, booked_at, booked_by, booked_through, cancelled_through, cancel_reason)
SELECT p.practice_id, gen_random_uuid(), s.id, 1, p.patient_id, 'booked', '', '', '', '07700900123', '', now(),
  p.account_id, 'online', '', ''
FROM people p JOIN slots s ON s.practice_id = p.practice_id AND s.n = p.n RETURNING patient_id, id
"""
MADE_HERE = "DELETE FROM appointments_appointment WHERE booked_through = 'online'"
EMPTIED = "TRUNCATE storage_idempotentrequest, audit_entry, notify_message, procrastinate_jobs CASCADE"
FILLED = ("appointments_appointment", "access_session", "access_actsfor", "access_grant", "identity_account")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in: a patient, or a receptionist (then `who` is the member of staff)."""

    key: str
    practice: str
    who: UUID
    account: UUID


@dataclass
class World:
    """What is there to be asked for: who visits, who works at a desk, and which slots are free, by practice."""

    visitors: list[Visitor]
    desks: list[Visitor]
    free: dict[str, deque[UUID]] = field(default_factory=dict)
    starts: dict[UUID, str] = field(default_factory=dict)

    def take(self, practice: str) -> UUID:
        """A free slot that nobody else is given; those of a practice come round when all were given."""
        slots = self.free[practice]
        slots.rotate(-1)
        return slots[-1]

    def near(self) -> list[Visitor]:
        """The visitors in an order of chance."""
        return random.sample(self.visitors, len(self.visitors))


def make(practices: int, patients_each: int) -> World:
    """Fill an empty database and sign everybody in."""
    call_command("make_world", practices=practices, patients_each=patients_each, stdout=io.StringIO())
    each = VISITORS // practices
    _run(ACCOUNTS, each=each, password=Account.objects.using("owner").values_list("password", flat=True)[0])
    world = World(_who(VISITING, VISITORS), _who(AT_THE_DESK, RECEPTIONISTS))
    begin_again(world)
    return world


def begin_again(world: World) -> None:
    """Put the world back as it was made: nothing booked online, everybody signed in."""
    _run(MADE_HERE)
    _run(EMPTIED)
    _run(SESSIONS, data=_session())
    for table in FILLED:
        _run(f"VACUUM (ANALYZE) {table}")
    world.free = {}
    practices = list({visitor.practice for visitor in world.visitors})
    most = max(MOST_SLOTS, 2 * VISITORS // len(practices))
    for practice, slot, starts_at in _rows(FREE, practices=practices, most=most):
        world.free.setdefault(practice, deque()).append(slot)
        world.starts[slot] = starts_at.isoformat()


def give_everybody_one(world: World) -> dict[UUID, UUID]:
    """Give appointments to as many visitors as half of the free slots last for; which appointment each patient has."""
    taken = [(practice, slots.popleft()) for practice, slots in world.free.items() for _ in range(len(slots) // 2)]
    practices, slots = [practice for practice, _ in taken], [slot for _, slot in taken]
    made = dict(_rows(EVERYBODY_ONE, practices=practices, slots=slots))
    _run("VACUUM (ANALYZE) appointments_appointment")
    return made


def _session() -> str:
    import json

    account = Account.objects.using("owner").all()[0]
    shown = [{"method": SECOND_STEP, "type": "totp", "at": time.time()}]
    known = {BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: account.get_session_auth_hash(), METHODS: shown}
    return json.dumps(known)


def _who(statement: str, most: int) -> list[Visitor]:
    return [Visitor(*row) for row in _rows(statement, most=most)]


def _rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _run(statement: str, **given: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, given or None)
