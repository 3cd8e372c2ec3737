"""A patient says the reference of an appointment at the desk or on the telephone, and staff find it by that."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from patient_online.appointments import queries
from patient_online.appointments.rules.reference import SAYABLE, ending_of, reference_of
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, staff_of


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


@given(st.uuids())
def test_a_reference_names_the_end_of_the_id_that_it_was_made_of(id_: UUID) -> None:
    assert id_.hex.endswith(ending_of(reference_of(id_)))
    assert len(ending_of(reference_of(id_))) == 10


@given(st.text(alphabet=SAYABLE, min_size=8, max_size=8))
def test_a_reference_is_understood_as_people_say_and_write_it(letters: str) -> None:
    heard = letters.replace("0", "O").replace("1", "l").lower()
    assert ending_of(f" {heard[:4]} – {heard[4:]} ") == ending_of(letters) != ""


@pytest.mark.parametrize(
    "text", ["", "robin", "K7QM-2XR", "K7QM-2XRTT", "K7QM-2XRU", "K7QM_2XRT", "27 3 1984", "\u2167" * 8]
)
def test_what_is_not_a_reference_is_not_taken_for_one(text: str) -> None:
    assert ending_of(text) == ""


@pytest.mark.django_db
def test_staff_find_the_appointment_whose_reference_they_are_told(desk: Desk) -> None:
    booked = desk.appointment
    shown = says(desk.finds(booked.reference.lower().replace("-", " ")))
    assert f"Appointment {booked.reference}" in shown
    assert desk.robin.name in shown
    assert "Nobody was found" not in shown
    assert Entry.objects.get(event="appointment.called").patient_id == desk.robin.id


@pytest.mark.django_db
def test_a_reference_of_another_practice_or_of_long_ago_finds_nobody(desk: Desk) -> None:
    booked = desk.appointment
    elsewhere = staff_of(a_practice("Y90009"), Role.RECEPTIONIST)
    assert queries.appointments_called(elsewhere, booked.reference, at=TEN) == []
    assert queries.appointments_called(desk.rita, booked.reference, at=TEN + timedelta(days=200)) == []
    assert queries.appointments_called(desk.rita, booked.reference, at=TEN) == [booked]
