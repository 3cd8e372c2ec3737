"""Sessions are made from plans, and those of which nobody has had anything are cleared away."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from patient_online.appointments.models import Appointment, Schedule, SessionTemplate, Slot
from patient_online.appointments.queries import planning, templates
from patient_online.appointments.rules.sessions import Plan, cut, held, planned_days
from patient_online.appointments.rules.templates import NotMade
from patient_online.asking import Staff, System
from patient_online.audit.actions import record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused


def lock_clinician(
    clinician_id: UUID, *, by: Staff | System, at: datetime, besides: Collection[UUID] = ()
) -> StaffMember:
    """The clinician, locked until we commit, so that nobody else makes them a session meanwhile; others `besides`.

    Raises Refused where it is none of those of the practice who see patients.
    """
    found = {each.id: each for each in templates.clinicians_locked(by, [clinician_id, *besides])}
    if clinician_id not in found:
        raise Refused(NotMade.NOT_HERE)
    return found[clinician_id]


def make_from(
    template: SessionTemplate, plan: Plan, clinician: StaffMember, *, through: date, by: Staff | System, at: datetime
) -> int:
    """Make the sessions of the template through the day that are not there yet; how many. The clinician is locked."""
    today = local_day(at)
    made = planning.days_made(by, template.id, since=today)
    calendar = planning.calendar_of(by, clinician, start=today, end=through, besides=template.id, kept=made)
    days = held(planned_days(plan, calendar, start=today, end=through, at=at))
    _put_into_book(plan, days, template, by.practice_id)
    if template.made_through is None or template.made_through < through:
        template.made_through = through
        template.save(update_fields=["made_through"])
    if days:
        record("appointment.sessions_made", by=by, at=at, subject=template.id, number=len(days))
    return len(days)


def make_one(plan: Plan, clinician: StaffMember, *, by: Staff | System, at: datetime) -> Schedule:
    """Make the one session of a plan for a single day, on which nothing stands in its way. The clinician is locked."""
    day = plan.pattern.first
    calendar = planning.calendar_of(by, clinician, start=day, end=day)
    days = held(planned_days(plan, calendar, start=day, end=day, at=at))
    return _put_into_book(plan, days, None, by.practice_id)[0]


def _put_into_book(
    plan: Plan, days: Mapping[date, datetime], template: SessionTemplate | None, practice_id: str
) -> list[Schedule]:
    """Write a session with its slots for each of the days, with the instants at which they start."""
    schedules = [_schedule(plan, day, starts_at, template, practice_id) for day, starts_at in days.items()]
    Schedule.objects.bulk_create(schedules)
    Slot.objects.bulk_create([slot for schedule in schedules for slot in _slots(plan, schedule)])
    return schedules


def _schedule(
    plan: Plan, day: date, starts_at: datetime, template: SessionTemplate | None, practice_id: str
) -> Schedule:
    return Schedule(
        practice_id=practice_id,
        site_id=plan.site_id,
        clinician_id=plan.clinician_id,
        name=plan.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.minutes),
        template_id=template.id if template else None,
        template_day=day if template else None,
    )


def _slots(plan: Plan, schedule: Schedule) -> list[Slot]:
    return [
        Slot(
            practice_id=schedule.practice_id,
            schedule_id=schedule.id,
            type_id=each.part.type_id,
            mode=each.part.mode,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            seats=each.part.seats,
            online=each.part.online,
        )
        for each in cut(plan.parts, schedule.starts_at)
        if each.part.type_id
    ]


def clear_away(
    template: SessionTemplate, *, by: Staff | System, at: datetime, from_day: date | None = None
) -> Sequence[Schedule]:
    """Delete the template's sessions to come in which nobody has or had an appointment; those that stay are returned.

    The slots are locked first: who books one of them meanwhile is waited for, or finds it gone.
    """
    here = {"practice_id": by.practice_id}
    ids = {schedule.id for schedule in templates.sessions_to_come(by, template, at=at, from_day=from_day)}
    list(Slot.objects.filter(**here, schedule_id__in=ids).order_by("id").select_for_update().values_list("id"))
    taken = set(
        Appointment.objects.filter(**here, slot__schedule_id__in=ids).values_list("slot__schedule_id", flat=True)
    )
    free = ids - taken
    Slot.objects.filter(**here, schedule_id__in=free).delete()
    Schedule.objects.filter(**here, id__in=free).delete()
    if free:
        record("appointment.sessions_cleared", by=by, at=at, subject=template.id, number=len(free))
    return list(Schedule.objects.filter(**here, id__in=taken).order_by("starts_at"))
