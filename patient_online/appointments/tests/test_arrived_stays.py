"""Who has arrived keeps the appointment: neither a link, nor they online, nor a withdrawal of the session takes it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments import queries
from patient_online.appointments.actions import cancel, cancel_by_link, move_session, rearrange
from patient_online.appointments.models import Appointment, Schedule, Slot, WithdrawnAppointment
from patient_online.appointments.notices.links import token_of
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.rules.withdraw import NotWithdrawn, Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.asking import Acting, LinkHolder
from patient_online.demo.factories import a_slot_of, an_appointment
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """Six times tomorrow from 8am."""
    return a_morning(now)


@pytest.fixture
def arrived(ann: Acting, practice: Practice, now: datetime) -> Appointment:
    """Ann is in the waiting room an hour early."""
    slot = a_slot_of(practice, now + timedelta(hours=1))
    return an_appointment(slot, Patient.objects.get(id=ann.patient_id), arrived_at=now, outcome="attended")


def stands(appointment: Appointment) -> bool:
    return Appointment.objects.get(id=appointment.id).status == "booked"


def test_who_has_arrived_is_not_cancelled_by_the_link_in_a_message(arrived: Appointment, now: datetime) -> None:
    holder = LinkHolder(arrived.practice_id, arrived.patient_id, arrived.id)
    with pytest.raises(Refused) as refused:
        cancel_by_link(by=holder, at=now)
    assert refused.value.reason is NotCancelled.ARRIVED
    assert stands(arrived)


def test_the_page_of_the_link_tells_who_has_arrived_to_speak_to_the_desk(arrived: Appointment, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        page = Client().get(f"/cancel/{token_of(arrived.practice_id, arrived.id)}").content.decode()
    assert "You have been marked as arrived for this appointment." in page
    assert "Speak to the reception desk." in page


def test_who_has_arrived_neither_cancels_nor_moves_online(
    arrived: Appointment, ann: Acting, practice: Practice, now: datetime
) -> None:
    later = a_slot_of(practice, now + timedelta(days=2))
    with pytest.raises(Refused) as not_cancelled:
        cancel(arrived, by=ann, key=None, at=now)
    with pytest.raises(Refused) as not_moved:
        rearrange(arrived, to=later, by=ann, key=None, at=now)
    assert not_cancelled.value.reason is not_moved.value.reason is NotCancelled.ARRIVED
    assert stands(arrived)


def test_a_withdrawal_leaves_who_has_arrived_in_the_book_and_takes_the_others(morning: Morning) -> None:
    here = morning.booked(0, arrived_at=morning.now, outcome="attended")
    to_come = morning.booked(3)
    plan = queries.sessions_seen(morning.rita, morning.choice, at=morning.now)
    assert [row.id for row in plan.staying] == [here.id]
    assert [row.id for row in plan.appointments] == [to_come.id]
    done = morning.withdraws()
    assert (stands(here), stands(to_come)) == (True, False)
    assert [each.appointment_id for each in WithdrawnAppointment.objects.filter(withdrawal=done)] == [to_come.id]
    assert Slot.objects.get(id=here.slot_id).status == "open"
    assert Slot.objects.filter(status="withdrawn").count() == 5
    assert Schedule.objects.get().withdrawn_at is None


def test_neither_half_of_the_double_appointment_of_who_has_arrived_is_withdrawn(morning: Morning) -> None:
    """In a group the one who has arrived keeps the time open, and with it both times of who shares it."""
    Slot.objects.filter(id=morning.slots[1].id).update(seats=2)
    first = morning.booked(1, arrived_at=morning.now, outcome="attended")
    double = morning.booked(0)
    rest = an_appointment(morning.slots[1], double.patient, continues=double, seat=2)
    morning.withdraws()
    assert [stands(each) for each in (first, double, rest)] == [True, True, True]
    assert set(Slot.objects.filter(status="open").values_list("id", flat=True)) == {
        slot.id for slot in morning.slots[:2]
    }


def test_when_somebody_arrives_after_the_preview_nothing_is_done(morning: Morning) -> None:
    appointment = morning.booked(0)
    shown = morning.shown()
    Appointment.objects.filter(id=appointment.id).update(arrived_at=morning.now, outcome="attended")
    with pytest.raises(Refused) as refused:
        morning.withdraws(shown=shown)
    assert refused.value.reason is NotWithdrawn.CHANGED
    assert stands(appointment)


def test_a_session_for_which_somebody_has_arrived_is_not_moved(morning: Morning) -> None:
    morning.booked(0, arrived_at=morning.now, outcome="attended")
    schedule = morning.schedule
    target = Target(schedule.starts_at + timedelta(days=1), schedule.clinician_id, schedule.site_id)
    with pytest.raises(Refused) as refused:
        move_session(
            schedule, to=target, shown=morning.shown(), reason=ILL, by=morning.rita, key=uuid7(), at=morning.now
        )
    assert refused.value.reason is NotWithdrawn.HAS_ARRIVED
    assert Schedule.objects.get().starts_at == schedule.starts_at


def test_when_a_patient_will_be_told_in_another_way_than_was_shown_nothing_is_done(
    morning: Morning, settings: Any, tmp_path: Path
) -> None:
    """The address was confirmed after the preview said that a letter would go."""
    settings.NOTIFY_FOLDER = tmp_path
    patient = morning.patient(email="madeup@example.com", contact_by="email")
    appointment = morning.booked(0, patient=patient)
    shown = morning.shown()
    Patient.objects.filter(id=patient.id).update(email_verified_at=morning.now)
    with pytest.raises(Refused) as refused:
        morning.withdraws(shown=shown)
    assert refused.value.reason is NotWithdrawn.CHANGED
    assert stands(appointment)
