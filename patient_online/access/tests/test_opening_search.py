"""A search confirms nothing of a protected record: neither a date of birth nor whose an NHS number is."""

from datetime import date, datetime

import pytest

from patient_online.access.actions.opening import open_record
from patient_online.access.tests.behind_glass import REASON, a_hidden_patient
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_patient_of, an_account_for, staff_of
from patient_online.patients.models import Patient
from patient_online.patients.queries import find_patients
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(practice: Practice) -> Patient:
    """A protected patient, born on 13 July 1961."""
    return a_hidden_patient(practice)


@pytest.fixture
def rita(practice: Practice) -> Staff:
    """A receptionist."""
    return staff_of(practice, Role.RECEPTIONIST)


def names(staff: Staff, text: str, at: datetime) -> list[str]:
    """The names that a search lists."""
    return [patient.name for patient in find_patients(staff, text, at=at)]


def test_the_name_finds_them_whatever_day_is_typed(rita: Staff, hidden: Patient, now: datetime) -> None:
    """So that nobody learns the date of birth by trying; the date alone finds nobody."""
    for day in ("", "13 July 1961", "14 July 1961"):
        assert names(rita, f"protectedly {day}", now) == [hidden.name]
    assert names(rita, "13 July 1961", now) == []


def test_a_number_finds_a_record_without_saying_whose(rita: Staff, hidden: Patient, now: datetime) -> None:
    [found] = find_patients(rita, hidden.nhs_number or "", at=now)
    assert (found.id, found.name, found.shut) == (hidden.id, "A protected record", True)


def test_once_a_reason_is_given_they_are_found_like_anybody(rita: Staff, hidden: Patient, now: datetime) -> None:
    open_record(hidden, reason=REASON, by=rita, at=now, key=uuid7())
    for text in ("13 July 1961", "protectedly 13/7/1961", hidden.nhs_number or ""):
        assert names(rita, text, now) == [hidden.name]
    assert names(rita, "protectedly 14 July 1961", now) == []


def test_nobody_tries_the_dates_of_their_own_household(practice: Practice, now: datetime) -> None:
    """A receptionist who is a patient here too; the home is written otherwise, and a neighbour is found as ever."""
    home = {"address": ["1 Sample Street", "Exampleton"], "postcode": "ZZ99 3AA", "family_name": "Sampleton"}
    own = a_patient_of(practice, given_name="Olu", birth_date=date(1980, 5, 5), **home)
    written = {"address": ["1 sample street,", "EXAMPLETON"], "postcode": "zz99 3aa"}
    a_patient_of(practice, given_name="Wilf", birth_date=date(1982, 6, 6), **home | written)
    near = home | {"address": ["2 Sample Street"]}
    a_patient_of(practice, given_name="Ned", birth_date=date(1990, 7, 7), **near)
    staff = staff_of(practice, Role.RECEPTIONIST, account=an_account_for(own))
    assert sorted(patient.given_name for patient in find_patients(staff, "sampleton 1 1 1970", at=now)) == [
        "Olu",
        "Wilf",
    ]
    assert names(staff, "6 June 1982", now) == []
    assert len(names(staff, "7 July 1990", now)) == 1
