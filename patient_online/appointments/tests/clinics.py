"""A practice with a morning that has patients in it, for the tests of withdrawing."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment, Schedule, Slot, SlotType, Withdrawal
from patient_online.appointments.rules.withdraw import Choice
from patient_online.asking import Role, Staff
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_type,
    an_appointment,
    slots_in,
    staff_of,
)
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember
from patient_online.storage.ids import uuid7

ILL = "clinician ill"


@dataclass
class Morning:
    """Dr Example's morning of six times tomorrow; Rita works at the desk."""

    now: datetime
    practice: Practice
    rita: Staff
    doctor: StaffMember
    kind: SlotType
    schedule: Schedule
    slots: list[Slot]

    @property
    def choice(self) -> Choice:
        """This session, and no other."""
        return Choice(local_day(self.now), local_day(self.now), schedule=self.schedule.id)

    def from_on(self, since: time) -> Choice:
        """This session from a time on."""
        return replace(self.choice, ticked=((self.schedule.id, since),))

    def patient(self, *, by: str = "", **given: Any) -> Patient:
        """A patient: who is told by email or text has confirmed it."""
        known: dict[str, dict[str, Any]] = {
            "email": {"email": "madeup@example.com", "email_verified_at": self.now, "contact_by": "email"},
            "text": {"telephone": "+447700900982", "telephone_verified_at": self.now, "contact_by": "text"},
        }
        return a_patient_of(self.practice, **{**known.get(by, {}), **given})

    def booked(self, number: int, **given: Any) -> Appointment:
        """The time with this number, booked for a patient."""
        patient = given.pop("patient", None) or self.patient()
        return an_appointment(self.slots[number], patient, **given)

    def another(self, starts_at: datetime, **given: Any) -> list[Slot]:
        """One more session of the same kind of times."""
        return slots_in(a_schedule(self.practice, starts_at, hours=0.5, **given), kind=self.kind)

    def shown(self, choice: Choice | None = None) -> str:
        """The mark of what the preview shows now."""
        return queries.sessions_seen(self.rita, choice or self.choice, at=self.now).shown

    def withdraws(self, choice: Choice | None = None, **given: Any) -> Withdrawal:
        """Rita looks and withdraws."""
        asked: dict[str, Any] = {"reason": ILL, "key": uuid7(), "at": self.now, "by": self.rita}
        asked["shown"] = given.pop("shown", None) or self.shown(choice)
        return actions.withdraw(choice or self.choice, **{**asked, **given})


def a_morning(now: datetime) -> Morning:
    """A practice with such a morning."""
    practice = a_practice()
    rita, doctor = staff_of(practice, Role.RECEPTIONIST), a_clinician_of(practice, name="Dr Ada Exampleby")
    kind = a_slot_type(practice, name="RAW-NAME", joins_up_to=2)
    schedule = a_schedule(practice, now + timedelta(days=1), hours=1, clinician=doctor)
    return Morning(now, practice, rita, doctor, kind, schedule, slots_in(schedule, kind=kind))
