"""Who comes to be called is asked for a number when they move too, and for a mobile where it is by video."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, SlotType
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_moved_meanwhile import form_in
from patient_online.demo.factories import an_appointment
from patient_online.nhs.appointments import Mode
from patient_online.patients.models import Patient
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
LANDLINE = "Enter a mobile number, like 07700 900 982: a video call does not work on a landline"
GUIDANCE = "The clinician rings you within half an hour of the time."


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def page_to(book: OpenBook, mode: Mode, **given: str) -> str:
    """The page on which Robin moves an appointment in person to one of this mode."""
    mine = an_appointment(book.slots[0], book.robin, **given)
    return f"/appointments/{mine.id}/move/{book.slot_at(timedelta(days=2), mode=mode).id}"


def number_of_the_one() -> str:
    """The number of the one appointment that is booked."""
    number: str = Appointment.objects.values_list("contact_telephone", flat=True).get(status="booked")
    return number


def test_who_moves_to_the_telephone_sees_the_number_and_may_give_another(book: OpenBook) -> None:
    page = page_to(book, Mode.TELEPHONE)
    open_ = form_in(book.client.get(page))
    assert open_["telephone"] == "07700 900982" or open_["telephone"] == "07700 900 982"
    wrong = book.client.post(page, {**open_, "telephone": "12"})
    assert "Enter a telephone number, like 01632 960 001" in said(wrong)
    assert form_in(wrong)["telephone"] == "12"
    assert book.client.post(page, {**open_, "telephone": "01632 960 002"}).status_code == 302
    assert number_of_the_one() == "+441632960002"


def test_the_number_of_the_appointment_comes_before_that_of_the_details(book: OpenBook) -> None:
    page = page_to(book, Mode.TELEPHONE, contact_telephone="+441632960009")
    open_ = form_in(book.client.get(page))
    assert open_["telephone"] == "01632 960 009"
    assert book.client.post(page, open_).status_code == 302
    assert number_of_the_one() == "+441632960009"


def test_who_moves_to_a_time_in_person_is_asked_for_no_number(book: OpenBook) -> None:
    page = page_to(book, Mode.IN_PERSON)
    open_ = form_in(book.client.get(page))
    assert "telephone" not in open_
    assert book.client.post(page, open_).status_code == 302


def test_a_landline_is_no_number_for_a_video_call(book: OpenBook) -> None:
    Patient.objects.filter(id=book.robin.id).update(telephone="+441632960001")
    slot = book.slot_at(timedelta(days=2), mode=Mode.VIDEO)
    response = book.confirms(slot, telephone="01632 960 001")
    assert LANDLINE in said(response)
    assert "Mobile number" in read(response).words("label")
    page = page_to(book, Mode.VIDEO)
    open_ = form_in(book.client.get(page))
    assert open_["telephone"] == ""
    assert LANDLINE in said(book.client.post(page, {**open_, "telephone": "01632 960 001"}))
    assert book.client.post(page, {**open_, "telephone": "07700 900 982"}).status_code == 302
    assert number_of_the_one() == "+447700900982"


def test_what_the_kind_is_for_stands_on_every_page_of_the_appointment(book: OpenBook) -> None:
    SlotType.objects.filter(id=book.kind.id).update(guidance=GUIDANCE)
    mine = an_appointment(book.slots[0], book.robin)
    for page in ("", "/booked", f"/move/{book.slots[3].id}"):
        assert GUIDANCE in said(book.client.get(f"/appointments/{mine.id}{page}")), page
