"""A message that does not go out becomes a letter when staff say so; and what staff see while nothing goes out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from patient_online.asking import Role, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_slot_of, an_account, an_appointment, staff_of
from patient_online.notify import actions
from patient_online.notify.actions.fences import RESTORED
from patient_online.notify.kinds import Kind, register
from patient_online.notify.models import Fence, Message
from patient_online.notify.tests.kinds import REMINDER, SAID
from patient_online.notify.tests.people import BY_TEXT, a_reader, again, failed, told
from patient_online.patients.models import Patient
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/practice/messages"


@pytest.fixture
def robin() -> Patient:
    """A patient who wants texts."""
    return a_reader(contact_by="text", **BY_TEXT)


@pytest.fixture
def desk(robin: Patient) -> Client:
    """A receptionist of Robin's practice, signed in."""
    account = an_account(name="Rita Placeholder")
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    return signed_in(account)


def printed(desk: Client, message: Message) -> Any:
    return desk.post(f"{PAGE}/{message.id}/print")


def test_a_message_that_failed_or_waits_becomes_a_letter_when_staff_are_sure(robin: Patient, desk: Client) -> None:
    for message in (failed(robin), told(robin)):
        assert "Print this message as a letter?" in said(desk.get(f"{PAGE}/{message.id}/print"))
        before = again(message).status
        assert before in ("failed", "waiting")
        assert "The message is a letter now." in said(desk.get(printed(desk, message).headers["Location"]))
        letter = again(message)
        assert (letter.status, letter.route, letter.subject) == ("to-print", "letter", SAID.subject)
        assert letter.body == "\n\n".join(SAID.paragraphs)
        assert "It may have been tried again meanwhile" not in said(desk.get("/practice/letters"))
        assert printed(desk, message).status_code == 403
    assert said(desk.get("/practice/letters")).count(SAID.subject) == 2
    assert Entry.objects.filter(event="message.print_instead", patient_id=robin.id, refused_by="").count() == 2


def test_what_was_cancelled_meanwhile_is_not_printed(robin: Patient, desk: Client) -> None:
    booked = an_appointment(a_slot_of(robin.practice, timezone.now() + timedelta(days=1)), robin)
    message = told(robin, REMINDER, about=booked.id)
    gone: dict[str, Any] = {"cancelled_at": timezone.now(), "cancelled_by": booked.id, "cancelled_through": "desk"}
    type(booked).objects.filter(id=booked.id).update(status="cancelled", **gone)
    assert "not true any more, so there is nothing to print" in said(printed(desk, message))
    assert again(message).status == "waiting"


@pytest.mark.parametrize("change", [{"left_on": "2026-01-01"}, {"died_on": "2026-01-01"}])
def test_nobody_writes_to_who_has_gone(robin: Patient, desk: Client, change: dict[str, str]) -> None:
    message = failed(robin)
    Patient.objects.filter(id=robin.id).update(registered_on="2020-01-01", **change)
    assert printed(desk, message).status_code == 403
    assert again(message).status == "failed"


def test_who_wants_no_messages_gets_no_letter_on_the_mat(robin: Patient, desk: Client) -> None:
    message = failed(robin)
    Patient.objects.filter(id=robin.id).update(contact_by="none")
    assert "Telephone them if they must know." in said(printed(desk, message))
    assert again(message).status == "failed"


def test_a_code_is_never_printed(robin: Patient, desk: Client) -> None:
    register(Kind("test-code", lambda told, now: SAID, address=lambda told, now: ("text", "+447700900111")))
    message = told(robin, "test-code")
    assert "it cannot be a letter" in said(printed(desk, message))
    assert again(message).body == ""


def test_a_letter_of_a_text_that_went_out_meanwhile_leaves_the_letters(robin: Patient) -> None:
    by = System("deliver", robin.practice_id)
    claimed = actions.claim(told(robin).id, by=by, at=timezone.now())
    assert claimed
    actions.print_instead(again(claimed), by=staff_of(robin.practice, Role.MANAGER), at=timezone.now())
    assert actions.settle(claimed, to="sent", route="text", by=by, at=timezone.now(), words=SAID)
    assert (again(claimed).status, again(claimed).route) == ("sent", "text")


def test_staff_of_another_practice_print_nothing(robin: Patient) -> None:
    message = failed(robin)
    elsewhere = an_account()
    staff_of(a_reader().practice, Role.MANAGER, account=elsewhere)
    assert printed(signed_in(elsewhere), message).status_code == 404
    assert again(message).status == "failed"


def test_after_a_restore_the_page_says_first_that_nothing_goes_out_why_and_what_to_do(
    robin: Patient, desk: Client
) -> None:
    failed(robin)
    Fence.objects.create(raised_at=timezone.now(), why=RESTORED)
    page = said(desk.get(PAGE))
    for words in ("No message is being sent", RESTORED, "What to do:", "manage.py release_messages"):
        assert words in page
    assert page.index("No message is being sent") < page.index("Why it is not sent")
    assert "tried again by itself" not in page
    assert "nothing to do here" not in page
