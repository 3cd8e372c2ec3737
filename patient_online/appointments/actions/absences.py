"""What can happen to an absence: it is entered and taken back."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from patient_online.appointments.actions.making import make_from
from patient_online.appointments.models import Absence
from patient_online.appointments.queries import planning, templates
from patient_online.appointments.rules.templates import NotAway, why_not_away
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import Stretch
from patient_online.refusals import Refused


@action("appointment.absence_entered")
def enter_absence(
    clinician_id: UUID,
    *,
    from_day: date,
    to_day: date,
    note: str,
    from_time: time | None = None,
    to_time: time | None = None,
    by: Staff,
    key: UUID | None,
    at: datetime,
) -> Absence:
    """Say that a clinician is away: no slot is made for that time. Those that are there stay until withdrawn."""
    by.require(Role.MANAGER)
    if not templates.clinicians_locked(by, [clinician_id]):
        raise Refused(NotAway.NO_SUCH_CLINICIAN)
    if refusal := why_not_away(Stretch(from_day, to_day, from_time, to_time), today=local_day(at)):
        raise Refused(refusal)
    when: dict[str, Any] = {"from_day": from_day, "to_day": to_day, "from_time": from_time, "to_time": to_time}
    row = {"clinician_id": clinician_id, "note": note, "entered_at": at, "entered_by": by.account_id}
    absence = Absence.objects.create(practice_id=by.practice_id, **row, **when)
    told = {name: each.isoformat() for name, each in when.items() if each}
    record("appointment.absence_entered", by=by, at=at, subject=absence.id, **told)
    return absence


@action("appointment.absence_taken_back")
def take_back_absence(absence: Absence, *, by: Staff, at: datetime) -> Absence:
    """Say that the clinician is there after all, and make the sessions that the absence kept from being made."""
    by.require(Role.MANAGER)
    rows = Absence.objects.filter(practice_id=by.practice_id, id=absence.id, taken_back_at=None)
    if not rows.update(taken_back_at=at, taken_back_by=by.account_id):
        raise Refused(NotAway.TAKEN_BACK)
    record("appointment.absence_taken_back", by=by, at=at, subject=absence.id)
    today = local_day(at)
    of_clinician = templates.templates(by, on=today).filter(clinician_id=absence.clinician_id)
    for template in of_clinician.select_for_update(of=("self",)).order_by("id"):
        clinician = templates.clinicians_locked(by, [absence.clinician_id])[0]
        through = template.made_through or planning.made_until(by, today=today)
        make_from(template, templates.plan_of(by, template), clinician, through=through, by=by, at=at)
    return absence
