"""Who leaves on a later day works until then: on the lists of that day they stand, and on its own day no more."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

import pytest

from patient_online.access.actions.registering import name_vouchers
from patient_online.access.queries.registering import vouchers
from patient_online.appointments.queries import who_and_what
from patient_online.asking import Role, Staff
from patient_online.demo.factories import an_account, staff_of, the_maker
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, StaffMember
from patient_online.tasks.queries import colleagues, managers_addresses, who_may_have

pytestmark = pytest.mark.django_db
LISTS: dict[str, Callable[[Staff, date], Collection[StaffMember]]] = {
    "clinicians offered at the desk": lambda staff, on: who_and_what(staff, on=on)[0],
    "who may own a task": lambda staff, on: who_may_have(staff, None, on=on),
    "who may cover": lambda staff, on: colleagues(staff, on=on),
    "who may vouch": lambda staff, on: vouchers(staff, on=on),
}


@pytest.fixture
def last(now: datetime) -> date:
    """Their first day without access, in three days."""
    return local_day(now) + timedelta(days=3)


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_who_leaves_later_is_listed_until_that_day(
    practice: Practice, last: date, listed: Callable[[Staff, date], Collection[StaffMember]]
) -> None:
    asks = staff_of(practice, Role.MANAGER)
    leaver = staff_of(practice, Role.GP, to_day=last, sees_patients=True)
    for on, there in ((last - timedelta(days=1), True), (last, False)):
        assert (leaver.staff_id in {member.id for member in listed(asks, on)}) is there


def test_a_manager_who_leaves_later_is_written_to_until_then(practice: Practice, last: date) -> None:
    staff_of(practice, Role.MANAGER, account=an_account("margery@example.com"), to_day=last)
    system = the_maker(practice)
    assert managers_addresses(system, on=last - timedelta(days=1)) == ["margery@example.com"]
    assert managers_addresses(system, on=last) == []


def test_who_leaves_later_is_named_to_vouch(practice: Practice, now: datetime, last: date) -> None:
    leaver = staff_of(practice, Role.GP, to_day=last).staff_id
    name_vouchers([leaver], by=staff_of(practice, Role.MANAGER), at=now)
    assert StaffMember.objects.get(practice=practice, id=leaver).may_vouch
