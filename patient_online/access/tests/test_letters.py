"""Letters: to whom they are addressed, how they end, and how what became of all messages is told."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of
from patient_online.nhs.dates import london
from patient_online.notify.models import Message
from patient_online.notify.tests.people import a_reader, failed, told, tried
from patient_online.patients.models import Patient
from patient_online.web.qr import qr_code
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db
PRINTED_ON = london(2026, 3, 3, 10)
BORN_16_YEARS_BEFORE = date(2010, 3, 3)
TO_THE_PARENT = "To the parent or guardian of Robin Testperson"


@pytest.fixture(autouse=True)
def no_provider(settings: Any) -> None:
    """Nobody carries messages, whatever the environment says."""
    settings.NOTIFY_FOLDER = None
    settings.NOTIFY_SMTP_URL = settings.NOTIFY_GOVUK_KEY = ""


def a_desk(patient: Patient) -> Client:
    """A receptionist of the patient's practice, signed in."""
    account = an_account(name="Rita Placeholder")
    staff_of(patient.practice, Role.RECEPTIONIST, account=account)
    return signed_in(account)


def the_letter(born: date) -> str:
    """What is printed for a patient of this age."""
    with time_machine.travel(PRINTED_ON, tick=False):
        robin = a_reader(address=["12 Madeup Row"], birth_date=born)
        tried(told(robin))
        return said(a_desk(robin).get("/practice/letters/print"))


def test_a_letter_about_a_child_is_addressed_to_the_parent_and_says_whom_it_is_about() -> None:
    page = the_letter(date(2010, 3, 4))
    assert f"{TO_THE_PARENT}12 Madeup Row" in page
    assert "This letter is about Robin Testperson." in page


def test_who_is_sixteen_on_the_day_of_printing_is_written_to_themselves() -> None:
    page = the_letter(BORN_16_YEARS_BEFORE)
    assert "parent or guardian" not in page
    assert "Robin Testperson12 Madeup Row" in page


def test_a_letter_ends_politely_with_the_practice_s_name() -> None:
    page = the_letter(date(1980, 1, 1))
    practice = Patient.objects.get().practice.name
    assert page.endswith(f"Come on time. With kind regards{practice}")
    assert "Dear" not in page


def test_the_desk_reads_in_words_that_every_message_is_accounted_for() -> None:
    robin = a_reader()
    desk = a_desk(robin)
    assert "accounted for" not in said(desk.get("/practice/messages"))
    failed(robin)
    for _ in range(2):
        tried(told(robin))
    page = said(desk.get("/practice/messages"))
    assert "All 3 messages are accounted for: 2 to be printed, 1 failed." in page
    assert " = " not in page
    Message.objects.filter(status="to-print").delete()
    assert "The one message made is accounted for: 1 failed." in said(desk.get("/practice/messages"))


def test_the_desk_sees_how_many_of_the_messages_that_were_sent_are_known_to_have_arrived() -> None:
    robin = a_reader()
    for arrived_at in (timezone.now(), timezone.now(), None):
        rows = Message.objects.filter(id=told(robin).id)
        rows.update(status="sent", settled_at=timezone.now(), delivered_at=arrived_at)
    page = said(a_desk(robin).get("/practice/messages"))
    assert "Sent3 Sent, of these known to have arrived2 Printed0" in page
    assert "All 3 messages are accounted for: 3 sent." in page


def test_the_address_in_a_letter_is_drawn_for_a_telephone_s_camera_too(settings: Any) -> None:
    robin = a_reader(address=["12 Madeup Row"])
    letter, desk = tried(told(robin)), a_desk(robin)
    assert "app-qr" not in desk.get("/practice/letters/print").content.decode()
    address = f"{settings.SERVICE_URL}/cancel/made-up"
    Message.objects.filter(id=letter.id).update(body=f"If you cannot come, cancel it here: {address}")
    page = desk.get("/practice/letters/print").content.decode()
    assert qr_code(address) in page
    assert "point the camera of a mobile phone" in page
