"""What the tests of messages stand on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from patient_online.notify.rules import Patience
from patient_online.notify.tests.kinds import register_test_kinds
from patient_online.notify.tests.notify_api import KEY, TEMPLATE, NotifyApi, a_notify_api


@pytest.fixture(autouse=True)
def kinds_and_quiet(settings: Any) -> None:
    """The tests' kinds are known, and no provider is set up, whatever the environment says."""
    register_test_kinds()
    settings.NOTIFY_FOLDER = None
    settings.NOTIFY_SMTP_URL = settings.NOTIFY_GOVUK_KEY = ""


@pytest.fixture
def impatient(settings: Any) -> None:
    """No waiting between two tries, and a second for an answer."""
    settings.NOTIFY_PATIENCE = Patience(
        first_wait=timedelta(0), wait=timedelta(0), lease=timedelta(seconds=30), answer_seconds=0.5
    )


@pytest.fixture
def texts(settings: Any) -> Iterator[NotifyApi]:
    """A text service, set up."""
    with a_notify_api() as api:
        settings.NOTIFY_GOVUK_KEY, settings.NOTIFY_GOVUK_TEMPLATE = KEY, TEMPLATE
        settings.NOTIFY_GOVUK_URL = api.url
        yield api


@pytest.fixture
def mail_folder(settings: Any, tmp_path: Any) -> Any:
    """The demonstration's folder instead of providers."""
    settings.NOTIFY_FOLDER = tmp_path / "mail"
    return settings.NOTIFY_FOLDER
