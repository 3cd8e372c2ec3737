"""What is in the way of a session that is moved or put back: its clinician's day, and that of who is booked in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from patient_online.appointments.models import Absence, Appointment, Schedule, Slot
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.withdraw import SEEN, Plan
from patient_online.appointments.rules.withdraw import SessionFacts, Target
from patient_online.asking import Staff
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices.models import Closure, Site, StaffMember


def session_of(staff: Staff, schedule_id: UUID) -> Schedule:
    """One session of the practice's book. Raises Schedule.DoesNotExist."""
    rows = Schedule.objects.filter(practice_id=staff.practice_id)
    return rows.select_related("clinician", "site").get(id=schedule_id)


def session_facts(staff: Staff, schedule: Schedule, to: Target, *, times: Sequence[Slot] | None = None) -> SessionFacts:
    """What the rules judge of a session that is to be there: asked under the clinician's lock, it stays true.

    `times` are those of its slots that are to be there again, where it is not the whole of it.
    """
    day, ends_at = local_day(to.starts_at), to.starts_at + (schedule.ends_at - schedule.starts_at)
    spans = [(to.starts_at, ends_at)] if times is None else [(slot.starts_at, slot.ends_at) for slot in times]
    own: dict[str, Any] = {"practice_id": staff.practice_id, "clinician_id": to.clinician}
    here = Q(to_day=None) | Q(to_day__gte=day)
    people = StaffMember.objects.filter(here, practice_id=staff.practice_id, from_day__lte=day)
    clinician = people.filter(id=to.clinician, sees_patients=True).first()
    about = Q(from_day__lte=day, to_day__gte=day, taken_back_at=None)
    closures = Closure.objects.filter(about, practice_id=staff.practice_id)
    seats = Appointment.objects.filter(BOOKED, SEEN, practice_id=staff.practice_id, slot__schedule_id=schedule.id)
    others = Schedule.objects.filter(**own, withdrawn_at=None, starts_at__lt=ends_at, ends_at__gt=to.starts_at)
    absences = [row for row in Absence.objects.filter(about, **own) if _in_the_way([row], spans)]
    return SessionFacts(
        schedule.starts_at,
        schedule.clinician_id,
        schedule.site_id,
        clinician_name=clinician.name if clinician else "",
        known=bool(clinician) and Site.objects.filter(practice_id=staff.practice_id, id=to.site).exists(),
        away=bool(absences),
        away_hours=", ".join(filter(None, (stretch_of(row).hours_on(day) for row in absences))),
        closed=_in_the_way(closures, spans),
        lasts=schedule.ends_at - schedule.starts_at,
        arrived=seats.exists(),
        others=[each.name for each in others.exclude(id=schedule.id).order_by("starts_at")],
    )


def _in_the_way(rows: Iterable[Any], spans: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether a closure or an absence meets any of these times."""
    return any(stretch_of(row).meets(*span) for row in rows for span in spans)


def clashes(staff: Staff, plan: Plan, *, by: timedelta) -> dict[UUID, Appointment]:
    """Whose appointment, moved by so much, would lie over another of theirs: that other one, by the id of the first."""
    firsts = plan.appointments
    new = {row.slot_id: (row.slot.starts_at + by, row.slot.ends_at + by) for row in plan.rows}
    if not new:
        return {}
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, patient_id__in=_patients(firsts))
    rows = rows.exclude(slot_id__in=list(new)).select_related("slot")
    ends, starts = max(end for _, end in new.values()), min(start for start, _ in new.values())
    others = list(rows.filter(slot__starts_at__lt=ends, slot__ends_at__gt=starts))
    return {
        row.continues_id or row.id: other
        for row in plan.rows
        for other in others
        if other.patient_id == row.patient_id
        and other.slot.starts_at < new[row.slot_id][1]
        and other.slot.ends_at > new[row.slot_id][0]
    }


def _patients(rows: Sequence[Appointment]) -> set[UUID]:
    return {row.patient_id for row in rows}


def who_and_where(staff: Staff, *, on: datetime) -> tuple[list[StaffMember], list[Site]]:
    """The clinicians who work at the practice from a day on, and its sites: what sessions are chosen by."""
    here = Q(to_day=None) | Q(to_day__gte=local_day(on))
    people = StaffMember.objects.filter(here, practice_id=staff.practice_id, sees_patients=True)
    sites = Site.objects.filter(practice_id=staff.practice_id)
    return list(people.order_by("name", "id")), list(sites.order_by("-is_main", "name"))
