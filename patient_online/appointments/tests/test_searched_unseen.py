"""What the desk types about a patient stands in no address: not in the browser's history, nor where it leads next."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.access.models import Session
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of
from patient_online.nhs.numbers import formatted
from patient_online.web.searches import LASTS, MOST
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def found_at(desk: Desk, text: str) -> str:
    """The address to which a search leads."""
    return str(desk.client.post("/practice/patients", {"q": text}).headers["Location"])


def test_who_looks_for_a_patient_leaves_neither_number_nor_name_in_an_address(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    number = str(desk.robin.nhs_number)
    with caplog.at_level(logging.DEBUG):
        for text in (number, formatted(number), "Robin Testperson", "1 1 1980"):
            answer = desk.finds(text)
            assert desk.robin.name in says(answer)
            [(address, _status)] = answer.redirect_chain
            for part in [number, "Testperson", "1980", *formatted(number).split()]:
                assert part not in address
            sent = read(answer).all("form", role="search")[0].attributes
            assert (sent["method"], "?" in sent["action"]) == ("post", False)
    assert caplog.records
    assert number not in caplog.text
    assert "Testperson" not in caplog.text


def test_the_way_back_to_what_was_found_stays_open_for_half_an_hour(desk: Desk) -> None:
    """The browser's back button asks nothing again; the last five searches are known, each for itself."""
    first = found_at(desk, "robin")
    others = [found_at(desk, "nobody") for _ in range(MOST - 1)]
    assert desk.robin.name in desk.main(first)
    assert read(desk.client.get(first)).all("input", name="q")[0].attributes["value"] == "robin"
    assert "Nobody was found" in desk.main(others[-1])
    found_at(desk, "one more")
    assert desk.robin.name not in desk.main(first)
    late = found_at(desk, "robin")
    with time_machine.travel(TEN + LASTS, tick=False):
        Session.objects.update(last_seen_at=TEN + LASTS - timedelta(minutes=1))
        assert "Find a patient" in desk.main(late)
        assert desk.robin.name not in desk.main(late)


def test_the_address_of_what_was_found_opens_nothing_for_a_colleague(desk: Desk) -> None:
    staff_of(desk.practice, Role.RECEPTIONIST, account=(other := an_account()))
    shown = signed_in(other).get(found_at(desk, "robin"))
    assert shown.status_code == 200
    assert desk.robin.name not in says(shown)


def test_an_old_address_with_a_number_in_it_finds_nobody_and_is_not_carried_on(desk: Desk) -> None:
    old = f"/practice/patients?q=testperson&slot={desk.today[3].id}&any={desk.robin.nhs_number}"
    assert desk.robin.name not in desk.main(old)
    turned = Client().get(old).headers["Location"]
    assert turned == f"/sign-in?next=/practice/patients%3Fslot%3D{desk.today[3].id}"
