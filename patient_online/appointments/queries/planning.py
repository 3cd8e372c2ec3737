"""What stands in the way of a session, and on which days it would come."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from patient_online.appointments.models import Absence, Schedule, SessionTemplate, SlotType
from patient_online.appointments.queries.templates import plans_of, sessions_to_come, templates, worded
from patient_online.appointments.rules.sessions import (
    LOOKED_AHEAD,
    Busy,
    Calendar,
    Days,
    LeftOut,
    Plan,
    Planned,
    days_in_common,
    days_named,
    planned_days,
)
from patient_online.appointments.rules.templates import NotMade, why_not_plan, wordless
from patient_online.asking import Staff, System
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices.models import Closure, StaffMember
from patient_online.practices.queries import policies
from patient_online.refusals import Refused

SHOWN = 10


def made_until(asker: Staff | System, *, today: date) -> date:
    """The day through which the practice has its sessions made."""
    return today + timedelta(weeks=policies(asker)["sessions_made_weeks"])


def days_made(asker: Staff | System, template_id: UUID, *, since: date) -> set[date]:
    """The days from one on that have a session of the template, withdrawn or not: none is made again on them."""
    rows = Schedule.objects.filter(practice_id=asker.practice_id, template_id=template_id, template_day__gte=since)
    return {day for day in rows.values_list("template_day", flat=True) if day}


def days_kept(staff: Staff, template_id: UUID, *, at: datetime) -> set[date]:
    """The days to come whose session stays when the template is changed: withdrawn, or somebody has or had a place."""
    made = days_made(staff, template_id, since=local_day(at))
    template = SessionTemplate.objects.get(practice_id=staff.practice_id, id=template_id)
    return made - {row.template_day for row in sessions_to_come(staff, template, at=at) if not row.taken}  # type: ignore[attr-defined]


def sessions_cut_short(
    asker: Staff | System, template: SessionTemplate, *, at: datetime
) -> list[tuple[date, Schedule]]:
    """The template's sessions to come that lack times and stand where it makes them, each with its day, locked."""
    rows = Schedule.objects.filter(practice_id=asker.practice_id, template_id=template.id, cut_short=True)
    here = {"clinician_id": template.clinician_id, "site_id": template.site_id, "withdrawn_at": None}
    rows = rows.filter(**here, starts_at__gt=at, template_day__gte=local_day(at))
    held = rows.select_for_update(of=("self",)).order_by("id")
    return [(row.template_day, row) for row in held if row.template_day]


def calendar_of(
    asker: Staff | System,
    clinician: StaffMember,
    *,
    start: date,
    end: date,
    besides: UUID | None = None,
    kept: Collection[date] = (),
) -> Calendar:
    """What stands in the clinician's way between two days, but for the sessions of the template `besides`."""
    here = {"practice_id": asker.practice_id}
    about = {"from_day__lte": end, "to_day__gte": start, "taken_back_at": None}
    closures = Closure.objects.filter(**here, **about)
    absences = Absence.objects.filter(**here, **about, clinician_id=clinician.id)
    return Calendar(
        closed=[stretch_of(each) for each in closures],
        away=[stretch_of(each) for each in absences],
        employed=Days(clinician.from_day, clinician.to_day or date.max),
        busy=_busy(asker, clinician, start, end, besides),
        kept=kept,
    )


def _busy(asker: Staff | System, clinician: StaffMember, start: date, end: date, besides: UUID | None) -> list[Busy]:
    rows = Schedule.objects.filter(
        practice_id=asker.practice_id,
        clinician_id=clinician.id,
        withdrawn_at=None,
        ends_at__gt=day_bounds(start)[0],
        starts_at__lt=day_bounds(end)[1],
    ).select_related("site")
    return [
        Busy(row.name, row.site.name, row.starts_at, row.ends_at)
        for row in rows.order_by("starts_at")
        if besides is None or row.template_id != besides
    ]


