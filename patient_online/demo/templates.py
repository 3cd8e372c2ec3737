"""Templates of the made-up clinics, so that the book goes on after its six weeks, and an absence."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from patient_online.appointments.models import Absence, Schedule, SessionTemplate, TemplatePart
from patient_online.demo import slot_types as kinds
from patient_online.demo.clinics import AFTER, AWAY, AWAY_FROM, BEFORE, CLINICS, SAT, THU, Book, Clinic, Run
from patient_online.demo.ids import Ids, account_id
from patient_online.demo.surgery import ODS_CODE, Surgery
from patient_online.nhs.dates import from_wall_clock, local_day, to_london

Pattern = SessionTemplate.Pattern
# What comes less often than every week begins when the six weeks of the book are over.
RARER: tuple[tuple[Clinic, dict[str, Any]], ...] = (
    (Clinic("ada", (SAT,), time(9), "Extended access", (Run(kinds.GP, 12),)), {"every": 2}),
    (
        Clinic("bola", (THU,), time(14), "Screening afternoon", (Run(kinds.SMEAR, 6),)),
        {"pattern": Pattern.NTH_WEEKDAY, "nth": 2},
    ),
    (
        Clinic("sam", (), time(14), "Joint clinic", (Run(kinds.PHYSIO, 6),)),
        {"pattern": Pattern.NTH_WORKING_DAY, "nth": 1},
    ),
)


@dataclass
class Templates:
    """Templates, their parts and absences."""

    templates: list[SessionTemplate] = field(default_factory=list)
    parts: list[TemplatePart] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


def the_templates(book: Book, surgery: Surgery, today: date, ids: Ids) -> Templates:
    """A template for each weekly clinic whose slots are not released by hand, and a few that come less often."""
    made = Templates()
    for clinic in CLINICS:
        if clinic.weeks is None and all(run.released_days_before is None for run in clinic.runs):
            template = _keep(made, clinic, surgery, book, ids, from_day=today - BEFORE)
            _tie(template, book.schedules)
    for clinic, pattern in RARER:
        _keep(made, clinic, surgery, book, ids, from_day=today + AFTER, **pattern)
    made.absences.append(_absence(book, surgery, today, ids))
    return made


def _keep(made: Templates, clinic: Clinic, surgery: Surgery, book: Book, ids: Ids, **pattern: Any) -> SessionTemplate:
    template = SessionTemplate(
        practice_id=ODS_CODE,
        id=ids(),
        name=clinic.name,
        site_id=(surgery.branch if clinic.at_branch else surgery.main).id,
        clinician_id=surgery.staff[clinic.clinician].id,
        weekdays=list(clinic.days),
        starts=clinic.starts,
        **pattern,
    )
    made.templates.append(template)
    made.parts += [_part(run, place, template, book, ids) for place, run in enumerate(clinic.runs)]
    return template


def _part(run: Run, place: int, template: SessionTemplate, book: Book, ids: Ids) -> TemplatePart:
    return TemplatePart(
        practice_id=ODS_CODE,
        id=ids(),
        template_id=template.id,
        position=place,
        type_id=book.types[run.kind.name].id,
        mode=run.kind.mode,
        minutes=run.kind.minutes,
        count=run.number,
        online=run.online and bool(run.kind.label),
    )


def _tie(template: SessionTemplate, schedules: list[Schedule]) -> None:
    """Let the sessions that the book has already be those of the template, so that none is made twice."""
    for each in schedules:
        same = (each.clinician_id, each.site_id, each.name) == (template.clinician_id, template.site_id, template.name)
        local = to_london(each.starts_at)
        if same and local.time() == template.starts and local.isoweekday() in template.weekdays:
            each.template_id, each.template_day = template.id, local.date()


def _absence(book: Book, surgery: Surgery, today: date, ids: Ids) -> Absence:
    """The day on which the clinician whose slots were withdrawn is away."""
    clinician = surgery.staff[AWAY].id
    since = from_wall_clock(today + AWAY_FROM, time())
    theirs = (each.starts_at for each in book.schedules if each.clinician_id == clinician)
    day = local_day(next(starts_at for starts_at in theirs if starts_at >= since))
    entered: datetime = from_wall_clock(today - timedelta(days=3), time(11))
    return Absence(
        practice_id=ODS_CODE,
        id=ids(),
        clinician_id=clinician,
        from_day=day,
        to_day=day,
        note="Course",
        entered_at=entered,
        entered_by=account_id("manager@example.com"),
    )
