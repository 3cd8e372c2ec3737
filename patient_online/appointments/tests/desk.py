"""Rita at the desk, signed in on a Tuesday at 10am, with a clinic of today and one of tomorrow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Role, Staff
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_type,
    an_account,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.nhs.dates import london
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

TEN = london(2026, 3, 3, 10)


@dataclass
class Desk:
    """A practice with Robin, who is booked at 9:50am today; six slots from 9:50am today, six from 9am tomorrow."""

    client: Client
    practice: Practice
    rita: Staff
    robin: Patient
    today: list[Slot]
    tomorrow: list[Slot]
    appointment: Appointment
    now: datetime = TEN

    @property
    def day(self) -> str:
        """Today's page."""
        return "/appointments/book-of-the-day/2026-03-03"

    def of(self, patient: Patient | None = None) -> str:
        """The page of a patient."""
        return f"/practice/patients/{(patient or self.robin).id}"

    def presses(self, mark: str, appointment: Appointment | None = None) -> Any:
        """Press one of the buttons in the day's list."""
        return self.client.post(self.day, {"mark": f"{mark} {(appointment or self.appointment).id}"})

    def row(self, appointment: Appointment | None = None) -> Appointment:
        """The appointment as the database has it."""
        return Appointment.objects.get(id=(appointment or self.appointment).id)

    def finds(self, text: str, slot: Slot | None = None) -> Any:
        """Look for a patient, as the page's form does, and see what is found."""
        return self.client.post(f"/practice/patients{f'?slot={slot.id}' if slot else ''}", {"q": text}, follow=True)

    def main(self, path: str) -> str:
        """What the page's main part says."""
        return says(self.client.get(path))


def says(response: Any) -> str:
    """What the main part of the answer says."""
    return " ".join(read(response).all("main")[0].text.split())


def a_desk(client: Client) -> Desk:
    """Open the desk."""
    practice = a_practice()
    robin = a_patient_of(practice, given_name="Robin", family_name="Testperson", telephone="+447700900982")
    account = an_account(name="Rita Placeholder")
    rita = staff_of(practice, Role.RECEPTIONIST, account=account)
    kind, ada = a_slot_type(practice, joins_up_to=2), a_clinician_of(practice, name="Dr Ada Exampleby")
    starts = (TEN - timedelta(minutes=10), TEN + timedelta(hours=23))
    today, tomorrow = (slots_in(a_schedule(practice, at, hours=1, clinician=ada), kind=kind) for at in starts)
    client.force_login(account)
    return Desk(client, practice, rita, robin, today, tomorrow, an_appointment(today[0], robin))


@contextmanager
def at_the_desk(client: Client) -> Iterator[Desk]:
    """The desk at ten o'clock; time stands still."""
    with time_machine.travel(TEN, tick=False):
        yield a_desk(client)
