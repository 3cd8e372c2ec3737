"""Plain functions that make one thing each, for tests and the made-up world: `a_patient_of(a_practice())`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from patient_online.access.actions import give, list_staff
from patient_online.access.queries import who_has
from patient_online.appointments.models import Appointment, Schedule, Slot, SlotType
from patient_online.asking import Acting, Channel, Role, Staff, System
from patient_online.demo.logins import PASSWORD as PASSWORD
from patient_online.identity.models import Account
from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.nhs.dates import local_day
from patient_online.nhs.numbers import synthetic
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, ServiceStatus, Site, StaffMember, StaffRole

EARLY = datetime(2026, 1, 5, 8, tzinfo=UTC)
_numbers = count(1)


def the_maker(practice: Practice) -> System:
    """Who makes the made-up world."""
    return System("make_world", practice.ods_code, why="makes the made-up world")


def a_practice(ods_code: str = "", **given: Any) -> Practice:
    """A made-up practice with appointments switched on and one main site."""
    n = next(_numbers)
    where = {"address": ["1 Example Street"], "telephone": "+441632960001"}
    row: dict[str, Any] = {"name": f"Made-up Surgery {n}", **where}
    practice = Practice.objects.create(ods_code=ods_code or f"X9{n:04}", postcode="ZZ99 3VZ", **{**row, **given})
    Site.objects.create(practice=practice, name="Main building", address=["1 Example Street"], is_main=True)
    switch_on(practice, Service.APPOINTMENTS)
    return practice


def switch_on(practice: Practice, service: Service, status: str = ServiceStatus.Status.SWITCHED_ON) -> ServiceStatus:
    """The practice's online service, switched on since the beginning unless told otherwise."""
    return ServiceStatus.objects.create(
        practice=practice, service=service, status=status, from_day=EARLY.date(), decided_at=EARLY
    )


def a_patient_of(practice: Practice, **given: Any) -> Patient:
    """A made-up patient with an NHS number of the 999 range."""
    n = next(_numbers)
    row: dict[str, Any] = {
        "nhs_number": synthetic(n),
        "given_name": "Madeup",
        "family_name": f"Person{n}",
        "birth_date": date(1980, 1, 1),
        "registered_on": date(2020, 1, 1),
    }
    return Patient.objects.create(practice=practice, **{**row, **given})


def an_account(email: str = "", **given: Any) -> Account:
    """A made-up account that can sign in with `PASSWORD`."""
    address = email or f"madeup{next(_numbers)}@example.com"
    row = {"name": "Madeup Person", "created_at": EARLY, "password": make_password(PASSWORD)}
    return Account.objects.create(email=address, **{**row, **given})


def an_account_for(
    patient: Patient, *, services: Mapping[Service, Level] | None = None, account: Account | None = None
) -> Account:
    """An account that may use the services for the patient: appointments, if none are named."""
    account = account or an_account(name=patient.name)
    for service, level in (services or {Service.APPOINTMENTS: Level.MANAGE}).items():
        by = the_maker(patient.practice)
        give(patient, account_id=account.id, service=service, level=level, by=by, at=EARLY)
    return account


def acting_as(patient: Patient, account: Account | None = None) -> Acting:
    """The patient, signed in with an account of their own unless one is given."""
    account = account or an_account_for(patient)
    asking = who_has(account.id, at=EARLY, today=date.max)
    acting = asking.acting() if asking else None
    if acting is None or acting.patient_id != patient.id:
        raise LookupError("This account does not act for the patient.")
    return acting


def a_clinician_of(practice: Practice, **given: Any) -> StaffMember:
    """A made-up clinician who sees patients and does not sign in."""
    row: dict[str, Any] = {"name": f"Dr Example {next(_numbers)}", "job": "GP", "sees_patients": True}
    return StaffMember.objects.create(practice=practice, **{**row, "from_day": date(2020, 1, 1), **given})


def staff_of(practice: Practice, *roles: Role, account: Account | None = None, **given: Any) -> Staff:
    """A member of staff with these roles, signed in."""
    account = account or an_account(name="Madeup Worker")
    row: dict[str, Any] = {"name": account.name, "job": "Staff", "from_day": date(2020, 1, 1), "account_id": account.id}
    member = StaffMember.objects.create(practice=practice, **{**row, **given})
    for role in roles:
        StaffRole.objects.create(practice=practice, staff=member, role=role)
    list_staff(member, by=the_maker(practice), at=EARLY)
    asking = who_has(account.id, at=EARLY, today=local_day(EARLY))
    staff = asking.staff() if asking else None
    if staff is None:
        raise LookupError("This account works nowhere.")
    return staff


def a_slot_type(practice: Practice, **given: Any) -> SlotType:
    """A kind of slot that patients can book: it has words and a national category."""
    row: dict[str, Any] = {
        "name": f"GP-RTN-{next(_numbers)}",
        "label": "Appointment with a GP",
        "guidance": "For a problem that is not an emergency.",
        "national_category": NationalCategory.GENERAL_CONSULTATION_ROUTINE,
    }
    return SlotType.objects.create(practice=practice, **{**row, **given})


def a_schedule(practice: Practice, starts_at: datetime, *, hours: float = 3, **given: Any) -> Schedule:
    """A session of some hours of a new clinician, or of the one given, at the main site."""
    site = given.pop("site", None) or Site.objects.get(practice=practice, is_main=True)
    clinician = given.pop("clinician", None) or a_clinician_of(practice)
    row = {"name": "Morning surgery", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)}
    return Schedule.objects.create(practice=practice, site=site, clinician=clinician, **{**row, **given})


def slots_in(
    schedule: Schedule, *, minutes: int = 10, most: int = 1000, kind: SlotType | None = None, **given: Any
) -> list[Slot]:
    """The schedule cut into slots that can be booked online."""
    length = timedelta(minutes=minutes)
    kind = kind or a_slot_type(schedule.practice)
    number = min(most, int((schedule.ends_at - schedule.starts_at) / length))
    row: dict[str, Any] = {"type": kind, "mode": Mode.IN_PERSON, "online": True}
    starts = [schedule.starts_at + n * length for n in range(number)]
    return [
        Slot.objects.create(
            practice=schedule.practice, schedule=schedule, starts_at=at, ends_at=at + length, **{**row, **given}
        )
        for at in starts
    ]


def a_slot_of(practice: Practice, starts_at: datetime, **given: Any) -> Slot:
    """One slot of ten minutes that can be booked online."""
    return slots_in(a_schedule(practice, starts_at, hours=1), most=1, **given)[0]


def an_appointment(slot: Slot, patient: Patient, **given: Any) -> Appointment:
    """The slot, booked for the patient."""
    row: dict[str, Any] = {"booked_at": EARLY, "booked_by": UUID(int=1), "booked_through": Channel.ONLINE}
    return Appointment.objects.create(practice=slot.practice, slot=slot, patient=patient, **{**row, **given})
