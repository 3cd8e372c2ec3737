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
from patient_online.nhs.dates import date_text, local_day, time_text
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
    clinicians = templates.clinicians_locked(by, [clinician_id])
    if not clinicians:
        raise Refused(NotAway.NO_SUCH_CLINICIAN)
    stretch = Stretch(from_day, to_day, from_time, to_time)
    if refusal := why_not_away(stretch, today=local_day(at)):
        raise Refused(refusal)
    if known := templates.absence_over(by, clinician_id, stretch):
        raise Refused(NotAway.ENTERED_ALREADY, clinician=clinicians[0].name, **_when(known))
    when: dict[str, Any] = {"from_day": from_day, "to_day": to_day, "from_time": from_time, "to_time": to_time}
    row = {"clinician_id": clinician_id, "note": note, "entered_at": at, "entered_by": by.account_id}
    absence = Absence.objects.create(practice_id=by.practice_id, **row, **when)
    told = {name: each.isoformat() for name, each in when.items() if each}
    record("appointment.absence_entered", by=by, at=at, subject=absence.id, **told)
    return absence


def _when(absence: Absence) -> dict[str, str]:
    """From when to when, to be read in a sentence."""
    ends = {"first": (absence.from_day, absence.from_time), "last": (absence.to_day, absence.to_time)}
    return {
        name: ", ".join([date_text(day), *([time_text(time)] if time else [])]) for name, (day, time) in ends.items()
    }


@action("appointment.absence_taken_back")
def take_back_absence(absence: Absence, *, by: Staff, at: datetime) -> Absence:
    """Say that the clinician is there after all, and make the sessions that the absence kept from being made.

    The clinician is locked first, as by all who make sessions: a template that is added meanwhile is waited for.
    """
    by.require(Role.MANAGER)
    clinicians = templates.clinicians_locked(by, [absence.clinician_id])
    rows = Absence.objects.filter(practice_id=by.practice_id, id=absence.id, taken_back_at=None)
    if not rows.update(taken_back_at=at, taken_back_by=by.account_id):
        raise Refused(NotAway.TAKEN_BACK)
    record("appointment.absence_taken_back", by=by, at=at, subject=absence.id)
    today = local_day(at)
    theirs = templates.templates(by, on=today).filter(clinician_id__in=[each.id for each in clinicians])
    for template in theirs.select_for_update(of=("self",)).order_by("id"):
        through = template.made_through or planning.made_until(by, today=today)
        make_from(template, templates.plan_of(by, template), clinicians[0], through=through, by=by, at=at)
    return absence
