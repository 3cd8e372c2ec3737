"""The home page names an appointment that the practice cancelled, until the patient knows of it or has another."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.tests.clinics import Morning
from patient_online.audit.models import Entry
from patient_online.demo.factories import an_account_for, an_appointment
from patient_online.nhs.services import Level, Service
from patient_online.notify.models import Message
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
NAMED = "The practice has cancelled your appointment on Wednesday 4 March 2026, 8am to 8:10am."


@pytest.fixture
def robin(morning: Morning) -> Client:
    """The browser of a patient whose appointment of tomorrow the practice has just cancelled."""
    patient = morning.patient()
    morning.booked(0, patient=patient)
    morning.withdraws(words="The heating failed.")
    return signed_in(an_account_for(patient))


def test_it_is_named_with_the_practice_s_words_and_a_way_to_choose_another_time(robin: Client) -> None:
    page = said(robin.get("/"))
    assert f"{NAMED} The heating failed." in page
    links = {one.text.split("Wednesday")[0].strip(): one.attributes for one in read(robin.get("/")).all("a")}
    assert links["Choose another time"]["href"] == "/appointments/book?label=Appointment%20with%20a%20GP"
    appointment = Appointment.objects.get()
    assert links["I have read this: show the appointment"]["href"] == f"/appointments/{appointment.id}"
    assert Entry.objects.filter(event="appointment.changed_by_practice_seen").count() == 2


def test_nothing_is_named_or_noted_where_nothing_was_cancelled(morning: Morning) -> None:
    patient = morning.patient()
    morning.booked(1, patient=patient)
    assert "has cancelled" not in said(signed_in(an_account_for(patient)).get("/"))
    assert not Entry.objects.filter(event="appointment.changed_by_practice_seen").exists()


def test_who_has_opened_the_appointment_knows_of_it(robin: Client) -> None:
    """And its message is not counted as new any more."""
    assert "The heating failed." in said(robin.get(f"/appointments/{Appointment.objects.get().id}"))
    assert "has cancelled" not in said(robin.get("/"))
    assert Message.objects.get(about=WithdrawnAppointment.objects.get().id).read_at


def test_who_has_read_the_message_knows_of_it(robin: Client, morning: Morning) -> None:
    Message.objects.filter(kind="appointment-withdrawn").update(read_at=morning.now)
    assert "has cancelled" not in said(robin.get("/"))


def test_looking_at_another_appointment_is_not_reading_of_this_one(robin: Client, morning: Morning) -> None:
    patient = Appointment.objects.get().patient
    own = an_appointment(morning.another(morning.now + timedelta(days=5), name="Later")[0], patient)
    assert robin.get(f"/appointments/{own.id}").status_code == 200
    assert NAMED in said(robin.get("/"))


def test_who_has_chosen_another_time_of_the_kind_is_not_told_any_more(robin: Client, morning: Morning) -> None:
    [free, *_] = morning.another(morning.now + timedelta(days=3))
    an_appointment(free, Appointment.objects.get().patient, booked_at=morning.now + timedelta(minutes=1))
    assert "has cancelled" not in said(robin.get("/"))


def test_once_its_time_has_passed_it_is_not_named(robin: Client, morning: Morning) -> None:
    with time_machine.travel(morning.now + timedelta(days=1, hours=1), tick=False):
        later = signed_in(an_account_for(Appointment.objects.get().patient))
        assert "has cancelled" not in said(later.get("/"))


def test_who_may_only_look_is_told_to_telephone(robin: Client) -> None:
    looking = an_account_for(Appointment.objects.get().patient, services={Service.APPOINTMENTS: Level.VIEW})
    page = said(signed_in(looking).get("/"))
    assert NAMED in page
    assert "If you still need it, telephone your practice for a new time." in page
    assert "Choose another time" not in page


def test_nobody_else_is_told(robin: Client, morning: Morning) -> None:
    assert "has cancelled" not in said(signed_in(an_account_for(morning.patient())).get("/"))
