"""What a link in an old message still tells: that the appointment is over or cancelled, and nothing else."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.test_link import clock, link_to, said
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.practices.models import Practice

pytestmark = pytest.mark.django_db
__all__ = ["clock"]


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
