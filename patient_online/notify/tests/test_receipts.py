"""What became of a text after it was taken: asked after, and acted on when it did not arrive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from patient_online.appointments.models import Appointment
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_slot_of, an_account, an_appointment, staff_of
from patient_online.notify import jobs
from patient_online.notify.kinds import Kind, register
from patient_online.notify.models import Message
from patient_online.notify.tests.kinds import MUST_REACH, REMINDER, SAID
from patient_online.notify.tests.notify_api import Answer, NotifyApi
from patient_online.notify.tests.people import BY_EMAIL, BY_TEXT, a_reader, again, told, tried
from patient_online.patients.models import Patient
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=6)
NUMBER = str(BY_TEXT["telephone"])


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The time, which is moved by hand."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def texted(patient: Patient | None = None, kind: str = MUST_REACH, **given: Any) -> Message:
    """A message that went out by text."""
    message = tried(told(patient or a_reader(contact_by="text", **BY_TEXT), kind, **given))
    assert (message.status, message.route) == ("sent", "text")
    return message


def an_appointment_of(patient: Patient) -> Appointment:
    return an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)


def asked_after(message: Message, clock: Any, after: timedelta = LATER) -> Message:
    """The message after the worker has asked, so much later."""
    clock.shift(after)
    jobs.ask_receipts(0)
    return again(message)


def patient_of(message: Message) -> Patient:
    return Patient.objects.get(id=message.patient_id)


def test_a_text_that_arrived_is_delivered_and_asked_after_no_more(texts: NotifyApi, clock: Any) -> None:
    message = texted()
    texts.delivers("delivered")
    assert asked_after(message, clock, timedelta(minutes=4)).delivered_at is None  # it is not time yet
    assert texts.asked == []
    message = asked_after(message, clock)
    assert (message.status, message.delivered_at, message.receipt_due_at) == ("sent", timezone.now(), None)
    asked_after(message, clock)
    assert len(texts.asked) == 1
    assert Entry.objects.filter(event="message.delivered", patient_id=message.patient_id).count() == 1


def test_a_number_that_does_not_exist_is_confirmed_no_more_and_who_must_be_told_gets_a_letter(
    texts: NotifyApi, clock: Any
) -> None:
    message = texted()
    texts.delivers("permanent-failure")
    message = asked_after(message, clock)
    assert (message.status, message.trouble) == ("waiting", "no-such-number")
    patient = patient_of(message)
    assert (patient.telephone_verified_at, patient.telephone_failed_at) == (None, timezone.now())
    message = tried(message)
    assert (message.status, message.route, len(texts.taken)) == ("to-print", "letter", 1)


def test_who_has_a_confirmed_email_address_too_is_told_there(texts: NotifyApi, clock: Any, settings: Any) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT, **BY_EMAIL)
    message = texted(patient, REMINDER, about=an_appointment_of(patient).id)
    texts.delivers("permanent-failure")
    settings.NOTIFY_SMTP_URL, settings.NOTIFY_MAIL_FROM = "smtp+plain://127.0.0.1:1", "a@example.org"
    message = asked_after(message, clock)
    assert message.status == "waiting"
    message = tried(message)
    assert (message.route, len(texts.taken)) == ("email", 1)


def test_what_need_not_reach_anybody_has_failed_and_staff_see_why(texts: NotifyApi, clock: Any) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    message = texted(patient, REMINDER, about=an_appointment_of(patient).id)
    texts.delivers("permanent-failure")
    message = asked_after(message, clock)
    assert (message.status, message.trouble, message.body != "") == ("failed", "no-such-number", True)
    account = an_account()
    staff_of(patient.practice, Role.RECEPTIONIST, account=account)
    desk = Client()
    desk.force_login(account)
    assert "The text service found no such number." in desk.get("/practice/messages").content.decode()
    assert "A message did not arrive there" in desk.get(f"/practice/patients/{patient.id}/needs").content.decode()


def test_a_number_that_was_changed_meanwhile_stays_confirmed(texts: NotifyApi, clock: Any) -> None:
    message = texted()
    texts.delivers("permanent-failure")
    clock.shift(timedelta(minutes=1))
    another = {"telephone": "+447700900111", "telephone_verified_at": timezone.now()}
    Patient.objects.filter(id=message.patient_id).update(**another)
    message = asked_after(message, clock)
    assert patient_of(message).telephone_verified_at
    message = tried(message)
    assert (message.status, [text["phone_number"] for text in texts.taken]) == ("sent", [NUMBER, "+447700900111"])


@pytest.mark.parametrize("status", ["temporary-failure", "technical-failure"])
def test_a_telephone_that_is_off_stays_confirmed_and_who_must_be_told_gets_a_letter(
    texts: NotifyApi, clock: Any, status: str
) -> None:
    must = texted()
    need_not = texted(patient_of(must), REMINDER, about=an_appointment_of(patient_of(must)).id)
    texts.delivers(status)
    must, need_not = asked_after(must, clock), again(need_not)
    assert (must.status, must.route, must.trouble) == ("to-print", "letter", "not-delivered")
    assert must.body == "\n\n".join(SAID.paragraphs)
    assert (need_not.status, need_not.trouble) == ("failed", "not-delivered")
    assert patient_of(must).telephone_verified_at


def test_what_is_over_by_now_troubles_nobody(texts: NotifyApi, clock: Any) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    booked = an_appointment_of(patient)
    message = texted(patient, REMINDER, about=booked.id)
    texts.delivers("temporary-failure")
    gone: dict[str, Any] = {"cancelled_at": timezone.now(), "cancelled_by": booked.id, "cancelled_through": "desk"}
    Appointment.objects.filter(id=booked.id).update(status="cancelled", **gone)
    message = asked_after(message, clock)
    assert (message.status, message.receipt_due_at, message.trouble) == ("sent", None, "not-delivered")


def test_staff_who_try_again_send_it_again_as_the_first_did_not_arrive(texts: NotifyApi, clock: Any) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    message = texted(patient, REMINDER, about=an_appointment_of(patient).id)
    texts.delivers("temporary-failure")
    asked_after(message, clock)
    account = an_account()
    staff_of(patient.practice, Role.RECEPTIONIST, account=account)
    desk = Client()
    desk.force_login(account)
    desk.post(f"/practice/messages/{message.id}/try-again")
    message = tried(message)
    assert (message.status, len(texts.taken)) == ("sent", 2)
    texts.taken[1]["status"] = "delivered"
    assert asked_after(message, clock).delivered_at


def test_a_code_to_a_number_that_does_not_exist_has_failed_and_is_written_nowhere(texts: NotifyApi, clock: Any) -> None:
    register(Kind("test-code", lambda told, now: SAID, must_reach=True, address=lambda told, now: ("text", NUMBER)))
    message = texted(a_reader(), "test-code")
    texts.delivers("permanent-failure")
    message = asked_after(message, clock)
    assert (message.status, message.trouble, message.body) == ("failed", "no-such-number", "")


@pytest.mark.parametrize("answer", [Answer(status=429), Answer(status=500), Answer(status=200, garbage="no")])
def test_while_the_service_does_not_tell_it_is_asked_again_ever_more_rarely(
    texts: NotifyApi, clock: Any, answer: Answer
) -> None:
    message = texted()
    texts.tells = lambda: answer
    waits: list[timedelta] = []
    while message.receipt_due_at:
        waits.append(message.receipt_due_at - timezone.now())
        message = asked_after(message, clock, waits[-1])
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=10)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=4) <= sum(waits, timedelta()) < timedelta(days=5)
    assert message.status == "sent"


def test_a_service_that_is_away_is_asked_once_a_minute_and_not_for_every_message(texts: NotifyApi, clock: Any) -> None:
    texts.tells = lambda: Answer(status=503)
    for _ in range(5):
        texted()
    clock.shift(LATER)
    jobs.ask_receipts(0)
    assert len(texts.asked) == 1


def test_emails_have_no_receipt_to_wait_for(mail_folder: Any) -> None:
    assert tried(told(a_reader(**BY_EMAIL))).receipt_due_at is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_workers_who_ask_at_once_act_once(texts: NotifyApi, clock: Any) -> None:
    messages = [texted() for _ in range(5)]
    texts.delivers("permanent-failure")
    clock.shift(LATER)
    at_once([lambda: jobs.ask_receipts(0)] * 4)
    assert {again(each).status for each in messages} == {"waiting"}
    assert Entry.objects.filter(event="message.not_delivered").count() == 5
    assert len(texts.asked) == 5


def test_how_long_a_receipt_is_waited_for(now: datetime) -> None:
    from patient_online.notify.rules import Patience

    patience = Patience()
    assert patience.receipt_after(timedelta(0)) == timedelta(minutes=5)
    assert patience.receipt_after(timedelta(hours=1)) == timedelta(hours=1)
    assert patience.receipt_after(timedelta(days=2)) == timedelta(hours=6)
    assert patience.receipt_after(timedelta(days=4)) is None
