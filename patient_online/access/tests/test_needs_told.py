"""Who needs a language or a format that no message comes in by itself is told so, and that the practice can see it."""

from typing import Any

import pytest
from django.test import Client

from patient_online.demo.factories import a_patient_of, a_practice, an_account_for
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/practice/details/contact"
PROMISE = "We will tell you as you have chosen."
POLISH = "Our messages are in English for now; your practice can see that you need Polish."
BRAILLE = "We print letters in standard or large print; your practice can see what you need: Braille."


@pytest.fixture
def robin(db: None) -> Client:
    """A patient's browser."""
    return signed_in(an_account_for(a_patient_of(a_practice())))


def told(robin: Client, **chosen: str) -> str:
    """What the page says after Robin has chosen."""
    return said(
        robin.post(PAGE, {"contact_by": "letter", "format": "standard", "language": "en"} | chosen, follow=True)
    )


def test_nobody_is_promised_a_language_that_messages_do_not_come_in(robin: Client) -> None:
    page = told(robin, language="pl")
    assert f"Your choices are saved. {POLISH}" in page
    assert PROMISE not in page


def test_nobody_is_promised_braille(robin: Client) -> None:
    page = told(robin, format="braille", language="pl")
    assert f"Your choices are saved. {POLISH} {BRAILLE}" in page
    assert PROMISE not in page


def test_who_needs_english_in_print_is_told_as_they_have_chosen(robin: Client) -> None:
    for print_ in ("standard", "large-print"):
        assert PROMISE in told(robin, format=print_)


def test_a_language_with_a_catalogue_is_promised(robin: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en-gb", "English"), ("pl", "Polski")]
    assert PROMISE in told(robin, language="pl")
