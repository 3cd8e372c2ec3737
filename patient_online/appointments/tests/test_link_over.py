"""What a link in an old message still tells, and what an attacker or a scanner of mail gets out of one."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.test_link import clock, link_to, said
from patient_online.appointments.tests.told import kinds_about
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.nhs.dates import london
from patient_online.practices.models import Practice

pytestmark = pytest.mark.django_db
__all__ = ["clock"]

BY_PRACTICE: dict[str, Any] = {
    "status": "cancelled",
    "cancel_reason": "withdrawn",
    "cancelled_at": london(2026, 3, 3, 7),
    "cancelled_by": uuid4(),
    "cancelled_through": "desk",
}


def test_once_it_is_over_or_given_back_the_link_tells_neither_when_nor_where(
    practice: Practice, slots: list[Slot], now: datetime
) -> None:
    """Somebody who finds the message later learns nothing of it."""
    given_back, over, seen = (an_appointment(slots[n], a_patient_of(practice)) for n in (0, 1, 2))
    Appointment.objects.filter(id=seen.id).update(outcome="attended")
    told = [given_back.slot.schedule.site.name, "2026", "am", given_back.reference, over.reference, seen.reference]
    before = said(Client().get(link_to(given_back)))
    assert [word for word in told[:4] if word not in before] == []
    pages = [Client().post(link_to(given_back), follow=True), Client().get(link_to(given_back))]
    with time_machine.travel(slots[2].starts_at + timedelta(days=400), tick=False):
        pages += [Client().get(link_to(each)) for each in (given_back, over, seen)]
        pages += [Client().post(link_to(each)) for each in (over, seen)]
    for page in pages:
        words = re.sub(r"<[^>]*>", " ", said(page).partition("<main")[2].partition("</main>")[0])
        assert [word for word in told if re.search(rf"\b{re.escape(word)}\b|\dam\b", words)] == []
        assert "01632 960 001" in words


def test_pressed_twice_it_is_cancelled_once_and_told_once(practice: Practice, slots: list[Slot]) -> None:
    booked = an_appointment(slots[0], a_patient_of(practice))
    for _ in range(2):
        assert "This appointment is cancelled" in said(Client().post(link_to(booked), follow=True))
    assert kinds_about(booked) == [("appointment-cancelled", 0)]
    assert Entry.objects.filter(event="appointment.cancelled", subject_id=booked.id, refused_by="").count() == 1


def test_only_a_press_of_the_button_cancels_whatever_else_a_scanner_of_mail_tries(
    practice: Practice, slots: list[Slot]
) -> None:
    """Scanners follow links, some with every method they know; none of them has the cookie that the form needs."""
    booked = an_appointment(slots[0], a_patient_of(practice))
    scanner = Client(enforce_csrf_checks=True)
    for method in ("get", "head", "options", "put", "patch", "delete", "post"):
        getattr(scanner, method)(link_to(booked))
    Client().get(f"{link_to(booked)}?do=cancel&confirm=yes")
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_the_seal_of_one_appointment_opens_no_other(practice: Practice, slots: list[Slot]) -> None:
    """Who holds a link of their own and knows another appointment's id puts the two together in vain."""
    mine, yours = (an_appointment(slots[n], a_patient_of(practice)) for n in (0, 1))
    own, other = (urlsafe_b64decode(link_to(each)[len("/cancel/") :] + "==") for each in (mine, yours))
    forged = urlsafe_b64encode(other[:16] + own[16:]).decode().rstrip("=")
    assert len(forged) == len(link_to(mine)) - len("/cancel/")
    assert Client().post(f"/cancel/{forged}").status_code == 404
    yours.refresh_from_db()
    assert yours.status == "booked"


def test_who_opens_the_link_after_the_practice_cancelled_is_not_told_that_all_is_done(
    practice: Practice, slots: list[Slot]
) -> None:
    theirs = an_appointment(slots[0], a_patient_of(practice), **BY_PRACTICE)
    own = an_appointment(slots[1], a_patient_of(practice), **{**BY_PRACTICE, "cancel_reason": ""})
    assert "Your practice had to cancel this appointment." in said(Client().get(link_to(theirs)))
    assert "You do not need to do anything." not in said(Client().get(link_to(theirs)))
    assert "You do not need to do anything." in said(Client().get(link_to(own)))
