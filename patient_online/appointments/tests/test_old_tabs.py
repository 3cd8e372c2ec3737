"""A press in a tab that is out of date is answered in words: what is so now, and that nothing was changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_moved_meanwhile import form_in
from patient_online.demo.factories import an_appointment
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
MOVED = "Nothing was changed now. This appointment had already been moved to Wednesday 4 March 2026 at 8:20am."


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def moved_in_the_first_tab(book: OpenBook, page: str) -> tuple[Appointment, dict[str, str]]:
    """Robin's appointment of 8am, moved to 8:20am while another tab of it was open; and what that tab's form holds."""
    mine = an_appointment(book.slots[0], book.robin)
    old_tab = form_in(book.client.get(f"/appointments/{mine.id}{page}"))
    first = f"/appointments/{mine.id}/move/{book.slots[2].id}"
    assert book.client.post(first, form_in(book.client.get(first))).status_code == 302
    return mine, old_tab


def links(response: Any) -> dict[str, str]:
    """Where the links of the page lead."""
    return {one.text.strip(): one.attributes.get("href", "") for one in read(response).all("a")}


@pytest.mark.parametrize("number", [2, 4], ids=["same time", "other time"])
def test_who_moves_in_two_tabs_is_told_that_the_second_press_changed_nothing(book: OpenBook, number: int) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    page = f"/appointments/{mine.id}/move/{book.slots[number].id}"
    old_tab = form_in(book.client.get(page))
    first = f"/appointments/{mine.id}/move/{book.slots[2].id}"
    book.client.post(first, form_in(book.client.get(first)))
    response = book.client.post(page, old_tab, follow=True)
    assert MOVED in said(response)
    new = Appointment.objects.get(status="booked")
    assert new.slot_id == book.slots[2].id
    assert links(response)["Move the new one"] == f"/appointments/{new.id}/move"
    assert links(response)["Cancel the new one"] == f"/appointments/{new.id}/cancel"
    assert links(response)["See the new time"] == f"/appointments/{new.id}"


def test_who_cancels_in_a_tab_from_before_the_move_is_told_and_keeps_the_new_time(book: OpenBook) -> None:
    mine, old_tab = moved_in_the_first_tab(book, "/cancel")
    response = book.client.post(f"/appointments/{mine.id}/cancel", {**old_tab, "reason": "better"}, follow=True)
    assert MOVED in said(response)
    assert "You have cancelled" not in said(response)
    assert Appointment.objects.get(status="booked").slot_id == book.slots[2].id


def test_the_page_of_the_old_time_names_the_new_one_however_often_it_was_moved(book: OpenBook) -> None:
    mine, _ = moved_in_the_first_tab(book, "")
    page = said(book.client.get(f"/appointments/{mine.id}"))
    assert "The appointment is now on Wednesday 4 March 2026 at 8:20am." in page
    assert "Nothing was changed" not in page
    second = Appointment.objects.get(status="booked")
    again = f"/appointments/{second.id}/move/{book.slots[4].id}"
    assert book.client.post(again, form_in(book.client.get(again))).status_code == 302
    assert "is now on Wednesday 4 March 2026 at 8:40am." in said(book.client.get(f"/appointments/{mine.id}"))
    last = Appointment.objects.get(status="booked")
    book.client.post(f"/appointments/{last.id}/cancel", form_in(book.client.get(f"/appointments/{last.id}/cancel")))
    page = said(book.client.get(f"/appointments/{mine.id}"))
    assert "moved to Wednesday 4 March 2026 at 8:40am. That one is cancelled too." in page


def test_who_cancels_is_told_that_it_is_done_and_in_another_tab_that_it_was(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    page = f"/appointments/{mine.id}/cancel"
    one, other = form_in(book.client.get(page)), form_in(book.client.get(page))
    first = book.client.post(page, {**one, "reason": "better"}, follow=True)
    assert "You have cancelled this appointment." in said(first)
    second = book.client.post(page, {**other, "reason": "better"}, follow=True)
    assert "Nothing was changed now. This appointment had already been cancelled." in said(second)
    assert "You have cancelled this appointment." not in said(second)


def test_an_address_cannot_make_a_page_say_what_is_not_so(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    for word in ("cancelled", "unchanged"):
        page = said(book.client.get(f"/appointments/{mine.id}?said={word}"))
        assert "You have cancelled" not in page
        assert "Nothing was changed" not in page
