"""What staff write to the patients of a withdrawn session goes into messages: it holds no link."""

from uuid import uuid4

import pytest

from patient_online.appointments.forms.withdraw import SureForm


def trouble_with(words: str) -> str:
    """What the form says about the sentence for the patients."""
    return str(SureForm({"key": str(uuid4()), "reason": "ill", "words": words}).errors.get("words", ""))


@pytest.mark.parametrize(
    "words",
    [
        "Book again at https://surgery.example/new",
        "See www.surgery for more",
        "Go to surgery.example.",
        "Go to SURGERY.NHS.UK/new today",
        "See b\u00fccher.example",
        "Go to surgery\uff0eexample",
        "Write to desk@surgery.example",
        "ftp://1.2.3.4",
    ],
)
def test_a_sentence_with_a_link_is_refused(words: str) -> None:
    assert "Take the web or email address out." in trouble_with(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "We are sorry. Dr. Example is away, e.g. until 8.30am.",
        "Telephone 01632 960 001.",
        "Come at 10.30 on 4.3.2026",
    ],
)
def test_a_sentence_without_one_is_taken(words: str) -> None:
    assert trouble_with(words) == ""