def next_days(
    staff: Staff, plan: Plan, *, at: datetime, besides: UUID | None = None, kept: Collection[date] = ()
) -> list[Planned]:
    """The next ten days on which the plan falls, with those that are left out and why."""
    clinician = StaffMember.objects.get(practice_id=staff.practice_id, id=plan.clinician_id)
    today = local_day(at)
    days = plan.pattern.days_with_holidays(today, max(today, plan.pattern.first) + LOOKED_AHEAD)
    shown = [day for day, _n in zip(days, range(SHOWN), strict=False)]
    if not shown:
        return []
    calendar = calendar_of(staff, clinician, start=shown[0], end=shown[-1], besides=besides, kept=kept)
    return list(planned_days(plan, calendar, start=shown[0], end=shown[-1], at=at))


def objection(asker: Staff | System, plan: Plan, *, at: datetime, besides: UUID | None = None) -> Refused | None:
    """Why no template may be made so, or None; `besides` is the template that is being changed."""
    today, kinds = local_day(at), worded(asker)
    if reason := why_not_plan(plan, worded=kinds, today=today):
        return Refused(reason, **_kind_named(asker, plan, kinds) if reason is NotMade.NO_WORDS else {})
    for other, theirs in _others(asker, plan, today, besides):
        if days := days_in_common(plan, theirs, start=today):
            return _in_the_way(other, days)
    return None


def objection_to_session(asker: Staff | System, plan: Plan, *, at: datetime) -> Refused | None:
    """Why no single session may be made so, or None; a session that a template would yet make is in the way too."""
    today, day = local_day(at), plan.pattern.first
    kinds = worded(asker)
    if day > today + LOOKED_AHEAD:
        return Refused(NotMade.DAY_TOO_FAR)
    if reason := why_not_plan(plan, worded=kinds, today=min(today, day)):
        return Refused(reason, **_kind_named(asker, plan, kinds) if reason is NotMade.NO_WORDS else {})
    clinician = StaffMember.objects.get(practice_id=asker.practice_id, id=plan.clinician_id)
    calendar = calendar_of(asker, clinician, start=day, end=day)
    planned = next(planned_days(plan, calendar, start=day, end=day, at=at))
    if planned.left_out is LeftOut.OVERLAPS and planned.busy:
        facts = {"clinician": clinician.name, "session": planned.busy.name, "site": planned.busy.site}
        return Refused(NotMade.IN_THE_WAY, **facts, days=days_named([day]))
    hours = ", ".join(filter(None, (each.hours_on(day) for each in calendar.away)))
    if planned.left_out is LeftOut.AWAY and hours:
        return Refused(NotMade.AWAY_THEN, hours=hours)
    if planned.left_out:
        return Refused(NotMade[planned.left_out.name])
    to_come = ((other, days_in_common(plan, theirs, start=day)) for other, theirs in _others(asker, plan, today, None))
    waiting = ((other, days) for other, days in to_come if days and day not in days_made(asker, other.id, since=day))
    return next((_in_the_way(other, days) for other, days in waiting), None)


def _others(asker: Staff | System, plan: Plan, today: date, besides: UUID | None) -> list[tuple[SessionTemplate, Plan]]:
    """The clinician's other templates."""
    rows = [row for row in templates(asker, on=today).filter(clinician_id=plan.clinician_id) if row.id != besides]
    plans = plans_of(asker, rows)
    return [(row, plans[row.id]) for row in rows]


def _in_the_way(template: SessionTemplate, days: list[date]) -> Refused:
    facts = {"clinician": template.clinician.name, "session": template.name, "site": template.site.name}
    return Refused(NotMade.IN_THE_WAY, **facts, days=days_named(days))


def _kind_named(asker: Staff | System, plan: Plan, kinds: dict[UUID, bool]) -> dict[str, str]:
    names = SlotType.objects.filter(practice_id=asker.practice_id, id__in=[wordless(plan.parts, kinds)])
    return {"kind": names.values_list("name", flat=True)[0]}
