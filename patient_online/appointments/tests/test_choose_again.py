"""A patient whose appointment the practice cancelled finds that first in their list, until it is made good."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments import actions
from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.tests.clinics import Morning
from patient_online.demo.factories import a_slot_of, a_slot_type, an_account_for, an_appointment
from patient_online.nhs.services import Level, Service
from patient_online.practices.models import PolicySetting
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
HEADING = "Your practice cancelled"
LISTED = "/appointments/"


@pytest.fixture
def robin(morning: Morning) -> Client:
    """The browser of a patient whose appointment of tomorrow the practice has just cancelled."""
    patient = morning.patient()
    morning.booked(0, patient=patient)
    morning.withdraws(words="The heating failed.")
    return signed_in(an_account_for(patient))


def test_what_the_practice_cancelled_stands_at_the_top_with_a_way_to_choose_again(
    robin: Client, morning: Morning
) -> None:
    page = said(robin.get(LISTED))
    top = page.split("Book an appointment")[0]
    assert HEADING in top
    assert "Wednesday 4 March 2026, 8am to 8:10am" in top
    assert "The heating failed." in top
    [link] = [one for one in read(robin.get(LISTED)).all("a") if one.text.strip().startswith("Choose a new time")]
    assert link.attributes["href"] == "/appointments/book?label=Appointment%20with%20a%20GP"
    assert page.count("Your practice had to cancel this appointment") == 1


def test_it_stands_there_even_where_the_practice_lists_nothing_that_is_past(robin: Client, morning: Morning) -> None:
    PolicySetting.objects.create(practice=morning.practice, name="past_appointments_shown", value=0, set_at=morning.now)
    assert HEADING in said(robin.get(LISTED))


def test_who_has_booked_another_of_the_kind_since_is_not_warned_any_more(robin: Client, morning: Morning) -> None:
    patient = Appointment.objects.get().patient
    other = a_slot_of(morning.practice, morning.now + timedelta(days=4), kind=a_slot_type(morning.practice, name="JAB"))
    an_appointment(other, patient, booked_at=morning.now + timedelta(minutes=1))
    assert HEADING in said(robin.get(LISTED))
    [free, *_] = morning.another(morning.now + timedelta(days=3))
    an_appointment(free, patient, booked_at=morning.now + timedelta(minutes=1))
    page = said(robin.get(LISTED))
    assert HEADING not in page
    assert "Your practice had to cancel this appointment" in page


def test_whom_the_practice_has_seen_to_is_not_warned_any_more(robin: Client, morning: Morning) -> None:
    actions.settle(WithdrawnAppointment.objects.get(), done=True, by=morning.rita, at=morning.now)
    assert HEADING not in said(robin.get(LISTED))


def test_what_would_have_been_by_now_and_what_patients_cancel_themselves_is_no_warning(
    robin: Client, morning: Morning
) -> None:
    with time_machine.travel(morning.now + timedelta(days=2), tick=False):
        later = signed_in(an_account_for(Appointment.objects.get().patient))
        assert HEADING not in said(later.get(LISTED))
    own = morning.patient()
    cancelled = {"status": "cancelled", "cancelled_at": morning.now, "cancelled_through": "online"}
    morning.booked(1, patient=own, cancelled_by=own.id, **cancelled)
    assert HEADING not in said(signed_in(an_account_for(own)).get(LISTED))


def test_who_may_not_book_online_is_told_to_telephone(morning: Morning) -> None:
    patient = morning.patient()
    morning.booked(0, patient=patient)
    morning.withdraws()
    page = said(signed_in(an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})).get(LISTED))
    assert HEADING in page
    assert "Choose a new time" not in page
    assert "telephone your practice" in page.split("To come")[0]
