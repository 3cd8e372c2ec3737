"""A made-up practice with people and free appointments, around the real now: the server's clock is not ours to stop."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from patient_online.appointments.models import Slot, SlotType
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_type,
    an_account,
    an_account_for,
    slots_in,
    staff_of,
)
from patient_online.identity.models import Account
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import from_wall_clock, local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember

RAW_NAME = "GP RTN 10 (DO NOT BOOK AFTER 5)"


@dataclass(frozen=True)
class World:
    """Who and what there is: Robin is a patient, Ada a GP with a clinic tomorrow and the day after."""

    practice: Practice
    robin: Patient
    account: Account
    ada: StaffMember
    kind: SlotType
    slots: list[Slot]

    def another_patient(self, name: str = "Otherperson") -> Account:
        """The account of one more patient of the practice."""
        return an_account_for(a_patient_of(self.practice, given_name="Femi", family_name=name))

    def telephone_slots(self) -> list[Slot]:
        """Three times on the telephone, tomorrow afternoon."""
        kind = a_slot_type(self.practice, name="GP TEL 10", label="GP telephone appointment")
        return self._clinic(kind, at_hour(1, 14), mode=Mode.TELEPHONE)

    def slots_at(self, starts_at: datetime) -> list[Slot]:
        """Three more times with Ada."""
        return self._clinic(self.kind, starts_at)

    def _clinic(self, kind: SlotType, starts_at: datetime, **given: Any) -> list[Slot]:
        schedule = a_schedule(self.practice, starts_at, hours=0.5, clinician=self.ada)
        return slots_in(schedule, kind=kind, **given)

    def worker(self, *roles: Role) -> Account:
        """The account of somebody who works at the practice with these roles."""
        account = an_account(name="Rita Placeholder")
        staff_of(self.practice, *roles, account=account)
        return account


def at_hour(days: int, hour: int) -> datetime:
    """An hour by the clock, so many days from today."""
    return from_wall_clock(local_day(timezone.now()) + timedelta(days=days), time(hour))


def a_world() -> World:
    """A practice where Robin can book: six times tomorrow from 9am, six the day after."""
    practice = a_practice(name="Made-up Lane Surgery", telephone="+441632960001")
    robin = a_patient_of(practice, given_name="Robin", family_name="Testperson", telephone="+447700900982")
    ada = a_clinician_of(practice, name="Dr Ada Exampleby", job="GP partner", sex="female")
    kind = a_slot_type(practice, name=RAW_NAME, label="GP appointment", joins_up_to=2)
    slots: list[Slot] = []
    for day in (1, 2):
        slots += slots_in(a_schedule(practice, at_hour(day, 9), hours=1, clinician=ada), kind=kind)
    return World(practice, robin, an_account_for(robin), ada, kind, slots)
