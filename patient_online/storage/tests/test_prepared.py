"""A statement that is kept ready gives what the plain query gives, for other values too, or is refused when made."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from patient_online.asking import Channel, System
from patient_online.audit.actions import record
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.nhs.dates import day_bounds
from patient_online.patients.models import Patient
from patient_online.storage.ids import uuid7
from patient_online.storage.postgres.base import numbered
from patient_online.storage.prepared import NotPrepared, only, prepared
from patient_online.storage.writing import _joined
from tests.statements import statements

pytestmark = pytest.mark.django_db
EVENT = "100% of %s"


def note(at: datetime, practice_id: str = "X90001") -> None:
    """Put an entry into the trail, which is done by a statement that is kept ready."""
    record(EVENT, by=System("tests", practice_id), at=at, n=1)


@prepared
def entries(practice_id: str, at: datetime, *, days: int) -> QuerySet[Entry]:
    """The entries of so many days before the instant."""
    rows = Entry.objects.filter(practice_id=practice_id, event=EVENT, at__gte=at - timedelta(days=days), at__lt=at)
    return rows.order_by("at")


def test_other_values_find_other_rows_by_the_same_statement(now: datetime) -> None:
    for practice_id, days in (("X90001", 1), ("X90001", 3), ("X90002", 2)):
        note(now - timedelta(days=days), practice_id)
    found = [entries(*given, days=2) for given in (("X90001", now), ("X90002", now), ("X90001", now - timedelta(2)))]
    assert [[now - entry.at for entry in each] for each in found] == [[timedelta(1)], [timedelta(2)], [timedelta(3)]]
    assert found[0] == list(entries.plain("X90001", now, days=2))  # type: ignore[attr-defined]


def test_another_shape_is_another_statement(now: datetime) -> None:
    note(now - timedelta(days=5))
    assert [len(entries("X90001", now, days=days)) for days in (2, 9, 2)] == [0, 1, 0]


def test_a_statement_is_run_once_each_time_with_what_is_always_the_same_written_into_it(now: datetime) -> None:
    with statements() as made:
        entries("X90001", now, days=77)
        entries("X90003", now, days=77)
    assert len(made) == 2
    assert EVENT.replace("%", "%%") in made[0]


def test_related_rows_come_along(now: datetime) -> None:
    practice = a_practice()
    ann = a_patient_of(practice)

    @prepared
    def patients(practice_id: str) -> QuerySet[Patient]:
        return Patient.objects.filter(practice_id=practice_id).select_related("practice")

    with statements() as made:
        [found] = patients(practice.ods_code)
        assert (found, found.practice.name) == (ann, practice.name)
    assert len(made) == 1


def a_wall_clock(at: datetime) -> QuerySet[Entry]:
    """Entries since midnight in England, which no fixed time before an instant is."""
    return Entry.objects.filter(at__gte=day_bounds(at.date())[0])


def a_branch(at: datetime) -> QuerySet[Entry]:
    """Entries by a statement that the value decides on."""
    return Entry.objects.filter(at=at) if at.month == 1 else Entry.objects.filter(id=uuid7())


def a_value_that_is_lost(at: datetime) -> QuerySet[Entry]:
    """Entries that the value has no say in."""
    return Entry.objects.all()


@pytest.mark.parametrize("build", [a_wall_clock, a_branch, a_value_that_is_lost])
def test_what_hides_how_it_depends_on_a_value_is_refused(build: Any, now: datetime) -> None:
    with pytest.raises(NotPrepared):
        prepared(build)(now)


def test_a_value_that_nothing_can_stand_in_for_is_refused() -> None:
    with pytest.raises(NotPrepared, match="bool"):
        prepared(lambda value: Entry.objects.filter(asker=value))(True)


def test_a_row_is_put_in_as_its_save_does(now: datetime) -> None:
    note(now)
    plain = Entry(practice_id="X90001", at=now, event=EVENT, asker="system", asker_name="tests", details={"n": 1})
    plain.channel = Channel.COMMAND
    plain.save(force_insert=True)
    names = [field.name for field in Entry._meta.local_concrete_fields if field.name != "id"]
    ready, saved = Entry.objects.filter(event=EVENT).values(*names)
    assert ready == saved


def test_the_only_row_is_given_and_none_is_told() -> None:
    assert only(Entry, rows := [Entry(event=EVENT)]) is rows[0]
    with pytest.raises(Entry.DoesNotExist):
        only(Entry, [])


def test_a_day_can_be_a_value(now: datetime) -> None:
    born = prepared(lambda day: Patient.objects.filter(birth_date=day))
    ann = a_patient_of(a_practice(), birth_date=date(1984, 2, 29))
    assert (born(date(1984, 2, 29)), born(date(1984, 3, 1))) == ([ann], [])


def test_a_statement_in_use_stays_when_there_are_too_many_others(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("patient_online.storage.prepared.MOST_SHAPES", 3)
    made: list[int] = []

    @prepared
    def some(at: datetime, *, most: int) -> QuerySet[Entry]:
        made.append(most)
        return Entry.objects.filter(at__lt=at)[:most]

    for most in (2, 3, 4, 5, 6, 7):
        some(now, most=1)
        some(now, most=most)
    assert made.count(1) == made.count(7) == 2
    some(now, most=2)
    assert made.count(2) == 4


def test_what_is_kept_of_statements_has_an_end() -> None:
    for kept in (numbered, _joined):
        assert kept.cache_info().maxsize
