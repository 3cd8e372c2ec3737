"""The signs of an emergency: they are read before each booking, and nothing typed is lost over them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.nhs.appointments import Mode
from patient_online.web.tests.pages import Page, read

pytestmark = pytest.mark.django_db
TYPED = {"reason": "A cough & a cold", "comment": "With my mother", "length": "2"}


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def hidden_in(page: Page) -> dict[str, str]:
    """What the form of the signs of an emergency sends."""
    fields = page.all("input", type="hidden")
    names = {one.attributes["name"]: one.attributes["value"] for one in fields}
    return {name: value for name, value in names.items() if name != "csrfmiddlewaretoken"}


def goes_on(book: OpenBook, path: str, page: Page) -> Any:
    """Robin presses the button under the signs; the browser sends all on where it is led."""
    given = hidden_in(page)
    return book.client.post(f"{path}/before-you-book", given, follow=True)


def test_what_was_typed_is_still_there_when_the_signs_have_to_be_read_again(book: OpenBook) -> None:
    path = f"/appointments/slots/{book.slots[0].id}"
    sent = book.client.post(path, {"key": str(uuid4()), **TYPED})
    assert read(sent).words("h1") == ["Before you book"]
    assert not Appointment.objects.exists()
    shown = goes_on(book, path, read(sent))
    assert shown.request["PATH_INFO"] == path
    assert not Appointment.objects.exists()
    page = read(shown)
    assert page.words("h1") == ["Confirm your appointment"]
    assert [one.text.strip() for one in page.all("textarea")] == [TYPED["reason"], TYPED["comment"]]
    lengths = page.all("input", name="length")
    assert ["checked" in one.attributes for one in lengths] == [False, True]
    assert "Error" not in page.words("title")[0]


def test_a_number_and_what_is_done_with_it_are_kept_over_the_signs(book: OpenBook) -> None:
    slot = book.slot_at(timedelta(days=2), mode=Mode.TELEPHONE)
    path = f"/appointments/slots/{slot.id}"
    given = {"key": str(uuid4()), "length": "1", "telephone": "01632 960 002", "keep_telephone": "on"}
    page = read(goes_on(book, path, read(book.client.post(path, given))))
    assert page.all("input", name="telephone")[0].attributes["value"] == "01632 960 002"
    assert "checked" in page.all("input", name="keep_telephone")[0].attributes


def test_who_comes_without_words_goes_on_as_ever(book: OpenBook) -> None:
    path = f"/appointments/slots/{book.slots[0].id}"
    page = read(book.client.get(f"{path}/before-you-book"))
    assert set(hidden_in(page)) == {"key", "form_of"}
    answer = book.client.post(f"{path}/before-you-book", hidden_in(page))
    assert (answer.status_code, answer.headers["Location"]) == (302, path)


def test_the_signs_once_read_count_for_one_booking(book: OpenBook) -> None:
    """For the next one they are shown again."""
    assert book.confirms(book.slots[0]).status_code == 302
    path = f"/appointments/slots/{book.slots[2].id}"
    assert book.client.get(path).headers["Location"] == f"{path}/before-you-book"
    book.client.post(path, {"key": str(uuid4()), **TYPED})
    assert Appointment.objects.count() == 1


def test_a_length_that_nobody_offers_is_answered_in_our_words(book: OpenBook) -> None:
    response = book.confirms(book.slots[0], length="7")
    text = response.content.decode()
    assert "Choose one of the answers that are offered" in text
    assert "Select a valid choice" not in text
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "address", ["/appointments/book?clinician=gone&sex=x&site=x&mode=x&label=x", "/appointments/{made}/cancel"]
)
def test_no_page_shows_django_s_words_for_an_answer_that_is_not_offered(book: OpenBook, address: str) -> None:
    book.confirms(book.slots[0])
    path = address.format(made=Appointment.objects.get().id)
    posts = "cancel" in path
    answer = book.client.post(path, {"key": str(uuid4()), "reason": "x"}) if posts else book.client.get(path)
    assert answer.status_code == 200
    assert "Select a valid choice" not in answer.content.decode()
