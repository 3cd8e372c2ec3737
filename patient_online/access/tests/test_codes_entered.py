"""A code about access is entered at the desk."""

from datetime import date, timedelta

import pytest

from patient_online.access.actions import enter_code
from patient_online.access.models import AccessCode
from patient_online.access.rules.codes import REVIEW, NotCoded
from patient_online.access.tests.test_codes import DAY, NOON
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, staff_of
from patient_online.practices.models import Practice
from patient_online.refusals import Refused


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice."""
    return a_practice()


@pytest.mark.parametrize("role", Role)
def test_a_code_is_entered_by_a_gp_or_a_manager(practice: Practice, role: Role) -> None:
    patient = a_patient_of(practice)
    by = staff_of(practice, role)
    if role in {Role.GP, Role.MANAGER}:
        assert enter_code(patient, code=REVIEW, dated=DAY, by=by, at=NOON).recorded_by == by.account_id
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            enter_code(patient, code=REVIEW, dated=DAY, by=by, at=NOON)


@pytest.mark.parametrize(
    ("code", "dated", "reason"),
    [
        ("22298006", DAY, NotCoded.UNKNOWN),
        (REVIEW, DAY + timedelta(days=1), NotCoded.DAY_TO_COME),
        (REVIEW, date(1979, 12, 31), NotCoded.BEFORE_BIRTH),
    ],
)
def test_a_code_that_cannot_be_is_refused(practice: Practice, code: str, dated: date, reason: NotCoded) -> None:
    with pytest.raises(Refused) as no:
        enter_code(a_patient_of(practice), code=code, dated=dated, by=staff_of(practice, Role.GP), at=NOON)
    assert no.value.reason is reason
    assert not AccessCode.objects.exists()
