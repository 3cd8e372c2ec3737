"""Sessions are made from plans, and those of which nobody has had anything are cleared away."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from patient_online.appointments.models import Appointment, Schedule, SessionTemplate, Slot
from patient_online.appointments.queries import planning, templates
from patient_online.appointments.rules.sessions import (
    Calendar,
    Cut,
    Plan,
    Planned,
    held,
    missing_slots,
    planned_days,
    slots_of,
)
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
    _fill_up(template, plan, calendar, by=by, at=at)
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
    plan: Plan, days: Iterable[Planned], template: SessionTemplate | None, practice_id: str
) -> list[Schedule]:
    """Write a session with its slots for each of the days."""
    made = [(_schedule(plan, day, template, practice_id), day) for day in days]
    Schedule.objects.bulk_create([schedule for schedule, _ in made])
    Slot.objects.bulk_create([_slot(each, one) for one, day in made for each in slots_of(plan, day)])
    return [schedule for schedule, _ in made]


def _schedule(plan: Plan, planned: Planned, template: SessionTemplate | None, practice_id: str) -> Schedule:
    starts_at, ends_at = planned.times
    return Schedule(
        practice_id=practice_id,
        site_id=plan.site_id,
        clinician_id=plan.clinician_id,
        name=plan.name,
        starts_at=starts_at,
        ends_at=ends_at,
        cut_short=bool(planned.shut),
        template_id=template.id if template else None,
        template_day=planned.day if template else None,
    )


def _slot(cut: Cut, schedule: Schedule) -> Slot:
    part = cut.part
    assert part.type_id is not None  # breaks are not among the slots of a plan
    return Slot(
        practice_id=schedule.practice_id,
        schedule_id=schedule.id,
        type_id=part.type_id,
        mode=part.mode,
        starts_at=cut.starts_at,
        ends_at=cut.ends_at,
        seats=part.seats,
        online=part.online,
    )


def _fill_up(template: SessionTemplate, plan: Plan, calendar: Calendar, *, by: Staff | System, at: datetime) -> None:
    """Make the times of sessions that were cut short once nothing is in their way; withdrawn ones stay as they are."""
    number = 0
    for day, schedule in planning.sessions_cut_short(by, template, at=at):
        open_then = held(planned_days(plan, replace(calendar, kept=()), start=day, end=day, at=at))
        if missing := [each for planned in open_then for each in missing_slots(plan, planned, _known(schedule))]:
            Slot.objects.bulk_create([_slot(each, schedule) for each in missing])
            schedule.starts_at, schedule.ends_at = open_then[0].times
            schedule.cut_short = bool(open_then[0].shut)
            schedule.save(update_fields=["starts_at", "ends_at", "cut_short"])
            number += len(missing)
    if number:
        record("appointment.sessions_filled_up", by=by, at=at, subject=template.id, number=number)


def _known(schedule: Schedule) -> set[tuple[datetime, datetime]]:
    rows = Slot.objects.filter(practice_id=schedule.practice_id, schedule_id=schedule.id)
    return set(rows.values_list("starts_at", "ends_at"))


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
