"""A practice, a patient of it, and free slots of tomorrow morning."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from patient_online.appointments.models import Slot
from patient_online.appointments.tests.clinics import Morning, a_morning
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_practice, a_schedule, a_slot_type, acting_as, slots_in
from patient_online.practices.models import Practice


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice with appointments online."""
    return a_practice()


@pytest.fixture
def ann(practice: Practice) -> Acting:
    """A patient of it."""
    return acting_as(a_patient_of(practice))


@pytest.fixture
def slots(practice: Practice, now: datetime) -> list[Slot]:
    """Six free slots of tomorrow morning, two of which may be booked as one."""
    return slots_in(a_schedule(practice, now + timedelta(days=1)), most=6, kind=a_slot_type(practice, joins_up_to=2))


@pytest.fixture
def morning(now: datetime, db: None) -> Iterator[Morning]:
    """Six times tomorrow from 8am; it is 8am on 3 March 2026."""
    with time_machine.travel(now, tick=False):
        yield a_morning(now)
