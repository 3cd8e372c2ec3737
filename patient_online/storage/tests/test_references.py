"""A reference to a row of the same practice never reaches another one: not in Python, not in SQL."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from patient_online.appointments.models import Appointment, Schedule, Slot, SlotType
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    an_appointment,
    slots_in,
)
from patient_online.storage.fields import InPractice

pytestmark = pytest.mark.django_db
SAME = UUID(int=7)
COMPOSITE_KEYS = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) = 2"


def two_schedules_with_the_same_id(now: datetime) -> tuple[Schedule, Schedule]:
    """A schedule here and one at another practice, told apart by their practice alone; each has two slots."""
    here, there = (a_schedule(a_practice(), now, id=SAME, name=name) for name in ("Here", "There"))
    for schedule in (here, there):
        slots_in(schedule, most=2)
    return here, there


def test_a_slot_cannot_be_put_into_the_schedule_of_another_practice(now: datetime) -> None:
    slot, elsewhere = a_slot_of(a_practice(), now), a_schedule(a_practice(), now)
    before = slot.practice_id, slot.schedule_id
    with pytest.raises(ValueError, match="belongs to another practice"):
        slot.schedule = elsewhere
    with pytest.raises(ValueError, match="belongs to another practice"):
        Slot(practice=slot.practice, schedule=elsewhere)
    assert (slot.practice_id, slot.schedule_id) == before


def test_a_slot_cannot_be_put_into_something_that_is_no_schedule(now: datetime) -> None:
    slot = a_slot_of(a_practice(), now)
    with pytest.raises(TypeError, match="must be a Schedule"):
        slot.schedule = slot.type


def test_taking_a_reference_away_leaves_the_practice(now: datetime) -> None:
    practice = a_practice()
    patient = a_patient_of(practice)
    first = an_appointment(a_slot_of(practice, now), patient)
    second = an_appointment(a_slot_of(practice, now + timedelta(hours=1)), patient, continues=first)
    assert second.continues_id == first.id
    second.continues = None
    assert second.continues_id is None
    assert second.continues is None
    assert second.practice_id == practice.ods_code


def test_the_database_refuses_a_slot_of_another_practice(now: datetime) -> None:
    here, there = a_practice(), a_practice()
    patient, elsewhere = a_patient_of(here), a_slot_of(there, now)
    appointment = an_appointment(a_slot_of(here, now), patient)
    with pytest.raises(IntegrityError, match="appointment_slot_of_its_practice"), transaction.atomic():
        Appointment.objects.filter(id=appointment.id).update(slot_id=elsewhere.id)
    with pytest.raises(IntegrityError, match="appointment_slot_of_its_practice"), transaction.atomic():
        Appointment.objects.create(
            practice=here, slot_id=elsewhere.id, patient=patient, booked_at=now, booked_by=SAME, booked_through="online"
        )


def test_every_reference_has_its_key_in_the_database() -> None:
    wanted = {
        each.name for model in apps.get_models() for each in model._meta.constraints if isinstance(each, InPractice)
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPOSITE_KEYS)
        found = {name for (name,) in cursor.fetchall()}
    assert wanted
    assert wanted == found


def test_filters_meet_only_rows_of_the_same_practice(now: datetime) -> None:
    here, there = two_schedules_with_the_same_id(now)
    assert {slot.practice_id for slot in Slot.objects.filter(schedule__name="Here")} == {here.practice_id}
    assert Slot.objects.filter(schedule=there).count() == 2
    assert Slot.objects.filter(schedule__practice=here.practice, schedule__name="There").count() == 0


def test_filters_go_both_ways(now: datetime) -> None:
    practice = a_practice()
    patient = a_patient_of(practice)
    an_appointment(a_slot_of(practice, now), patient)
    a_slot_of(practice, now)
    assert Slot.objects.filter(appointments__patient=patient).count() == 1
    assert Slot.objects.filter(appointments=None).count() == 1
    assert Schedule.objects.filter(slots__appointments__patient__family_name=patient.family_name).count() == 1


def test_select_related_brings_the_row_of_the_same_practice(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    here, there = two_schedules_with_the_same_id(now)
    with django_assert_num_queries(1):
        slots = Slot.objects.select_related("schedule", "schedule__site", "type")
        found = {(slot.practice_id, slot.schedule.name, slot.schedule.site.practice_id) for slot in slots}
    assert found == {(here.practice_id, "Here", here.practice_id), (there.practice_id, "There", there.practice_id)}


def test_prefetch_related_goes_both_ways_within_the_practice(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    two_schedules_with_the_same_id(now)
    with django_assert_num_queries(2):
        schedules = list(Schedule.objects.prefetch_related("slots"))
        assert all({slot.practice_id for slot in each.slots.all()} == {each.practice_id} for each in schedules)
        assert [len(each.slots.all()) for each in schedules] == [2, 2]
    with django_assert_num_queries(2):
        slots = list(Slot.objects.prefetch_related("schedule"))
        assert {(slot.practice_id == slot.schedule.practice_id) for slot in slots} == {True}


def test_what_hangs_on_a_row_is_of_the_same_practice(now: datetime) -> None:
    here, there = two_schedules_with_the_same_id(now)
    assert {slot.practice_id for slot in here.slots.all()} == {here.practice_id}
    assert {slot.practice_id for slot in there.slots.all()} == {there.practice_id}


def test_the_same_id_at_two_practices_names_two_rows() -> None:
    here, there = (a_slot_type(a_practice(), id=SAME, name=name) for name in ("Here", "There"))
    assert here.pk == (here.practice_id, SAME)
    assert SlotType.objects.get(pk=there.pk).name == "There"
