"""What an action writes goes in with one statement, and is what saving each row by itself would have put in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.booking import NotBooked
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment
from patient_online.notify.models import Message
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.storage.models import IdempotentRequest
from patient_online.storage.postgres.base import numbered
from patient_online.storage.tests.waits import TESTS, done, in_an_action, note, noted
from patient_online.storage.writing import insert, insert_each, together
from tests.statements import statements

pytestmark = pytest.mark.django_db
SEAT = {"appointment_one_booked_per_seat": NotBooked.JUST_TAKEN}


@in_an_action
def test_what_is_written_together_goes_in_with_one_statement(now: datetime) -> None:
    with statements() as made, together():
        for event in ("a", "b", "c"):
            note(event, now)
    assert (len(made), noted()) == (1, ["a", "b", "c"])


@in_an_action
def test_what_waits_is_there_for_whoever_asks(now: datetime) -> None:
    with together():
        note("a", now)
        assert noted() == ["a"]
        note("b", now)
    assert noted() == ["a", "b"]


@in_an_action
def test_an_inner_part_leaves_nothing_waiting(now: datetime) -> None:
    with together():
        note("a", now)
        with together():
            note("b", now)
        with statements() as made:
            assert noted() == ["a", "b"]
        assert len(made) == 1


@in_an_action
def test_what_is_undone_is_not_written_afterwards(now: datetime) -> None:
    with together():
        note("a", now)
        with transaction.atomic():
            note("b", now)
            transaction.set_rollback(True)
        note("c", now)
    assert noted() == ["a", "c"]


def test_who_breaks_off_writes_nothing(now: datetime) -> None:
    def breaks_off() -> None:
        note("a", now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(breaks_off, by=TESTS, at=now)
    note("b", now)
    assert noted() == ["b"]


def a_second_in_the_seat(practice: Practice, now: datetime) -> Appointment:
    """Somebody's appointment that is already taken by another."""
    first = an_appointment(a_slot_of(practice, now + timedelta(days=1)), a_patient_of(practice))
    theirs = {"slot_id": first.slot_id, "patient": a_patient_of(practice), "booked_at": now, "booked_by": uuid7()}
    return Appointment(practice=practice, **theirs)


@pytest.mark.parametrize("others", [0, 2])
def test_a_constraint_that_says_no_is_a_refusal_where_it_has_a_meaning(others: int, now: datetime) -> None:
    row = a_second_in_the_seat(a_practice(), now)

    def takes_the_seat() -> None:
        insert(row, meanings=SEAT)
        for _ in range(others):
            note("never", now)

    with pytest.raises(Refused) as no:
        done(takes_the_seat, by=TESTS, at=now)
    assert no.value.reason is NotBooked.JUST_TAKEN
    assert noted() == ["tests.done"]
    assert Entry.objects.get().refused_by == NotBooked.JUST_TAKEN.rule


@pytest.mark.parametrize("meanings", [{}, {"another": NotBooked.JUST_TAKEN}])
def test_a_constraint_without_a_meaning_stays_an_error(meanings: Any, now: datetime) -> None:
    row = a_second_in_the_seat(a_practice(), now)
    with pytest.raises(IntegrityError):
        done(lambda: insert(row, meanings=meanings), by=TESTS, at=now)


def an_entry(practice: Practice, now: datetime) -> Entry:
    """An entry of the trail."""
    return Entry(practice_id=practice.ods_code, at=now, event="100% of %s", asker="system", details={"n": [1, None]})


def a_message(practice: Practice, now: datetime) -> Message:
    """A message that waits."""
    to = a_patient_of(practice)
    return Message(practice=practice, patient_id=to.id, kind="x", about=uuid7(), made_at=now, due_at=now)


def a_booking(practice: Practice, now: datetime) -> Appointment:
    """An appointment that is not kept yet."""
    slot = a_slot_of(practice, now + timedelta(days=1))
    words = {"reason": "It's 100%", "contact_telephone": "+441632960001"}
    return Appointment(slot=slot, practice=practice, patient=a_patient_of(practice), booked_at=now, **words)


def a_key(practice: Practice, now: datetime) -> IdempotentRequest:
    """A key that was used."""
    given = {"account_id": uuid7(), "key": uuid7(), "action": "a", "digest": "b", "outcome": {"id": "%s"}}
    return IdempotentRequest(practice_id=practice.ods_code, asked_at=now, **given)


@pytest.mark.parametrize("make", [an_entry, a_message, a_booking, a_key])
@in_an_action
def test_a_row_goes_in_as_its_save_would_put_it_in(make: Callable[[Practice, datetime], Any], now: datetime) -> None:
    row = make(a_practice(), now)
    if isinstance(row, Appointment):
        row.booked_by = uuid7()
    kept: list[dict[str, Any]] = []
    for save in (lambda: row.save(force_insert=True), lambda: insert(row), lambda: _together(row)):
        with transaction.atomic():
            save()
            kept.append(_as_kept(row))
            transaction.set_rollback(True)
    assert kept[0] == kept[1] == kept[2]
    assert row._state.adding is False


@in_an_action
def test_rows_that_differ_in_their_ids_alone_go_in_with_one_statement_as_their_saves_would_put_them_in(
    now: datetime,
) -> None:
    practice = a_practice()
    rows = [an_entry(practice, now) for _ in range(3)]
    for row in rows:
        row.patient_id = None if row is rows[1] else uuid7()
        row.details = {"word": "100% “&”"}
    kept: list[list[dict[str, Any]]] = []
    for save in (_one_by_one, _each):
        with transaction.atomic():
            save(rows)
            kept.append([_as_kept(row) for row in rows])
            transaction.set_rollback(True)
    assert kept[0] == kept[1]


def _one_by_one(rows: list[Entry]) -> None:
    for row in rows:
        row.save(force_insert=True)


def _each(rows: list[Entry]) -> None:
    with statements() as made, together():
        insert_each(rows[0], {"id": [row.id for row in rows], "patient_id": [row.patient_id for row in rows]})
    assert len(made) == 1


def _together(row: models.Model) -> None:
    with together():
        insert(row)
        note("beside", datetime.fromisoformat("2026-03-03T08:00:00+00:00"))


def _as_kept(row: Any) -> dict[str, Any]:
    found = type(row).objects.filter(pk=row.pk)
    return dict(found.values(*[field.attname for field in row._meta.local_concrete_fields])[0])


def test_the_places_of_a_statement_are_numbered() -> None:
    assert numbered("a = %s AND b LIKE '100%%' AND c = %s") == (b"a = $1 AND b LIKE '100%' AND c = $2", ())
    assert numbered("%(b)s, %(a)s, %(b)s, 5 %% 2") == (b"$1, $2, $1, 5 % 2", ("b", "a"))
