"""Whoever asks the database sees what waits to be written, whichever way they ask."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction

from patient_online.audit.models import Entry
from patient_online.storage.postgres import prepared_cursor
from patient_online.storage.tests.waits import COUNT, TESTS, done, in_an_action, inner, note, noted
from patient_online.storage.writing import MOST_TOGETHER, insert, together
from tests.statements import statements


def asks_by_the_orm() -> int:
    """Count the entries as the ORM does."""
    return Entry.objects.count()


def asks_by_a_prepared_statement() -> int:
    """Count by a statement that is kept ready."""
    with prepared_cursor() as cursor:
        cursor.execute(COUNT)
        return int(cursor.fetchone()[0])


def asks_row_after_row() -> int:
    """Count what a cursor on the server gives, row after row."""
    return sum(1 for _ in Entry.objects.order_by("id").iterator(chunk_size=1))


def asks_for_a_copy() -> int:
    """Count the rows that are copied out."""
    with connection.cursor() as cursor, cursor.copy("COPY (SELECT id FROM audit_entry) TO STDOUT") as rows:
        return sum(1 for _ in rows.rows())


def asks_by_a_stream() -> int:
    """Count the rows of a stream."""
    with connection.cursor() as cursor:
        return sum(1 for _ in cursor.stream("SELECT id FROM audit_entry"))


def asks_by_a_call() -> int:
    """Ask by a function of the database, one that runs a query: how many rows have the word."""
    with connection.cursor() as cursor:
        cursor.callproc("ts_stat", ["SELECT 'one'::tsvector FROM audit_entry"])
        return int(cursor.fetchone()[1])


WAYS = [asks_by_the_orm, asks_by_a_prepared_statement, asks_row_after_row, asks_for_a_copy, asks_by_a_stream]


@pytest.mark.parametrize("asks", [*WAYS, asks_by_a_call])
@pytest.mark.django_db
@in_an_action
def test_whoever_asks_sees_what_waits(asks: Callable[[], int], now: datetime) -> None:
    with together():
        note("a", now)
        assert asks() == 1
        note("b", now)
        assert asks() == 2


@pytest.mark.parametrize("opened", [lambda: connection.cursor(), prepared_cursor])
@pytest.mark.django_db
@in_an_action
def test_a_cursor_that_was_opened_before_sees_what_waits(opened: Callable[[], Any], now: datetime) -> None:
    with together(), opened() as cursor:
        note("a", now)
        cursor.execute(COUNT)
        assert cursor.fetchone() == (1,)
        note("b", now)
        cursor.executemany("SELECT 1", [(), ()])
        with statements() as made:
            assert noted() == ["a", "b"]
        assert len(made) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_told_afterwards_finds_everything_written_and_may_write(now: datetime) -> None:
    seen: list[list[str]] = []

    def tells() -> None:
        seen.append(noted())
        note("c", now)
        seen.append(noted())

    def body() -> None:
        note("a", now)
        transaction.on_commit(lambda: inner(tells, by=TESTS, at=now))
        note("b", now)

    done(body, by=TESTS, at=now)
    assert seen == [["a", "b"], ["a", "b", "c"]]


@pytest.mark.django_db
@in_an_action
def test_more_than_a_statement_holds_goes_in_all_the_same(now: datetime) -> None:
    number = 65_535 // 10
    with statements() as made, together():
        for _ in range(number):
            note("a", now)
    assert len(made) == -(-number // MOST_TOGETHER)
    assert Entry.objects.count() == number


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_waits_for_one_connection_does_not_wait_for_the_other(now: datetime) -> None:
    """Each of the two roles sees what it has written itself, and neither sends the rows of the other."""
    entry = {"practice_id": "X90001", "at": now, "asker": "system"}

    def body() -> None:
        with transaction.atomic("owner"), together("owner"):
            insert(Entry(event="theirs", **entry), "owner")
            insert(Entry(event="ours", **entry))
            with statements() as made:
                assert list(Entry.objects.using("owner").values_list("event", flat=True)) == ["theirs"]
            assert made == []
            assert noted() == ["ours"]
            insert(Entry(event="theirs too", **entry), "owner")
        assert Entry.objects.using("owner").count() == 2
        assert connections["owner"].waiting is None  # type: ignore[attr-defined]

    done(body, by=TESTS, at=now)
    assert noted() == ["ours"]
