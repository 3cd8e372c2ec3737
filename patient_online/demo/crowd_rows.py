"""The rows of a crowd of made-up practices, table by table, as streams."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from patient_online.access.models import ActsFor, Grant, Link, WorksAt
from patient_online.appointments.models import Appointment, Schedule, Slot, SlotType
from patient_online.asking import Channel, Role
from patient_online.demo import names
from patient_online.demo import slot_types as kinds
from patient_online.demo.copying import Rows
from patient_online.demo.crowd import SESSION_SLOTS, SLOT_LENGTH, Crowd, Of
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.numbers import SYNTHETIC_COUNT, synthetic
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, ServiceStatus, Site, StaffMember, StaffRole

# Every second session of a practice is by telephone.
KINDS = (kinds.GP, kinds.GP_TELEPHONE)
ADDRESS, POSTCODE = json.dumps(["1 Example Street", names.TOWN]), "ZZ99 1AA"
APPOINTMENTS, MANAGE = Service.APPOINTMENTS.value, Level.MANAGE.value
OLDEST_DAYS, YOUNGEST_DAYS = 36_000, 60
IN_PRACTICE = ("practice_id", "id")


def tables(crowd: Crowd, numbers: range, password: str) -> Iterator[Rows]:
    """Every row of the practices with these numbers, in an order of tables that the database takes."""
    yield from _practices(crowd, numbers)
    yield from _staff(crowd, numbers)
    yield _patients(crowd, numbers)
    yield _accounts(crowd, numbers, password)
    yield from _access(crowd, numbers)
    yield _schedules(crowd, numbers)
    yield _slots(crowd, numbers)
    yield _appointments(crowd, numbers)


def _practices(crowd: Crowd, numbers: range) -> Iterator[Rows]:
    rows = ((crowd.code(n), f"Made-up Surgery {n + 1:05}", ADDRESS, POSTCODE) for n in numbers)
    yield Rows(Practice, ("ods_code", "name", "address", "postcode"), rows)
    sites = ((crowd.code(n), crowd.id(Of.SITE, n), "Main building", ADDRESS, POSTCODE, "t") for n in numbers)
    yield Rows(Site, (*IN_PRACTICE, "name", "address", "postcode", "is_main"), sites)
    on, since = ServiceStatus.Status.SWITCHED_ON.value, crowd.since
    columns = ("id", "practice_id", "service", "status", "from_day", "decided_at")
    services = ((crowd.id(Of.SERVICE, n), crowd.code(n), APPOINTMENTS, on, since.date(), since) for n in numbers)
    yield Rows(ServiceStatus, columns, services)
    types = (
        (crowd.code(n), crowd.id(Of.SLOT_TYPE, n, k), kind.name, kind.label, kind.guidance, str(kind.category))
        for n in numbers
        for k, kind in enumerate(KINDS)
    )
    yield Rows(SlotType, (*IN_PRACTICE, "name", "label", "guidance", "national_category"), types)


def _staff(crowd: Crowd, numbers: range) -> Iterator[Rows]:
    """The clinicians, and after them one receptionist who signs in."""
    desk, since = crowd.clinicians_each, crowd.since.date()

    def everybody() -> Iterator[tuple[Any, ...]]:
        for n in numbers:
            for k in range(desk):
                name, sex = f"Dr Example {n + 1}-{k + 1}", ("female", "male")[k % 2]
                yield crowd.code(n), crowd.id(Of.STAFF, n, k), name, "GP", sex, "t", since, None
            account = crowd.id(Of.ACCOUNT, n, crowd.accounts_each)
            who = (crowd.code(n), crowd.id(Of.STAFF, n, desk), f"Madeup Placeholder {n + 1}")
            yield *who, "Receptionist", "unknown", "f", since, account

    columns = ("name", "job", "sex", "sees_patients", "from_day", "account_id")
    yield Rows(StaffMember, (*IN_PRACTICE, *columns), everybody())
    roles = ((crowd.code(n), crowd.id(Of.STAFF, n, desk), Role.RECEPTIONIST.value) for n in numbers)
    yield Rows(StaffRole, ("practice_id", "staff_id", "role"), roles)


def _patients(crowd: Crowd, numbers: range) -> Rows:
    columns = ("nhs_number", "given_name", "sex", "family_name", "birth_date", "registered_on")
    more = ("address", "postcode", "telephone")
    return Rows(Patient, (*IN_PRACTICE, *columns, *more), _everybody(crowd, numbers))


def _everybody(crowd: Crowd, numbers: range) -> Iterator[tuple[Any, ...]]:
    given = [(name, sex) for two in zip(names.WOMEN, names.MEN, strict=False) for name, sex in _sexes(*two)]
    families = [*names.SURNAMES, *names.SURNAMES_ELSEWHERE]
    days = [_born_and_registered(crowd, days) for days in range(YOUNGEST_DAYS, OLDEST_DAYS)]
    for n in numbers:
        for k in range(crowd.patients_each):
            which = (n * 7_919 + k) * 104_729 + crowd.seed
            street = names.STREETS[which // 199 % len(names.STREETS)]
            nhs_number = synthetic((n * crowd.patients_each + k + crowd.seed) % SYNTHETIC_COUNT)
            yield (
                crowd.code(n),
                crowd.id(Of.PATIENT, n, k),
                nhs_number,
                *given[which % len(given)],
                families[which // 7 % len(families)],
                *days[which % len(days)],
                f'["{which % 199 + 1} {street}", "{names.TOWN}"]',
                POSTCODE,
                f"+447700900{which % 1000:03}",
            )


def _sexes(woman: str, man: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (woman, "female"), (man, "male")


def _born_and_registered(crowd: Crowd, days: int) -> tuple[str, str]:
    born = crowd.today - timedelta(days=days)
    registered = max(born + timedelta(days=30), crowd.today - timedelta(days=3650))
    return born.isoformat(), registered.isoformat()


def _accounts(crowd: Crowd, numbers: range, password: str) -> Rows:
    """The first patients of each practice, and after them its receptionist."""
    patients = [(f"patient-{k + 1}", "Madeup Person") for k in range(crowd.accounts_each)]
    everybody = list(enumerate([*patients, ("reception", "Madeup Placeholder")]))
    rows = (
        (crowd.id(Of.ACCOUNT, n, k), f"{n:05}{k:03}", crowd.email(n, who), f"{name} {n + 1}", password, crowd.since)
        for n in numbers
        for k, (who, name) in everybody
    )
    return Rows(Account, ("id", "sign_in_name", "email", "name", "password", "created_at"), rows)


def _access(crowd: Crowd, numbers: range) -> Iterator[Rows]:
    """What `access.actions.give` and `list_staff` would have written for them."""
    desk, people = crowd.clinicians_each, [(n, k) for n in numbers for k in range(crowd.accounts_each)]
    columns = ("practice_id", "patient_id", "account_id")
    grants = ((*_link(crowd, n, k), crowd.id(Of.GRANT, n, k), APPOINTMENTS, MANAGE, crowd.since) for n, k in people)
    yield Rows(Grant, (*columns, "id", "service", "level", "granted_at"), grants)
    known = (Proof.STAFF.value, int(Identity.P9), crowd.since)
    links = ((*_link(crowd, n, k), crowd.id(Of.LINK, n, k), *known) for n, k in people)
    yield Rows(Link, (*columns, "id", "proof", "identity", "linked_at"), links)
    levels = json.dumps({APPOINTMENTS: MANAGE})
    acts = ((*_link(crowd, n, k), crowd.id(Of.ACTS_FOR, n, k), levels) for n, k in people)
    yield Rows(ActsFor, (*columns, "id", "levels"), acts)
    roles = json.dumps([Role.RECEPTIONIST.value])
    works = (
        (crowd.id(Of.WORKS_AT, n), crowd.id(Of.ACCOUNT, n, crowd.accounts_each), crowd.code(n), roles, staff)
        for n, staff in ((n, crowd.id(Of.STAFF, n, desk)) for n in numbers)
    )
    yield Rows(WorksAt, ("id", "account_id", "practice_id", "roles", "staff_id"), works)


def _link(crowd: Crowd, n: int, k: int) -> tuple[str, str, str]:
    return crowd.code(n), crowd.id(Of.PATIENT, n, k), crowd.id(Of.ACCOUNT, n, k)


def _schedules(crowd: Crowd, numbers: range) -> Rows:
    def sessions() -> Iterator[tuple[Any, ...]]:
        for n in numbers:
            site = crowd.id(Of.SITE, n)
            for k in range(crowd.sessions_each):
                surgery, clinician = crowd.session(k)
                starts = crowd.surgeries[surgery]
                who = (crowd.id(Of.SCHEDULE, n, k), site, crowd.id(Of.STAFF, n, clinician))
                yield crowd.code(n), *who, "Surgery", starts, starts + SESSION_SLOTS * SLOT_LENGTH

    return Rows(Schedule, (*IN_PRACTICE, "site_id", "clinician_id", "name", "starts_at", "ends_at"), sessions())


def _slots(crowd: Crowd, numbers: range) -> Rows:
    times = [[(starts + i * SLOT_LENGTH).isoformat() for i in range(SESSION_SLOTS + 1)] for starts in crowd.surgeries]

    def slots() -> Iterator[tuple[Any, ...]]:
        for n in numbers:
            code, types = crowd.code(n), [crowd.id(Of.SLOT_TYPE, n, k) for k in range(len(KINDS))]
            for k in range(crowd.slots_each):
                session, i = divmod(k, SESSION_SLOTS)
                if i == 0:
                    surgery, _ = crowd.session(session)
                    schedule, kind = crowd.id(Of.SCHEDULE, n, session), session % len(KINDS)
                ends = times[surgery][i : i + 2]
                yield code, crowd.id(Of.SLOT, n, k), schedule, types[kind], KINDS[kind].mode.value, *ends, "t"

    columns = ("schedule_id", "type_id", "mode", "starts_at", "ends_at", "online")
    return Rows(Slot, (*IN_PRACTICE, *columns), slots())


def _appointments(crowd: Crowd, numbers: range) -> Rows:
    """Evenly spread over the slots, each for another patient, booked by telephone."""
    attended = [Appointment.Outcome.ATTENDED.value if at < crowd.midnight else "" for at in crowd.surgeries]
    booked = [(min(at, crowd.midnight) - timedelta(days=3)).isoformat() for at in crowd.surgeries]

    def taken() -> Iterator[tuple[Any, ...]]:
        for n in numbers:
            code, receptionist = crowd.code(n), crowd.id(Of.ACCOUNT, n, crowd.accounts_each)
            for k in range(crowd.appointments_each):
                slot = k * crowd.stride
                surgery, _ = crowd.session(slot // SESSION_SLOTS)
                patient = crowd.id(Of.PATIENT, n, crowd.accounts_each + k)
                ids = (crowd.id(Of.APPOINTMENT, n, k), crowd.id(Of.SLOT, n, slot), patient)
                yield code, *ids, attended[surgery], booked[surgery], receptionist, Channel.TELEPHONE.value

    columns = ("slot_id", "patient_id", "outcome", "booked_at", "booked_by", "booked_through")
    return Rows(Appointment, (*IN_PRACTICE, *columns), taken())
