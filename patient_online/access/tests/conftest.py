"""What tests of pages begin with."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from patient_online.access.tests.amended import HOME, WHOLE
from patient_online.asking import Acting, Role, Staff
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_account_for, staff_of, switch_on
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice


@pytest.fixture
def practice(now: datetime) -> Iterator[Practice]:
    """A practice on a Tuesday morning at 8am."""
    with time_machine.travel(now, tick=False):
        yield a_practice()


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """The time, which stands still until it is moved."""
    with time_machine.travel(now, tick=False) as travelled:
        yield travelled


@pytest.fixture
def ann(practice: Practice) -> Patient:
    """A patient of a practice that has switched on changes of details."""
    switch_on(practice, Service.DEMOGRAPHICS)
    return a_patient_of(practice, **HOME, postcode="ZZ99 3VZ")


@pytest.fixture
def hers(ann: Patient) -> Acting:
    """Ann, signed in."""
    return acting_as(ann, an_account_for(ann, services=WHOLE))


@pytest.fixture
def desk(practice: Practice) -> Staff:
    """Somebody at the reception desk."""
    return staff_of(practice, Role.RECEPTIONIST)
