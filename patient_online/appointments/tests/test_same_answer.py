"""The same page sent twice is one request with one answer, whatever has changed in between."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.views import signs
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.refusals import Repeat
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def passes_the_signs(book: OpenBook, slot: Slot) -> None:
    """Robin goes past the signs of an emergency once more."""
    book.client.post(f"/appointments/slots/{slot.id}/before-you-book", {"key": str(uuid4())})


def passes_the_signs_later(book: OpenBook, slot: Slot) -> None:
    """The same, minutes after: the time at which they were seen is another."""
    with time_machine.travel(book.now + timedelta(minutes=5), tick=False):
        passes_the_signs(book, slot)


def goes_offline(book: OpenBook, slot: Slot) -> None:
    """The practice takes the slot off the net."""
    Slot.objects.filter(id=slot.id).update(online=False)


def joins_no_more(book: OpenBook, slot: Slot) -> None:
    """The practice lets nobody book doubles any more."""
    type(book.kind).objects.filter(id=book.kind.id).update(joins_up_to=1)


def an_hour_passes(book: OpenBook, slot: Slot) -> None:
    """Robin was away for long enough to have to read the signs of an emergency again."""
    session, then = book.client.session, book.now - timedelta(hours=2)
    book.client.cookies[signs.cookie_name()] = signs.sealed(session.session_key, book.robin.id, at=then)


MEANWHILE = [lambda book, slot: None, passes_the_signs_later, goes_offline, joins_no_more, an_hour_passes]
NAMES = ["nothing", "signs read again", "offline", "no doubles", "an hour"]


def answers(response: Any) -> tuple[int, str]:
    """The answer: its status, and where it leads."""
    return response.status_code, response.headers.get("Location", "")


def sends(book: OpenBook, slot: Slot, key: str, **typed: str) -> Any:
    """Robin sends the confirm page."""
    given = {"key": key, "length": "1", "reason": "", "comment": "", **typed}
    return book.client.post(f"/appointments/slots/{slot.id}", given)


@pytest.mark.parametrize("length", ["1", "2"])
@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=NAMES)
def test_a_booking_sent_twice_leads_to_the_same_appointment_whatever_happened_meanwhile(
    book: OpenBook, meanwhile: Callable[[OpenBook, Slot], None], length: str
) -> None:
    slot, key = book.slots[0], str(uuid4())
    passes_the_signs(book, slot)
    first = answers(sends(book, slot, key, length=length, reason="A cough"))
    made = Appointment.objects.get(continues_id=None)
    assert first == (302, f"/appointments/{made.id}/booked")
    meanwhile(book, slot)
    assert answers(sends(book, slot, key, length=length, reason="A cough")) == first
    assert Appointment.objects.count() == int(length)


@pytest.mark.parametrize("meanwhile", [MEANWHILE[0], goes_offline], ids=["nothing", "offline"])
def test_a_move_sent_twice_leads_to_the_same_appointment(
    book: OpenBook, meanwhile: Callable[[OpenBook, Slot], None]
) -> None:
    old, to, key = an_appointment(book.slots[0], book.robin), book.slots[3], {"key": str(uuid4())}
    first = answers(book.client.post(f"/appointments/{old.id}/move/{to.id}", key))
    moved = Appointment.objects.get(status="booked")
    assert first == (302, f"/appointments/{moved.id}/booked")
    meanwhile(book, to)
    assert answers(book.client.post(f"/appointments/{old.id}/move/{to.id}", key)) == first
    assert Appointment.objects.count() == 2


def test_a_cancellation_sent_twice_leads_to_the_same_appointment(book: OpenBook) -> None:
    """Also when the time to cancel online has passed meanwhile."""
    made, given = an_appointment(book.slots[0], book.robin), {"key": str(uuid4()), "reason": "better"}
    first = answers(book.client.post(f"/appointments/{made.id}/cancel", given))
    assert first == (302, f"/appointments/{made.id}?said=cancelled")
    with time_machine.travel(book.slots[0].starts_at, tick=False):
        book.client.force_login(book.accounts[0])
        assert answers(book.client.post(f"/appointments/{made.id}/cancel", given)) == first


@pytest.mark.parametrize("changed", [{"reason": "A cold"}, {"length": "2"}])
def test_a_page_sent_again_with_something_else_on_it_says_where_to_look(
    book: OpenBook, changed: dict[str, str]
) -> None:
    """It neither books again nor says that nothing was done."""
    slot, key = book.slots[0], str(uuid4())
    passes_the_signs(book, slot)
    sends(book, slot, key, reason="A cough")
    response = sends(book, slot, key, **{"reason": "A cough", **changed})
    assert response.status_code == 409
    text = " ".join(read(response).all("main")[0].text.split())
    assert f"{Repeat.KEY_USED.words} {Repeat.KEY_USED.next_step}" in text
    assert "Nothing was changed" not in text
    assert read(response).all("a", href="/appointments/")
    assert Appointment.objects.get().reason == "A cough"


def test_a_refused_booking_sent_twice_is_refused_twice(book: OpenBook) -> None:
    """The slot was taken; by the second time it is off the net, and nothing was ever booked."""
    slot, key = book.slots[0], str(uuid4())
    an_appointment(slot, a_patient_of(book.practice))
    passes_the_signs(book, slot)
    for _ in range(2):
        response = sends(book, slot, key)
        assert response.status_code == 409
        assert NotBooked.JUST_TAKEN.words in response.content.decode()
    assert not Appointment.objects.filter(patient_id=book.robin.id).exists()


def test_another_patient_s_key_tells_nothing(book: OpenBook) -> None:
    """Femi happens on Robin's key: it is a key of Femi's own."""
    slot, key = book.slots[0], str(uuid4())
    passes_the_signs(book, slot)
    sends(book, slot, key)
    book.client.force_login(book.account_for(a_patient_of(book.practice)))
    passes_the_signs(book, slot)
    assert sends(book, slot, key).status_code == 409
    assert Appointment.objects.count() == 1
