"""Staff find the patient who stands before them by what that patient can say, and nobody is listed unasked."""

from datetime import date, datetime

import pytest

from patient_online.asking import Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, staff_of
from patient_online.nhs.numbers import formatted
from patient_online.patients.models import Patient
from patient_online.patients.queries import MOST_FOUND, find_patients
from patient_online.practices.models import Practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Practice:
    """A practice with four patients of its own."""
    return a_practice()


@pytest.fixture
def rita(practice: Practice) -> Staff:
    """A receptionist of it."""
    return staff_of(practice, Role.RECEPTIONIST)


@pytest.fixture
def zoe(practice: Practice) -> Patient:
    """A patient with accents, an apostrophe and a double name."""
    return a_patient_of(practice, given_name="Zoë Ébène", family_name="O'Brien-Łukasz", birth_date=date(1984, 3, 27))


@pytest.mark.parametrize(
    "text",
    [
        "zoe obrien",
        "OBRIEN zoe",
        "o’brien",
        "Zoë",
        "ZOE EBENE",
        "ébène lukasz",
        "luka",
        "o'brien-luk",
        "27/3/1984",
        "27 3 1984",
        "27.03.1984",
        "1984-03-27",
        "27 March 1984 zoe",
        "obrien zoe 27-mar-1984",
    ],
)
def test_a_patient_is_found_by_what_they_say(text: str, rita: Staff, zoe: Patient, now: datetime) -> None:
    a_patient_of(Practice.objects.get(ods_code=rita.practice_id), given_name="Femi", family_name="Whatnot")
    assert find_patients(rita, text, at=now) == [zoe]


def test_a_patient_is_found_by_the_nhs_number_however_it_is_typed(rita: Staff, zoe: Patient, now: datetime) -> None:
    assert zoe.nhs_number
    for text in (zoe.nhs_number, formatted(zoe.nhs_number), f" {zoe.nhs_number[:3]}-{zoe.nhs_number[3:]} "):
        assert find_patients(rita, text, at=now) == [zoe]


@pytest.mark.parametrize(
    "text",
    ["", " ", "z", "%", "_", "%%", "zoe%", "z_e", "rien", "31/2/1984 zoe", "27/3/1985 zoe", "9990000000", "'; --"],
)
def test_who_says_too_little_or_something_else_finds_nobody(
    text: str, rita: Staff, zoe: Patient, now: datetime
) -> None:
    assert find_patients(rita, text, at=now) == []


def test_nobody_of_another_practice_is_found(zoe: Patient, now: datetime) -> None:
    stranger = staff_of(a_practice(), Role.RECEPTIONIST)
    assert find_patients(stranger, "zoe", at=now) == []
    assert find_patients(stranger, zoe.nhs_number or "", at=now) == []


def test_twenty_are_shown_with_the_number_of_all_and_each_is_audited(
    practice: Practice, rita: Staff, now: datetime
) -> None:
    for n in range(MOST_FOUND + 3):
        a_patient_of(practice, given_name="Femi", family_name=f"Whatnot {n:02}")
    gone = a_patient_of(practice, given_name="Femi", family_name="Aaa", left_on=date(2025, 1, 1))
    shown = find_patients(rita, "femi what", at=now)
    assert [len(shown), shown[0].found, shown[0].family_name] == [20, 23, "Whatnot 00"]  # type: ignore[attr-defined]
    seen = Entry.objects.filter(event="patient.found", staff_id=rita.staff_id)
    assert {entry.patient_id for entry in seen} == {patient.id for patient in shown}
    assert find_patients(rita, "femi aaa", at=now) == [gone]


def test_those_who_are_registered_come_before_those_who_have_left(
    practice: Practice, rita: Staff, now: datetime
) -> None:
    gone = a_patient_of(practice, given_name="Femi", family_name="Aaa", left_on=date(2025, 1, 1))
    here = a_patient_of(practice, given_name="Femi", family_name="Zzz")
    assert find_patients(rita, "femi", at=now) == [here, gone]


def test_a_search_for_nobody_leaves_an_entry_without_the_words(rita: Staff, now: datetime) -> None:
    find_patients(rita, "nobody at all", at=now)
    entry = Entry.objects.get(event="patient.found")
    assert (entry.patient_id, entry.details) == (None, {})
