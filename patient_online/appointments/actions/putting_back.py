"""What can happen to a withdrawn session: it is put back, and who wants it gets their time again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, Schedule, Slot, WithdrawnAppointment
from patient_online.appointments.rules.withdraw import NotWithdrawn, Target, why_not_put_back
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record, record_all
from patient_online.notify.actions import send_all, stop_unsent
from patient_online.refusals import Refused

TOLD_ON_AGAIN = "appointment-on-again"


@action("appointment.session_put_back")
def put_back(schedule: Schedule, *, again: Sequence[UUID] = (), by: Staff, key: UUID | None, at: datetime) -> Schedule:
    """Open again what is to come of a withdrawn session, and give those named in `again` their time; or raise Refused.

    `again` are withdrawn appointments. All others stay cancelled. Who cannot have heard yet that it was cancelled is
    told nothing, the others that it is on again. Locked are patients, clinician, session and times, in that order.
    """
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    queries.patients_held_of(by, again)
    held, slots = queries.withdrawn_session_held(by, schedule, at=at)
    if held is None or not (slots or held.withdrawn_at):
        raise Refused(NotWithdrawn.NOTHING_THERE)
    facts = queries.session_facts(by, held, Target(held.starts_at, held.clinician_id, held.site_id), times=slots)
    if refusal := why_not_put_back(facts, at=at):
        raise Refused(refusal, **facts.named)
    own = {"practice_id": by.practice_id}
    Schedule.objects.filter(**own, id=held.id).update(withdrawn_at=None, withdrawn_by=None)
    Slot.objects.filter(**own, id__in=[slot.id for slot in slots]).update(status=Slot.Status.OPEN)
    record("appointment.session_put_back", by=by, at=at, subject=held.id, times=len(slots), appointments=len(again))
    _give_again(held, again, by, at)
    return held


def _give_again(schedule: Schedule, again: Sequence[UUID], by: Staff, at: datetime) -> None:
    """Book the same appointments again: reference, words and link of each stay what they were."""
    if not again:
        return
    may = {each.touched.id: each for each in queries.had_times_in(by, schedule, at=at) if each.why_not is None}
    if set(again) - set(may):
        raise Refused(NotWithdrawn.CHANGED)
    chosen = [may[id_] for id_ in dict.fromkeys(again)]
    _uncancel([row for each in chosen for row in each.rows], by)
    ids = [each.touched.id for each in chosen]
    unseen = _seen_to(ids, by, at)
    patients = [each.touched.appointment.patient for each in chosen]
    record_all("appointment.on_again", by=by, at=at, patients=[each.id for each in patients], session=str(schedule.id))
    unsent = stop_unsent("appointment-withdrawn", about=ids, by=by, at=at)
    untold = {each.touched.id for each in chosen if each.untold} & unseen & unsent
    told = [(patient, id_) for patient, id_ in zip(patients, ids, strict=True) if id_ not in untold]
    send_all(TOLD_ON_AGAIN, to=told, by=by, at=at)


def _seen_to(ids: Sequence[UUID], by: Staff, at: datetime) -> set[UUID]:
    """Tick that they are seen to; of which of them nobody had until now. A colleague who is doing so is waited for."""
    rows = WithdrawnAppointment.objects.filter(practice_id=by.practice_id, id__in=ids)
    held = rows.select_for_update(of=("self",), no_key=True).order_by("id")
    unseen = {row.id for row in held if row.settled_at is None}
    rows.filter(id__in=unseen).update(settled_at=at, settled_by=by.account_id)
    return unseen


def _uncancel(rows: Sequence[Appointment], by: Staff) -> None:
    """The constraint refuses a seat that somebody else has."""
    cancelled = Appointment.objects.filter(
        practice_id=by.practice_id, id__in=[row.id for row in rows], status=Appointment.Status.CANCELLED
    )
    try:
        with transaction.atomic():
            done = cancelled.update(
                status=Appointment.Status.BOOKED,
                cancelled_at=None,
                cancelled_by=None,
                cancelled_through="",
                cancel_reason="",
            )
    except IntegrityError:  # appointment_one_booked_per_seat: somebody has the seat who did not wait for its lock
        raise Refused(NotWithdrawn.CHANGED) from None
    if done != len(rows):
        raise Refused(NotWithdrawn.CHANGED)
