"""Who types too little to find a patient, or a day that there is not, is told so, and not that nobody was found."""

from collections.abc import Iterator

import pytest
from django.test import Client

from patient_online.appointments.tests.desk import Desk, at_the_desk, says
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import an_account, staff_of
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
TOO_LITTLE = "Enter at least two letters of the name, a date of birth or an NHS number"
NO_SUCH_DAY = "31 February 1984 is not a real date"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a", TOO_LITTLE),
        ("1", TOO_LITTLE),
        ("'", TOO_LITTLE),
        ("31 2 1984", NO_SUCH_DAY),
        ("robin 31/02/1984", NO_SUCH_DAY),
        ("1984-2-31", NO_SUCH_DAY),
        ("31 feb 1984", NO_SUCH_DAY),
        ("1 13 1984", "1 13 1984 is not a real date"),
    ],
)
def test_the_desk_is_told_what_is_wrong_with_what_it_typed(desk: Desk, typed: str, told: str) -> None:
    answer = desk.finds(typed)
    assert told in says(answer)
    assert "Nobody was found" not in says(answer)
    page = read(answer)
    assert page.words("title")[0].startswith("Error: ")
    assert page.all("input", name="q")[0].attributes["value"] == typed
    assert not Entry.objects.filter(event="patient.found").exists()


@pytest.mark.parametrize("typed", ["zz", "29 2 1984", "9990000000", "zed 1/1/1980"])
def test_who_types_enough_is_told_that_nobody_was_found(desk: Desk, typed: str) -> None:
    assert "Nobody was found" in says(desk.finds(typed))


def test_a_manager_who_looks_for_somebody_to_preview_is_told_the_same(desk: Desk) -> None:
    manager = an_account()
    staff_of(desk.practice, Role.MANAGER, account=manager)
    answer = signed_in(manager).post("/practice/preview", {"who": "31/2/1984", "find": "1"})
    assert NO_SUCH_DAY in says(answer)
    assert "Nobody registered here" not in says(answer)
