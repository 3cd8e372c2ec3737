"""The pages of messages and letters for staff, and the patient's inbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from patient_online.asking import Role, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import an_account, an_account_for, staff_of
from patient_online.notify import actions
from patient_online.notify.models import Fence, Message
from patient_online.notify.rules import TROUBLES
from patient_online.notify.tests.kinds import SAID
from patient_online.notify.tests.people import a_reader, again, failed, jobs_of, told, tried
from patient_online.patients.models import Patient
from patient_online.web.tests.pages import read, said, signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_provider(settings: Any) -> None:
    """Nobody carries messages, whatever the environment says."""
    settings.NOTIFY_FOLDER = None
    settings.NOTIFY_SMTP_URL = settings.NOTIFY_GOVUK_KEY = ""


@pytest.fixture
def robin() -> Patient:
    """A patient with an address of their own."""
    return a_reader(address=["12 Madeup Row", "Exampleton"], postcode="ZZ99 3WZ")


@pytest.fixture
def desk(robin: Patient) -> Client:
    """A receptionist of Robin's practice, signed in."""
    account = an_account(name="Rita Placeholder")
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    return signed_in(account)


def test_staff_see_what_failed_why_and_how_old_it_is_and_that_nothing_is_lost(robin: Patient, desk: Client) -> None:
    message = failed(robin)
    then = timezone.now() - timedelta(hours=5)
    Message.objects.filter(id=message.id).update(made_at=then, due_at=then)
    told(robin)
    tried(told(robin))
    page = said(desk.get("/practice/messages"))
    assert "5 hours ago" in page
    assert "Robin Testperson" in page
    assert TROUBLES["no-answer"] in page
    assert "All 3 messages are accounted for: 1 to be printed, 1 failed, 1 waiting." in page
    assert Entry.objects.filter(event="messages.seen", patient_id=robin.id).exists()


def test_when_all_is_sent_the_page_says_so(desk: Client) -> None:
    assert "There is nothing to do here." in said(desk.get("/practice/messages"))


def test_staff_are_told_that_nothing_goes_out_and_why(robin: Patient, desk: Client, settings: Any) -> None:
    assert "does not run" in said(desk.get("/practice/messages"))
    assert "No email server is set up here" in said(desk.get("/practice/messages"))
    Fence.objects.create(raised_at=timezone.now(), why="Wrong words in reminders.")
    page = said(desk.get("/practice/messages"))
    assert "No message is being sent" in page
    assert "Wrong words in reminders." in page


def test_a_message_that_failed_is_sent_again_when_staff_are_sure(robin: Patient, desk: Client) -> None:
    message = failed(robin)
    address = f"/practice/messages/{message.id}/try-again"
    assert "Send this message again?" in said(desk.get(address))
    assert again(message).status == "failed"
    assert desk.post(address).status_code == 302
    assert (again(message).status, again(message).attempts) == ("waiting", 0)
    assert jobs_of(message)
    assert desk.post(address).status_code == 403
    assert Entry.objects.filter(event="message.tried_again", subject_id=message.id).count() == 2


def test_a_message_is_stopped_and_is_in_nobody_s_inbox(robin: Patient, desk: Client) -> None:
    message = failed(robin)
    address = f"/practice/messages/{message.id}/do-not-send"
    assert "Not send this message?" in said(desk.get(address))
    assert desk.post(address).status_code == 302
    assert (again(message).status, again(message).trouble, again(message).body) == ("dropped", "stopped", "")
    assert desk.post(address).status_code == 403


def test_a_message_that_was_sent_meanwhile_cannot_be_stopped(robin: Patient, desk: Client) -> None:
    message = tried(told(robin))
    assert desk.post(f"/practice/messages/{message.id}/do-not-send").status_code == 403
    assert again(message).status == "to-print"


def test_a_message_stopped_while_it_is_sent_was_sent(robin: Patient) -> None:
    by = System("deliver", robin.practice_id)
    message = told(robin)
    claimed = actions.claim(message.id, by=by, at=timezone.now())
    assert claimed
    actions.stop(message, by=staff_of(robin.practice, Role.MANAGER), at=timezone.now())
    assert actions.settle(claimed, to="sent", by=by, at=timezone.now(), words=SAID)
    assert (again(message).status, again(message).subject) == ("sent", SAID.subject)


def test_staff_of_another_practice_find_nothing(robin: Patient) -> None:
    message = failed(robin)
    elsewhere = an_account()
    staff_of(a_reader().practice, Role.MANAGER, account=elsewhere)
    client = signed_in(elsewhere)
    assert "Robin" not in said(client.get("/practice/messages"))
    for page in ("try-again", "do-not-send"):
        assert client.post(f"/practice/messages/{message.id}/{page}").status_code == 404
    assert again(message).status == "failed"


