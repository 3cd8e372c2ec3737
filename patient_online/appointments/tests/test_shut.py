"""A closed day and a clinician who is away: nobody books there, though the slots stand in the book still."""

from datetime import datetime, timedelta

import pytest

from patient_online.appointments import queries
from patient_online.appointments.actions import book, enter_absence, take_back_absence
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.asked import done, free, refused
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, acting_as, staff_of
from patient_online.nhs.dates import local_day
from patient_online.practices.actions import close, take_back_closure

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_a_closed_day_is_not_offered_and_cannot_be_booked_until_the_closure_is_taken_back(now: datetime) -> None:
    practice = a_practice()
    slot, next_day = a_slot_of(practice, now + A_DAY), a_slot_of(practice, now + 2 * A_DAY)
    robin, manager = acting_as(a_patient_of(practice)), staff_of(practice, Role.MANAGER)
    closure = close(local_day(now + A_DAY), local_day(now + A_DAY), words="Training", by=manager, at=now, key=None)
    assert free(robin, now) == [next_day]
    assert queries.slot_online(robin, slot.id) is None
    assert refused(book, slot, by=robin, at=now) is NotBooked.NOT_OFFERED
    take_back_closure(closure, by=manager, at=now)
    assert free(robin, now) == [slot, next_day]
    assert done(book, slot, by=robin, at=now).slot_id == slot.id


def test_a_clinician_who_is_away_is_not_offered_and_the_others_are(now: datetime) -> None:
    practice = a_practice()
    slot, colleague = a_slot_of(practice, now + A_DAY), a_slot_of(practice, now + A_DAY + A_DAY / 24)
    robin, manager = acting_as(a_patient_of(practice)), staff_of(practice, Role.MANAGER)
    days = {"from_day": local_day(now), "to_day": local_day(now + A_DAY)}
    away = enter_absence(slot.schedule.clinician_id, **days, note="", by=manager, key=None, at=now)
    assert slot.schedule.clinician_id != colleague.schedule.clinician_id
    assert free(robin, now) == [colleague]
    assert refused(book, slot, by=robin, at=now) is NotBooked.NOT_OFFERED
    take_back_absence(away, by=manager, at=now)
    assert free(robin, now) == [slot, colleague]
