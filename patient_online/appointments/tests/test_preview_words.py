"""The preview tells staff in their own words how each time stands, and then what the patient reads."""

from datetime import datetime, timedelta

import pytest
import time_machine

from patient_online.appointments.models import Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.stands import STANDS
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_patient_of,
    a_schedule,
    a_slot_type,
    an_account,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db


def test_staff_have_words_for_every_reason_that_a_patient_is_told() -> None:
    assert set(STANDS) == set(NotBooked)
    assert len(set(STANDS.values())) == len(STANDS)


def test_what_was_booked_long_ago_is_booked_and_not_just_taken(practice: Practice, now: datetime) -> None:
    manager, robin = an_account(), a_patient_of(practice)
    staff_of(practice, Role.MANAGER, account=manager)
    slots = slots_in(a_schedule(practice, now + timedelta(days=2), hours=1), kind=a_slot_type(practice))
    an_appointment(slots[0], a_patient_of(practice))
    Slot.objects.filter(id=slots[1].id).update(online=False)
    with time_machine.travel(now, tick=False):
        page = said(signed_in(manager).post("/practice/preview", {"patient": str(robin.id)}))
    totals, days = page.split("Day by day")
    for part in (totals, days):
        assert "BookedThey read: Somebody else has just taken this appointment." in part
        assert "Not onlineThey read: This appointment can no longer be booked online." in part
    assert "Can be bookedThey read" not in page
