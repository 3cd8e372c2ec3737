"""Who may book what at the made-up practice, and from when: its release rules, and the group that it invited."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.db.models import Model

from patient_online.appointments.models import BookingRule, Cohort, CohortMember
from patient_online.demo import slot_types as kinds
from patient_online.demo.clinics import Book
from patient_online.demo.ids import Ids, account_id
from patient_online.demo.people import People
from patient_online.demo.slot_types import Kind
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.dates import age_on, from_wall_clock
from patient_online.patients.models import Patient

MANAGER = account_id("manager@example.com")
EIGHT = time(8)
INVITED_AGES = range(50, 65)


@dataclass
class Releases:
    """The rules, and a group with who is in it."""

    cohorts: list[Cohort] = field(default_factory=list)
    members: list[CohortMember] = field(default_factory=list)
    rules: list[BookingRule] = field(default_factory=list)

    def rows(self) -> list[list[Model]]:
        """Every row, in an order in which the database takes them."""
        return [[*self.cohorts], [*self.members], [*self.rules]]


def the_releases(book: Book, people: People, today: date, ids: Ids) -> Releases:
    """On the day at 8am, screening for women, and a flu clinic for who is 65 or over or was invited."""
    invited = Cohort(practice_id=ODS_CODE, id=ids(), name="Invited for a flu vaccination")
    releases = Releases(
        [invited], [_member(invited, each, today, ids) for each in people.everyone if _at_risk(each, today)]
    )

    def rule(kind: Kind, **said: Any) -> None:
        row = {"id": ids(), "type_id": book.types[kind.name].id, **said}
        releases.rules.append(BookingRule(practice_id=ODS_CODE, **row))

    rule(kinds.GP_SAME_DAY, days_ahead=0, release_time=EIGHT)
    rule(kinds.SMEAR, sex=BookingRule.Sex.FEMALE, least_age=25, most_age=64)
    rule(kinds.FLU, least_age=65, days_ahead=28, release_time=EIGHT)
    rule(kinds.FLU, cohort_id=invited.id, days_ahead=14, release_time=EIGHT)
    return releases


def _at_risk(patient: Patient, today: date) -> bool:
    """Every third of those in their fifties and early sixties, by their NHS number."""
    fits = patient.left_on is None and patient.died_on is None and age_on(patient.birth_date, today) in INVITED_AGES
    return fits and int(patient.nhs_number or 1) % 3 == 0


def _member(cohort: Cohort, patient: Patient, today: date, ids: Ids) -> CohortMember:
    row = {"id": ids(), "cohort_id": cohort.id, "patient_id": patient.id, "added_by": MANAGER}
    return CohortMember(practice_id=ODS_CODE, added_at=from_wall_clock(today, time()), **row)
