"""A time that was refused is not offered with a green button again, and a limit is told before anything is asked."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_moved_meanwhile import form_in
from patient_online.appointments.tests.test_pages import NO
from patient_online.appointments.views.chosen import ANOTHER_TIME_HELPS
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
DEAD = sorted(set(NO) & ANOTHER_TIME_HELPS, key=lambda reason: reason.name)


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def buttons(response: Any) -> list[str]:
    """What stands on the buttons of the page."""
    return [one.text.strip() for one in read(response).all("button")]


def sends(book: OpenBook, slot: Slot, **given: str) -> Any:
    """Robin sends the form of a time without having come by the signs of an emergency."""
    return book.client.post(f"/appointments/slots/{slot.id}", {"key": str(uuid4()), "length": "1", **given})


@pytest.mark.parametrize("reason", DEAD, ids=lambda reason: reason.name.lower())
def test_who_is_refused_is_not_asked_to_confirm_the_dead_time(book: OpenBook, reason: NotBooked) -> None:
    response = book.confirms(NO[reason](book), reason="A cough")
    gone = reason in (NotBooked.JUST_TAKEN, NotBooked.NOT_OFFERED, NotBooked.IN_THE_PAST, NotBooked.TOO_SOON)
    assert read(response).words("h1") == ["This time has gone" if gone else "You cannot book this time"]
    assert "then confirm" not in said(response)
    assert "Confirm and book" not in buttons(response)
    others = read(response).all("button", name="instead")
    assert ("We keep what you wrote" in said(response)) is bool(others)
    assert "A cough" in [one.text.strip() for one in read(response).all("textarea")]


def test_who_asked_for_a_double_may_still_confirm_the_single(book: OpenBook) -> None:
    an_appointment(book.slots[1], a_patient_of(book.practice))
    response = book.confirms(book.slots[0], length="2")
    assert "Confirm and book" in buttons(response)
    assert read(response).words("h1") == ["Confirm your appointment"]


def test_who_is_refused_a_move_is_not_asked_to_confirm_the_dead_time(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    page = f"/appointments/{mine.id}/move/{book.slots[2].id}"
    open_ = form_in(book.client.get(page))
    an_appointment(book.slots[2], a_patient_of(book.practice))
    response = book.client.post(page, open_)
    assert read(response).words("h1") == ["This time has gone"]
    assert "Confirm and move" not in buttons(response)
    assert "You keep the appointment that you have." in said(response)


def test_who_has_reached_the_limit_in_another_tab_is_told_before_the_signs(book: OpenBook) -> None:
    response = sends(book, NO[NotBooked.LIMIT_REACHED](book), reason="A cough")
    assert response.status_code == 409
    assert "You have booked as many appointments ahead as your practice allows online: 2." in said(response)
    assert "Before you book" not in said(response)
    assert not Entry.objects.filter(event="appointment.red_flags_shown").exists()


def test_who_is_too_late_is_told_before_the_signs_and_keeps_what_they_wrote(book: OpenBook) -> None:
    response = sends(book, NO[NotBooked.JUST_TAKEN](book), reason="A cough")
    assert response.status_code == 409
    assert read(response).words("h1") == ["This time has gone"]
    assert "A cough" in [one.text.strip() for one in read(response).all("textarea")]
    carried = sends(book, book.slots[0], reason="A cough", instead="1")
    assert read(carried).words("h1") == ["You cannot book this appointment"]
    assert not Appointment.objects.filter(patient_id=book.robin.id).exists()
