"""The day's list says in numbers how the day went, leads to each clinician and to now, and names a site once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk
from patient_online.demo.factories import a_clinician_of, a_patient_of, a_schedule, a_slot_of, an_appointment, slots_in
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
YESTERDAY = "/appointments/book-of-the-day/2026-03-02"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def numbers(desk: Desk, address: str) -> dict[str, str]:
    """The day's numbers by their words."""
    page = read(desk.client.get(address))
    return dict(zip(page.words("dt"), page.words("dd"), strict=True))


def links(desk: Desk, address: str) -> dict[str, str]:
    """Where the links within the page lead, by what they say."""
    found = read(desk.client.get(address)).all("a")
    return {" ".join(one.text.split()): one.attributes["href"][1:] for one in found if one.attributes["href"][0] == "#"}


def test_a_day_that_has_been_says_who_attended_and_of_whom_nothing_is_known(desk: Desk) -> None:
    noted = [{"outcome": "attended"}, {"outcome": "attended"}, {"outcome": "dna"}, {}, {}, {}]
    for n, outcome in enumerate(noted):
        slot = a_slot_of(desk.practice, TEN - timedelta(days=1, minutes=10 * n))
        an_appointment(slot, a_patient_of(desk.practice), **outcome)
    assert numbers(desk, YESTERDAY) == {
        "Booked": "6",
        "Attended": "2",
        "Did not attend": "1",
        "Not recorded": "3",
    }


def test_today_says_who_has_arrived_and_what_is_free(desk: Desk) -> None:
    assert numbers(desk, desk.day) == {"Booked": "1", "Arrived": "0", "Free from now on": "5"}


def test_one_jumps_to_a_clinician_and_today_to_what_is_on_now(desk: Desk) -> None:
    """Rita's day began ten minutes ago: now is the second time of Dr Exampleby, who has nobody in it."""
    other = a_clinician_of(desk.practice, name="Dr Zed Madeup")
    later = slots_in(a_schedule(desk.practice, TEN + timedelta(hours=3), hours=1, clinician=other))
    an_appointment(later[0], desk.robin)
    led, page = links(desk, desk.day), read(desk.client.get(desk.day))
    ada = desk.today[0].schedule.clinician_id
    assert led["Dr Ada Exampleby"] == f"c-{ada}"
    assert led["Now: Dr Ada Exampleby"] == f"s-{desk.today[1].id}"
    assert led["Now: Dr Zed Madeup"].startswith("a-")
    assert set(led.values()) <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_a_day_that_is_not_today_has_no_now(desk: Desk) -> None:
    a_slot_of(desk.practice, TEN - timedelta(days=1))
    for address in (YESTERDAY, "/appointments/book-of-the-day/2026-03-04"):
        assert desk.main(address)
        assert not [word for word in links(desk, address) if word.startswith("Now")]


def test_the_site_is_named_with_the_session_and_not_in_each_row(desk: Desk) -> None:
    site = desk.today[0].schedule.site.name
    page = read(desk.client.get(desk.day))
    assert [site in row for row in page.words("tr")] == [False] * 7
    [session] = [text for text in page.words("p") if "Withdraw or move" in text]
    assert f", {site}" in session
    a_slot_of(desk.practice, TEN - timedelta(days=1))
    assert f", {site}" in desk.main(YESTERDAY)
