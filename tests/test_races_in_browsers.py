"""Fifty browsers press the same button at once."""

from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.demo.factories import a_patient_of, a_practice, a_schedule, an_account_for, slots_in
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read
from tests.at_once import at_once

FIFTY = 50


def a_browser(practice: Practice, slot: Slot) -> Client:
    """A patient's browser that has come as far as the page to confirm the slot."""
    browser = Client()
    browser.force_login(an_account_for(a_patient_of(practice)))
    browser.post(f"/appointments/slots/{slot.id}/before-you-book", {"key": str(uuid7())})
    assert browser.get(f"/appointments/slots/{slot.id}").status_code == HTTPStatus.OK
    return browser


def confirm(browser: Client, slot: Slot) -> Any:
    """Press the button."""
    answers = {"key": str(uuid7()), "length": "1", "reason": "A cough", "comment": ""}
    return browser.post(f"/appointments/slots/{slot.id}", answers)


# The application's role may not empty tables: the owner is named too, and cleans up after each test.
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_fifty_browsers_confirm_one_slot_at_once_and_49_are_offered_five_others_spread(now: datetime) -> None:
    practice = a_practice()
    slot, *others = slots_in(a_schedule(practice, now + timedelta(days=1)), most=8)
    with time_machine.travel(now, tick=False):
        browsers = [a_browser(practice, slot) for _ in range(FIFTY)]
        answers = at_once([partial(confirm, browser, slot) for browser in browsers])
        (won,) = [n for n, answer in enumerate(answers) if answer.status_code == HTTPStatus.FOUND]
        page = read(browsers[won].get(answers[won].url))
    assert page.words("h1")[0].startswith("Appointment booked")
    turned_away = [answer for n, answer in enumerate(answers) if n != won]
    assert [answer.status_code for answer in turned_away] == [HTTPStatus.CONFLICT] * (FIFTY - 1)
    offered = []
    for answer in turned_away:
        text = answer.content.decode()
        assert NotBooked.JUST_TAKEN.words in text
        assert "A cough" in text
        offered.append({other.id for other in others if f"/appointments/slots/{other.id}" in text})
    assert {len(each) for each in offered} == {5}
    assert set.union(*offered) == {other.id for other in others}
    assert Appointment.objects.get().slot_id == slot.id
