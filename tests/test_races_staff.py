"""Those who look after a practice's staff, at once, on a real database with a connection each.

Seen to fail by hand: without the practice's lock in `staffing._held` both managers lost the role, or had left.
"""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from patient_online.access.actions import staffing
from patient_online.access.models import WorksAt
from patient_online.access.rules.staffing import NotStaffed, keeps
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_practice, staff_of
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from tests.at_once import at_once
from tests.test_races_practice import came_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def takes_the_role(by: Staff, whose: StaffMember, at: datetime) -> Any:
    """Take the role of manager away from somebody."""
    given: dict[str, Any] = {"name": whose.name, "job": whose.job, "sees_patients": False, "seen": [Role.MANAGER]}
    return came_of(partial(staffing.change_member, whose, **given, roles=[Role.NURSE], by=by, at=at))


def lets_go(by: Staff, whose: StaffMember, at: datetime) -> Any:
    """End somebody's work here now."""
    return came_of(partial(staffing.leave, whose, day=local_day(at), by=by, at=at))


@pytest.mark.parametrize("deed", [takes_the_role, lets_go])
def test_two_managers_who_put_each_other_out_at_once_leave_one(deed: Any, now: datetime) -> None:
    """Of the two, one is told that they would be the last."""
    for _ in range(6):
        practice = a_practice()
        ada, bob = (staff_of(practice, Role.MANAGER) for _ in range(2))
        rows = {staff: StaffMember.objects.get(id=staff.staff_id) for staff in (ada, bob)}
        answers = at_once([partial(deed, ada, rows[bob], now), partial(deed, bob, rows[ada], now)])
        assert answers.count(NotStaffed.LAST_KEEPER) == 1
        listed = WorksAt.objects.filter(practice_id=practice.ods_code)
        assert sum(keeps(one.roles) for one in listed) == 1
