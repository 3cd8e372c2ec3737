"""What may be seen of practices."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from patient_online.asking import Acting, Asker, LinkHolder, Staff, System
from patient_online.nhs.services import Service
from patient_online.practices.models import (
    Closure,
    Notice,
    OpeningTime,
    PolicySetting,
    Practice,
    ServiceStatus,
    StaffMember,
)
from patient_online.practices.rules import CLOSURE_SHOWN_DAYS, POLICIES, Value, for_appointments


def practice_of(asker: Acting | Staff | System) -> Practice:
    """The practice of who is asking."""
    return Practice.objects.get(ods_code=asker.practice_id)


def practices_active(system: System) -> list[str]:
    """The ODS codes of the practices that are open: for a job that has something to do at each."""
    rows = Practice.objects.filter(status=Practice.Status.ACTIVE).order_by("ods_code")
    return list(rows.values_list("ods_code", flat=True))


def policies(asker: Acting | Staff | LinkHolder | System) -> dict[str, Value]:
    """The value of each policy at the asker's practice: what it chose, or the default."""
    chosen = asker.policies if isinstance(asker, Acting) else None
    if chosen is None:
        chosen = dict(PolicySetting.objects.filter(practice_id=asker.practice_id).values_list("name", "value"))
    return {name: policy.default for name, policy in POLICIES.items()} | dict(chosen)


def services(asker: Asker, *, practice_id: str, on: date) -> dict[Service, ServiceStatus]:
    """The state of each online service of a practice on a day; a service never decided on is missing."""
    rows = ServiceStatus.objects.filter(practice_id=practice_id, from_day__lte=on).order_by("from_day")
    return {Service(row.service): row for row in rows}


def services_to_come(staff: Staff, *, after: date) -> dict[Service, ServiceStatus]:
    """The next change that the staff's practice has decided on for each online service, where there is one."""
    rows = ServiceStatus.objects.filter(practice_id=staff.practice_id, from_day__gt=after).order_by("-from_day")
    return {Service(row.service): row for row in rows}


def opening_times(asker: Acting | Staff) -> QuerySet[OpeningTime]:
    """When the asker's practice is open, by site and day."""
    rows = OpeningTime.objects.filter(practice_id=asker.practice_id).select_related("site")
    return rows.order_by("-site__is_main", "site__name", "day", "opens")


def notice(asker: Acting | Staff, kind: Notice.Kind) -> Notice | None:
    """What the asker's practice tells patients now: the highest version; None where it never said anything."""
    return Notice.objects.filter(practice_id=asker.practice_id, kind=kind).order_by("-version").first()


def notices(staff: Staff, kind: Notice.Kind) -> list[Notice]:
    """Every version of what the practice told its patients, the newest first."""
    return list(Notice.objects.filter(practice_id=staff.practice_id, kind=kind).order_by("-version"))


def ways_to_book(acting: Acting) -> list[Mapping[str, str]]:
    """The ways to reach the patient's practice about an appointment, where it has said any."""
    told = notice(acting, Notice.Kind.ROUTES)
    return for_appointments(told.routes) if told else []


def closures_told(acting: Acting, *, on: date) -> list[Closure]:
    """The closures that a patient is told of on a day: from two weeks before until the last day closed."""
    soon = on + timedelta(days=CLOSURE_SHOWN_DAYS)
    rows = Closure.objects.filter(practice_id=acting.practice_id, taken_back_at=None)
    return list(rows.filter(from_day__lte=soon, to_day__gte=on).order_by("from_day", "id"))


def closures(asker: Acting | Staff, *, on: date) -> list[Closure]:
    """The closures that are not over on a day and hold, the next first."""
    rows = Closure.objects.filter(practice_id=asker.practice_id, taken_back_at=None, to_day__gte=on)
    return list(rows.order_by("from_day", "id"))


def closures_before(staff: Staff, *, on: date) -> list[Closure]:
    """The latest twenty closures that are over on a day, and those taken back, the latest first."""
    over = Q(to_day__lt=on) | Q(taken_back_at__isnull=False)
    rows = Closure.objects.filter(over, practice_id=staff.practice_id)
    return list(rows.order_by("-from_day", "-id")[:20])


def closure_of(staff: Staff, closure_id: UUID) -> Closure | None:
    """One closure of the staff's practice."""
    return Closure.objects.filter(practice_id=staff.practice_id, id=closure_id).first()


def staff_names(staff: Staff) -> dict[UUID, str]:
    """The name of everybody who works or worked at the practice and has an account, by the account's id."""
    rows = StaffMember.objects.filter(practice_id=staff.practice_id, account_id__isnull=False)
    return {member.account_id: member.name for member in rows if member.account_id}
