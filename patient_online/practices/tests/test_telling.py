"""What a practice tells its patients: versions that are never overwritten, and closures."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from patient_online.asking import NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, staff_of
from patient_online.practices import queries
from patient_online.practices.actions import close, restore_notice, take_back_closure, write_notice
from patient_online.practices.models import Closure, Notice, Practice
from patient_online.practices.rules import NotTold, changes, for_appointments
from patient_online.refusals import Refused
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
WELCOME, ROUTES = Notice.Kind.WELCOME, Notice.Kind.ROUTES
NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
TODAY = date(2026, 3, 3)
DESK = {"for": "Appointments", "how": "01632 960 001", "when": "8am to 6pm"}


@pytest.fixture
def manager() -> Staff:
    """A practice's manager."""
    return staff_of(a_practice(), Role.MANAGER)


def write(manager: Staff, text: str, *, following: int) -> Notice:
    """The manager writes a welcome message."""
    return write_notice(WELCOME, text=text, following=following, by=manager, at=NOW, key=None)


def test_each_text_is_a_new_version_and_the_old_ones_are_kept(manager: Staff) -> None:
    write(manager, "We are open again.", following=0)
    write(manager, "Flu vaccinations have begun.", following=1)
    patient = acting_as(a_patient_of(a_practice_of(manager)))
    told = queries.notice(patient, WELCOME)
    assert told is not None
    assert (told.version, told.text) == (2, "Flu vaccinations have begun.")
    assert [row.text for row in queries.notices(manager, WELCOME)] == [told.text, "We are open again."]


def a_practice_of(manager: Staff) -> Practice:
    """The practice where the manager works."""
    return queries.practice_of(manager)


def test_a_manager_with_an_old_page_is_told_and_nothing_is_overwritten(manager: Staff) -> None:
    write(manager, "First", following=0)
    write(manager, "Second", following=1)
    with pytest.raises(Refused) as no:
        write(manager, "Written beside the first", following=1)
    assert no.value.reason is NotTold.NEWER_VERSION
    assert [row.text for row in queries.notices(manager, WELCOME)] == ["Second", "First"]


def test_a_version_that_nobody_wrote_cannot_be_followed(manager: Staff) -> None:
    with pytest.raises(Refused):
        write(manager, "After a gap", following=7)
    assert queries.notice(manager, WELCOME) is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_eight_managers_who_save_at_once_one_is_first_and_the_others_are_told(manager: Staff) -> None:
    def save(number: int) -> str:
        try:
            return write(manager, f"By manager {number}", following=0).text
        except Refused as refused:
            return refused.reason.name

    came = at_once([lambda number=number: save(number) for number in range(8)])  # type: ignore[misc]
    rows = queries.notices(manager, WELCOME)
    assert len(rows) == 1
    assert sorted(came) == sorted([rows[0].text, *["NEWER_VERSION"] * 7])


def test_saving_twice_with_one_press_writes_one_version(manager: Staff) -> None:
    key = uuid4()
    both = [write_notice(WELCOME, text="Once", following=0, by=manager, at=NOW, key=key) for _press in range(2)]
    assert both[0].id == both[1].id
    assert Notice.objects.count() == 1


