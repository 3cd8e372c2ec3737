"""Whom the practice has moved is told on their pages, and does not give up a time that they have not seen."""

from datetime import timedelta

import pytest
from django.test import Client

from patient_online.appointments import actions
from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.tests.clinics import Morning
from patient_online.appointments.tests.test_move_session import moves, to
from patient_online.appointments.tests.test_moved_meanwhile import form_in
from patient_online.demo.factories import an_account_for
from patient_online.nhs.services import Level, Service
from patient_online.notify.models import Message
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
NAMED = (
    "Your practice moved this appointment from Wednesday 4 March 2026 at 8am to Wednesday 4 March 2026 at 8:30am. "
    "The heating failed."
)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def robin(morning: Morning) -> Client:
    """The browser of a patient with an appointment at 8am tomorrow."""
    patient = morning.patient()
    morning.booked(0, patient=patient)
    return signed_in(an_account_for(patient))


def half_an_hour_later(morning: Morning) -> None:
    """The practice moves the session."""
    moves(morning, to(morning, HALF_AN_HOUR), words="The heating failed.")


def test_the_home_page_says_so_until_the_appointment_was_opened(robin: Client, morning: Morning) -> None:
    half_an_hour_later(morning)
    appointment = Appointment.objects.get()
    assert NAMED in said(robin.get("/"))
    links = {one.text.split("Wednesday")[0].strip(): one.attributes["href"] for one in read(robin.get("/")).all("a")}
    assert links["Choose another time"] == f"/appointments/{appointment.id}/move"
    assert links["I have read this: show the appointment"] == f"/appointments/{appointment.id}"
    assert robin.get(f"/appointments/{appointment.id}").status_code == 200
    assert "moved this appointment" not in said(robin.get("/"))
    assert Message.objects.get(kind="appointment-moved-by-practice").read_at


def test_who_read_the_first_move_is_told_of_the_second(robin: Client, morning: Morning) -> None:
    half_an_hour_later(morning)
    robin.get(f"/appointments/{Appointment.objects.get().id}")
    morning.schedule.refresh_from_db()
    moves(morning, to(morning, HALF_AN_HOUR), words="")
    assert "from Wednesday 4 March 2026 at 8:30am to Wednesday 4 March 2026 at 9am." in said(robin.get("/"))


def test_whom_the_practice_has_rung_is_not_told_again(robin: Client, morning: Morning) -> None:
    half_an_hour_later(morning)
    actions.settle(WithdrawnAppointment.objects.get(), done=True, by=morning.rita, at=morning.now)
    assert "moved this appointment" not in said(robin.get("/"))


def test_who_may_only_look_is_told_to_telephone(robin: Client, morning: Morning) -> None:
    half_an_hour_later(morning)
    services = {Service.APPOINTMENTS: Level.VIEW}
    page = said(signed_in(an_account_for(Appointment.objects.get().patient, services=services)).get("/"))
    assert f"{NAMED} If you cannot come then, telephone your practice." in page
    assert "Choose another time" not in page


def test_the_page_of_what_was_booked_says_that_it_was_moved(robin: Client, morning: Morning) -> None:
    half_an_hour_later(morning)
    page = said(robin.get(f"/appointments/{Appointment.objects.get().id}/booked"))
    assert "Your practice moved this appointment from Wednesday 4 March 2026 at 8am" in page


def test_nobody_gives_up_a_time_that_they_have_not_seen_and_one_more_press_cancels_it(
    robin: Client, morning: Morning
) -> None:
    page = f"/appointments/{Appointment.objects.get().id}/cancel"
    open_ = {**form_in(robin.get(page)), "reason": "time"}
    half_an_hour_later(morning)
    response = robin.post(page, open_)
    assert response.status_code == 409
    assert "it is now at 8:30am on Wednesday 4 March 2026." in said(response)
    assert Appointment.objects.get().status == "booked"
    again = {**form_in(response), "reason": "time"}
    assert again["key"] != open_["key"]
    first, second = robin.post(page, again), robin.post(page, again)
    assert first.headers["Location"] == second.headers["Location"]
    assert "You have cancelled this appointment." in said(robin.get(first.headers["Location"]))
    assert Appointment.objects.get().status == "cancelled"
