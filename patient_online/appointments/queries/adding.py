"""What stands in the way of one more slot in a session, and where there is room for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.appointments.models import Absence, Schedule, Slot, SlotType
from patient_online.appointments.rules.adding import OneMoreFacts, is_counted
from patient_online.appointments.rules.sessions import Busy
from patient_online.asking import Staff
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices.models import Closure


def session_to_add_to(staff: Staff, schedule_id: UUID) -> Schedule | None:
    """The session of the practice's book, with its clinician and site, or None."""
    rows = Schedule.objects.filter(practice_id=staff.practice_id, id=schedule_id)
    return rows.select_related("clinician", "site").first()


def session_locked(staff: Staff, schedule_id: UUID) -> Schedule | None:
    """The same, locked until the transaction ends."""
    rows = Schedule.objects.filter(practice_id=staff.practice_id, id=schedule_id)
    return rows.select_related("clinician", "site").select_for_update(of=("self",)).first()


def kind_to_add(staff: Staff, type_id: UUID) -> SlotType | None:
    """The kind of slot of the practice, or None."""
    return SlotType.objects.filter(practice_id=staff.practice_id, id=type_id).first()


def slots_of_session(staff: Staff, schedule: Schedule) -> list[Slot]:
    """The slots of the session in their order, withdrawn ones too."""
    rows = Slot.objects.filter(practice_id=staff.practice_id, schedule_id=schedule.id)
    return list(rows.select_related("type").order_by("starts_at"))


def one_more_facts(
    staff: Staff, schedule: Schedule, kind: SlotType, *, online: bool, starts_at: datetime, ends_at: datetime
) -> OneMoreFacts:
    """What the rule judges: asked under the clinician's lock, it stays true."""
    day = local_day(schedule.starts_at)
    here: dict[str, Any] = {"practice_id": staff.practice_id}
    about = {**here, "from_day__lte": day, "to_day__gte": day, "taken_back_at": None}
    rows = Absence.objects.filter(**about, clinician_id=schedule.clinician_id)
    absences = [each for each in map(stretch_of, rows) if each.meets(starts_at, ends_at)]
    return OneMoreFacts(
        starts_at=starts_at,
        ends_at=ends_at,
        session=_busy(schedule),
        withdrawn=schedule.withdrawn_at is not None,
        counted=is_counted(kind.national_category),
        worded=kind.worded,
        online=online,
        closed=any(stretch_of(row).meets(starts_at, ends_at) for row in Closure.objects.filter(**about)),
        away=bool(absences),
        away_hours=", ".join(filter(None, (each.hours_on(day) for each in absences))),
        slots=[(slot.starts_at, slot.ends_at) for slot in slots_of_session(staff, schedule)],
        others=[_busy(row) for row in _other_sessions(staff, schedule)],
    )


def _other_sessions(staff: Staff, schedule: Schedule) -> list[Schedule]:
    starts, ends = day_bounds(local_day(schedule.starts_at))
    about = {"clinician_id": schedule.clinician_id, "withdrawn_at": None}
    rows = Schedule.objects.filter(practice_id=staff.practice_id, starts_at__lt=ends, ends_at__gt=starts, **about)
    return list(rows.exclude(id=schedule.id).select_related("site").order_by("starts_at"))


def _busy(schedule: Schedule) -> Busy:
    return Busy(schedule.name, schedule.site.name, schedule.starts_at, schedule.ends_at)
