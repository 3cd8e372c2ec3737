"""Who did not attend, however often, signs in, searches and books as before."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from patient_online.access.models import Grant
from patient_online.appointments.actions.day import record_never_arrived
from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.asking import System
from patient_online.demo.factories import a_patient_of, an_appointment, the_maker
from patient_online.nhs.dates import local_day
from patient_online.practices.actions import set_policy

pytestmark = pytest.mark.django_db


def test_nobodys_access_is_closed_by_appointments_that_they_missed(client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        book = OpenBook.of(client, now)
        for days in range(1, 6):
            missed = book.slot_at(-timedelta(days=days))
            an_appointment(missed, book.robin)
            came = book.slot_at(-timedelta(days=days))
            an_appointment(came, a_patient_of(book.practice), arrived_at=came.starts_at, outcome="attended")
        set_policy(book.practice, name="auto_did_not_attend", value=True, by=the_maker(book.practice), at=now)
        before = list(Grant.objects.values())
        system = System("record_never_arrived", book.practice.ods_code)
        assert record_never_arrived(before=local_day(now), by=system, at=now) == 5
        assert list(Grant.objects.values()) == before
        assert client.get("/appointments/book").status_code == 200
        slot = book.slots[0]
        assert book.confirms(slot, starts=slot.starts_at.isoformat()).status_code == 302
    mine = Appointment.objects.filter(patient_id=book.robin.id)
    assert mine.filter(outcome="dna").count() == 5
    assert mine.filter(status="booked", slot_id=slot.id).exists()
