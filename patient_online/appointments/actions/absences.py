"""What can happen to an absence: it is entered and taken back."""

from datetime import date, datetime
from uuid import UUID

from patient_online.appointments.actions.making import make_from
from patient_online.appointments.models import Absence
from patient_online.appointments.queries import planning, templates
from patient_online.appointments.rules.templates import NotAway, why_not_away
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused


@action("appointment.absence_entered")
def enter_absence(
    clinician_id: UUID, *, from_day: date, to_day: date, note: str, by: Staff, key: UUID | None, at: datetime
) -> Absence:
    """Say that a clinician is away: no session is made for these days. Those that are there stay until withdrawn."""
    by.require(Role.MANAGER)
    if not templates.clinicians_locked(by, [clinician_id]):
        raise Refused(NotAway.NOT_HERE)
    if refusal := why_not_away(from_day, to_day, today=local_day(at)):
        raise Refused(refusal)
    absence = Absence.objects.create(
        practice_id=by.practice_id,
        clinician_id=clinician_id,
        from_day=from_day,
        to_day=to_day,
        note=note,
        entered_at=at,
        entered_by=by.account_id,
    )
    first, last = from_day.isoformat(), to_day.isoformat()
    record("appointment.absence_entered", by=by, at=at, subject=absence.id, from_day=first, to_day=last)
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
