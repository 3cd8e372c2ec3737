"""What may be seen of practices."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from patient_online.asking import Acting, Analyst, Asker, LinkHolder, Staff, System
from patient_online.audit.models import Entry
from patient_online.audit.queries import decisions_of
from patient_online.nhs.services import Level, Service
from patient_online.practices.models import (
    Closure,
    Notice,
    OpeningTime,
    PolicySetting,
    Practice,
    ServiceStatus,
    StaffMember,
)
from patient_online.practices.rules import (
    CLOSURE_SHOWN_DAYS,
    DECIDED,
    POLICIES,
    Decided,
    Made,
    NotSwitched,
    Told,
    Value,
    each_told,
    for_appointments,
    why_not_in_order,
    why_not_switched,
    why_nothing_changes,
)
from patient_online.refusals import Refused

SWITCHED, TAKEN_BACK = "practice.service_switched", "practice.switch_taken_back"


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


def services_planned(staff: Staff, *, after: date) -> dict[Service, list[ServiceStatus]]:
    """What the staff's practice has planned for later days, for each online service, the next first."""
    rows = ServiceStatus.objects.filter(practice_id=staff.practice_id, from_day__gt=after).order_by("from_day")
    planned: dict[Service, list[ServiceStatus]] = {}
    for row in rows:
        planned.setdefault(Service(row.service), []).append(row)
    return planned


def service_history(staff: Staff, service: Service) -> list[Told]:
    """Each decision of the staff's practice about a service with what it changed, the newest first.

    The trail tells all of them; of what is not in it, such as what was loaded, the row alone.
    """
    trail = decisions_of(staff, events=(SWITCHED, TAKEN_BACK), service=service.value)
    told = [entry.subject_id for entry in trail if entry.subject_id]
    rows = ServiceStatus.objects.filter(practice_id=staff.practice_id, service=service).exclude(id__in=told)
    loaded = [
        Made(row.decided_at, row.decided_by, row.from_day, row.status, row.ceiling) for row in rows.order_by("from_day")
    ]
    return each_told([*loaded, *map(_made, trail)])


def _made(entry: Entry) -> Made:
    what, taken_back = entry.details, entry.event == TAKEN_BACK
    ceiling = str(what.get("ceiling", Level.MANAGE))
    from_day = date.fromisoformat(what["from_day"])
    return Made(entry.at, entry.account_id, from_day, str(what["status"]), ceiling, taken_back=taken_back)


def planned_switch(staff: Staff, row_id: UUID) -> ServiceStatus | None:
    """One decision of the staff's practice about an online service."""
    return ServiceStatus.objects.select_related("practice").filter(practice_id=staff.practice_id, id=row_id).first()


def why_not_switch(staff: Staff, new: Decided, *, today: date) -> Refused | None:
    """Why the staff's practice may not have a service stand so from a day on, or None."""
    before = _decisions(staff)
    same = (new.service, new.from_day)
    after = [each for each in before if (each.service, each.from_day) != same] + [new]
    reason = why_not_switched(new.from_day, today=today) or why_not_in_order(new.service, before, after)
    if reason:
        return Refused(reason)
    return why_nothing_changes(new, [each for each in before if each.service is new.service], today=today)


def why_not_taken_back(staff: Staff, row: ServiceStatus) -> NotSwitched | None:
    """Why a planned change may not be taken back, or None: the levels of the record stay in order without it."""
    before = _decisions(staff)
    without = [each for each in before if (each.service, each.from_day) != (row.service, row.from_day)]
    return why_not_in_order(Service(row.service), before, without)


def _decisions(staff: Staff) -> list[Decided]:
    rows = ServiceStatus.objects.filter(practice_id=staff.practice_id).order_by("from_day")
    return [Decided(Service(row.service), row.from_day, row.status, row.ceiling) for row in rows]


def statuses_on(asker: Analyst | System, day: date) -> dict[str, dict[Service, int]]:
    """For each practice that was open on a day, how each online service stood there: 0, 1 or 2 as the returns say it.

    0 not available, 1 available but not switched on, 2 switched on. Of what a practice never decided, what this
    version offers to be decided was available.
    """
    known = {str(each): n for n, each in enumerate(ServiceStatus.Status.values)}
    undecided = {service: int(service in DECIDED) for service in Service}
    still = Q(closed_on=None, status=Practice.Status.ACTIVE) | Q(closed_on__gt=day)
    open_then = Practice.objects.filter(Q(opened_on=None) | Q(opened_on__lte=day), still)
    found = {code: dict(undecided) for code in open_then.values_list("ods_code", flat=True)}
    rows = ServiceStatus.objects.filter(from_day__lte=day).order_by("practice_id", "service", "-from_day")
    for code, service, status in rows.distinct("practice_id", "service").values_list("practice", "service", "status"):
        if code in found:
            found[code][Service(service)] = known[status]
    return found


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
