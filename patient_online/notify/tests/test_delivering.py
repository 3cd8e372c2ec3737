"""How one message goes: the way the patient wants, if it is true, once."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from patient_online.appointments.models import Appointment
from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_slot_of, an_appointment
from patient_online.notify import actions, queries
from patient_online.notify.kinds import Kind, register
from patient_online.notify.models import Message
from patient_online.notify.rules import TROUBLES
from patient_online.notify.tests.kinds import BROKEN, MUST_REACH, REMINDER, SAID
from patient_online.notify.tests.notify_api import NOT_TAKEN, TAKEN, Answer, NotifyApi
from patient_online.notify.tests.people import BY_EMAIL, BY_TEXT, a_reader, again, forget_jobs, jobs_of, told, tried
from patient_online.patients.actions import unconfirm
from patient_online.patients.models import Patient
from tests.architecture.sources import product

pytestmark = pytest.mark.django_db

BAD_NUMBER = Answer(NOT_TAKEN, 400, errors=[{"error": "ValidationError", "message": "phone_number Not enough digits"}])


def test_who_wants_texts_gets_a_text_with_the_line_alone(texts: NotifyApi) -> None:
    message = tried(told(a_reader(contact_by="text", **BY_TEXT, **BY_EMAIL)))
    (text,) = texts.taken
    assert text["phone_number"] == "+447700900982"
    assert text["personalisation"] == {"body": SAID.text}
    assert text["reference"] == str(message.id)
    assert (message.status, message.route, message.provider_id) == ("sent", "text", text["id"])
    assert (message.subject, message.body) == (SAID.subject, "\n\n".join(SAID.paragraphs))


def test_an_email_is_written_to_the_demonstration_s_folder(mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL)))
    (file,) = mail_folder.iterdir()
    assert (message.status, message.route) == ("sent", "email")
    assert file.name == f"{message.id}.eml"
    assert "To: robin@example.com" in file.read_text()
    assert f"Message-ID: <{message.id}@example.com>" in file.read_text()


@pytest.mark.parametrize(
    ("wants", "confirmed", "route", "status"),
    [
        ("email", BY_TEXT, "text", "sent"),
        ("text", BY_EMAIL, "email", "sent"),
        (
            "text",
            {"telephone": "+441632960001", "telephone_verified_at": BY_TEXT["telephone_verified_at"]},
            "letter",
            "to-print",
        ),
        ("email", {"email": "robin@example.com"}, "letter", "to-print"),
        ("text", {"telephone": "+447700900982"}, "letter", "to-print"),
        ("letter", BY_EMAIL | BY_TEXT, "letter", "to-print"),
        ("none", BY_EMAIL | BY_TEXT, "none", "inbox"),
    ],
)
def test_only_what_is_confirmed_is_used_and_what_is_wanted_comes_first(
    wants: str, confirmed: dict[str, Any], route: str, status: str, mail_folder: Any
) -> None:
    message = tried(told(a_reader(contact_by=wants, **confirmed)))
    assert (message.route, message.status) == (route, status)


def test_what_need_not_reach_anybody_stays_in_the_inbox(mail_folder: Any) -> None:
    patient = a_reader()
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)
    message = tried(told(patient, REMINDER, about=appointment.id))
    assert (message.status, message.trouble, message.body) == ("inbox", "not-confirmed", "\n\n".join(SAID.paragraphs))


def test_where_nobody_carries_mail_who_must_know_gets_a_letter() -> None:
    message = tried(told(a_reader(**BY_EMAIL)))
    assert (message.status, message.trouble, message.subject) == ("to-print", "no-provider", SAID.subject)


def test_what_is_not_true_any_more_is_not_sent(mail_folder: Any) -> None:
    patient = a_reader(**BY_EMAIL)
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)
    message = told(patient, REMINDER, about=appointment.id)
    Appointment.objects.filter(id=appointment.id).update(
        status="cancelled", cancelled_at=timezone.now(), cancelled_by=message.id, cancelled_through="desk"
    )
    message = tried(message)
    assert (message.status, message.trouble, message.body) == ("dropped", "not-true", "")
    assert not mail_folder.exists()


@pytest.mark.parametrize("gone", [{"left_on": date(2026, 1, 1)}, {"died_on": date(2026, 1, 1)}])
def test_nobody_writes_to_who_has_left_or_died(gone: dict[str, Any], mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL, **gone)))
    assert (message.status, message.trouble) == ("dropped", "gone")
    assert not mail_folder.exists()


def test_a_service_that_fails_is_asked_again_later(texts: NotifyApi) -> None:
    texts.behaves = lambda: Answer(NOT_TAKEN, 429)
    message = told(a_reader(contact_by="text", **BY_TEXT))
    forget_jobs(message)
    before = timezone.now()
    message = tried(message)
    (job,) = jobs_of(message)
    assert (message.status, message.trouble, message.attempts) == ("waiting", "refused-for-now", 1)
    assert message.next_try_at == job.scheduled_at
    assert message.next_try_at
    assert message.next_try_at > before
    assert tried(message).attempts == 1  # not before its time


def test_what_may_have_been_taken_is_asked_after_and_not_sent_twice(texts: NotifyApi, impatient: None) -> None:
    texts.behaves = lambda: Answer(TAKEN, 201, 1)
    message = tried(told(a_reader(contact_by="text", **BY_TEXT)))
    assert (message.status, message.trouble) == ("waiting", "unknown")
    message = tried(message)
    assert message.status == "sent"
    assert [text["id"] for text in texts.taken] == [message.provider_id]


def test_a_message_that_was_taken_is_sent_even_if_it_is_not_true_any_more(texts: NotifyApi, impatient: None) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)
    texts.behaves = lambda: Answer(TAKEN, 500)
    message = tried(told(patient, REMINDER, about=appointment.id))
    Appointment.objects.filter(id=appointment.id).update(
        status="cancelled", cancelled_at=timezone.now(), cancelled_by=message.id, cancelled_through="desk"
    )
    assert tried(message).status == "sent"


def test_what_was_not_taken_is_sent_again(texts: NotifyApi, impatient: None) -> None:
    answers = [Answer(NOT_TAKEN, 500), Answer()]
    texts.behaves = lambda: answers.pop(0)
    message = tried(tried(told(a_reader(contact_by="text", **BY_TEXT))))
    assert (message.status, message.attempts, len(texts.taken), len(texts.asked)) == ("sent", 2, 1, 1)


def test_after_four_hours_it_has_failed_or_becomes_a_letter(texts: NotifyApi, impatient: None) -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)
    texts.behaves = lambda: Answer(NOT_TAKEN, 403)
    need_not, must = told(patient, REMINDER, about=appointment.id), told(patient)
    for _ in range(49):
        need_not, must = tried(need_not), tried(must)
    assert (need_not.status, need_not.trouble, need_not.body != "") == ("failed", "not-set-up-right", True)
    assert (must.status, must.route, must.trouble) == ("to-print", "letter", "not-set-up-right")


def test_a_number_that_does_not_work_is_not_confirmed_any_more_and_the_next_way_is_taken(
    texts: NotifyApi, impatient: None
) -> None:
    texts.behaves = lambda: BAD_NUMBER
    patient = a_reader(contact_by="text", **BY_TEXT)
    message = tried(told(patient))
    assert (message.status, message.trouble) == ("waiting", "address-refused")
    assert Patient.objects.get(id=patient.id).telephone_verified_at is None
    assert Entry.objects.filter(event="patient.contact_unconfirmed", patient_id=patient.id).exists()
    assert tried(message).status == "to-print"


def test_a_number_that_does_not_work_fails_what_need_not_reach_anybody(texts: NotifyApi) -> None:
    texts.behaves = lambda: BAD_NUMBER
    patient = a_reader(contact_by="text", **BY_TEXT)
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=1)), patient)
    message = tried(told(patient, REMINDER, about=appointment.id))
    assert (message.status, message.trouble) == ("failed", "address-refused")


def test_a_number_changed_meanwhile_stays_confirmed() -> None:
    patient = a_reader(contact_by="text", **BY_TEXT)
    by = System("deliver", patient.practice_id)
    assert not unconfirm(patient, route="text", address="+447700900111", by=by, at=timezone.now())
    assert Patient.objects.get(id=patient.id).telephone_verified_at


def test_a_mistake_of_ours_is_tried_again_and_its_words_are_not_logged(mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL), BROKEN))
    assert (message.status, message.trouble) == ("waiting", "error")


def test_a_kind_that_this_version_does_not_know_waits(mail_folder: Any) -> None:
    message = told(a_reader(**BY_EMAIL))
    Message.objects.filter(id=message.id).update(kind="of-tomorrow")
    assert (tried(message).trouble, again(message).status) == ("no-such-kind", "waiting")


def test_while_one_worker_has_a_message_no_other_gets_it(texts: NotifyApi) -> None:
    message = told(a_reader(contact_by="text", **BY_TEXT))
    by, now = System("deliver", message.practice_id), timezone.now()
    assert actions.claim(message.id, by=by, at=now)
    assert actions.claim(message.id, by=by, at=now) is None
    assert tried(message).attempts == 1
    assert actions.claim(message.id, by=by, at=now + timedelta(minutes=3))


def test_a_code_goes_to_its_address_alone_and_is_not_kept(mail_folder: Any) -> None:
    code = Kind("test-code", lambda told, now: SAID, address=lambda told, now: ("email", "new@example.com"))
    register(code)
    message = tried(told(a_reader(contact_by="none", **BY_EMAIL), "test-code"))
    (file,) = mail_folder.iterdir()
    assert "To: new@example.com" in file.read_text()
    assert (message.status, message.subject, message.body) == ("sent", "", "")


def test_where_nobody_can_carry_a_code_it_has_failed() -> None:
    register(
        Kind("test-code", lambda told, now: SAID, must_reach=True, address=lambda told, now: ("text", "+447700900982"))
    )
    message = tried(told(a_reader(), "test-code"))
    assert (message.status, message.trouble, message.body) == ("failed", "no-provider", "")


def test_what_became_of_a_message_is_in_the_trail_without_an_address(mail_folder: Any) -> None:
    message = tried(told(a_reader(**BY_EMAIL)))
    entry = Entry.objects.get(event="message.settled", subject_id=message.id)
    assert entry.patient_id == message.patient_id
    assert entry.details == {"kind": MUST_REACH, "to": "sent", "trouble": ""}


def test_every_trouble_has_words() -> None:
    said = "".join(each.text for each in product() if each.app == "notify" and each.room not in ("rules", "tests"))
    codes = set(
        re.findall(r'(?:trouble=|NotNow\(|NotKnown\(|NotEver\(|_refused\(.*?, |later\(message, )"([a-z-]+)"', said)
    )
    assert codes <= set(TROUBLES)
    assert all(f'"{trouble}"' in said for trouble in TROUBLES)


def test_the_worker_asks_for_all_practices_what_is_left_lying() -> None:
    message = told(a_reader())
    system = System("call_up", why="test")
    assert list(queries.due_without_job(system, at=timezone.now())) == []
    forget_jobs(message)
    assert [each.id for each in queries.due_without_job(system, at=timezone.now())] == [message.id]
    assert actions.call_up(by=system, at=timezone.now()) == 1
    assert len(jobs_of(message)) == 1
