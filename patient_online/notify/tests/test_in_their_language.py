"""A message is worded in the patient's language where the service speaks it, and in English where it does not."""

from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils import timezone, translation

from patient_online.demo.factories import a_slot_of, an_appointment
from patient_online.notify.models import Message
from patient_online.notify.tests.people import BY_EMAIL, a_reader, told, tried
from patient_online.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def polish(settings: Any, tmp_path: Path) -> None:
    """A made-up catalogue of Polish with one sentence in it."""
    catalogue = Catalog(locale="pl")
    catalogue.add("Your appointment on %(when)s", "Twoja wizyta: %(when)s")
    folder = tmp_path / "locale" / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [("en-gb", "English"), ("pl", "Polski")]


def booked_by(patient: Patient) -> Message:
    """The confirmation of an appointment, after a worker has had it."""
    appointment = an_appointment(a_slot_of(patient.practice, timezone.now() + timedelta(days=3)), patient)
    return tried(told(patient, "appointment-booked", about=appointment.id))


def test_who_speaks_polish_is_told_in_polish_and_everybody_after_in_english(polish: None, mail_folder: Path) -> None:
    before = translation.get_language()
    assert booked_by(a_reader(**BY_EMAIL, language="pl")).subject.startswith("Twoja wizyta: ")
    assert translation.get_language() == before
    assert booked_by(a_reader(**BY_EMAIL, language="en")).subject.startswith("Your appointment on ")
    mails = [message_from_string(each.read_text(), policy=policy.default) for each in mail_folder.iterdir()]
    assert {mail["Subject"][:12] for mail in mails} == {"Twoja wizyta", "Your appoint"}


@pytest.mark.parametrize("language", ["pl", "ur", "yue", "bfi"])
def test_a_language_that_the_service_does_not_speak_is_english_whole(mail_folder: Path, language: str) -> None:
    """Django itself knows Polish and Urdu months: half a sentence of each would be worse than English."""
    english, other = booked_by(a_reader(**BY_EMAIL)), booked_by(a_reader(**BY_EMAIL, language=language))
    assert other.subject.partition(" at ")[0] == english.subject.partition(" at ")[0]


def test_a_letter_is_in_their_language_too(polish: None) -> None:
    message = booked_by(a_reader(language="pl", contact_by="letter"))
    assert (message.status, message.subject[:13]) == ("to-print", "Twoja wizyta:")