def test_a_letter_is_printed_with_what_an_envelope_s_window_shows(robin: Patient, desk: Client) -> None:
    letter = tried(told(robin))
    assert "Robin Testperson" in said(desk.get("/practice/letters"))
    page = said(desk.get("/practice/letters/print"))
    for part in (
        "12 Madeup Row",
        "ZZ99 3WZ",
        robin.practice.name,
        "01632 960 001",
        str(letter.id)[-12:],
        *SAID.paragraphs,
    ):
        assert part in page
    assert Entry.objects.filter(event="letters.seen", patient_id=robin.id).count() == 2


@pytest.mark.parametrize(
    ("needs", "is_large", "is_told"),
    [("large-print", True, False), ("braille", False, True), ("standard", False, False)],
)
def test_letters_are_in_the_format_that_the_patient_needs(
    needs: str, is_large: bool, is_told: bool, robin: Patient, desk: Client
) -> None:
    Patient.objects.filter(id=robin.id).update(format=needs)
    tried(told(robin))
    page = desk.get("/practice/letters/print").content.decode()
    assert ("app-letter--large" in page) is is_large
    assert ("Do not post it as it is printed here" in page) is is_told


def test_letters_leave_the_list_once_staff_say_that_they_are_printed_and_come_back_if_not(
    robin: Patient, desk: Client
) -> None:
    letter = tried(told(robin))
    later = told(robin)
    (hidden,) = read(desk.get("/practice/letters/print")).all("input", name="letters")
    tried(later)
    ids = {"letters": hidden.attributes["value"]}
    assert "Are all letters printed?" in said(desk.post("/practice/letters/printed", ids))
    assert again(letter).status == "to-print"
    desk.post("/practice/letters/printed", ids | {"sure": "True"})
    assert (again(letter).status, again(later).status) == ("printed", "to-print")
    printed_at = again(letter).settled_at
    assert printed_at
    assert "1 letter" in said(desk.get("/practice/letters"))
    desk.post("/practice/letters/not-printed", {"printed_at": printed_at.strftime("%Y-%m-%dT%H:%M:%S.%f%z")})
    assert again(letter).status == "to-print"


def test_rubbish_sent_as_letters_changes_nothing(robin: Patient, desk: Client) -> None:
    letter = tried(told(robin))
    for page, given in (("printed", {"letters": "x", "sure": "True"}), ("not-printed", {"printed_at": "x"})):
        assert "Letters to print" in said(desk.post(f"/practice/letters/{page}", given))
        assert "Letters to print" in said(desk.get(f"/practice/letters/{page}"))
    assert again(letter).status == "to-print"


def test_letters_of_another_practice_are_not_marked(robin: Patient) -> None:
    letter = tried(told(robin))
    staff = staff_of(a_reader().practice, Role.MANAGER)
    assert actions.mark_printed([letter.id], by=staff, at=timezone.now()) == 0
    assert again(letter).status == "to-print"


def test_a_patient_finds_what_was_said_and_it_is_then_read(robin: Patient) -> None:
    message = tried(told(robin))
    client = signed_in(an_account_for(robin))
    assert "Messages (1 not read)" in said(client.get("/"))
    page = said(client.get("/messages"))
    assert SAID.subject in page
    assert "Not read" in page
    page = said(client.get(f"/messages/{message.id}"))
    assert SAID.paragraphs[0] in page
    assert "A letter will be posted to you." in page
    assert again(message).read_at
    assert "not read" not in said(client.get("/"))
    assert Entry.objects.filter(event="message.read", subject_id=message.id).exists()
    assert Entry.objects.filter(event="messages.listed", patient_id=robin.id).exists()


def test_an_empty_inbox_says_what_comes_here(robin: Patient) -> None:
    assert "There are no messages yet." in said(signed_in(an_account_for(robin)).get("/messages"))


def test_what_waits_or_was_stopped_is_not_in_the_inbox(robin: Patient) -> None:
    told(robin)
    stopped = failed(robin)
    actions.stop(stopped, by=staff_of(robin.practice, Role.MANAGER), at=timezone.now())
    assert "There are no messages yet." in said(signed_in(an_account_for(robin)).get("/messages"))


def test_nobody_opens_the_message_of_somebody_else(robin: Patient) -> None:
    message = tried(told(robin))
    other = signed_in(an_account_for(a_reader(contact_by="none")))
    assert other.get(f"/messages/{message.id}").status_code == 404
    assert again(message).read_at is None


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/practice/messages", 7),
        ("/practice/letters", 5),
        ("/practice/letters/print", 4),
        ("/practice/messages/{failed}/try-again", 4),
        ("/practice/messages/{failed}/do-not-send", 4),
        ("/practice/messages/{failed}/print", 4),
        ("/messages", 3),
        ("/messages/{printed}", 4),
    ],
)
def test_a_page_of_messages_costs_no_more_statements_than_it_may(
    page: str, most: int, robin: Patient, desk: Client
) -> None:
    ids = {"failed": failed(robin).id, "printed": [tried(told(robin)).id for _ in range(5)][-1]}
    client = signed_in(an_account_for(robin)) if page.startswith("/messages") else desk
    with statements() as made:
        assert client.get(page.format(**ids)).status_code == 200
    assert len(made) == most, "\n".join(made)
