"""Who saw a patient's name in a day's list is found in that patient's own trail."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from patient_online.appointments.queries import day_list
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_schedule, an_appointment, slots_in, staff_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


def test_every_patient_in_the_list_has_one_entry_and_nobody_else_has_any(now: datetime) -> None:
    """Also who comes twice that day; not who cancelled, comes on another day, or is registered elsewhere."""
    practice, elsewhere = a_practice(), a_practice()
    slots = slots_in(a_schedule(practice, now.replace(hour=10)))
    ann, ben, gone, later = (a_patient_of(practice) for _ in range(4))
    for slot, patient in zip(slots, (ann, ben, ann), strict=False):
        an_appointment(slot, patient)
    an_appointment(slots[5], gone, status="cancelled", cancelled_at=now, cancelled_by=ann.id, cancelled_through="desk")
    an_appointment(slots_in(a_schedule(practice, now + timedelta(days=1)), most=1)[0], later)
    an_appointment(slots_in(a_schedule(elsewhere, now.replace(hour=10)), most=1)[0], a_patient_of(elsewhere))
    rita = staff_of(practice, Role.RECEPTIONIST)
    with statements() as made:
        day_list(rita, now.date(), at=now)
    seen = Entry.objects.filter(event="appointment.day_seen")
    assert Counter(entry.patient_id for entry in seen) == {ann.id: 1, ben.id: 1}
    assert {(entry.practice_id, entry.staff_id, entry.at) for entry in seen} == {
        (practice.ods_code, rita.staff_id, now)
    }
    assert [entry.details for entry in seen] == [{"day": "2026-03-03"}] * 2
    assert len([statement for statement in made if statement.startswith("INSERT")]) == 1


def test_a_list_without_patients_leaves_an_entry_of_its_own(now: datetime) -> None:
    rita = staff_of(a_practice(), Role.RECEPTIONIST)
    assert day_list(rita, date(2026, 3, 8), at=now).rows == ()
    entry = Entry.objects.get(event="appointment.day_seen")
    assert (entry.patient_id, entry.staff_id, entry.details) == (None, rita.staff_id, {"day": "2026-03-08"})
