"""That the signs of an emergency were read is kept by the browser, sealed: nobody else can use it, nor read it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import book as take
from patient_online.appointments.actions import rearrange
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.asked import done, refused
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.views import signs
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, acting_as, the_maker
from patient_online.practices.actions import set_policy
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def reads_the_signs(book: OpenBook) -> str:
    """Robin goes past the signs; what the browser keeps of it."""
    book.client.post(f"/appointments/slots/{book.slots[0].id}/before-you-book", {"key": str(uuid4())})
    return book.client.cookies[signs.cookie_name()].value


def opens(book: OpenBook) -> int:
    """Whether the page to confirm opens (200), or the signs come first (302)."""
    answer: Any = book.client.get(f"/appointments/slots/{book.slots[0].id}")
    return int(answer.status_code)


def test_who_has_read_the_signs_may_go_on_for_an_hour(book: OpenBook) -> None:
    assert opens(book) == 302
    reads_the_signs(book)
    for minutes, status in [*((minutes, 200) for minutes in range(8, 60, 8)), (61, 302)]:
        with time_machine.travel(book.now + timedelta(minutes=minutes), tick=False):
            assert opens(book) == status


def test_a_booking_writes_no_session(book: OpenBook) -> None:
    reads_the_signs(book)
    with statements() as made:
        answer = book.client.post(f"/appointments/slots/{book.slots[0].id}", {"key": str(uuid4()), "length": "1"})
    assert answer.headers["Location"].endswith("/booked")
    assert Appointment.objects.get().red_flags_seen_at == book.now
    assert [one for one in made if "access_session" in one and "UPDATE" in one] == []


def test_what_one_patient_s_browser_keeps_is_nothing_in_another_s(book: OpenBook) -> None:
    kept = reads_the_signs(book)
    somebody = Client()
    somebody.force_login(book.account_for(a_patient_of(book.practice)))
    somebody.cookies[signs.cookie_name()] = kept
    answer = somebody.get(f"/appointments/slots/{book.slots[0].id}")
    assert (answer.status_code, answer.headers["Location"].endswith("before-you-book")) == (302, True)


def test_it_ends_with_the_session(book: OpenBook) -> None:
    kept = reads_the_signs(book)
    book.client.logout()
    book.client.force_login(book.accounts[0])
    book.client.cookies[signs.cookie_name()] = kept
    assert opens(book) == 302


@pytest.mark.parametrize("change", ["later", "seal", "words", "empty", "long"])
def test_what_was_changed_counts_for_nothing(book: OpenBook, change: str) -> None:
    number, _, seal = reads_the_signs(book).partition(".")
    made = {
        "later": f"{int(number) + 1}.{seal}",
        "seal": f"{number}.{seal[:-1]}{'0' if seal[-1] != '0' else '1'}",
        "words": f"now.{seal}",
        "empty": "",
        "long": f"{number * 9}.{seal}",
    }
    assert opens(book) == 200
    book.client.cookies[signs.cookie_name()] = made[change]
    assert opens(book) == 302


def test_it_tells_nothing_of_the_patient_or_the_session(book: OpenBook) -> None:
    kept = reads_the_signs(book)
    known = [book.robin.id, book.robin.nhs_number, book.practice.ods_code, book.accounts[0].id]
    assert not any(str(each).replace("-", "") in kept for each in [*known, book.client.session.session_key])
    cookie = book.client.cookies[signs.cookie_name()]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)


def test_the_trail_still_tells_that_the_signs_were_shown(book: OpenBook) -> None:
    book.client.get(f"/appointments/slots/{book.slots[0].id}/before-you-book")
    assert Entry.objects.get(event="appointment.red_flags_shown").patient_id == book.robin.id


def sends(book: OpenBook, slot: int, **said: str) -> Any:
    """The answer where Robin confirms one of the slots."""
    sent = {"key": str(uuid4()), "length": "1", **said}
    return book.client.post(f"/appointments/slots/{book.slots[slot].id}", sent)


def test_what_the_browser_should_have_forgotten_counts_for_no_other_booking(book: OpenBook) -> None:
    kept = reads_the_signs(book)
    assert sends(book, 0).status_code == 302
    book.client.cookies[signs.cookie_name()] = kept
    answer = sends(book, 2, reason="A cough")
    assert "None of these apply: go on" in answer.content.decode()
    assert 'name="reason" value="A cough"' in answer.content.decode()
    assert Appointment.objects.count() == 1


def test_who_gave_the_appointment_back_reads_the_signs_again_before_the_next(book: OpenBook) -> None:
    kept = reads_the_signs(book)
    sends(book, 0)
    ones = f"/appointments/{Appointment.objects.get().id}/cancel"
    assert book.client.post(ones, {"key": str(uuid4()), "reason": ""}).status_code == 302
    book.client.cookies[signs.cookie_name()] = kept
    sends(book, 0)
    assert Appointment.objects.count() == 1
    with time_machine.travel(book.now + timedelta(minutes=1), tick=False):
        reads_the_signs(book)
        assert sends(book, 0).headers["Location"].endswith("/booked")
    assert Appointment.objects.filter(status="booked").count() == 1


def test_that_one_of_two_people_has_booked_does_not_use_up_what_the_other_read(book: OpenBook, now: datetime) -> None:
    set_policy(book.practice, name="most_future_appointments", value=9, by=the_maker(book.practice), at=now)
    acting, carer = acting_as(book.robin), acting_as(book.robin)
    assert acting.account_id != carer.account_id
    done(take, book.slots[0], by=acting, at=now, red_flags_seen_at=now)
    done(take, book.slots[2], by=carer, at=now, red_flags_seen_at=now)
    assert refused(take, book.slots[4], by=carer, at=now, red_flags_seen_at=now) is NotBooked.SIGNS_NOT_READ


def test_a_move_uses_up_nothing_and_needs_no_reading(book: OpenBook, now: datetime) -> None:
    acting = acting_as(book.robin)
    held = done(take, book.slots[0], by=acting, at=now, red_flags_seen_at=now)
    moved = done(rearrange, held, to=book.slots[2], by=acting, at=now + timedelta(minutes=2))
    assert moved.red_flags_seen_at == now
    soon = now + timedelta(minutes=1)
    assert done(take, book.slots[4], by=acting, at=soon, red_flags_seen_at=soon).red_flags_seen_at == soon
