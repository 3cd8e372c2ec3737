"""A page that is sent again with something else on it: it says so, and nothing that was typed is lost silently."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.desk import Desk, at_the_desk
from patient_online.demo.factories import a_patient_of, a_slot_of, an_account_for, an_appointment
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db
SAID = {"channel": "desk", "length": "1", "reason": "A cough", "comment": ""}
USED = "This page was already used to send something else. Look at what was done the first time"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def key_of(answer: Any) -> str:
    """The key that the page carries."""
    return read(answer).all("input", name="key")[0].attributes["value"]


@pytest.mark.parametrize("changed", [{"reason": "A cold"}, {"comment": "By the side door"}, {"length": "2"}])
def test_rita_goes_back_changes_what_she_typed_and_is_told_that_it_is_booked_already(
    desk: Desk, changed: dict[str, str]
) -> None:
    path, key = f"{desk.of()}/book/{desk.tomorrow[0].id}", str(uuid4())
    assert desk.client.post(path, {"key": key, **SAID}).status_code == 302
    answer = desk.client.post(path, {"key": key, **SAID, **changed})
    assert answer.status_code == 409
    assert USED in said(answer)
    assert key_of(answer) != key
    assert all(value in answer.content.decode() for value in changed.values())
    made = Appointment.objects.get(slot=desk.tomorrow[0])
    assert (made.reason, made.comment) == ("A cough", "")


def test_another_slot_under_the_same_key_is_not_said_to_be_booked(desk: Desk) -> None:
    key = str(uuid4())
    desk.client.post(f"{desk.of()}/book/{desk.tomorrow[0].id}", {"key": key, **SAID})
    answer = desk.client.post(f"{desk.of()}/book/{desk.tomorrow[2].id}", {"key": key, **SAID})
    assert answer.status_code == 409
    assert USED in said(answer)
    assert not Appointment.objects.filter(slot=desk.tomorrow[2]).exists()


@pytest.mark.parametrize("freed", [False, True])
def test_an_extra_sent_twice_is_one_extra_and_with_another_reason_it_says_so(desk: Desk, freed: bool) -> None:
    """Also when the first of the two in the slot was cancelled between the two sendings."""
    femi, key = a_patient_of(desk.practice), str(uuid4())
    path, given = (
        f"{desk.of(femi)}/book/{desk.today[0].id}",
        {"key": key, **SAID, "extra_reason": "A baby with a fever"},
    )
    first = desk.client.post(path, given)
    assert first.status_code == 302
    if freed:
        gone = {"status": "cancelled", "cancelled_at": desk.now, "cancelled_by": None, "cancelled_through": "link"}
        Appointment.objects.filter(id=desk.appointment.id).update(**gone)
    again = desk.client.post(path, given)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    other = desk.client.post(path, {**given, "extra_reason": "Another reason"})
    assert (other.status_code, USED in said(other)) == (409, True)
    assert Appointment.objects.filter(patient_id=femi.id).count() == 1


@pytest.mark.parametrize("freed", [False, True])
def test_a_clash_that_was_ticked_is_the_same_when_it_is_sent_again(desk: Desk, freed: bool) -> None:
    slot = a_slot_of(desk.practice, desk.today[0].starts_at)
    path, given = f"{desk.of()}/book/{slot.id}", {"key": str(uuid4()), **SAID, "knows_of_clash": "on"}
    first = desk.client.post(path, given)
    assert first.status_code == 302
    if freed:
        gone = {"status": "cancelled", "cancelled_at": desk.now, "cancelled_by": None, "cancelled_through": "link"}
        Appointment.objects.filter(id=desk.appointment.id).update(**gone)
    assert desk.client.post(path, given).headers["Location"] == first.headers["Location"]


def test_a_move_sent_again_leads_to_the_same_and_to_another_time_says_so(desk: Desk) -> None:
    old, key = an_appointment(desk.tomorrow[5], desk.robin), str(uuid4())
    path, given = f"{desk.of()}/appointments/{old.id}/move", {"key": key, "channel": "desk"}
    first = desk.client.post(f"{path}/{desk.tomorrow[0].id}", given)
    assert first.status_code == 302
    assert desk.client.post(f"{path}/{desk.tomorrow[0].id}", given).headers["Location"] == first.headers["Location"]
    other = desk.client.post(f"{path}/{desk.tomorrow[2].id}", given)
    assert (other.status_code, USED in said(other)) == (409, True)
    assert not Appointment.objects.filter(slot=desk.tomorrow[2]).exists()


def test_a_patient_who_moves_again_with_the_same_page_to_another_time_is_told_so(desk: Desk) -> None:
    with time_machine.travel(desk.now - timedelta(hours=1), tick=False):
        browser = Client()
        browser.force_login(an_account_for(desk.robin))
        old = an_appointment(desk.tomorrow[5], desk.robin)
        given = {"key": str(uuid4())}
        assert browser.post(f"/appointments/{old.id}/move/{desk.tomorrow[0].id}", given).status_code == 302
        other = browser.post(f"/appointments/{old.id}/move/{desk.tomorrow[2].id}", given)
    assert (other.status_code, USED in said(other)) == (409, True)
    assert not Appointment.objects.filter(slot=desk.tomorrow[2]).exists()
