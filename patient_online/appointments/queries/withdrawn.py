"""What has been withdrawn or moved: whom it touched, whether they know, and what can be put back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from patient_online.appointments.models import Appointment, Schedule, Slot, Withdrawal, WithdrawnAppointment
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.release import OpenTo, terms_of_patient
from patient_online.appointments.queries.slots import (
    WORDED,
)
from patient_online.appointments.queries.veiled import veil_appointments
from patient_online.appointments.queries.withdraw import slots_left
from patient_online.appointments.rules.offering import how_many_near, named_to
from patient_online.appointments.rules.withdraw import OFFERED
from patient_online.asking import Acting, Staff, System
from patient_online.audit.actions import record_all
from patient_online.notify.models import Message
from patient_online.notify.rules import EMAIL, TEXT
from patient_online.practices.models import StaffMember

SETTLED_SHOWN = timedelta(days=14)
KINDS = ("appointment-withdrawn", "appointment-moved-by-practice")
NOT_SENT = (Message.Status.FAILED, Message.Status.TO_PRINT)
HEARD = (Message.Status.SENT, Message.Status.PRINTED, Message.Status.TO_PRINT, Message.Status.INBOX)


@dataclass(frozen=True, slots=True)
class Touched:
    """The patients of withdrawn and moved appointments: to be rung or written to, told otherwise, seen to."""

    to_ring: list[WithdrawnAppointment]
    told: list[WithdrawnAppointment]
    settled: list[WithdrawnAppointment]


def withdrawn_list(staff: Staff, *, at: datetime) -> Touched:
    """Whom withdrawals have touched, and how each stands: all who are not seen to, and who was of late; audited.

    Who is not told by email or text, or could not be sent to, comes apart: nobody knows whether they have heard of it.
    """
    of_late = Q(settled_at=None) | Q(settled_at__gt=at - SETTLED_SHOWN)
    rows = list(touched_of(staff).filter(of_late).order_by("was_starts_at", "id"))
    patients = [row.appointment.patient_id for row in rows]
    record_all("appointment.withdrawn_list_seen", by=staff, at=at, patients=patients)
    veil_appointments(staff, [row.appointment for row in rows], at=at)
    waiting = [row for row in rows if row.settled_at is None]
    unheard = [row for row in waiting if _unheard(row)]
    told = [row for row in waiting if not _unheard(row)]
    return Touched(unheard, told, [row for row in rows if row.settled_at])


def _unheard(row: WithdrawnAppointment) -> bool:
    return row.route not in (EMAIL, TEXT) or row.message_status in NOT_SENT  # type: ignore[attr-defined]


def touched_of(staff: Staff) -> QuerySet[WithdrawnAppointment]:
    """The appointments that the practice withdrew or moved, with what became of the message and of the patient."""
    mine = {"practice": OuterRef("practice")}
    message = Message.objects.filter(**mine, kind__in=KINDS, about=OuterRef("id")).values("status")
    again = Appointment.objects.filter(
        BOOKED,
        **mine,
        patient_id=OuterRef("appointment__patient_id"),
        slot__type_id=OuterRef("appointment__slot__type_id"),
        booked_at__gt=OuterRef("withdrawal__made_at"),
    )
    by = StaffMember.objects.filter(**mine, account_id=OuterRef("withdrawal__made_by")).values("name")
    rows = WithdrawnAppointment.objects.filter(practice_id=staff.practice_id)
    return rows.select_related(
        "withdrawal", "appointment__patient", "appointment__slot__type", "appointment__slot__schedule__clinician"
    ).annotate(
        message_status=Subquery(message[:1]),
        booked_again=Subquery(again.order_by("slot__starts_at").values("slot__starts_at")[:1]),
        made_by_name=Subquery(by[:1]),
    )


def told_of(acting: Acting) -> dict[str, Subquery]:
    """For the patient's own list: from when the practice moved an appointment last, and its words to the patient."""
    rows = WithdrawnAppointment.objects.filter(practice_id=acting.practice_id, appointment_id=OuterRef("id"))
    moved = rows.filter(withdrawal__kind=Withdrawal.Kind.MOVED).order_by("-id")
    holding = Q(withdrawal__kind=Withdrawal.Kind.MOVED) | Q(appointment__status=Appointment.Status.CANCELLED)
    words = rows.filter(holding).order_by("-id").values("withdrawal__words")
    return {"moved_by_practice_from": Subquery(moved.values("was_starts_at")[:1]), "practice_said": Subquery(words[:1])}


def withdrawal_done(staff: Staff, withdrawal_id: UUID) -> Withdrawal | None:
    """One decision of the practice, with how many appointments it touched."""
    rows = Withdrawal.objects.filter(practice_id=staff.practice_id, id=withdrawal_id)
    touched = WithdrawnAppointment.objects.filter(practice=OuterRef("practice"), withdrawal_id=OuterRef("id"))
    count = touched.order_by().values("withdrawal_id").annotate(n=Count("id")).values("n")
    return rows.annotate(touched=Subquery(count)).first()


