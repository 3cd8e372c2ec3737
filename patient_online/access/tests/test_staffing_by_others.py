"""Who may not look after staff: other roles, and those of another practice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from patient_online.access.actions import inviting, staffing
from patient_online.asking import NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, StaffMember
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db


def member_of(staff: Staff) -> StaffMember:
    """The row of somebody who works at a practice."""
    return StaffMember.objects.get(practice_id=staff.practice_id, id=staff.staff_id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.ADMINISTRATOR}))
def test_nobody_else_adds_changes_or_invites(practice: Practice, role: Role, now: datetime) -> None:
    """The actions say so themselves."""
    staff, nurse = staff_of(practice, role), member_of(staff_of(practice, Role.NURSE))
    roles: dict[str, Any] = {"roles": [Role.MANAGER], "sees_patients": False, "by": staff, "at": now}
    deeds: list[Callable[[], Any]] = [
        lambda: staffing.add_member("A", "B", **roles),
        lambda: staffing.change_member(nurse, name="A", job="B", seen=[Role.NURSE], **roles),
        lambda: staffing.leave(nurse, day=local_day(now), by=staff, at=now),
        lambda: staffing.come_back(nurse, by=staff, at=now),
        lambda: inviting.invite(nurse, email="", by=staff, at=now),
    ]
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.reason is NotAllowed.ROLE_NEEDED
    assert Entry.objects.filter(event__startswith="staff.", refused_by=NotAllowed.ROLE_NEEDED.rule).count() == 5


def test_the_staff_of_another_practice_are_nobody_here(practice: Practice, now: datetime) -> None:
    """Their pages answer as for nobody; their actions are refused."""
    manager = staff_of(practice, Role.MANAGER, account=(account := an_account()))
    client = signed_in(account)
    elsewhere = staff_of(a_practice(), Role.NURSE)
    for page in ("", "/change", "/leaves", "/back", "/way-in"):
        theirs = client.get(f"/practice/staff/{elsewhere.staff_id}{page}")
        nobodys = client.get(f"/practice/staff/{uuid7()}{page}")
        assert (theirs.status_code, read(theirs).words("h1")) == (nobodys.status_code, read(nobodys).words("h1"))
        assert theirs.status_code == 404
    with pytest.raises(Refused) as refused:
        staffing.leave(member_of(elsewhere), day=local_day(now), by=manager, at=now)
    assert refused.value.reason is NotAllowed.OTHER_PRACTICE
