"""One more slot in a session of the book: at a time when its clinician is free, or before or after the others."""

from datetime import datetime, time, timedelta
from uuid import UUID

from patient_online.appointments.actions.day import AT_THE_DESK
from patient_online.appointments.actions.making import lock_clinician
from patient_online.appointments.models import Schedule, Slot, SlotType
from patient_online.appointments.queries import adding
from patient_online.appointments.rules.adding import OneMoreFacts, why_not_one_more
from patient_online.appointments.rules.templates import NotMade
from patient_online.asking import Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import from_wall_clock, local_day, time_range_text
from patient_online.refusals import Refused


@action("appointment.slot_added")
def add_slot(
    schedule: Schedule,
    *,
    kind: UUID,
    starts: time,
    minutes: int,
    mode: str,
    online: bool,
    by: Staff,
    key: UUID | None,
    at: datetime,
) -> Slot:
    """Put one more slot into the session, which grows where the slot is before or after it; or raise Refused.

    The clinician is locked as by all who make sessions: two slots that are added at once never overlap.
    """
    by.require_at(schedule.practice_id, *AT_THE_DESK)
    clinician = lock_clinician(schedule.clinician_id, by=by, at=at)
    held, what = adding.session_locked(by, schedule.id), adding.kind_to_add(by, kind)
    if held is None or what is None or held.clinician_id != clinician.id:
        raise Refused(NotMade.NOT_HERE)
    starts_at = _starts(held, starts)
    when = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    facts = adding.one_more_facts(by, held, what, online=online, **when)
    if reason := why_not_one_more(facts, at=at):
        raise Refused(reason, **_named(facts, held, what))
    _grow(held, facts)
    slot = Slot.objects.create(practice_id=by.practice_id, schedule=held, type=what, mode=mode, online=online, **when)
    record("appointment.slot_added", by=by, at=at, subject=slot.id, session=str(held.id), online=online)
    return slot


def _starts(schedule: Schedule, starts: time) -> datetime:
    try:
        return from_wall_clock(local_day(schedule.starts_at), starts)
    except ValueError:
        raise Refused(NotMade.CLOCKS) from None


def _grow(schedule: Schedule, facts: OneMoreFacts) -> None:
    since, until = facts.whole
    if (since, until) != (schedule.starts_at, schedule.ends_at):
        rows = Schedule.objects.filter(practice_id=schedule.practice_id, id=schedule.id)
        rows.update(starts_at=since, ends_at=until)


def _named(facts: OneMoreFacts, schedule: Schedule, kind: SlotType) -> dict[str, str]:
    """What the words of a refusal name."""
    other = facts.other_session
    then = facts.slot_then or ((other.starts_at, other.ends_at) if other else facts.whole)
    names = {"clinician": schedule.clinician.name, "kind": kind.name, "session": other.name if other else ""}
    return {**names, "hours": facts.away_hours, "times": time_range_text(*then)}
