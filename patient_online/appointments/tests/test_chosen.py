"""Who opens the page of a time that they cannot have is told at once, and offered others: before anything is asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import BookingRule, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_pages import NO, main
from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.audit.queries import refusals
from patient_online.demo.factories import a_practice, a_slot_type, an_appointment, the_maker
from patient_online.practices.actions import set_policy
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
CHOOSE = "Choose another time"


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def opens(book: OpenBook, slot: Slot) -> Any:
    """Robin follows the link of the time."""
    return book.client.get(f"/appointments/slots/{slot.id}", follow=True)


def counted(book: OpenBook) -> dict[str, int]:
    """What the night would count of today."""
    system = System("count_unmet", book.practice.ods_code)
    return refusals(system, since=book.now - timedelta(hours=8), until=book.now + timedelta(hours=16))


def offered(response: Any) -> list[str]:
    """The addresses of the times on the page."""
    links = [one.attributes["href"] for one in read(response).all("a") if "class" in one.attributes]
    return [href for href in links if "/slots/" in href or "/move/" in href]


@pytest.mark.parametrize("reason", NO, ids=lambda reason: reason.name.lower())
def test_a_time_that_cannot_be_had_says_so_when_its_page_is_opened(book: OpenBook, reason: NotBooked) -> None:
    """Neither the signs of an emergency are shown nor anything asked; a reload is not counted again."""
    slot = NO[reason](book)
    response = opens(book, slot)
    text = main(response)
    limit = 1 if reason is NotBooked.LIMIT_OF_KIND_REACHED else 2
    named = {"limit": limit, "kind": book.kind.label, "who": "people aged 75 or over"}
    assert response.status_code == 409
    assert reason.words % {**named, "when": "8am on Wednesday 4 March 2026"} in text
    assert reason.next_step in text
    assert f"say this rule: {reason.rule}" in text
    assert read(response).words("h1") == ["You cannot book this appointment"]
    assert CHOOSE in read(response).words("a", href="/appointments/book")
    assert not read(response).all("form", method="post", id="booking")
    assert not read(response).all("textarea")
    opens(book, slot)
    assert counted(book) == {reason.rule: 1}
    assert not Entry.objects.filter(event="appointment.red_flags_shown").exists()


def test_a_time_that_is_free_goes_on_to_the_signs_and_counts_nothing(book: OpenBook) -> None:
    assert read(opens(book, book.slots[0])).words("h1") == ["Before you book"]
    assert counted(book) == {}


def test_who_was_refused_on_pressing_is_not_counted_again_for_looking(book: OpenBook) -> None:
    slot = NO[NotBooked.JUST_TAKEN](book)
    response = book.confirms(slot)
    assert NotBooked.JUST_TAKEN.words in main(response)
    assert counted(book) == {NotBooked.JUST_TAKEN.rule: 1}
    opens(book, slot)
    assert counted(book) == {NotBooked.JUST_TAKEN.rule: 1}


def test_times_of_the_same_kind_are_offered_to_who_may_book_it(book: OpenBook) -> None:
    other = book.slot_at(timedelta(days=1))
    found = offered(opens(book, NO[NotBooked.JUST_TAKEN](book)))
    assert found == [f"/appointments/slots/{slot.id}" for slot in book.slots[1:]]
    assert str(other.id) not in " ".join(found)


def test_times_of_other_kinds_are_offered_to_who_may_not_book_this_one(book: OpenBook) -> None:
    other = book.slot_at(timedelta(days=2))
    slot = NO[NotBooked.NOT_FOR_YOU](book)
    assert offered(opens(book, slot)) == [f"/appointments/slots/{other.id}"]


def test_who_has_enough_of_a_kind_is_offered_other_kinds_of_which_they_have_not(book: OpenBook) -> None:
    set_policy(book.practice, name="most_future_appointments", value=9, by=the_maker(book.practice), at=book.now)
    other = book.slot_at(timedelta(days=2))
    full = a_slot_type(book.practice, label="Blood test", most_future=1)
    book.slot_at(timedelta(days=2, hours=1), kind=full)
    an_appointment(book.slot_at(timedelta(days=3), kind=full), book.robin)
    slot = NO[NotBooked.LIMIT_OF_KIND_REACHED](book)
    assert offered(opens(book, slot)) == [f"/appointments/slots/{other.id}"]


def test_nothing_is_offered_at_a_time_at_which_the_patient_has_an_appointment(book: OpenBook) -> None:
    slot = NO[NotBooked.CLASHES](book)
    found = offered(opens(book, slot))
    assert found == [f"/appointments/slots/{each.id}" for each in book.slots[1:]]
    response = opens(book, book.slots[0])
    assert "See, move or cancel the appointments that you have" in read(response).words("a", href="/appointments/")


def test_a_withdrawn_time_offers_others_and_what_was_typed_is_kept(book: OpenBook) -> None:
    """The page was open when the practice withdrew it."""
    slot = NO[NotBooked.NOT_OFFERED](book)
    response = book.confirms(slot, reason="A cough")
    assert "A cough" in [one.text.strip() for one in read(response).all("textarea")]
    assert read(response).all("button", name="instead")
    assert CHOOSE in read(response).words("a", href="/appointments/book")


def test_nothing_is_said_of_a_time_that_is_not_for_patients_or_of_another_practice(book: OpenBook) -> None:
    hidden = book.slot_at(timedelta(days=1), online=False, kind=a_slot_type(book.practice, label="Private clinic"))
    assert "Private clinic" not in main(opens(book, hidden))
    assert hidden.schedule.clinician.name not in main(opens(book, hidden))
    elsewhere = book.slot_at(timedelta(days=1), practice=a_practice())
    assert opens(book, elsewhere).status_code == 403


def test_who_moves_is_told_at_once_too_and_keeps_what_they_have(book: OpenBook) -> None:
    appointment = an_appointment(book.slots[0], book.robin)
    BookingRule.objects.create(practice=book.practice, type=(other := book.slot_at(timedelta(days=2))).type, sex="male")
    response = book.client.get(f"/appointments/{appointment.id}/move/{other.id}")
    assert response.status_code == 409
    assert read(response).words("h1") == ["You cannot move your appointment to this time"]
    assert "You keep your appointment of Wednesday 4 March 2026" in main(response)
    assert offered(response)
    assert all(href.startswith(f"/appointments/{appointment.id}/move/") for href in offered(response))
    assert CHOOSE in read(response).words("a", href=f"/appointments/{appointment.id}/move")
