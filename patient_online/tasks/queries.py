"""What may be seen of the work list: whose each task is, which are overdue, and who covers for whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet

from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import record_all
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.patients.queries.glass import veil
from patient_online.practices.models import Practice, StaffMember, StaffRole
from patient_online.practices.working import here
from patient_online.tasks.kinds import Kind, decided_by, known_kind, roles_to_cover
from patient_online.tasks.models import Cover, Task
from patient_online.tasks.rules import last_day

ON_A_PAGE = 25
MOST_COUNTED = 100
NO_KIND = ""  # an empty list would make Django ask nothing at all, and the counts need an answer


class Whose(StrEnum):
    """Which tasks of the list."""

    MINE = "mine"
    NOBODYS = "nobodys"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as the list shows it. `kind` is None where this version of the program does not know it."""

    task: Task
    kind: Kind | None
    line: str
    due: date
    overdue: bool
    decides: bool

    @property
    def about(self) -> UUID:
        """What the address of the page that decides is made of."""
        of_patient = self.kind is not None and self.kind.page_of_patient
        return self.task.patient_id or self.task.about if of_patient else self.task.about


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are of each sort, counted up to a hundred."""

    mine: int
    nobodys: int
    overdue: int


def tasks_listed(
    staff: Staff, whose: Whose, *, kind: str = "", after: tuple[datetime, UUID] | None = None, at: datetime
) -> tuple[list[Shown], tuple[datetime, UUID] | None]:
    """The tasks that are due first, a page of them, and where the next page begins; the reading is audited."""
    rows = _of(staff, whose, local_day(at))
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        due_at, task_id = after
        rows = rows.filter(Q(due_at__gt=due_at) | Q(id__gt=task_id), due_at__gte=due_at)
    rows = rows.select_related("patient", "owner").order_by("due_at", "id")
    tasks = list(rows[: ON_A_PAGE + 1])
    more = (tasks[ON_A_PAGE - 1].due_at, tasks[ON_A_PAGE - 1].id) if len(tasks) > ON_A_PAGE else None
    shown = list(_shown(staff, tasks[:ON_A_PAGE], at))
    seen = {task.patient_id for task in tasks[:ON_A_PAGE] if task.patient_id}
    record_all("tasks.listed", by=staff, at=at, patients=seen)
    veil(staff, [task.patient for task in tasks if task.patient], at=at)
    return shown, more


def task_of(staff: Staff, task_id: UUID, *, at: datetime) -> Shown | None:
    """One task that the staff's roles let them see, ended or not; None where there is none. The reading is audited."""
    task = _seen(staff).select_related("patient", "owner").filter(id=task_id).first()
    if task is None:
        return None
    record_all("tasks.listed", by=staff, at=at, patients=[task.patient_id] if task.patient_id else [])
    veil(staff, [task.patient] if task.patient else [], at=at)
    return next(_shown(staff, [task], at))


def _shown(staff: Staff, tasks: Iterable[Task], at: datetime) -> Iterator[Shown]:
    tasks, theirs = list(tasks), decided_by(staff.roles)
    lines = _lines(staff, tasks)
    for task in tasks:
        line = lines.get((task.kind, task.about), "")
        decides = task.kind in theirs
        yield Shown(task, known_kind(task.kind), line, last_day(task.due_at), task.due_at <= at, decides)


def _lines(staff: Staff, tasks: list[Task]) -> dict[tuple[str, UUID], str]:
    """What each is about, in one statement for each kind."""
    said: dict[tuple[str, UUID], str] = {}
    for name in sorted({task.kind for task in tasks}):
        kind = known_kind(name)
        if kind and kind.lines:
            abouts = [task.about for task in tasks if task.kind == name]
            said |= {(name, about): line for about, line in kind.lines(staff, abouts).items()}
    return said


def _seen(staff: Staff) -> QuerySet[Task]:
    """The tasks that somebody with these roles sees: what they may decide; the manager sees all."""
    rows = Task.objects.filter(practice_id=staff.practice_id)
    return rows if Role.MANAGER in staff.roles else rows.filter(kind__in=decided_by(staff.roles) or [NO_KIND])


def _of(staff: Staff, whose: Whose, today: date) -> QuerySet[Task]:
    rows = _seen(staff).filter(status=Task.Status.OPEN)
    if whose is Whose.NOBODYS:
        return rows.filter(owner_id=None)
    return rows.filter(_mine(staff, today)) if whose is Whose.MINE else rows


