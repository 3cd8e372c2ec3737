"""Our backend reads timestamps quickly, and reads the same instants as Django's own."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper as Plain
from psycopg.pq import Format

from patient_online.audit.models import Entry
from patient_online.storage.ids import uuid7
from patient_online.storage.postgres.base import TIMESTAMPTZ

pytestmark = pytest.mark.django_db
INSTANTS = (
    "2026-03-29 00:59:59+00",
    "2026-03-29 02:00:00+01",
    "2026-10-25 01:30:00+01",
    "2026-10-25 01:30:00+00",
    "1899-12-31 23:59:59.000001+00",
    "1970-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
)


def read_by(wrapper: BaseDatabaseWrapper) -> list[datetime]:
    """The instants as this kind of connection reads them."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT unnest(%s::timestamptz[])", [list(INSTANTS)])
        return [at for (at,) in cursor.fetchall()]


def test_timestamps_are_the_instants_that_djangos_own_backend_reads() -> None:
    plain = Plain({**connection.settings_dict}, "plain")
    try:
        assert read_by(connection) == read_by(plain)
    finally:
        plain.close()


def test_timestamps_are_aware_and_in_utc() -> None:
    assert [at.utcoffset() for at in read_by(connection)] == [timedelta(0)] * len(INSTANTS)
    assert read_by(connection)[1] == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_timestamps_are_read_by_psycopgs_own_loader() -> None:
    connection.ensure_connection()
    ours = connection.connection.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
    assert ours is psycopg.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
    assert ours.__module__.startswith(("psycopg_binary", "psycopg_c"))


def test_rows_read_in_a_stream_have_the_same_timestamps(now: datetime) -> None:
    Entry.objects.create(practice_id="X90001", at=now, event="practice.opened", asker="system", id=uuid7())
    assert [entry.at for entry in Entry.objects.iterator(chunk_size=1)] == [now]
