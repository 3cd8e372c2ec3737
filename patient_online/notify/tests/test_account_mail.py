"""An account's own e-mail: stored with the change, sent by a worker, forgotten; its address is in no log."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage, send_mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.asking import System
from patient_online.notify import actions
from patient_online.notify.jobs import send_mail as job
from patient_online.notify.models import AccountMail
from patient_online.notify.tests.smtp_server import a_mail_server

pytestmark = pytest.mark.django_db
BY = System("test", why="a test")


@pytest.fixture(autouse=True)
def our_backend(settings: Any) -> None:
    """Django's tests put another in its place."""
    settings.EMAIL_BACKEND = "patient_online.notify.backend.Backend"
    settings.NOTIFY_MAIL_FROM = "Patient Online <noreply@example.com>"


def written() -> AccountMail:
    """An e-mail with a code in it."""
    send_mail("Your code", "Your code is 123456.\n\nIt works for 15 minutes.", None, ["robin@example.com"])
    return AccountMail.objects.get()


def jobs() -> list[dict[str, Any]]:
    """What the jobs that wait are told."""
    rows = ProcrastinateJob.objects.filter(task_name="patient_online.notify.jobs.send_mail").order_by("id")
    return [row.args for row in rows]


def test_an_email_waits_in_the_database_with_a_job_that_knows_its_id_alone() -> None:
    """Jobs' arguments are kept and logged."""
    mail = written()
    assert (mail.to, mail.subject, mail.tries, mail.sent_at) == ("robin@example.com", "Your code", 0, None)
    assert jobs() == [{"mail_id": str(mail.id)}]


def test_a_change_that_is_rolled_back_tells_nobody() -> None:
    """The e-mail and its job are in the transaction of the change."""
    with transaction.atomic():
        written()
        transaction.set_rollback(True)
    assert not AccountMail.objects.exists()
    assert jobs() == []


def test_a_worker_sends_it_and_forgets_its_words(settings: Any) -> None:
    """By the mail server that messages to patients go by; a second run of the job sends nothing."""
    mail = written()
    with a_mail_server() as server:
        settings.NOTIFY_SMTP_URL = server.url
        job(str(mail.id))
        job(str(mail.id))
        (taken,) = server.taken
    assert "To: robin@example.com" in taken
    assert "Your code is 123456." in taken
    assert f"Message-ID: <{mail.id}@example.com>" in taken
    mail.refresh_from_db()
    assert (mail.sent_at is not None, mail.body, mail.tries) == (True, "", 1)


def test_in_the_demonstration_it_is_written_to_the_folder(mail_folder: Any) -> None:
    """Nothing leaves the machine."""
    mail = written()
    job(str(mail.id))
    assert "Your code is 123456." in (mail_folder / f"{mail.id}.eml").read_text()


def test_while_the_mail_server_is_away_it_is_tried_again(settings: Any) -> None:
    """A job for later, and the words are kept until then."""
    mail = written()
    with a_mail_server() as server:
        url = server.url
    settings.NOTIFY_SMTP_URL = url
    job(str(mail.id))
    mail.refresh_from_db()
    assert (mail.sent_at, mail.failed_at, mail.tries) == (None, None, 1)
    assert mail.body
    assert jobs() == [{"mail_id": str(mail.id)}] * 2


@pytest.mark.parametrize("trouble", ["refused", "nobody set up", "tried for hours"])
def test_what_cannot_be_sent_is_given_up_and_forgotten(settings: Any, trouble: str) -> None:
    """An address that does not exist, no mail server, or one that is away for four hours."""
    mail = written()
    with a_mail_server() as server:
        if trouble != "nobody set up":
            settings.NOTIFY_SMTP_URL = server.url
        if trouble == "tried for hours":
            AccountMail.objects.update(tries=48)
            server.answers["."] = "451 not now"
        server.answers["RCPT"] = "550 no such address" if trouble == "refused" else "250 ok"
        job(str(mail.id))
    mail.refresh_from_db()
    assert (mail.sent_at, mail.failed_at is not None, mail.body) == (None, True, "")
    assert len(jobs()) == 1


def test_no_address_and_no_code_is_in_a_log(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Sent, put off and given up: each is named by its id."""
    caplog.set_level(logging.DEBUG)
    mail = written()
    with a_mail_server() as server:
        settings.NOTIFY_SMTP_URL = server.url
        server.answers["RCPT"] = "550 <robin@example.com> does not exist"
        job(str(mail.id))
    assert str(mail.id) in caplog.text
    assert "robin@" not in caplog.text
    assert "123456" not in caplog.text


def test_while_sending_is_held_nothing_goes_and_nothing_is_lost(mail_folder: Any) -> None:
    """After a restore, or by hand: it goes when it is released."""
    mail = written()
    actions.raise_fence(why="by hand", by=BY, at=timezone.now())
    job(str(mail.id))
    mail.refresh_from_db()
    assert (mail.tries, mail.sent_at) == (0, None)
    assert len(jobs()) == 2
    assert not mail_folder.exists()


def test_an_email_to_two_is_two_and_a_subject_is_one_line(mail_folder: Any) -> None:
    """Nobody sees who else was written to, and nobody writes headers by a name."""
    EmailMessage("A\nBcc: x@example.com", "Words", to=["a@example.com", "b@example.com"]).send()
    assert {mail.to for mail in AccountMail.objects.all()} == {"a@example.com", "b@example.com"}
    assert {mail.subject for mail in AccountMail.objects.all()} == {"A Bcc: x@example.com"}


def test_addresses_are_forgotten_after_a_week(capsys: pytest.CaptureFixture[str]) -> None:
    """By the nightly tidying."""
    mail = written()
    AccountMail.objects.update(made_at=timezone.now() - timedelta(days=8))
    recent = actions.post("b@example.com", subject="S", body="B", by=BY, at=timezone.now())
    call_command("tidy")
    assert list(AccountMail.objects.all()) == [recent]
    assert recent.id != mail.id
