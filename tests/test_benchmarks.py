"""What the product is measured against does the same: the bare statements write what a booking writes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from benchmarks.statements import STATEMENTS
from patient_online.appointments.models import Slot
from patient_online.demo.factories import (
    PASSWORD,
    a_patient_of,
    a_practice,
    a_slot_of,
    an_account,
    an_account_for,
    an_appointment,
)
from patient_online.identity.models import Account
from patient_online.patients.models import Patient

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def rows() -> dict[str, tuple[int, int]]:
    """How many rows each table has, and which transactions wrote them, added up."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM "{table}"')
            found[table] = cursor.fetchone()
    return found


def written(before: dict[str, tuple[int, int]]) -> dict[str, int]:
    """The tables that were written to since, and how many rows each has more."""
    return {name: now[0] - before[name][0] for name, now in rows().items() if now != before[name]}


def run(name: str, **given: Any) -> str:
    """What the statement answers."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(STATEMENTS[name], given)
        return str(cursor.fetchone()[0])


@pytest.fixture
def morning() -> datetime:
    """A morning in three days."""
    return (timezone.now() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def robin() -> Patient:
    """A patient with an account."""
    patient = a_patient_of(a_practice())
    an_account_for(patient, account=an_account("robin@example.com"))
    return patient


def books(slot: Slot) -> dict[str, int]:
    """Robin signs in, goes past the signs and books the slot; what the last press wrote."""
    client, page = Client(), f"/appointments/slots/{slot.id}"
    client.post("/sign-in", {"login": "robin@example.com", "password": PASSWORD})
    client.post(f"{page}/before-you-book", {"key": str(uuid4())})
    client.get(page)
    before = rows()
    said = {"starts": slot.starts_at.isoformat(), "length": "1", "reason": "A cough", "telephone": "07700 900123"}
    assert client.post(page, {"key": str(uuid4()), **said}).headers["Location"].endswith("/booked")
    return written(before)


def who(robin: Patient) -> dict[str, Any]:
    """Who asks, as the statements take it."""
    return {"practice": robin.practice_id, "patient": robin.id, "account": Account.objects.get().id, "key": uuid4()}


def test_the_bare_view_writes_to_the_same_tables_as_a_booking(robin: Patient, morning: datetime) -> None:
    slots = [a_slot_of(robin.practice, morning + timedelta(days=n)) for n in range(2)]
    by_the_product = books(slots[0])
    before = rows()
    assert run("book", **who(robin), slot=slots[1].id, id=uuid4()) == "1"
    assert written(before) == by_the_product
    assert by_the_product.keys() >= {"appointments_appointment", "audit_entry", "notify_message", "procrastinate_jobs"}


def test_the_bare_view_moves_an_appointment_and_leaves_a_taken_slot_alone(robin: Patient, morning: datetime) -> None:
    old, new = a_slot_of(robin.practice, morning), a_slot_of(robin.practice, morning + timedelta(days=1))
    appointment = an_appointment(old, robin)
    assert run("move", **who(robin), slot=new.id, id=uuid4(), appointment=appointment.id) == "1"
    before = rows()
    assert run("hot", **who(robin), slot=new.id, id=uuid4()) == "0"
    assert written(before) == {}


def test_the_bare_view_reads_a_slot_the_free_ones_and_a_day(robin: Patient, morning: datetime) -> None:
    slot = a_slot_of(robin.practice, morning)
    today = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    an_appointment(a_slot_of(robin.practice, today), robin)
    assert '"label"' in run("slot", practice=robin.practice_id, slot=slot.id)
    assert str(slot.id) in run("search", practice=robin.practice_id)
    assert robin.family_name in run("day", **who(robin))
