"""Pressing the button again after a refusal, and addresses that nobody would type."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import slot_following
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_slot_of, an_account_for, an_appointment
from patient_online.practices.models import Practice
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(practice: Practice) -> Client:
    """The browser of a patient who has gone past the signs of an emergency."""
    client = Client()
    client.force_login(an_account_for(a_patient_of(practice)))
    return client


def key_in(page: str) -> str:
    """The idempotency key that the page's form carries."""
    return page.split('name="key"')[1].split('value="')[1].split('"')[0]


def confirm(browser: Client, slot: Slot, **typed: str) -> tuple[int, str]:
    """The answer to the form of the confirm page, as it stands on the page."""
    browser.post(f"/appointments/slots/{slot.id}/before-you-book", {"key": "01890000-0000-7000-8000-000000000000"})
    answer = browser.post(f"/appointments/slots/{slot.id}", {"length": "1", **typed})
    return answer.status_code, answer.content.decode()


def test_after_a_refusal_the_button_asks_anew_whatever_was_changed(
    browser: Client, slots: list[Slot], practice: Practice, now: datetime
) -> None:
    taken = an_appointment(slots[0], a_patient_of(practice))
    with time_machine.travel(now):
        key = "01890000-0000-7000-8000-000000000001"
        status, page = confirm(browser, slots[0], key=key, reason="a cough")
        assert status == 409
        assert key_in(page) != key
        status, page = confirm(browser, slots[0], key=key_in(page), reason="a cough and a cold")
        assert status == 409
        Appointment.objects.filter(id=taken.id).update(
            status="cancelled", cancelled_at=now, cancelled_by=taken.booked_by, cancelled_through="online"
        )
        status, page = confirm(browser, slots[0], key=key_in(page), reason="a cough and a cold")
    assert status == 302
    assert Appointment.objects.get(status="booked").reason == "a cough and a cold"


def test_a_page_used_for_another_request_says_so_and_does_nothing(
    browser: Client, slots: list[Slot], now: datetime
) -> None:
    with time_machine.travel(now):
        key = "01890000-0000-7000-8000-000000000002"
        assert confirm(browser, slots[0], key=key)[0] == 302
        status, page = confirm(browser, slots[1], key=key)
    assert status == 409
    assert "This page was already used to send something else." in page
    assert "Nothing was changed" not in page
    assert Appointment.objects.count() == 1


def test_who_presses_once_is_not_asked_about_an_earlier_press(
    browser: Client, slots: list[Slot], now: datetime
) -> None:
    with time_machine.travel(now):
        with statements() as made:
            assert confirm(browser, slots[0], key="01890000-0000-7000-8000-000000000003")[0] == 302
        kept = [each.split()[0] for each in made if "storage_idempotentrequest" in each]
        slots[0].online = False
        slots[0].save()
        assert confirm(browser, slots[0], key="01890000-0000-7000-8000-000000000003")[0] == 302
    assert kept == ["INSERT", "WITH"]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "/appointments/book?from=9999-12-31",
        "/appointments/book?from=0001-01-01",
        "/appointments/book?from=x&day=9999-12-31",
    ],
)
def test_a_search_of_days_that_cannot_be_is_a_search_of_days_that_can(
    browser: Client, slots: list[Slot], now: datetime, address: str
) -> None:
    with time_machine.travel(now):
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_that_no_book_has_is_not_found(browser: Client, day: str) -> None:
    assert browser.get(f"/appointments/book-of-the-day/{day}").status_code == 404


def test_a_double_is_not_offered_before_its_second_half_is_released(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    second = slots[1]
    Slot.objects.filter(id=second.id).update(release_at=now + timedelta(minutes=1))
    assert slot_following(ann, slots[0], at=now) is None
    assert slot_following(ann, slots[0], at=now + timedelta(minutes=1)) == second


def test_an_empty_fortnight_leads_to_the_next_free_day(browser: Client, slots: list[Slot], now: datetime) -> None:
    with time_machine.travel(now):
        page = browser.get(f"/appointments/book?from={now.date() + timedelta(days=7)}").content.decode()
        day = slots[0].day.isoformat()
        assert f'href="/appointments/book?day={day}"' in page
        page = browser.get(f"/appointments/book?day={day}").content.decode()
    assert str(slots[0].id) in page


def test_a_day_of_weeks_ahead_is_shown_when_its_address_is_opened(
    browser: Client, slots: list[Slot], practice: Practice, now: datetime
) -> None:
    late = a_slot_of(practice, now + timedelta(days=20))
    with time_machine.travel(now):
        page = browser.get(f"/appointments/book?day={late.day}").content.decode()
    assert str(late.id) in page
