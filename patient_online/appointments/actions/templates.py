"""What can happen to a template of sessions: it is added, changed, stopped, and sessions are made from it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from patient_online.appointments.actions.making import clear_away, lock_clinician, make_from, make_one
from patient_online.appointments.models import Schedule, SessionTemplate, TemplatePart
from patient_online.appointments.queries import planning, templates
from patient_online.appointments.rules.sessions import Plan
from patient_online.appointments.rules.templates import NotMade, why_not_stop
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Site, StaffMember
from patient_online.refusals import Refused


@action("appointment.template_added")
def add_template(plan: Plan, *, by: Staff, key: UUID | None, at: datetime) -> SessionTemplate:
    """Keep the plan as a template and make its first sessions, or raise Refused.

    The clinician is locked until we commit: of two managers who fill the same hour, one is told of the other's.
    """
    clinician = _may(plan, by=by, at=at)
    template = SessionTemplate(practice_id=by.practice_id, **_columns(plan))
    template.save(force_insert=True)
    _keep_parts(template, plan)
    through = planning.made_until(by, today=local_day(at))
    number = make_from(template, plan, clinician, through=through, by=by, at=at)
    record("appointment.template_added", by=by, at=at, subject=template.id, sessions=number)
    return template


@action("appointment.template_changed")
def change_template(
    template: SessionTemplate, *, plan: Plan, by: Staff, key: UUID | None, at: datetime
) -> SessionTemplate:
    """Make the template as planned, and its sessions to come anew, or raise Refused.

    A session in which somebody has or had an appointment stays as it is.
    """
    template = _held(template, by, besides=[plan.clinician_id])
    clinician = _may(plan, by=by, at=at, changing=template)
    stay = clear_away(template, by=by, at=at)
    for name, value in _columns(plan).items():
        setattr(template, name, value)
    template.save()
    TemplatePart.objects.filter(practice_id=by.practice_id, template_id=template.id).delete()
    _keep_parts(template, plan)
    through = planning.made_until(by, today=local_day(at))
    number = make_from(template, plan, clinician, through=through, by=by, at=at)
    record("appointment.template_changed", by=by, at=at, subject=template.id, sessions=number, stayed=len(stay))
    return template


@action("appointment.template_stopped")
def stop_template(template: SessionTemplate, *, from_day: date, by: Staff, at: datetime) -> SessionTemplate:
    """Let the template make nothing from the day on, and clear its free sessions from then on away; or raise Refused.

    One that is stopped before it began is taken away whole; a session of it that somebody has booked stays by itself.
    """
    by.require(Role.MANAGER)
    template = _held(template, by)
    if refusal := why_not_stop(from_day, stops=template.to_day, today=local_day(at)):
        raise Refused(refusal)
    stay = clear_away(template, by=by, at=at, from_day=from_day)
    if from_day > template.from_day:
        template.to_day = from_day - timedelta(days=1)
        template.save(update_fields=["to_day"])
    else:
        _take_away(template)
    day = from_day.isoformat()
    record("appointment.template_stopped", by=by, at=at, subject=template.id, from_day=day, stayed=len(stay))
    return template


@action("appointment.sessions_made")
def make_sessions(template: SessionTemplate, *, through: date, by: Staff | System, at: datetime) -> int:
    """Make the template's sessions through the day that are not there yet; how many. Repeating it makes none twice."""
    if isinstance(by, Staff):
        by.require(Role.MANAGER)
    now, clinicians = templates.template_held(by, template.id)
    if now is None or not clinicians:
        return 0
    return make_from(now, templates.plan_of(by, now), clinicians[0], through=through, by=by, at=at)


@action("appointment.session_added")
def add_session(plan: Plan, *, by: Staff, key: UUID | None, at: datetime) -> Schedule:
    """Put one session into the book on the plan's first day, or raise Refused."""
    by.require(Role.MANAGER)
    _site_of(plan, by)
    clinician = lock_clinician(plan.clinician_id, by=by, at=at)
    if no := planning.objection_to_session(by, plan, at=at):
        raise no
    session = make_one(plan, clinician, by=by, at=at)
    record("appointment.session_added", by=by, at=at, subject=session.id)
    return session


def _may(plan: Plan, *, by: Staff, at: datetime, changing: SessionTemplate | None = None) -> StaffMember:
    """The clinician, locked, if the plan may stand; or Refused."""
    by.require(Role.MANAGER)
    _site_of(plan, by)
    before = [changing.clinician_id] if changing else []
    clinician = lock_clinician(plan.clinician_id, besides=before, by=by, at=at)
    if no := planning.objection(by, plan, at=at, besides=changing.id if changing else None):
        raise no
    return clinician


def _site_of(plan: Plan, by: Staff) -> None:
    if not Site.objects.filter(practice_id=by.practice_id, id=plan.site_id).exists():
        raise Refused(NotMade.NOT_HERE)


def _held(template: SessionTemplate, by: Staff, *, besides: Collection[UUID] = ()) -> SessionTemplate:
    found, _ = templates.template_held(by, template.id, besides=besides)
    if found is None:
        raise Refused(NotMade.STOPPED_ALREADY)
    return found


def _columns(plan: Plan) -> dict[str, Any]:
    pattern = plan.pattern
    return {
        "name": plan.name,
        "site_id": plan.site_id,
        "clinician_id": plan.clinician_id,
        "pattern": pattern.kind,
        "weekdays": list(pattern.weekdays),
        "every": pattern.every,
        "nth": pattern.nth,
        "except_bank_holidays": pattern.except_bank_holidays,
        "starts": plan.starts,
        "from_day": pattern.first,
        "to_day": pattern.last,
    }


def _keep_parts(template: SessionTemplate, plan: Plan) -> None:
    rows = [
        TemplatePart(
            practice_id=template.practice_id,
            template_id=template.id,
            position=position,
            type_id=part.type_id,
            mode=part.mode,
            minutes=part.minutes,
            count=part.count,
            seats=part.seats,
            online=part.online,
        )
        for position, part in enumerate(plan.parts)
    ]
    TemplatePart.objects.bulk_create(rows)


def _take_away(template: SessionTemplate) -> None:
    """Delete the template; sessions of it that stay become sessions by themselves."""
    of_it = {"practice_id": template.practice_id, "template_id": template.id}
    Schedule.objects.filter(**of_it).update(template_id=None, template_day=None)
    TemplatePart.objects.filter(**of_it).delete()
    SessionTemplate.objects.filter(practice_id=template.practice_id, id=template.id).delete()
