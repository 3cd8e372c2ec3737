"""Who finds nothing on the day they chose is told when more is released, though other days have something free."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import BookingRule, Slot
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_pages import main
from patient_online.demo.factories import a_patient_of, a_slot_type, an_appointment
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
SEARCH = "/appointments/book"
THURSDAY = "There are no free appointments online on Thursday 5 March 2026."
RELEASED = "More appointments are released on {when}. The first is for Thursday 5 March 2026."
AT_EIGHT = RELEASED.format(when="Thursday 5 March 2026 at 8am")


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser at 8am on Tuesday 3 March 2026; tomorrow there is a clinic with free times."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def on_the_day(book: OpenBook, label: str = "See a GP today") -> Slot:
    """A time of Thursday that is released on Thursday at eight."""
    kind = a_slot_type(book.practice, label=label)
    BookingRule.objects.create(practice=book.practice, type=kind, days_ahead=0, release_time=time(8))
    return book.slot_at(timedelta(days=2, hours=2), kind=kind)


def test_the_chosen_day_has_nothing_and_the_page_says_when_it_will(book: OpenBook) -> None:
    on_the_day(book)
    text = main(book.client.get(f"{SEARCH}?day=2026-03-05&from=2026-03-03"))
    assert THURSDAY in text
    assert AT_EIGHT in text
    assert "6 free" in text


def test_only_the_kind_that_is_looked_for_is_waited_for(book: OpenBook) -> None:
    on_the_day(book)
    book.slot_at(
        timedelta(days=2), kind=a_slot_type(book.practice, label="Blood test"), release_at=book.now + timedelta(1)
    )
    everything = main(book.client.get(f"{SEARCH}?day=2026-03-05"))
    assert RELEASED.format(when="Wednesday 4 March 2026 at 8am") in everything
    of_kind = main(book.client.get(f"{SEARCH}?label=See+a+GP+today"))
    assert AT_EIGHT in of_kind
    assert "There are no free appointments online on these days." in of_kind


def test_who_chose_no_day_is_told_of_those_before_the_first_that_is_free(book: OpenBook) -> None:
    today = book.slot_at(timedelta(hours=5), release_at=book.now + timedelta(hours=1))
    text = main(book.client.get(SEARCH))
    assert "More appointments are released on Tuesday 3 March 2026 at 9am. The first is for Tuesday 3 March" in text
    Slot.objects.filter(id=today.id).update(release_at=None)
    assert "are released" not in main(book.client.get(SEARCH))


def test_a_day_with_free_times_says_nothing_of_releases(book: OpenBook) -> None:
    on_the_day(book)
    text = main(book.client.get(f"{SEARCH}?day=2026-03-04"))
    assert "There are no free appointments" not in text
    assert "are released" not in text


def test_what_is_taken_already_is_not_waited_for(book: OpenBook) -> None:
    an_appointment(on_the_day(book), a_patient_of(book.practice))
    text = main(book.client.get(f"{SEARCH}?day=2026-03-05"))
    assert THURSDAY in text
    assert "are released" not in text


@pytest.mark.parametrize("label", ["Nonsense", "For others"])
def test_a_kind_that_is_unknown_or_not_for_the_patient_is_said_and_theirs_are_listed(
    book: OpenBook, label: str
) -> None:
    others = a_slot_type(book.practice, label="For others")
    BookingRule.objects.create(practice=book.practice, type=others, least_age=75)
    book.slot_at(timedelta(days=1, hours=3), kind=others)
    response = book.client.get(SEARCH, {"label": label})
    assert "That kind of appointment is not one you can book online. Here are the ones you can." in main(response)
    assert "If you need the other kind, telephone your practice." in main(response)
    page = read(response)
    links = [one.attributes["href"] for one in page.all("a") if "label=" in one.attributes.get("href", "")]
    assert links == [f"{SEARCH}?label=Appointment%20with%20a%20GP"]
    assert "6 free" in main(response)
    assert label not in main(response)
    assert "That kind of appointment" not in main(book.client.get(links[0]))


def test_where_a_practice_has_nothing_online_no_empty_list_is_shown(book: OpenBook) -> None:
    Slot.objects.update(online=False)
    text = main(book.client.get(SEARCH, {"label": "Nonsense"}))
    assert "That kind of appointment is not one you can book online." in text
    assert "Here are the ones you can." not in text
