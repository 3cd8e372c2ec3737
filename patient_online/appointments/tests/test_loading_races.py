"""A book that comes in while patients book."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import sleep

import pytest
from django.db import connections, transaction

from patient_online.appointments.imports import read_book
from patient_online.appointments.loading import Loaded, load_book
from patient_online.appointments.models import Slot
from patient_online.appointments.settling import NotSettled
from patient_online.appointments.tests.book_file import a_book, a_slot
from patient_online.asking import System
from patient_online.demo.factories import a_patient_of, a_practice, an_appointment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def load(at: datetime, *rows: dict[str, str]) -> Loaded:
    return load_book(read_book(a_book(*rows)), by=System("import_appointment_book", "X90001"), at=at)


def test_a_slot_that_is_booked_while_the_book_comes_in_is_not_changed(now: datetime) -> None:
    practice = a_practice("X90001")
    load(now, a_slot())
    patient, slot = a_patient_of(practice), Slot.objects.get()
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Slot.objects.select_for_update().get(id=slot.id)
        an_appointment(slot, patient)
        loading = other.submit(_load_and_leave, now, a_slot(mode="telephone"))
        _wait_until_it_waits_for_us(loading)
    assert [(row.line, row.refused.reason) for row in loading.result().refused] == [(2, NotSettled.BOOKED)]
    assert Slot.objects.get().mode == "in-person"


def _load_and_leave(at: datetime, *rows: dict[str, str]) -> Loaded:
    try:
        return load(at, *rows)
    finally:
        connections.close_all()


def _wait_until_it_waits_for_us(loading: Future[Loaded]) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _each in range(6000):
        with connections["owner"].cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        assert not loading.done()
        sleep(0.01)
    raise AssertionError("the load never came to the slot")