def sessions_withdrawn(staff: Staff, *, at: datetime) -> list[Schedule]:
    """The sessions with withdrawn times still to come, the next first: how many, from and until when, if not all."""
    own = Slot.objects.filter(practice=OuterRef("practice"), schedule_id=OuterRef("id"))
    gone = own.filter(status=Slot.Status.WITHDRAWN, starts_at__gt=at)
    count = gone.order_by().values("schedule_id").annotate(n=Count("id")).values("n")
    rows = Schedule.objects.filter(Exists(gone), practice_id=staff.practice_id, ends_at__gt=at).annotate(
        in_part=Exists(own.filter(status=Slot.Status.OPEN)),
        gone_from=Subquery(gone.order_by("starts_at").values("starts_at")[:1]),
        gone_until=Subquery(gone.order_by("-ends_at").values("ends_at")[:1]),
        gone=Subquery(count),
    )
    return list(rows.select_related("clinician", "site").order_by("starts_at", "id")[:200])


def slots_withdrawn(staff: Staff, schedule: Schedule, *, at: datetime) -> list[Slot]:
    """The withdrawn times of a session that are still to come."""
    return list(_gone(staff, schedule, at).order_by("starts_at", "id"))


def withdrawn_session_held(staff: Staff, schedule: Schedule, *, at: datetime) -> tuple[Schedule | None, list[Slot]]:
    """The session and its withdrawn times to come, locked after its clinician; None when it is over or there is none.

    Where two clinicians' sessions are put back at once, each waits for its own clinician alone.
    """
    own = {"practice_id": staff.practice_id}
    sessions = Schedule.objects.filter(**own, id=schedule.id, ends_at__gt=at)
    people = StaffMember.objects.filter(**own, id__in=sessions.values("clinician_id"))
    list(people.select_for_update(of=("self",)))
    held = sessions.select_for_update(of=("self",)).first()
    return held, list(_gone(staff, schedule, at).select_for_update(of=("self",)).order_by("id"))


def _gone(staff: Staff, schedule: Schedule, at: datetime) -> QuerySet[Slot]:
    gone = {"status": Slot.Status.WITHDRAWN, "starts_at__gt": at}
    return Slot.objects.filter(practice_id=staff.practice_id, schedule_id=schedule.id, **gone)


def withdrawn_told(system: System, touched_id: UUID) -> WithdrawnAppointment | None:
    """What a message about a withdrawn or moved appointment tells of."""
    rows = WithdrawnAppointment.objects.filter(practice_id=system.practice_id, id=touched_id)
    return rows.select_related(
        "withdrawal",
        "appointment__patient",
        "appointment__slot__type",
        "appointment__slot__schedule__site",
        "practice",
    ).first()


def moved_again(system: System, touched: WithdrawnAppointment) -> bool:
    """Whether the practice has touched the appointment once more since."""
    rows = WithdrawnAppointment.objects.filter(
        practice_id=system.practice_id, appointment_id=touched.appointment_id, id__gt=touched.id
    )
    return rows.exists()


def known_start(system: System, touched: WithdrawnAppointment) -> datetime:
    """When the appointment was, as far as the patient was told: messages of earlier moves may not have gone out."""
    mine = {"practice": OuterRef("practice"), "kind__in": KINDS, "about": OuterRef("id")}
    earlier = WithdrawnAppointment.objects.filter(
        practice_id=system.practice_id, appointment_id=touched.appointment_id, id__lt=touched.id
    ).annotate(message_status=Subquery(Message.objects.filter(**mine).values("status")[:1]))
    was = touched.was_starts_at
    for each in earlier.order_by("-id"):
        if each.message_status in HEARD:
            break
        was = each.was_starts_at
    return was


def start_when_cancelled(system: System, appointment: Appointment) -> datetime:
    """When a cancelled appointment was at the time: its slot goes along when the practice moves the session after."""
    rows = Withdrawal.objects.filter(
        practice_id=system.practice_id, session_id=appointment.slot.schedule_id, made_at__gt=appointment.cancelled_at
    )
    moved: timedelta | None = rows.aggregate(by=Sum("moved_by"))["by"]
    starts_at: datetime = appointment.slot.starts_at
    return starts_at - (moved or timedelta(0))


def times_to_offer(
    system: System, appointment: Appointment, near: datetime, *, at: datetime, besides: Collection[UUID] = ()
) -> list[datetime]:
    """Up to three times of the same kind, near to an instant, that this patient could book online now; in order.

    They are open to them by the release rules and the policies, and not at a time at which they have another one, but
    for the slots `besides`, which go. Of the near ones each patient is named their own share: not everybody who is told
    at once shall go for the same three. `queries.offers` says the same to staff, of all patients at once.
    """
    kind, patient = appointment.slot.type_id, appointment.patient
    open_to = OpenTo(terms_of_patient(system, patient, type_id=kind))
    theirs = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), patient_id=patient.id)
    theirs = theirs.exclude(slot_id__in=besides)
    clashing = theirs.filter(slot__starts_at__lt=OuterRef("ends_at"), slot__ends_at__gt=OuterRef("starts_at"))
    left = slots_left(system, at=at).exclude(id__in=besides)
    rows = left.filter(WORDED, open_to.now(at), ~Exists(clashing), online=True, type_id=kind)
    later = rows.filter(starts_at__gte=near).order_by("starts_at").values_list("starts_at", flat=True).distinct()
    sooner = rows.filter(starts_at__lt=near).order_by("-starts_at").values_list("starts_at", flat=True).distinct()
    most = how_many_near(OFFERED)
    return named_to(patient.id, [*later[:most], *sooner[:most]], near, most=OFFERED)
