"""Who is not known may book one first appointment, and is shown nothing of what the patient has."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.access.models import ActsFor, Link
from patient_online.appointments.actions import cancel
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.booking import NotBooked, why_not_book
from patient_online.appointments.tests.facts import NOW, facts
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.demo.factories import acting_as, an_appointment
from patient_online.nhs.identity import Identity
from patient_online.notify.tests.people import told
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, None),
        ({"booked_before": True}, NotBooked.ONLY_A_FIRST),
        ({"taken": True}, NotBooked.JUST_TAKEN),
        ({"clashes": True}, NotBooked.NOT_OFFERED),
        ({"booked_ahead": 2}, None),
        ({"limit_of_type": 1, "booked_ahead_of_type": 1}, None),
    ],
)
def test_a_refusal_gives_nothing_away_of_what_the_patient_has(given: dict[str, Any], refusal: NotBooked | None) -> None:
    assert why_not_book(facts(first_only=True, **given), at=NOW) is refusal


def test_who_is_known_books_as_often_as_before() -> None:
    assert why_not_book(facts(booked_before=True), at=NOW) is None


@pytest.fixture
def book(client: Client, now: datetime, db: None) -> Iterator[OpenBook]:
    """Robin, at 8am on the day before the clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def not_known(book: OpenBook) -> None:
    """Let nobody have checked who Robin's account is."""
    for model in (Link, ActsFor):
        model._default_manager.filter(account_id=book.accounts[0].id).update(identity=Identity.P0)


def first_booked(book: OpenBook) -> Appointment:
    """What Robin, not known, books first."""
    where = book.confirms(book.slots[0]).headers["Location"]
    made = Appointment.objects.get()
    assert where == f"/appointments/{made.id}/booked"
    return made


def test_one_first_appointment_is_booked_and_shown_until_its_time_comes(book: OpenBook) -> None:
    not_known(book)
    made = first_booked(book)
    pages = ("/booked", "/calendar.ics", "", "/cancel")
    for page in pages:
        assert book.client.get(f"/appointments/{made.id}{page}").status_code == 200
    with time_machine.travel(made.slot.starts_at, tick=False):
        book.client.force_login(book.accounts[0])
        for page in pages:
            assert book.client.get(f"/appointments/{made.id}{page}").status_code == 403


def test_no_link_after_a_first_booking_leads_to_a_page_that_refuses(book: OpenBook) -> None:
    not_known(book)
    made = first_booked(book)
    pages = ["/", f"/appointments/{made.id}/booked", f"/appointments/{made.id}", f"/appointments/{made.id}/cancel"]
    pages.append("/appointments/book")
    for page in pages:
        main = book.client.get(page).content.decode().partition("<main")[2].partition("</main>")[0]
        links = re.findall(r'href="(/[^"]*)"', main)
        assert links
        for link in links:
            assert (page, link, book.client.get(link, follow=True).status_code) == (page, link, 200)


def test_home_shows_the_first_booking_in_the_place_of_the_offer_to_make_it(book: OpenBook) -> None:
    not_known(book)
    assert "Book a first appointment" in book.client.get("/").content.decode()
    made = first_booked(book)
    home = book.client.get("/").content.decode()
    assert f'href="/appointments/{made.id}"' in home
    assert "Book a first appointment" not in home
    with time_machine.travel(made.slot.starts_at, tick=False):
        book.client.force_login(book.accounts[0])
        home = book.client.get("/").content.decode()
        assert f'href="/appointments/{made.id}"' not in home
        assert "You have booked your one first appointment." in home


def test_who_is_not_known_cancels_what_they_booked_themselves(book: OpenBook) -> None:
    not_known(book)
    made = first_booked(book)
    page = book.client.post(f"/appointments/{made.id}/cancel", cancelling(made), follow=True).content.decode()
    assert "You have cancelled this appointment." in page
    assert "Book another appointment" not in page
    made.refresh_from_db()
    assert made.status == "cancelled"


