"""What each page costs: SQL statements, counted."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from patient_online.access.tests.pages_known import PRACTICE_PAGES, address, known_at
from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_patient_of,
    a_slot_of,
    a_slot_type,
    an_account_for,
    an_appointment,
    the_maker,
)
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db
# Statements that each page costs: one to know who is asking, one or two for the content, one for the audit entry.
# A page of the practice costs one more: its menu says how much stands on the work list. A file has no menu.
NO_MENU = {"appointments:unmet_file"}
BUDGET = {
    "home": 5,
    "appointments:mine": 5,
    "appointments:search": 7,
    "appointments:red_flags": 4,
    "appointments:booked": 4,
    "appointments:one": 4,
    "appointments:calendar": 4,
    "appointments:cancel": 3,
    "appointments:move": 8,
    "appointments:confirm_move": 5,
    "access:details": 5,
    "web:about": 1,
    "appointments:confirm": 3,
    "appointments:day": 4,
    "appointments:words": 4,
    "appointments:word": 2,
    "appointments:rules": 4,
    "appointments:add_rule": 5,
    "appointments:change_rule": 5,
    "appointments:remove_rule": 3,
    "appointments:groups": 2,
    "appointments:add_group": 1,
    "appointments:group": 4,
    "appointments:rename_group": 2,
    "appointments:join_group": 2,
    "appointments:leave_group": 3,
    "appointments:preview": 1,
    "appointments:preview_policy": 2,
    "access:policies": 2,
    "access:policy": 2,
    "access:services": 3,
    "access:service": 2,
    "access:notices": 5,
    "access:notice": 2,
    "access:versions": 3,
    "access:version": 3,
    "access:closures": 4,
    "access:new_closure": 1,
    "access:take_back": 2,
    "access:needs": 3,
    "access:contact": 3,
    "access:contact_change": 3,
    "access:contact_code": 4,
    "access:task": 4,
    "access:cover": 3,
    "access:take_back_cover": 2,
    "access:details_request": 4,
    "access:correct_details": 3,
    "access:service_history": 4,
    "access:take_back_switch": 2,
    "appointments:unmet": 2,
    "appointments:unmet_file": 2,
}


@pytest.mark.parametrize("route", BUDGET)
def test_a_page_costs_no_more_statements_than_it_may(practice: Practice, now: datetime, route: str) -> None:
    """However much there is to show: here forty free slots and two appointments."""
    patient = a_patient_of(practice)
    set_policy(practice, name="most_future_appointments", value=3, by=the_maker(practice), at=now)
    kind = a_slot_type(practice)
    free = [a_slot_of(practice, now + timedelta(days=2, minutes=10 * n), kind=kind) for n in range(40)]
    appointment = an_appointment(a_slot_of(practice, now + timedelta(days=1)), patient)
    an_appointment(a_slot_of(practice, now + timedelta(hours=5)), patient)
    client = signed_in(an_account_for(patient))
    client.post(f"/appointments/slots/{free[0].id}/before-you-book", {"key": str(uuid4())})
    if route in PRACTICE_PAGES:
        client = staff(practice, Role.MANAGER)
    known: dict[str, Any] = known_at(practice, route) | {"route": "email"}
    if route not in PRACTICE_PAGES:
        known |= {"slot_id": free[0].id, "appointment_id": appointment.id}
    menu = 1 if route in PRACTICE_PAGES and route not in NO_MENU else 0
    with statements() as made:
        assert client.get(address(route, known)).status_code == 200
    assert len(made) == BUDGET[route] + menu, "\n".join(made)
