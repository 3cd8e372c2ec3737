"""What tests of the work list begin with."""

from collections.abc import Iterator

import pytest

from patient_online.demo.factories import a_practice
from patient_online.practices.models import Practice
from patient_online.tasks.tests.people import two_kinds


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice."""
    return a_practice()


@pytest.fixture(autouse=True)
def kinds_for_tests() -> Iterator[None]:
    """Two kinds of task that are there for the tests."""
    with two_kinds():
        yield