def test_an_appointment_that_somebody_else_booked_is_not_theirs_to_cancel(book: OpenBook) -> None:
    theirs = an_appointment(book.slots[3], book.robin)
    not_known(book)
    assert book.client.post(f"/appointments/{theirs.id}/cancel", cancelling(theirs)).status_code == 403
    with pytest.raises(Refused):
        cancel(theirs, by=acting_as(book.robin, book.accounts[0]), key=None, at=book.now)
    theirs.refresh_from_db()
    assert theirs.status == "booked"


def cancelling(made: Appointment) -> dict[str, str]:
    """What the form to cancel it sends."""
    return {"key": str(uuid7()), "starts": made.slot.starts_at.isoformat()}


def test_what_the_desk_has_booked_does_not_stand_in_the_way_of_a_first_booking(book: OpenBook) -> None:
    for slot in book.slots[2:4]:
        an_appointment(slot, book.robin)
    not_known(book)
    assert "no more" not in book.client.get("/appointments/book").content.decode()
    book.confirms(book.slots[0])
    assert Appointment.objects.filter(slot=book.slots[0]).exists()


def test_a_second_one_is_refused_by_the_page_and_by_the_action(book: OpenBook) -> None:
    not_known(book)
    first_booked(book)
    assert "you can book one first appointment online" in book.client.get("/appointments/book").content.decode()
    again = book.confirms(book.slots[1])
    assert "you can book one first appointment online" in again.content.decode()
    assert Appointment.objects.count() == 1


def test_a_first_one_that_was_cancelled_stays_the_first(book: OpenBook) -> None:
    not_known(book)
    made = first_booked(book)
    done = {"status": "cancelled", "cancelled_at": book.now, "cancelled_by": uuid7(), "cancelled_through": "desk"}
    Appointment.objects.filter(id=made.id).update(**done)
    book.confirms(book.slots[1])
    assert Appointment.objects.count() == 1


def test_everything_else_is_refused_with_what_to_do(book: OpenBook) -> None:
    theirs = an_appointment(book.slots[3], book.robin)
    told(book.robin)
    not_known(book)
    made = first_booked_of(book)
    pages = ["/appointments/", f"/appointments/{theirs.id}", f"/appointments/{theirs.id}/booked", "/messages"]
    pages += [
        f"/appointments/{theirs.id}/calendar.ics",
        f"/appointments/{theirs.id}/cancel",
        "/practice/details/contact",
    ]
    pages += [f"/appointments/{theirs.id}", f"/appointments/{made.id}/move"]
    for page in pages:
        answer = book.client.get(page)
        assert (page, answer.status_code) == (page, 403)
        assert "We do not know well enough yet that it is you." in answer.content.decode()
    assert book.client.post(f"/appointments/{theirs.id}/cancel", {"key": str(uuid7())}).status_code == 403
    assert Appointment.objects.filter(status="booked").count() == 2


def first_booked_of(book: OpenBook) -> Appointment:
    book.confirms(book.slots[0])
    return Appointment.objects.get(slot=book.slots[0])


def test_the_number_in_the_record_is_neither_shown_nor_changed(book: OpenBook) -> None:
    not_known(book)
    slot = book.slots[0]
    type(slot).objects.filter(id=slot.id).update(mode="telephone")
    book.client.post(f"/appointments/slots/{slot.id}/before-you-book", {"key": str(uuid7())})
    page = book.client.get(f"/appointments/slots/{slot.id}").content.decode()
    assert 'name="telephone"' in page
    assert "900 982" not in page
    assert "keep_telephone" not in page
    book.confirms(slot, telephone="07700 900 111", keep_telephone="on")
    assert Appointment.objects.get().contact_telephone == "+447700900111"
    robin = Patient.objects.get(id=book.robin.id)
    assert (robin.telephone, robin.telephone_new) == ("+447700900982", "")
