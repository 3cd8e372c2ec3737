"""The practice's groups of patients, and who is in them. Each reading of names is audited."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from patient_online.appointments.models import BookingRule, Cohort, CohortMember
from patient_online.appointments.rules.release import RuleFacts
from patient_online.asking import Staff
from patient_online.audit.actions import record_all
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.patients.queries.glass import veil

A_PAGE = 100


def cohorts(staff: Staff) -> QuerySet[Cohort]:
    """The groups by name, each with how many are in it as `size`, and whether a release rule names it as `ruling`."""
    members = CohortMember.objects.filter(practice=OuterRef("practice"), cohort_id=OuterRef("id"))
    size = Coalesce(Subquery(members.order_by().values("cohort_id").annotate(n=Count("id")).values("n")), 0)
    ruling = Exists(BookingRule.objects.filter(practice=OuterRef("practice"), cohort_id=OuterRef("id")))
    return Cohort.objects.filter(practice_id=staff.practice_id).annotate(size=size, ruling=ruling).order_by("name")


def cohort_members(staff: Staff, cohort: Cohort, *, page: int, at: datetime) -> list[CohortMember]:
    """A hundred of those in the group, by name; audited for each of them."""
    rows = CohortMember.objects.filter(practice_id=staff.practice_id, cohort_id=cohort.id).select_related("patient")
    rows = rows.order_by("patient__family_name", "patient__given_name", "id")
    members = list(rows[(page - 1) * A_PAGE : page * A_PAGE])
    shown = [member.patient_id for member in members]
    record_all("appointment.group_seen", by=staff, at=at, patients=shown, group=str(cohort.id))
    veil(staff, [member.patient for member in members], at=at)
    return members


def member_of(staff: Staff, cohort_id: UUID, member_id: UUID, *, at: datetime) -> CohortMember:
    """One of those in the group; the reading is audited. Raises CohortMember.DoesNotExist."""
    rows = CohortMember.objects.filter(practice_id=staff.practice_id, cohort_id=cohort_id, id=member_id)
    member = rows.select_related("patient", "cohort").get()
    record_all("appointment.group_seen", by=staff, at=at, patients=[member.patient_id], group=str(cohort_id))
    veil(staff, [member.patient], at=at)
    return member


def how_many_fit(staff: Staff, rule: RuleFacts, *, at: datetime) -> tuple[int, int]:
    """How many of the practice's patients a release rule is for on this day, and how many there are."""
    registered = Patient.objects.filter(practice_id=staff.practice_id, left_on=None, died_on=None)
    today, fits = local_day(at), Q(id__isnull=False)
    if rule.sex:
        fits &= Q(sex=rule.sex)
    if rule.least_age is not None:
        fits &= Q(birth_date__lte=_years_before(today, rule.least_age))
    if rule.most_age is not None:
        fits &= Q(birth_date__gt=_years_before(today, rule.most_age + 1))
    if rule.cohort_id:
        members = CohortMember.objects.filter(practice_id=staff.practice_id, cohort_id=rule.cohort_id)
        fits &= Q(id__in=members.values("patient_id"))
    counted = registered.aggregate(fit=Count("id", filter=fits), all=Count("id"))
    return counted["fit"], counted["all"]


def _years_before(day: date, years: int) -> date:
    """The last day of birth of those who have reached the age by the day (see `rules.release.birthday`)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)
