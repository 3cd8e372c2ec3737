"""A page stays open while the practice moves the session on it: nobody is given a time that they have not seen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from patient_online.appointments import actions
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.booking import NotBooked, why_not_as_seen
from patient_online.appointments.tests.clinics import Morning
from patient_online.appointments.tests.test_move_session import moves, to
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account, an_account_for, staff_of
from patient_online.nhs.dates import london
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
NEW = "The practice has moved this appointment: it is now at 8am on Thursday 5 March 2026."


@pytest.fixture
def robin(morning: Morning) -> Patient:
    """A patient of the practice."""
    return a_patient_of(morning.practice)


@pytest.fixture
def browser(client: Client, robin: Patient, morning: Morning) -> Client:
    """Robin's browser, past the signs of an emergency."""
    client.force_login(an_account_for(robin))
    client.post(f"{page_of(morning)}/before-you-book", {"key": "01890000-0000-7000-8000-000000000000"})
    return client


@pytest.fixture
def desk(morning: Morning) -> Client:
    """A receptionist's browser."""
    client, account = Client(), an_account()
    staff_of(morning.practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    return client


def page_of(morning: Morning) -> str:
    """The page on which the first time of the morning is confirmed."""
    return f"/appointments/slots/{morning.slots[0].id}"


def said(response: Any) -> str:
    """What the page says."""
    return " ".join(read(response).all("main")[0].text.split())


def form_in(response: Any) -> dict[str, str]:
    """What the page's form holds, radios aside."""
    boxes = [one.attributes for one in read(response).all("input") if one.attributes.get("type") != "radio"]
    return {one.get("name", ""): one.get("value", "") for one in boxes}


def on_thursday(morning: Morning) -> None:
    """The practice moves the session by a day."""
    moves(morning, to(morning, timedelta(days=1)))


def shifts(slots: list[Slot], by: timedelta) -> None:
    """The practice moves another session, by a length that no time of it meets another with."""
    Slot.objects.filter(schedule_id=slots[0].schedule_id).update(
        starts_at=F("starts_at") + by, ends_at=F("ends_at") + by
    )


def the_only_start() -> datetime:
    """When the one appointment that is booked starts."""
    starts_at: datetime = Appointment.objects.values_list("slot__starts_at", flat=True).get(status="booked")
    return starts_at


def test_a_patient_is_not_booked_at_a_time_they_have_not_seen_and_one_more_press_books_it(
    browser: Client, morning: Morning
) -> None:
    open_ = form_in(browser.get(page_of(morning)))
    on_thursday(morning)
    response = browser.post(page_of(morning), {**open_, "length": "1", "reason": "a cough"})
    assert response.status_code == 409
    assert NEW in said(response)
    assert read(response).all("title")[0].text.startswith("Error: ")
    assert "Thursday 5 March 2026" in said(response).split("Check the new time, then confirm again.")[1]
    assert "a cough" in said(response)
    assert not Appointment.objects.exists()
    again = form_in(response)
    assert again["key"] != open_["key"]
    assert browser.post(page_of(morning), {**again, "length": "1", "reason": "a cough"}).status_code == 302
    assert the_only_start() == london(2026, 3, 5, 8)


def test_a_patient_is_not_moved_to_a_time_they_have_not_seen_and_one_more_press_moves_them(
    browser: Client, robin: Patient, morning: Morning
) -> None:
    later = morning.another(morning.now + timedelta(days=3))
    mine = morning.booked(0, patient=robin)
    page = f"/appointments/{mine.id}/move/{later[0].id}"
    open_ = form_in(browser.get(page))
    shifts(later, timedelta(minutes=-90))
    response = browser.post(page, open_)
    assert response.status_code == 409
    assert "it is now at 6:30am on Friday 6 March 2026." in said(response)
    assert "6:30am to 6:40am" in said(response)
    assert the_only_start() == morning.slots[0].starts_at
    assert browser.post(page, form_in(response)).status_code == 302
    assert the_only_start() == later[0].starts_at - timedelta(minutes=90)


def test_the_same_press_sent_again_after_the_session_was_moved_still_gets_the_same_answer(
    browser: Client, robin: Patient, morning: Morning
) -> None:
    open_ = {**form_in(browser.get(page_of(morning))), "length": "1"}
    first: Any = browser.post(page_of(morning), open_)
    later = morning.another(morning.now + timedelta(days=3))
    on_thursday(morning)
    again: Any = browser.post(page_of(morning), open_)
    assert first.url == again.url
    page = f"/appointments/{Appointment.objects.get().id}/move/{later[0].id}"
    moving = form_in(browser.get(page))
    first = browser.post(page, moving)
    shifts(later, timedelta(days=1))
    again = browser.post(page, moving)
    assert (first.status_code, first.url) == (302, again.url)
    assert Appointment.objects.filter(status="booked").count() == 1


def test_the_desk_is_told_before_it_books_a_time_that_was_moved(desk: Client, robin: Patient, morning: Morning) -> None:
    page = f"/practice/patients/{robin.id}/book/{morning.slots[0].id}"
    open_ = {**form_in(desk.get(page)), "channel": "telephone", "length": "1", "reason": "a cough"}
    on_thursday(morning)
    response = desk.post(page, open_)
    assert response.status_code == 409
    assert NEW in said(response)
    assert "a cough" in response.content.decode()
    assert not Appointment.objects.exists()
    assert desk.post(page, {**open_, **form_in(response)}).status_code == 302
    assert the_only_start() == london(2026, 3, 5, 8)


def test_the_desk_is_told_before_it_moves_somebody_to_a_time_that_was_moved(
    desk: Client, robin: Patient, morning: Morning
) -> None:
    mine = morning.booked(0, patient=robin)
    away = morning.another(morning.now + timedelta(days=3))
    page = f"/practice/patients/{robin.id}/appointments/{mine.id}/move/{away[0].id}"
    open_ = {**form_in(desk.get(page)), "channel": "desk"}
    shifts(away, timedelta(minutes=-60))
    response = desk.post(page, open_)
    assert response.status_code == 409
    assert "it is now at 7am on Friday 6 March 2026." in said(response)
    assert desk.post(page, {**open_, **form_in(response)}).status_code == 302
    assert the_only_start() == away[0].starts_at - timedelta(minutes=60)


def test_times_of_another_page_are_not_carried_to_one_that_was_chosen_instead(
    browser: Client, morning: Morning
) -> None:
    old = form_in(browser.get(page_of(morning)))
    instead = f"/appointments/slots/{morning.slots[1].id}"
    page = form_in(browser.post(instead, {**old, "length": "1", "instead": "1"}))
    assert page["starts"] == morning.slots[1].starts_at.isoformat()


def test_a_slot_moved_between_the_page_and_the_lock_is_not_given_by_the_desk(robin: Patient, morning: Morning) -> None:
    """The desk's action compares the time once more with the one under the lock."""
    on_thursday(morning)
    with pytest.raises(Refused) as refused:
        actions.book_for(morning.slots[0], robin, by=morning.rita, key=uuid7(), at=morning.now)
    assert refused.value.reason is NotBooked.MOVED
    assert not Appointment.objects.exists()


def test_a_slot_moved_between_the_page_and_the_lock_is_not_given_to_the_patient_either(
    robin: Patient, morning: Morning
) -> None:
    by, mine = acting_as(robin), morning.booked(1, patient=robin)
    on_thursday(morning)
    with pytest.raises(Refused) as booking:
        actions.book(morning.slots[0], by=by, key=uuid7(), at=morning.now)
    with pytest.raises(Refused) as moving:
        actions.rearrange(mine, to=morning.slots[0], by=by, key=uuid7(), at=morning.now)
    assert booking.value.reason is moving.value.reason is NotBooked.MOVED
    assert Appointment.objects.get().id == mine.id


def test_what_is_seen_is_what_is_given(now: datetime) -> None:
    assert why_not_as_seen(seen=now, starts_at=now) is None
    assert why_not_as_seen(seen=None, starts_at=now) is None
    assert why_not_as_seen(seen=now, starts_at=now + timedelta(minutes=1)) is NotBooked.MOVED
