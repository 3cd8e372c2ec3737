"""What can happen to a group of patients: it is made, renamed, joined and left."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from patient_online.appointments.models import Cohort, CohortMember
from patient_online.appointments.rules.groups import MOST_LINES, Line, NotGrouped, lines_of, read_lines
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record, record_all
from patient_online.nhs.numbers import is_valid, normalise
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused

KEEPERS = (Role.MANAGER, Role.RECEPTIONIST)


@action("appointment.group_added")
def add_cohort(*, name: str, by: Staff, key: UUID | None, at: datetime) -> Cohort:
    """Make a group of patients, with nobody in it yet, or raise Refused."""
    by.require(*KEEPERS)
    name = _free_name(name, by)
    try:
        with transaction.atomic():
            cohort = Cohort.objects.create(practice_id=by.practice_id, name=name)
    except IntegrityError as error:
        raise Refused(NotGrouped.NAME_TAKEN) from error
    record("appointment.group_added", by=by, at=at, subject=cohort.id)
    return cohort


@action("appointment.group_renamed")
def rename_cohort(cohort: Cohort, *, name: str, by: Staff, at: datetime) -> Cohort:
    """Give the group another name, or raise Refused."""
    by.require(*KEEPERS)
    mine = Cohort.objects.filter(practice_id=by.practice_id)
    name = _free_name(name, by, besides=cohort.id)
    try:
        with transaction.atomic():
            mine.filter(id=cohort.id).update(name=name)
    except IntegrityError as error:
        raise Refused(NotGrouped.NAME_TAKEN) from error
    record("appointment.group_renamed", by=by, at=at, subject=cohort.id)
    cohort.name = name
    return cohort


def _free_name(name: str, by: Staff, *, besides: UUID | None = None) -> str:
    """The name with single spaces, where no other group has it, whatever its capitals; or Refused.

    Who names a group keeps others from doing so meanwhile: two may otherwise take the same name in other capitals.
    """
    Practice.objects.select_for_update(no_key=True).get(ods_code=by.practice_id)
    name = " ".join(name.split())
    known = Cohort.objects.filter(practice_id=by.practice_id).values_list("id", "name")
    if name.casefold() in {" ".join(each.split()).casefold() for id_, each in known if id_ != besides}:
        raise Refused(NotGrouped.NAME_TAKEN)
    return name


@action("appointment.group_joined")
def add_members(cohort: Cohort, *, text: str, by: Staff, at: datetime) -> list[Line]:
    """Let the patients whose NHS numbers the lines are join the group; every line comes back, taken or with why not.

    Sent once more, it finds them in the group already.
    """
    by.require(*KEEPERS)
    if len(lines_of(text)) > MOST_LINES:
        raise Refused(NotGrouped.TOO_MANY)
    numbers = {normalise(line) for line in lines_of(text) if is_valid(line)}
    here = Patient.objects.filter(practice_id=by.practice_id, nhs_number__in=numbers, left_on=None, died_on=None)
    ids = {str(number): id_ for number, id_ in here.values_list("nhs_number", "id")}
    inside = CohortMember.objects.filter(practice_id=by.practice_id, cohort_id=cohort.id)
    known = inside.filter(patient__nhs_number__in=numbers).values_list("patient__nhs_number", flat=True)
    lines = read_lines(text, registered=ids, members={str(number) for number in known})
    joining = [ids[line.number] for line in lines if line.refused is None]
    _join(cohort, joining, by, at)
    return lines


def _join(cohort: Cohort, patients: list[UUID], by: Staff, at: datetime) -> None:
    given = {"practice_id": by.practice_id, "cohort_id": cohort.id, "added_at": at, "added_by": by.account_id}
    rows = [CohortMember(patient_id=patient, **given) for patient in patients]
    # Who joins in another window at the same moment has joined.
    CohortMember.objects.bulk_create(rows, ignore_conflicts=True)
    if patients:
        record_all("appointment.group_joined", by=by, at=at, patients=patients, group=str(cohort.id))


@action("appointment.group_left")
def remove_member(member: CohortMember, *, by: Staff, at: datetime) -> None:
    """Take the patient out of the group."""
    by.require(*KEEPERS)
    CohortMember.objects.filter(practice_id=by.practice_id, id=member.id).delete()
    record("appointment.group_left", by=by, at=at, patient=member.patient_id, group=str(member.cohort_id))
