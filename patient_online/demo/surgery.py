"""The made-up practice: its buildings and hours, who works there, what it offers online."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from patient_online.asking import Role
from patient_online.demo.ids import Ids, account_id
from patient_online.demo.logins import BY_EMAIL
from patient_online.nhs.dates import from_wall_clock
from patient_online.nhs.services import Service
from patient_online.practices.models import (
    OpeningTime,
    PolicySetting,
    Practice,
    ServiceStatus,
    Site,
    StaffMember,
    StaffRole,
)

# No organisation has a code that starts with X9 and has six characters; names and numbers are nobody's either.
ODS_CODE = "X99999"
TOWN_POSTCODE = "ZZ99 1AA"
WEEKDAYS = range(1, 6)
SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Post:
    """A job at the practice and who has it; with an e-mail address they sign in."""

    key: str
    job: str
    sex: str
    role: Role | None = None
    sees_patients: bool = False
    email: str = ""
    called: str = ""

    @property
    def name(self) -> str:
        """The name on the door."""
        return BY_EMAIL[self.email].name if self.email else self.called


POSTS = (
    Post("ada", "GP partner", "female", Role.GP, True, "gp@example.com"),
    Post("idris", "GP partner", "male", Role.GP, True, called="Dr Idris Samplewell"),
    Post("maeve", "Salaried GP", "female", Role.GP, True, called="Dr Maeve O'Fiction"),
    Post("jun", "Salaried GP", "male", Role.GP, True, called="Dr Jun Pretendwell"),
    Post("bola", "Practice nurse", "female", Role.NURSE, True, "nurse@example.com"),
    Post("piotr", "Advanced nurse practitioner", "male", Role.NURSE, True, called="Piotr Fictionby"),
    Post("sam", "First contact physiotherapist", "unknown", None, True, called="Sam Notreal"),
    Post("rita", "Receptionist", "female", Role.RECEPTIONIST, email="reception@example.com"),
    Post("kofi", "Receptionist", "male", Role.RECEPTIONIST, called="Kofi Standin"),
    Post("dev", "Dispenser", "male", Role.DISPENSER, email="dispenser@example.com"),
    Post("margery", "Practice manager", "female", Role.MANAGER, email="manager@example.com"),
    Post("iggy", "Information governance lead", "male", Role.GOVERNANCE, email="governance@example.com"),
    Post("alma", "Systems administrator", "female", Role.ADMINISTRATOR, email="administrator@example.com"),
)
LEFT_LAST_YEAR = Post("quentin", "GP partner", "male", Role.GP, True, called="Dr Quentin Neverwas")

NOT_YET = (Service.MESSAGES, Service.PROXIES)


@dataclass
class Surgery:
    """The rows of the practice itself; sites and staff can be found by a short name."""

    practice: Practice
    main: Site
    branch: Site
    opening_times: list[OpeningTime] = field(default_factory=list)
    staff: dict[str, StaffMember] = field(default_factory=dict)
    roles: list[StaffRole] = field(default_factory=list)
    services: list[ServiceStatus] = field(default_factory=list)
    policies: list[PolicySetting] = field(default_factory=list)


def the_surgery(today: date, ids: Ids) -> Surgery:
    """Made-up Lane Surgery, as it stands on the day."""
    practice = Practice(
        ods_code=ODS_CODE,
        name="Made-up Lane Surgery",
        address=["1 Made-up Lane", "Exampleton"],
        postcode=TOWN_POSTCODE,
        telephone="+441632960001",
        opened_on=date(1974, 4, 1),
    )
    main = _site(ids, "Made-up Lane Surgery", "1 Made-up Lane", "+441632960001", is_main=True)
    branch = _site(ids, "Nowhere Close Branch Surgery", "99 Nowhere Close", "+441632960002")
    surgery = Surgery(practice, main, branch)
    _open_doors(surgery, ids)
    _employ(surgery, today, ids)
    _offer(surgery, today, ids)
    return surgery


def _site(ids: Ids, name: str, line: str, telephone: str, *, is_main: bool = False) -> Site:
    return Site(
        practice_id=ODS_CODE,
        id=ids(),
        name=name,
        address=[line, "Exampleton"],
        postcode=TOWN_POSTCODE if is_main else "ZZ99 2BB",
        telephone=telephone,
        is_main=is_main,
    )


def _open_doors(surgery: Surgery, ids: Ids) -> None:
    """Main: weekdays without a break, and Saturday mornings. Branch: closed over lunch, and on Wednesday afternoons."""
    hours = [(surgery.main, day, time(8), time(18, 30)) for day in WEEKDAYS]
    hours.append((surgery.main, SATURDAY, time(9), time(12)))
    hours += [(surgery.branch, day, time(8, 30), time(12, 30)) for day in WEEKDAYS]
    hours += [(surgery.branch, day, time(13, 30), time(17, 30)) for day in WEEKDAYS if day != OpeningTime.Day.WEDNESDAY]
    surgery.opening_times = [
        OpeningTime(practice_id=ODS_CODE, id=ids(), site_id=site.id, day=day, opens=opens, closes=closes)
        for site, day, opens, closes in hours
    ]


def _employ(surgery: Surgery, today: date, ids: Ids) -> None:
    for n, post in enumerate((*POSTS, LEFT_LAST_YEAR)):
        member = StaffMember(
            practice_id=ODS_CODE,
            id=ids(),
            account_id=account_id(post.email) if post.email else None,
            name=post.name,
            job=post.job,
            sex=post.sex,
            sees_patients=post.sees_patients,
            from_day=today - timedelta(days=1200 + 97 * n),
            to_day=today - timedelta(days=330) if post is LEFT_LAST_YEAR else None,
        )
        surgery.staff[post.key] = member
        if post.role:
            surgery.roles.append(StaffRole(practice_id=ODS_CODE, staff_id=member.id, role=post.role))


def _offer(surgery: Surgery, today: date, ids: Ids) -> None:
    """Appointments were made available two years ago and switched on half a year later; the rest is still to come."""
    manager = account_id("manager@example.com")
    first, then = today - timedelta(days=730), today - timedelta(days=550)
    status = ServiceStatus.Status
    decided = [(Service.APPOINTMENTS, status.AVAILABLE, first), (Service.APPOINTMENTS, status.SWITCHED_ON, then)]
    decided += [(Service.DEMOGRAPHICS, status.SWITCHED_ON, then), (Service.SUMMARY_RECORD, status.AVAILABLE, then)]
    decided += [(service, status.NOT_AVAILABLE, first) for service in NOT_YET]
    surgery.services = [
        ServiceStatus(
            id=ids(),
            practice_id=ODS_CODE,
            service=service,
            status=each,
            from_day=day,
            decided_at=from_wall_clock(day, time(9)),
            decided_by=manager,
        )
        for service, each, day in decided
    ]
    setting = {"name": "past_appointments_shown", "value": 15, "set_at": from_wall_clock(then, time(9))}
    surgery.policies = [PolicySetting(id=ids(), practice_id=ODS_CODE, set_by=manager, **setting)]
