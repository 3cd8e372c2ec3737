"""What each carrier's answers mean: taken, not now, not ever, or not known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from patient_online.notify.providers import Became, NotEver, NotKnown, NotNow, Receipt, provider_for, routes_here
from patient_online.notify.providers.folder import Folder
from patient_online.notify.providers.govuk import GovukNotify
from patient_online.notify.providers.smtp import MailServer
from patient_online.notify.tests.kinds import SAID
from patient_online.notify.tests.notify_api import KEY, NOT_TAKEN, TAKEN, TEMPLATE, Answer, NotifyApi, a_notify_api
from patient_online.notify.tests.smtp_server import MailServerHere, a_mail_server
from patient_online.storage.ids import uuid7

SENDER = "Made-up Surgery <appointments@example.org>"
TO = "robin@example.com"
NUMBER = "+447700900982"


def refusing(words: str) -> Answer:
    """A text service that finds fault with what it is given."""
    return Answer(NOT_TAKEN, 400, errors=[{"error": "ValidationError", "message": words}])


@pytest.fixture
def server() -> Iterator[MailServerHere]:
    """A mail server."""
    with a_mail_server() as server:
        yield server


@pytest.fixture
def api() -> Iterator[NotifyApi]:
    """A text service."""
    with a_notify_api() as api:
        yield api


def mails(server: MailServerHere) -> MailServer:
    """Our side of the mail server."""
    return MailServer(server.url, SENDER, timeout=0.5)


def texts(api: NotifyApi) -> GovukNotify:
    """Our side of the text service."""
    return GovukNotify(KEY, TEMPLATE, api.url, timeout=0.5)


def test_an_email_arrives_with_an_id_made_of_our_reference(server: MailServerHere) -> None:
    reference = uuid7()
    assert mails(server).send(TO, SAID, reference=reference) == f"<{reference}@example.org>"
    (mail,) = server.taken
    assert f"Message-ID: <{reference}@example.org>" in mail
    assert f"Subject: {SAID.subject}" in mail
    assert "Auto-Submitted: auto-generated" in mail
    assert "You have an appointment.\r\n\r\nCome on time." in mail
    assert mails(server).found(reference) is None  # it cannot be asked


@pytest.mark.parametrize(
    ("command", "answer", "means", "trouble"),
    [
        ("RCPT", "550 no such user", NotEver, "address-refused"),
        ("RCPT", "450 busy", NotNow, "refused-for-now"),
        ("MAIL", "550 not you", NotEver, "content-refused"),
        ("DATA", "451 later", NotNow, "refused-for-now"),
        (".", "554 no", NotEver, "content-refused"),
        (".", "", NotKnown, "unknown"),
    ],
)
def test_what_a_mail_server_says_is_understood(
    command: str, answer: str, means: type[Exception], trouble: str, server: MailServerHere
) -> None:
    server.answers[command] = answer
    with pytest.raises(means) as raised:
        mails(server).send(TO, SAID, reference=uuid7())
    assert getattr(raised.value, "trouble") == trouble  # noqa: B009 - Exception has none
    assert getattr(raised.value, "bad_address", False) is (trouble == "address-refused")


def test_a_mail_server_that_is_not_there_takes_nothing(server: MailServerHere) -> None:
    with a_mail_server() as gone:
        address = gone.url
    with pytest.raises(NotNow, match="no-answer"):
        MailServer(address, SENDER, timeout=0.5).send(TO, SAID, reference=uuid7())


def test_an_email_is_not_sent_without_encryption_unless_that_is_said(server: MailServerHere) -> None:
    secure = MailServer(server.url.replace("smtp+plain", "smtp"), SENDER, timeout=0.5)
    with pytest.raises(NotNow, match="not-set-up-right"):
        secure.send(TO, SAID, reference=uuid7())
    assert server.taken == []


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_no_mail_server_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="smtp://user:password@host:587"):
        MailServer(url, SENDER, timeout=1)


@pytest.mark.parametrize(
    ("answer", "means", "trouble"),
    [
        (
            Answer(NOT_TAKEN, 400, errors=[{"error": "x", "message": "phone_number Too short"}]),
            NotEver,
            "address-refused",
        ),
        (Answer(NOT_TAKEN, 400, errors=[{"error": "x", "message": "Template not found"}]), NotNow, "not-set-up-right"),
        (Answer(NOT_TAKEN, 403), NotNow, "not-set-up-right"),
        (Answer(NOT_TAKEN, 429), NotNow, "refused-for-now"),
        (Answer(TAKEN, 500), NotKnown, "unknown"),
        (Answer(TAKEN, 201, 1), NotKnown, "unknown"),
        (Answer(TAKEN, 201, garbage="<html>Gateway</html>"), NotKnown, "unknown"),
        (Answer(TAKEN, 201, garbage='["no", "id"]'), NotKnown, "unknown"),
    ],
)
def test_what_notify_says_is_understood(answer: Answer, means: type[Exception], trouble: str, api: NotifyApi) -> None:
    api.behaves = lambda: answer
    reference = uuid7()
    with pytest.raises(means, match=trouble):
        texts(api).send(NUMBER, SAID, reference=reference)
    taken = [text["id"] for text in api.taken]
    assert [texts(api).found(reference)] == (taken or [None])


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("created", None),
        ("sending", None),
        ("pending", None),
        ("delivered", Became.DELIVERED),
        ("sent", Became.NEVER_KNOWN),
        ("permanent-failure", Became.NO_SUCH_ADDRESS),
        ("temporary-failure", Became.UNDELIVERED),
        ("technical-failure", Became.UNDELIVERED),
        ("a-status-of-tomorrow", None),
    ],
)
def test_notify_tells_what_became_of_a_text(status: str, became: Became | None, api: NotifyApi) -> None:
    reference = uuid7()
    assert texts(api).receipt(reference) is None  # it knows nothing of it
    taken = texts(api).send(NUMBER, SAID, reference=reference)
    api.delivers(status)
    assert texts(api).receipt(reference) == (Receipt(became, NUMBER) if became else None)
    assert texts(api).found(reference) == (None if status.endswith("-failure") else taken)


def test_of_a_text_that_was_sent_again_the_newest_counts(api: NotifyApi) -> None:
    reference = uuid7()
    texts(api).send(NUMBER, SAID, reference=reference)
    api.delivers("temporary-failure")
    again = texts(api).send(NUMBER, SAID, reference=reference)
    assert texts(api).receipt(reference) is None
    assert texts(api).found(reference) == again


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (Answer(status=400), NotNow),
        (Answer(status=403), NotNow),
        (Answer(status=404), NotNow),
        (Answer(status=429), NotNow),
        (Answer(status=500), NotKnown),
        (Answer(status=503), NotKnown),
        (Answer(status=200, after=1), NotKnown),
        (Answer(status=200, garbage="<html>Gateway</html>"), NotKnown),
        (Answer(status=200, garbage="[]"), NotKnown),
        (Answer(status=200, garbage='{"notifications": [{"id": 1}]}'), NotKnown),
        (Answer(status=200, garbage='{"notifications": null}'), NotKnown),
    ],
    ids=str,
)
def test_an_answer_that_tells_nothing_is_no_receipt(answer: Answer, means: type[Exception], api: NotifyApi) -> None:
    reference = uuid7()
    texts(api).send(NUMBER, SAID, reference=reference)
    api.tells = lambda: answer
    with pytest.raises(means):
        texts(api).receipt(reference)
    with pytest.raises(NotKnown):
        texts(api).found(reference)


def test_a_mail_server_and_a_folder_tell_nothing_of_what_became_of_it(server: MailServerHere, tmp_path: Path) -> None:
    for each in (mails(server), Folder(tmp_path)):
        assert (each.tells, each.receipt(uuid7())) == (False, None)


def test_a_notify_that_is_not_there_takes_nothing_and_cannot_be_asked() -> None:
    with a_notify_api() as gone:
        away = texts(gone)
    with pytest.raises(NotNow, match="no-answer"):
        away.send(NUMBER, SAID, reference=uuid7())
    with pytest.raises(NotKnown):
        away.found(uuid7())
    with pytest.raises(NotNow, match="no-answer"):
        away.receipt(uuid7())


def test_the_demonstration_s_folder_knows_what_it_has(tmp_path: Path) -> None:
    folder, reference = Folder(tmp_path / "mail"), uuid7()
    assert folder.found(reference) is None
    assert folder.send(NUMBER, SAID, reference=reference) == folder.found(reference) == str(reference)
    assert SAID.text in (tmp_path / "mail" / f"{reference}.txt").read_text()


def test_nobody_carries_anything_until_it_is_set_up(settings: Any) -> None:
    assert routes_here() == frozenset()
    settings.NOTIFY_SMTP_URL, settings.NOTIFY_MAIL_FROM = "smtp+plain://127.0.0.1:25", SENDER
    assert routes_here() == {"email"}
    settings.NOTIFY_GOVUK_KEY = KEY
    assert routes_here() == {"email", "text"}
    assert provider_for("letter") is provider_for("none") is None
