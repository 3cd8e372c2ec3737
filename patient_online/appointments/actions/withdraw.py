"""What can happen to sessions: they are withdrawn and moved; and to those whom it touched: they are seen to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, Schedule, Slot, Withdrawal, WithdrawnAppointment
from patient_online.appointments.queries.withdraw import OPEN, Plan
from patient_online.appointments.rules.withdraw import (
    Choice,
    NotWithdrawn,
    Target,
    why_not_move,
    why_not_say,
)
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record, record_all
from patient_online.nhs.dates import from_wall_clock, local_day, to_london
from patient_online.notify.actions import send_all
from patient_online.refusals import Refused

WITHDRAWN = "withdrawn"
TOLD_WITHDRAWN, TOLD_MOVED = "appointment-withdrawn", "appointment-moved-by-practice"
# Further than any book goes: times that are on their way from one place to another meet no others there.
AWAY = timedelta(days=36500)


@action("appointment.session_withdrawn")
def withdraw(
    choice: Choice, *, shown: str, reason: str, words: str = "", by: Staff, key: UUID | None, at: datetime
) -> Withdrawal:
    """Take the sessions out of the book, cancel what is booked in them and tell each patient; or raise Refused.

    `shown` is the mark of the preview that somebody said yes to. What of a session has begun stays as it is.
    Locked are patients, sessions, times and appointments, in that order and each by id (see `sessions_held`): who
    books or moves holds the patient before anything else, so neither waits for the other in a ring.
    """
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    plan = _as_shown(choice, shown, (), reason, words, by, at)
    withdrawal = _decided(Withdrawal.Kind.WITHDRAWN, reason, words, by, at)
    _cancel(plan, by, at)
    own = {"practice_id": by.practice_id}
    Slot.objects.filter(OPEN, **own, id__in=[slot.id for slot in plan.slots]).update(status=Slot.Status.WITHDRAWN)
    whole = queries.without_times(by, plan, at=at)
    Schedule.objects.filter(**own, id__in=whole).update(withdrawn_at=at, withdrawn_by=by.account_id)
    _tell(TOLD_WITHDRAWN, withdrawal, plan, by, at)
    return withdrawal


@action("appointment.session_moved")
def move_session(
    schedule: Schedule,
    *,
    to: Target,
    shown: str,
    reason: str,
    words: str = "",
    by: Staff,
    key: UUID | None,
    at: datetime,
) -> Withdrawal:
    """Move a session with all that is booked in it, as long as it is, and tell each patient; or raise Refused.

    The clinician's row is locked besides, as by all who make sessions: two sessions of one clinician never overlap.
    """
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    choice = Choice(local_day(at), local_day(at), schedule=schedule.id)
    plan = _as_shown(choice, shown, {schedule.clinician_id, to.clinician}, reason, words, by, at)
    held = plan.schedules[0]
    facts = queries.session_facts(by, held, to)
    if refusal := why_not_move(facts, to, at=at):
        raise Refused(refusal, **facts.named)
    withdrawal = _decided(
        Withdrawal.Kind.MOVED, reason, words, by, at, session=held, by_how_much=to.starts_at - held.starts_at
    )
    _shift(held, to, by, at)
    _tell(TOLD_MOVED, withdrawal, plan, by, at)
    return withdrawal


@action("appointment.withdrawal_settled")
def settle(touched: WithdrawnAppointment, *, done: bool, by: Staff, at: datetime) -> WithdrawnAppointment:
    """Tick that somebody has seen to the patient, or take the tick back."""
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    rows = WithdrawnAppointment.objects.filter(practice_id=by.practice_id, id=touched.id)
    stamp = {"settled_at": at, "settled_by": by.account_id} if done else {"settled_at": None, "settled_by": None}
    rows.filter(settled_at__isnull=done).update(**stamp)
    patient = touched.appointment.patient_id
    record("appointment.withdrawal_settled", by=by, at=at, subject=touched.id, patient=patient, done=done)
    return touched


def _as_shown(
    choice: Choice,
    shown: str,
    clinicians: Sequence[UUID] | set[UUID] | tuple[()],
    reason: str,
    words: str,
    by: Staff,
    at: datetime,
) -> Plan:
    """What is touched, held still; Refused unless it is what the preview showed."""
    if refusal := why_not_say(reason=reason, words=words):
        raise Refused(refusal)
    plan = queries.sessions_held(by, choice, at=at, clinicians=clinicians)
    if not plan.schedules:
        raise Refused(NotWithdrawn.NOTHING_THERE)
    if plan.strangers or plan.shown != shown:
        raise Refused(NotWithdrawn.CHANGED)
    return plan


def _decided(
    kind: Withdrawal.Kind,
    reason: str,
    words: str,
    by: Staff,
    at: datetime,
    session: Schedule | None = None,
    by_how_much: timedelta | None = None,
) -> Withdrawal:
    return Withdrawal.objects.create(
        practice_id=by.practice_id,
        kind=kind,
        session=session,
        moved_by=by_how_much,
        reason=reason.strip(),
        words=words.strip(),
        made_at=at,
        made_by=by.account_id,
    )


def _cancel(plan: Plan, by: Staff, at: datetime) -> None:
    booked = Appointment.objects.filter(
        queries.BOOKED, practice_id=by.practice_id, id__in=[row.id for row in plan.rows]
    )
    done = booked.update(
        status=Appointment.Status.CANCELLED,
        cancelled_at=at,
        cancelled_by=by.account_id,
        cancelled_through=by.channel,
        cancel_reason=WITHDRAWN,
    )
    if done != len(plan.rows):
        raise Refused(NotWithdrawn.CHANGED)


def _shift(held: Schedule, to: Target, by: Staff, at: datetime) -> None:
    """Move the session and its times. Each time goes out of the way of the others first, then to its place."""
    delta = to.starts_at - held.starts_at
    days = local_day(to.starts_at) - local_day(held.starts_at)
    slots = list(Slot.objects.filter(practice_id=by.practice_id, schedule_id=held.id))
    for slot in slots:
        slot.starts_at, slot.ends_at = slot.starts_at + delta, slot.ends_at + delta
        if slot.release_at and slot.release_at > at:
            slot.release_at = _days_later(slot.release_at, days)
    rows = Slot.objects.filter(practice_id=by.practice_id, schedule_id=held.id)
    rows.update(starts_at=F("starts_at") + AWAY, ends_at=F("ends_at") + AWAY)
    Slot.objects.bulk_update(slots, ["starts_at", "ends_at", "release_at"])
    Schedule.objects.filter(practice_id=by.practice_id, id=held.id).update(
        starts_at=to.starts_at, ends_at=held.ends_at + delta, clinician_id=to.clinician, site_id=to.site
    )


def _days_later(instant: datetime, days: timedelta) -> datetime:
    """The same time by the clock on the wall, so many days later."""
    wall = to_london(instant)
    try:
        return from_wall_clock(wall.date() + days, wall.time())
    except ValueError:  # the clocks go forward over that time
        return instant + days


def _tell(kind: str, withdrawal: Withdrawal, plan: Plan, by: Staff, at: datetime) -> None:
    """Remember whom it touches and how each is told, put it into each patient's trail, and have it sent."""
    touched = [
        WithdrawnAppointment(
            practice_id=by.practice_id,
            withdrawal=withdrawal,
            appointment=row,
            was_starts_at=row.slot.starts_at,
            route=queries.route_of(by, row.patient),
        )
        for row in plan.appointments
    ]
    WithdrawnAppointment.objects.bulk_create(touched)
    event = "appointment.moved_by_practice" if kind == TOLD_MOVED else "appointment.withdrawn"
    told = [each.appointment.patient_id for each in touched]
    record_all(event, by=by, at=at, patients=told, withdrawal=str(withdrawal.id), sessions=len(plan.schedules))
    send_all(kind, to=[(each.appointment.patient, each.id) for each in touched], by=by, at=at)
