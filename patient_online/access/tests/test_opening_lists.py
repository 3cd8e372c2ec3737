"""What lists still tell of a protected patient: the name and the time alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from patient_online.access.tests.behind_glass import a_hidden_patient, everybody, leaks
from patient_online.appointments.models import Cohort, CohortMember
from patient_online.appointments.queries import day_list
from patient_online.asking import System
from patient_online.demo.factories import (
    a_slot_of,
    an_appointment,
    the_maker,
)
from patient_online.nhs.dates import local_day
from patient_online.notify.tests.people import failed, told, tried
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from patient_online.tasks.actions import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(practice: Practice) -> Patient:
    """A protected patient."""
    return a_hidden_patient(practice)


def look_for(client: Client, text: str) -> str:
    """The address of what the desk finds."""
    return str(client.post("/practice/patients", {"q": text}).headers["Location"])


def test_lists_tell_the_name_and_the_time_alone(practice: Practice, hidden: Patient, now: datetime) -> None:
    """The day, what was found, groups, sessions; and the file for the hour without us."""
    given = {"reason": "a canary cough", "contact_telephone": "+447700900987"}
    slot = a_slot_of(practice, now + timedelta(hours=2))
    row = an_appointment(slot, hidden, **given)
    group = Cohort.objects.create(practice=practice, name="Invited")
    who: dict[str, Any] = {"patient": hidden, "added_at": now, "added_by": uuid7()}
    member = CohortMember.objects.create(practice=practice, cohort=group, **who)
    client = everybody(practice)
    for path in (
        "/appointments/book-of-the-day",
        look_for(client, "protectedly"),
        look_for(client, row.reference),
        f"/practice/groups/{group.id}",
        reverse("appointments:leave_group", args=[group.id, member.id]),
        f"{reverse('appointments:withdraw')}?session={slot.schedule_id}",
    ):
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert "Protectedly" in answer.content.decode(), path
        assert leaks(answer.content.decode(), hidden) == [], path
    system = System("export_day_lists", practice.ods_code)
    [comer] = day_list(system, local_day(now), at=now).comers
    assert (comer.appointment.reason, comer.appointment.patient.nhs_number) == ("", None)


def test_messages_letters_and_tasks_tell_the_name_alone(practice: Practice, hidden: Patient, now: datetime) -> None:
    """A letter is printed once somebody has said why they open the record."""
    client = everybody(practice)
    tried(told(hidden))
    failed(hidden)
    put("glass-broken", about=uuid7(), patient=hidden, by=the_maker(practice), at=now)
    for path in ("/practice/messages", "/practice/letters", "/practice/letters/print", "/practice/tasks?whose=all"):
        answer = client.get(path)
        assert "Protectedly" in answer.content.decode(), path
        assert leaks(answer.content.decode(), hidden) == [], path
