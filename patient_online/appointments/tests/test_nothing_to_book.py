"""Who can book nothing, whichever time they choose, is shown no times to press."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.appointments.tests.test_pages import NO
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
SEARCH = "/appointments/book"


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


def times(response: Any) -> list[str]:
    """The days and times on the page that lead to a booking."""
    links = [one.attributes.get("href", "") for one in read(response).all("a")]
    return [href for href in links if "/slots/" in href or "day=" in href]


@pytest.mark.parametrize("reason", [NotBooked.LIMIT_REACHED, NotBooked.NOT_REGISTERED], ids=["full", "left"])
def test_there_is_no_time_to_press_but_the_reason_and_what_to_do(book: OpenBook, reason: NotBooked) -> None:
    assert times(book.client.get(SEARCH))
    NO[reason](book)
    response = book.client.get(SEARCH)
    assert response.status_code == 200
    assert times(response) == []
    assert f"{reason.words % {'limit': 2}} {reason.next_step}" in said(response)
    assert "/appointments/" in [one.attributes.get("href") for one in read(response).all("a")]
