"""What tests of pages begin with."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from patient_online.demo.factories import a_practice
from patient_online.practices.models import Practice


@pytest.fixture
def practice(now: datetime) -> Iterator[Practice]:
    """A practice on a Tuesday morning at 8am."""
    with time_machine.travel(now, tick=False):
        yield a_practice()
