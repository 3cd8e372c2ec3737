"""Pages of appointments that were moved, are calls, or are over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.demo.factories import an_appointment
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def test_a_page_of_before_a_move_leads_to_the_new_time(book: OpenBook) -> None:
    """Back and Confirm again after a move do not frighten: the old appointment's page names the new one."""
    old = an_appointment(book.slots[0], book.robin)
    sent = {"key": str(uuid4())}
    moved = book.client.post(f"/appointments/{old.id}/move/{book.slots[1].id}", sent)
    again = book.client.post(f"/appointments/{old.id}/move/{book.slots[2].id}", {"key": str(uuid4())}, follow=True)
    assert "See the new time" in main(again)
    assert book.client.get(f"/appointments/{old.id}/booked").headers["Location"] == f"/appointments/{old.id}"
    assert str(Appointment.objects.get(status="booked").id) in moved.headers["Location"]


def test_a_call_s_calendar_file_sends_nobody_to_the_surgery(book: OpenBook) -> None:
    """It names no place, but who calls and the reference."""
    slot = book.slot_at(timedelta(days=1), mode="telephone")
    call = an_appointment(slot, book.robin, contact_telephone="+447700900123")
    file = book.client.get(f"/appointments/{call.id}/calendar.ics").content.decode()
    assert "LOCATION" not in file
    assert "SUMMARY:Telephone appointment" in file
    assert call.reference in file


def test_a_past_appointment_is_past_and_asks_for_nothing(book: OpenBook) -> None:
    """No telephone call that comes too late, no calendar file, no button."""
    page = main(book.client.get(f"/appointments/{an_appointment(book.slot_at(timedelta(days=-1)), book.robin).id}"))
    assert "This appointment is in the past." in page
    assert "Add it to your calendar" not in page
    assert "Telephone your practice if you cannot come" not in page


def test_a_calendar_file_taken_after_cancelling_takes_out_what_an_earlier_one_put_in(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin, booked_at=book.now)
    before = book.client.get(f"/appointments/{mine.id}/calendar.ics").content.decode()
    with time_machine.travel(book.now + timedelta(minutes=5), tick=False):
        assert "Add it to your calendar" in main(book.client.get(f"/appointments/{mine.id}"))
        book.client.post(f"/appointments/{mine.id}/cancel", {"key": str(uuid4()), "reason": ""})
        assert "Take it out of your calendar" in main(book.client.get(f"/appointments/{mine.id}"))
        after = book.client.get(f"/appointments/{mine.id}/calendar.ics").content.decode()
    assert ("SEQUENCE:0" in before, "SEQUENCE:5" in after) == (True, True)
    assert ("STATUS:CONFIRMED" in before, "STATUS:CANCELLED" in after) == (True, True)
    assert [line for line in before.splitlines() if line.startswith("UID")] == [
        line for line in after.splitlines() if line.startswith("UID")
    ]
