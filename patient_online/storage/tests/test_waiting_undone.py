"""What waits to be written and cannot be, or is undone, leaves the connection well and nothing behind."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from psycopg.types.json import Jsonb

from patient_online.appointments.rules.booking import NotBooked
from patient_online.refusals import Refused
from patient_online.storage.tests.waits import AGAIN, ONCE, TESTS, done, in_an_action, inner, note, noted, one_is_taken
from patient_online.storage.writing import together, write


@pytest.fixture
def taken(transactional_db: None) -> Any:
    """The one is taken, in a connection of the test's own."""
    one_is_taken()
    yield
    connection.close()


def is_well() -> bool:
    """Whether the connection is outside any transaction, and answers."""
    raw: Any = connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        row = cursor.fetchone()
    idle = raw.connection.info.transaction_status == 0
    return row == (1,) and idle and connection.get_autocommit() and not connection.in_atomic_block


def takes_it_again() -> None:
    """Take the one, which waits and cannot be."""
    write(AGAIN, [1], meanings=ONCE)


def waits_to_the_end(body: Callable[[], None]) -> None:
    """Do it in a transaction that settles while it all waits still."""
    with ExitStack() as outside, transaction.atomic():
        outside.enter_context(together())
        body()


def undone(body: Callable[[], object]) -> None:
    """Do it in a part of a transaction, which is undone."""
    with transaction.atomic():
        body()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("meanings", [ONCE, {}])
def test_who_is_refused_only_when_all_is_settled_leaves_the_connection_well(taken: None, meanings: Any) -> None:
    hooks: list[str] = []

    def takes() -> None:
        write(AGAIN, [1], meanings=meanings)
        transaction.on_commit(lambda: hooks.append("told"))

    with pytest.raises(Refused if meanings else IntegrityError):
        waits_to_the_end(takes)
    assert is_well()
    assert hooks == []
    with transaction.atomic():
        write(AGAIN, [2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(number ORDER BY number) FROM taken")
        assert cursor.fetchone() == ([1, 2],)


@pytest.mark.parametrize("meanings", [ONCE, {}])
def test_who_is_refused_at_the_end_of_a_part_may_go_on_with_the_whole(
    db: None, now: datetime, meanings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    one_is_taken()

    def takes() -> None:
        write(AGAIN, [1], meanings=meanings)
        transaction.on_commit(lambda: None)

    def goes_on() -> None:
        note("a", now)
        with pytest.raises(Refused if meanings else IntegrityError):
            transaction.atomic(takes)()
        note("b", now)
        assert noted() == ["a", "b"]
        note("c", now)

    with django_capture_on_commit_callbacks() as hooks:
        done(goes_on, by=TESTS, at=now)
    assert noted() == ["a", "b", "c"]
    assert hooks == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_breaks_in_python_at_the_end_is_undone_too(taken: None) -> None:
    """A value that cannot be sent is no error of the database, and must not leave half a transaction behind."""
    with pytest.raises(TypeError):
        waits_to_the_end(lambda: write(AGAIN, [Jsonb(object())]))
    assert is_well()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nothing_is_written_together_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError, match="one transaction"), together():
        pass
    assert is_well()


@pytest.mark.django_db
def test_an_action_inside_a_part_of_an_action_is_undone_alone(now: datetime) -> None:
    def refuses() -> None:
        note("never", now)
        raise Refused(NotBooked.JUST_TAKEN)

    def is_undone() -> None:
        note("never", now)
        inner(lambda: note("never", now), by=TESTS, at=now)
        note("never", now)

    def outer() -> None:
        note("a", now)
        undone(is_undone)
        with transaction.atomic():
            inner(lambda: note("b", now), by=TESTS, at=now)
        with pytest.raises(Refused):
            inner(refuses, by=TESTS, at=now)
        note("c", now)

    done(outer, by=TESTS, at=now)
    assert noted() == ["a", "b", "c", "tests.inner"]


@pytest.mark.django_db
def test_an_action_that_decides_to_undo_itself_ends_without_an_error(now: datetime) -> None:
    def body() -> None:
        note("a", now)
        transaction.set_rollback(True)

    done(body, by=TESTS, at=now)
    assert noted() == []


@pytest.mark.django_db
@in_an_action
def test_who_writes_after_all_was_lost_is_told(now: datetime) -> None:
    """As a save would: nothing waits for an end that will not come."""

    @transaction.atomic(savepoint=False)
    def breaks_off() -> None:
        note("a", now)
        raise ZeroDivisionError

    def goes_on() -> None:
        with pytest.raises(ZeroDivisionError):
            breaks_off()
        with pytest.raises(TransactionManagementError):
            note("b", now)

    undone(goes_on)
    assert noted() == []


@pytest.mark.django_db
@in_an_action
def test_who_goes_on_after_a_constraint_said_no_writes_nothing_unnoticed(now: datetime) -> None:
    one_is_taken()

    def goes_on() -> None:
        takes_it_again()
        with pytest.raises(Refused):
            noted()
        with pytest.raises(TransactionManagementError):
            note("b", now)

    undone(goes_on)
    assert noted() == []