def test_the_program_itself_cannot_change_or_delete_a_version(manager: Staff) -> None:
    write(manager, "Kept", following=0)
    for change in (lambda: Notice.objects.update(text="Changed"), lambda: Notice.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_an_old_text_told_again_is_a_new_version(manager: Staff) -> None:
    old = write(manager, "Old", following=0)
    write(manager, "New", following=1)
    again = restore_notice(old, following=2, by=manager, at=NOW, key=None)
    assert (again.version, again.text) == (3, "Old")
    assert [row.text for row in queries.notices(manager, WELCOME)] == ["Old", "New", "Old"]
    entry = Entry.objects.get(event="practice.notice_restored")
    assert entry.details == {"kind": "welcome", "version": 3, "restored": 1}


def test_welcome_and_ways_have_versions_of_their_own(manager: Staff) -> None:
    write(manager, "Hello", following=0)
    ways = write_notice(ROUTES, routes=[DESK], following=0, by=manager, at=NOW, key=None)
    assert ways.version == 1
    patient = acting_as(a_patient_of(a_practice_of(manager)))
    assert queries.ways_to_book(patient) == [DESK]


@pytest.mark.parametrize(
    ("text", "routes"),
    [("a" * 1001, []), ("", [DESK] * 9), ("", [DESK | {"how": "1" * 121}]), ("", [DESK | {"for": "f" * 61}])],
)
def test_what_is_too_long_is_refused_not_cut(manager: Staff, text: str, routes: list[dict[str, str]]) -> None:
    with pytest.raises(Refused) as no:
        write_notice(WELCOME, text=text, routes=routes, following=0, by=manager, at=NOW, key=None)
    assert no.value.reason is NotTold.TOO_LONG
    write(manager, "a" * 1000, following=0)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_a_manager_tells_patients_something(role: Role) -> None:
    worker = staff_of(a_practice(), role)
    for deed in (lambda: write(worker, "Hello", following=0), lambda: closed(worker, TODAY, TODAY)):
        with pytest.raises(Refused) as no:
            deed()
        assert no.value.reason is NotAllowed.ROLE_NEEDED


def test_another_practices_manager_tells_again_and_takes_back_nothing_of_ours(manager: Staff) -> None:
    stranger = staff_of(a_practice(), Role.MANAGER)
    ours, closure = write(manager, "Ours", following=0), closed(manager, TODAY, TODAY)
    with pytest.raises(Refused):
        restore_notice(ours, following=0, by=stranger, at=NOW, key=None)
    with pytest.raises(Refused):
        take_back_closure(closure, by=stranger, at=NOW)
    assert queries.notices(stranger, WELCOME) == []
    assert Closure.objects.get().taken_back_at is None


def closed(manager: Staff, first: date, last: date, words: str = "Training. Call 111.") -> Closure:
    """The manager enters a closure."""
    return close(first, last, words=words, by=manager, at=NOW, key=None)


def test_patients_are_told_of_a_closure_from_two_weeks_before_until_its_last_day(manager: Staff) -> None:
    closed(manager, date(2026, 4, 20), date(2026, 4, 22))
    patient = acting_as(a_patient_of(a_practice_of(manager)))
    told = [day for day in range(1, 31) if queries.closures_told(patient, on=date(2026, 4, day))]
    assert told == list(range(6, 23))


def test_a_closure_taken_back_is_told_to_nobody_and_stays_in_the_history(manager: Staff) -> None:
    closure = closed(manager, TODAY, TODAY + timedelta(days=1))
    take_back_closure(closure, by=manager, at=NOW)
    patient = acting_as(a_patient_of(a_practice_of(manager)))
    assert queries.closures_told(patient, on=TODAY) == []
    assert queries.closures(manager, on=TODAY) == []
    assert [row.id for row in queries.closures_before(manager, on=TODAY)] == [closure.id]
    with pytest.raises(Refused) as no:
        take_back_closure(closure, by=manager, at=NOW)
    assert no.value.reason is NotTold.ALREADY_TAKEN_BACK


@pytest.mark.parametrize(("first", "last"), [(20, 22), (18, 20), (22, 25), (21, 21), (1, 30)])
def test_a_closure_that_overlaps_another_is_refused_and_the_other_is_named(
    manager: Staff, first: int, last: int
) -> None:
    there = closed(manager, date(2026, 4, 20), date(2026, 4, 22), "Training.")
    with pytest.raises(Refused) as no:
        closed(manager, date(2026, 4, first), date(2026, 4, last))
    assert no.value.reason is NotTold.OVERLAPS
    assert "from Monday 20 April 2026 to Wednesday 22 April 2026, “Training.”" in no.value.reason.words % no.value.facts
    closed(manager, date(2026, 4, 23), date(2026, 4, 24))
    closed(staff_of(a_practice(), Role.MANAGER), date(2026, 4, 20), date(2026, 4, 22))
    take_back_closure(there, by=manager, at=NOW)
    closed(manager, date(2026, 4, 19), date(2026, 4, 22))


@pytest.mark.parametrize(
    ("first", "last", "words", "reason"),
    [
        (2, 1, "Training", NotTold.DAYS_IN_DISORDER),
        (-1, 1, "Training", NotTold.PAST_CLOSURE),
        (1, 900, "Training", NotTold.CLOSURE_TOO_FAR),
        (1, 1, "w" * 301, NotTold.TOO_LONG),
        (1, 1, "  ", NotTold.NO_WORDS),
    ],
)
def test_a_closure_that_cannot_be_is_refused(
    manager: Staff, first: int, last: int, words: str, reason: NotTold
) -> None:
    with pytest.raises(Refused) as no:
        closed(manager, TODAY + timedelta(days=first), TODAY + timedelta(days=last), words)
    assert no.value.reason is reason
    assert not Closure.objects.exists()


def test_what_is_different_is_told_line_by_line() -> None:
    assert changes(["We are open.", "Call 111."], ["Call 111.", "We moved."]) == (["We are open."], ["We moved."])


def test_only_a_way_that_says_so_is_for_appointments() -> None:
    assert for_appointments([DESK, DESK | {"for": "Test results"}, DESK | {"for": "Book an APPOINTMENT"}]) == [
        DESK,
        DESK | {"for": "Book an APPOINTMENT"},
    ]