def _mine(staff: Staff, today: date) -> Q:
    """One's own tasks, and those of whom one covers for today."""
    away = _covers(staff).filter(covered_by_id=staff.staff_id, from_day__lte=today, to_day__gte=today)
    return Q(owner_id=staff.staff_id) | Q(owner_id__in=away.values("away_id"))


def counts(staff: Staff, *, at: datetime) -> Counts:
    """How many tasks are one's own, nobody's and overdue: one statement, which looks at no more than a hundred each."""
    today = local_day(at)
    each = {"mine": _of(staff, Whose.MINE, today), "nobodys": _of(staff, Whose.NOBODYS, today)}
    each["overdue"] = _of(staff, Whose.ALL, today).filter(due_at__lte=at)
    numbers = {name: _bounded(rows) for name, rows in each.items()}
    rows = Practice.objects.filter(ods_code=staff.practice_id).values_list(*numbers.values(), named=False)
    return Counts(*rows.get())


def _bounded(rows: QuerySet[Task]) -> Func:
    return Func(ArraySubquery(rows.values("id")[:MOST_COUNTED]), function="cardinality", output_field=IntegerField())


def overdue_kinds(system: System, *, at: datetime) -> dict[str, int]:
    """How many tasks of each kind are overdue at a practice: for the job that tells its manager."""
    rows = Task.objects.filter(practice_id=system.practice_id, status=Task.Status.OPEN, due_at__lte=at)
    found: dict[str, int] = {}
    for kind in rows.order_by("due_at").values_list("kind", flat=True)[:MOST_COUNTED]:
        found[kind] = found.get(kind, 0) + 1
    return found


def practices_with_overdue(system: System, *, at: datetime) -> list[str]:
    """The practices at which a task is overdue, by their ODS codes."""
    rows = Task.objects.filter(status=Task.Status.OPEN, due_at__lte=at).order_by("practice_id")
    return list(rows.values_list("practice_id", flat=True).distinct())


def managers_addresses(system: System, *, on: date) -> list[str]:
    """The e-mail addresses of the accounts of a practice's managers on a day, where they gave one."""
    roles = StaffRole.objects.filter(practice_id=system.practice_id, staff_id=OuterRef("id"), role=Role.MANAGER)
    members = StaffMember.objects.filter(here(on), Exists(roles), practice_id=system.practice_id)
    known = [account_id for account_id in members.values_list("account_id", flat=True) if account_id]
    accounts = Account.objects.filter(id__in=known, is_active=True, email__isnull=False)
    return [email for email in accounts.order_by("email").values_list("email", flat=True) if email]


def who_may_have(staff: Staff, kind: Kind | None, *, on: date) -> list[StaffMember]:
    """Who works at the practice on the day, has an account, and may decide tasks of this kind; by name."""
    rows = _who_work_here(staff, on)
    if kind is None:
        return list(rows)
    roles = StaffRole.objects.filter(practice_id=staff.practice_id, staff_id=OuterRef("id"), role__in=kind.roles)
    return list(rows.filter(Exists(roles)))


def colleagues(staff: Staff, *, on: date) -> list[StaffMember]:
    """Who works at the practice on the day and has an account, by name: one of them may cover for another."""
    return list(_who_work_here(staff, on))


def who_may_cover(staff: Staff, away: UUID, *, on: date) -> list[StaffMember]:
    """Who works at the practice on the day and sees tasks that are decided by who is away, by name."""
    of = StaffRole.objects.filter(practice_id=staff.practice_id)
    theirs = [Role(role) for role in of.filter(staff_id=away).values_list("role", flat=True)]
    enough = of.filter(staff_id=OuterRef("id"), role__in=roles_to_cover(theirs))
    return list(_who_work_here(staff, on).filter(Exists(enough)))


def _who_work_here(staff: Staff, on: date) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.filter(here(on), practice_id=staff.practice_id, account_id__isnull=False)
    return rows.order_by("name", "id")


def _covers(staff: Staff) -> QuerySet[Cover]:
    return Cover.objects.filter(practice_id=staff.practice_id, taken_back_at=None)


def covers(staff: Staff, *, on: date) -> list[Cover]:
    """Who covers for whom on a day and later, the next first."""
    rows = _covers(staff).filter(here(on, "away__"), here(on, "covered_by__"), to_day__gte=on)
    return list(rows.select_related("away", "covered_by").order_by("from_day", "id"))


def cover_of(staff: Staff, cover_id: UUID) -> Cover | None:
    """One cover of the staff's practice."""
    rows = Cover.objects.filter(practice_id=staff.practice_id, id=cover_id)
    return rows.select_related("away", "covered_by").first()
