"""Tasks for the tests: kinds that are there for them alone, and what stands on the list."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_patient_of, staff_of, the_maker
from patient_online.practices.models import Practice, StaffMember
from patient_online.refusals import N_
from patient_online.tasks import kinds
from patient_online.tasks.actions import put
from patient_online.tasks.kinds import Kind
from patient_online.tasks.models import Task

FORM, LETTER = "test-form", "test-letter"


def in_a_line(staff: Staff, abouts: Collection[UUID]) -> Mapping[UUID, str]:
    """What each is about, in words."""
    return {about: f"Form {str(about)[:4]}" for about in abouts}


@contextmanager
def two_kinds() -> Iterator[None]:
    """While this lasts there are two kinds more: forms for the desk, by the practice's policy, and letters for a GP."""
    before = dict(kinds._KINDS)
    desk = frozenset({Role.RECEPTIONIST, Role.MANAGER})
    kinds.register(
        Kind(FORM, N_("A form"), desk, "appointments:patient", page_of_patient=True, lines=in_a_line),
        Kind(LETTER, N_("A letter"), frozenset({Role.GP}), "appointments:patient", 1, page_of_patient=True),
    )
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def a_task(practice: Practice, *, at: datetime, kind: str = FORM) -> Task:
    """A task about a new patient of the practice."""
    return put(kind, about=uuid4(), patient=a_patient_of(practice), by=the_maker(practice), at=at)


def member_of(staff: Staff) -> StaffMember:
    """Their row at the practice."""
    return StaffMember.objects.get(practice_id=staff.practice_id, id=staff.staff_id)


def the_desk(practice: Practice, n: int = 2) -> list[Staff]:
    """Receptionists of the practice."""
    return [staff_of(practice, Role.RECEPTIONIST) for _ in range(n)]
