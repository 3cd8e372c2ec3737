"""What the appointment pages say to a patient: every no in words with its rule, and nothing that is not theirs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, BookingRule, Slot, SlotType
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_appointment
from patient_online.nhs.appointments import Mode
from patient_online.nhs.services import Level, Service
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
Circumstance = Callable[[OpenBook], Slot]


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def just_taken(book: OpenBook) -> Slot:
    an_appointment(book.slots[0], a_patient_of(book.practice))
    return book.slots[0]


def withdrawn(book: OpenBook) -> Slot:
    Slot.objects.filter(id=book.slots[0].id).update(status=Slot.Status.WITHDRAWN)
    return book.slots[0]


def not_released(book: OpenBook) -> Slot:
    return book.slot_at(timedelta(days=3), release_at=book.now + timedelta(days=1))


def for_others(book: OpenBook) -> Slot:
    BookingRule.objects.create(practice=book.practice, type=book.kind, least_age=75)
    return book.slots[0]


def clashing(book: OpenBook) -> Slot:
    an_appointment(book.slot_at(timedelta(days=1)), book.robin)
    return book.slots[0]


def as_many_as_allowed(book: OpenBook) -> Slot:
    for slot in book.slots[2:4]:
        an_appointment(slot, book.robin)
    return book.slots[0]


def as_many_of_a_kind_as_allowed(book: OpenBook) -> Slot:
    SlotType.objects.filter(id=book.kind.id).update(most_future=1)
    an_appointment(book.slots[2], book.robin)
    return book.slots[0]


def not_registered(book: OpenBook) -> Slot:
    type(book.robin).objects.filter(id=book.robin.id).update(left_on=book.now.date())
    return book.slots[0]


NO: dict[NotBooked, Circumstance] = {
    NotBooked.JUST_TAKEN: just_taken,
    NotBooked.NOT_OFFERED: withdrawn,
    NotBooked.NOT_RELEASED: not_released,
    NotBooked.NOT_FOR_YOU: for_others,
    NotBooked.IN_THE_PAST: lambda book: book.slot_at(timedelta(minutes=-5)),
    NotBooked.TOO_SOON: lambda book: book.slot_at(timedelta(minutes=10)),
    NotBooked.TOO_FAR_AHEAD: lambda book: book.slot_at(timedelta(days=29)),
    NotBooked.LIMIT_REACHED: as_many_as_allowed,
    NotBooked.LIMIT_OF_KIND_REACHED: as_many_of_a_kind_as_allowed,
    NotBooked.CLASHES: clashing,
    NotBooked.NOT_REGISTERED: not_registered,
}
# Doubles and what was moved (`test_moved_meanwhile`) have tests of their own; the form asks for a number, and for fewer
# words, before a rule is asked.
ELSEWHERE = {NotBooked.NOT_TOGETHER, NotBooked.MOVED, NotBooked.TELEPHONE_NEEDED, NotBooked.TOO_LONG}
ELSEWHERE |= {NotBooked.SIGNS_NOT_READ, NotBooked.ONLY_A_FIRST}


def test_every_way_of_saying_no_to_a_booking_is_tested_below() -> None:
    """A reason that is added needs a circumstance."""
    assert set(NO) | ELSEWHERE == set(NotBooked)


@pytest.mark.parametrize("reason", NO, ids=lambda reason: reason.name.lower())
def test_a_booking_that_is_refused_says_why_what_to_do_and_by_which_rule(book: OpenBook, reason: NotBooked) -> None:
    """Nothing is booked, and what was typed is still there."""
    slot = NO[reason](book)
    before = Appointment.objects.count()
    response = book.confirms(slot, reason="A cough & a cold")
    text = main(response)
    assert response.status_code in (403, 409)
    limit = 1 if reason is NotBooked.LIMIT_OF_KIND_REACHED else 2
    named = {"limit": limit, "kind": book.kind.label, "who": "people aged 75 or over"}
    assert reason.words % {**named, "when": "8am on Wednesday 4 March 2026"} in text
    assert reason.next_step in text
    assert f"say this rule: {reason.rule}" in text
    assert Appointment.objects.count() == before
    if response.status_code == 409:
        assert read(response).words("title")[0].startswith("Error: ")
        assert "A cough & a cold" in [one.text.strip() for one in read(response).all("textarea")]


def test_other_times_are_offered_and_take_along_what_was_typed(book: OpenBook) -> None:
    """Each is a button of the same form; pressing it books nothing yet."""
    response = book.confirms(just_taken(book), reason="A cough", comment="With my mother")
    buttons = read(response).all("button", name="instead")
    assert [one.attributes["form"] for one in buttons] == ["booking"] * 5
    assert buttons[0].attributes["formaction"] == f"/appointments/slots/{book.slots[1].id}"
    given = {"instead": "1", "reason": "A cough", "comment": "With my mother", "key": str(uuid4())}
    again = book.client.post(buttons[0].attributes["formaction"], given)
    assert again.status_code == 200
    assert [one.text.strip() for one in read(again).all("textarea")] == ["A cough", "With my mother"]
    assert not Appointment.objects.filter(patient_id=book.robin.id).exists()


def test_who_has_all_they_may_have_is_led_to_what_they_have_and_not_to_other_times(book: OpenBook) -> None:
    """Another time would be refused as well."""
    response = book.confirms(as_many_as_allowed(book))
    assert not read(response).all("button", name="instead")
    assert "See, move or cancel the appointments that you have" in read(response).words("a", href="/appointments/")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"telephone": ""}, "Enter the telephone number that you can be reached on"),
        ({"telephone": "12"}, "Enter a telephone number, like 01632 960 001 or 07700 900 982"),
        ({"reason": "a" * 101}, "What the appointment is about must be 100 characters or fewer"),
        ({"comment": "a" * 501}, "Anything else must be 500 characters or fewer"),
        ({"key": "no key"}, "This page did not send everything it should."),
    ],
)
def test_what_the_form_cannot_take_is_said_at_the_top_and_kept(
    book: OpenBook, given: dict[str, str], words: str
) -> None:
    """The summary leads to the field."""
    slot = book.slot_at(timedelta(days=2), mode=Mode.TELEPHONE)
    response = book.confirms(slot, **{"telephone": "01632 960 002", **given})
    assert words in main(response)
    assert read(response).words("title")[0].startswith("Error: ")
    links = [
        one.attributes["href"].lstrip("#") for one in read(response).all("a") if one.text.strip().startswith(words)
    ]
    assert set(links) <= set(read(response).ids())
    assert bool(links) is ("key" not in given)
    assert not Appointment.objects.exists()


def test_a_double_that_is_no_longer_free_is_not_booked_as_a_single(book: OpenBook) -> None:
    """Somebody took the second half meanwhile."""
    an_appointment(book.slots[1], a_patient_of(book.practice))
    response = book.confirms(book.slots[0], length="2")
    assert response.status_code == 409
    assert f"{NotBooked.NOT_TOGETHER.words} {NotBooked.NOT_TOGETHER.next_step}" in main(response)
    assert [one.attributes["value"] for one in read(response).all("input", name="length")] == ["1", "2"]
    assert read(response).words("title")[0].startswith("Error: ")
    assert not Appointment.objects.filter(patient_id=book.robin.id).exists()


def test_nobody_books_without_having_seen_the_signs_of_an_emergency(book: OpenBook) -> None:
    """The confirm page leads there first, even for who sends the form at once."""
    path = f"/appointments/slots/{book.slots[0].id}"
    assert book.client.get(path).headers["Location"] == f"{path}/before-you-book"
    sent = book.client.post(path, {"key": str(uuid4())})
    assert read(sent).words("h1") == ["Before you book"]
    assert not Appointment.objects.exists()


def cancelled(book: OpenBook) -> Appointment:
    given: dict[str, Any] = {"cancelled_at": book.now, "cancelled_by": book.robin.id, "cancelled_through": "online"}
    return an_appointment(book.slots[0], book.robin, status="cancelled", **given)


NOT_CANCELLED: dict[NotCancelled, Callable[[OpenBook], Appointment]] = {
    NotCancelled.ARRIVED: lambda book: an_appointment(book.slots[0], book.robin, arrived_at=book.now),
    NotCancelled.IN_THE_PAST: lambda book: an_appointment(book.slot_at(timedelta(days=-1)), book.robin),
    NotCancelled.TOO_LATE: lambda book: an_appointment(book.slot_at(timedelta(minutes=29)), book.robin),
    NotCancelled.NOT_ONLINE: lambda book: an_appointment(book.never_cancelled_online(), book.robin),
}


def test_every_way_of_saying_no_to_a_cancellation_is_tested_below() -> None:
    """But for an appointment of somebody else: its page is not there."""
    elsewhere = {NotCancelled.NOT_FOUND, NotCancelled.ALREADY_CANCELLED}
    assert set(NOT_CANCELLED) | elsewhere == set(NotCancelled)


def test_who_cancels_what_is_cancelled_sees_how_it_stands(book: OpenBook) -> None:
    """Nobody is told off for pressing twice: the page says when it was cancelled."""
    appointment = cancelled(book)
    sent = {"key": str(uuid4()), "reason": "better"}
    response = book.client.post(f"/appointments/{appointment.id}/cancel", sent, follow=True)
    assert read(response).words("h1") == ["Your appointment"]
    assert "This appointment was cancelled on" in main(response)


@pytest.mark.parametrize("reason", NOT_CANCELLED, ids=lambda reason: reason.name.lower())
def test_a_cancellation_that_is_refused_says_why_what_to_do_and_by_which_rule(
    book: OpenBook, reason: NotCancelled
) -> None:
    """And the button is not offered again."""
    appointment = NOT_CANCELLED[reason](book)
    response = book.client.post(f"/appointments/{appointment.id}/cancel", {"key": str(uuid4()), "reason": "better"})
    assert response.status_code == 409
    assert f"{reason.words} {reason.next_step}" in main(response)
    assert f"say this rule: {reason.rule}" in main(response)
    assert "Yes, cancel this appointment" not in main(response)


@pytest.mark.parametrize("page", ["", "/booked", "/calendar.ics", "/cancel", "/move"])
def test_another_patient_s_appointment_is_not_there(book: OpenBook, page: str) -> None:
    """Neither of the same practice nor of another; the answer is the same as for one that never was."""
    elsewhere = a_practice()
    theirs = [
        an_appointment(book.slots[0], a_patient_of(book.practice)).id,
        an_appointment(book.slot_at(timedelta(days=1), practice=elsewhere), a_patient_of(elsewhere)).id,
        uuid4(),
    ]
    assert [book.client.get(f"/appointments/{one}{page}").status_code for one in theirs] == [404, 404, 404]


def test_who_may_only_look_sees_the_list_and_is_told_why_they_cannot_book(book: OpenBook, client: Client) -> None:
    """The words name whom to ask."""
    patient = a_patient_of(book.practice)
    client.force_login(book.account_for(patient, {Service.APPOINTMENTS: Level.VIEW}))
    assert client.get("/appointments/").status_code == 200
    response = client.get("/appointments/book")
    assert response.status_code == 403
    assert "You have not been given this online service." in main(response)
    assert acting_as(patient, book.accounts[-1]).levels == {Service.APPOINTMENTS: Level.VIEW}
