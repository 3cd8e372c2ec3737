"""A patient's own appointments, as they see them. Each reading is audited."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, SlotType, Withdrawal, WithdrawnAppointment
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.withdrawn import KINDS, told_of
from patient_online.asking import Acting, Staff
from patient_online.audit.actions import record
from patient_online.nhs.services import Level, Service
from patient_online.notify.models import Message
from patient_online.practices.queries import policies
from patient_online.storage.idempotency import outcome_of
from patient_online.storage.prepared import only, prepared

MOST_TO_CHOOSE_AGAIN = 20
CANCELLED = "appointment-withdrawn"


def appointments_of(acting: Acting) -> QuerySet[Appointment]:
    """The appointments of the patient, whoever booked them, if this person may see them."""
    rows = Appointment.objects.filter(
        in_force(acting, Service.APPOINTMENTS, Level.VIEW),
        practice_id=acting.practice_id,
        patient_id=acting.patient_id,
        continues_id=None,
    )
    others = Appointment.objects.filter(practice=OuterRef("practice"))
    more = others.filter(continues_id=OuterRef("id"))
    last = more.order_by("-slot__ends_at").values("slot__ends_at")
    length = Coalesce(Subquery(more.values("continues_id").annotate(n=Count("id")).values("n")), 0) + Value(1)
    later = others.filter(moved_from_id=OuterRef("id")).values("id")
    ends_at = Greatest(F("slot__ends_at"), Subquery(last[:1]))
    related = ("slot", "slot__type", "slot__schedule__site", "slot__schedule__clinician")
    rows = rows.select_related(*related).annotate(**told_of(acting))
    return rows.annotate(ends_at=ends_at, length=length, moved_to_id=Subquery(later[:1]))


def made_under(acting: Acting, key: UUID) -> Appointment | None:
    """The patient's appointment that this person's earlier request under the key was about, if it was done."""
    outcome = outcome_of(acting.practice_id, acting.account_id, key) or {}
    made = _one_of(acting, UUID(outcome["id"])) if "id" in outcome else []
    return made[0] if made else None


def appointment_of(acting: Acting, appointment_id: UUID, *, at: datetime) -> Appointment:
    """One appointment of the patient; the reading is audited. Raises Appointment.DoesNotExist."""
    appointment = only(Appointment, _one_of(acting, appointment_id))
    record("appointment.seen", by=acting, at=at, subject=appointment.id)
    return appointment


def moved_to(acting: Acting, appointment: Appointment, *, at: datetime) -> Appointment | None:
    """What an appointment that was moved has become in the end; None when it was not. The reading is audited."""
    found = None
    while later := (found or appointment).moved_to_id:  # type: ignore[attr-defined]
        found = only(Appointment, _one_of(acting, later))
    if found:
        record("appointment.seen", by=acting, at=at, subject=found.id)
    return found


def _one_of(acting: Acting, appointment_id: UUID) -> list[Appointment]:
    return _one(acting.practice_id, acting.patient_id, acting.account_id, appointment_id)


@prepared
def _one(practice_id: str, patient_id: UUID, account_id: UUID, appointment_id: UUID) -> QuerySet[Appointment]:
    return appointments_of(Acting(account_id, practice_id, patient_id)).filter(id=appointment_id)


def upcoming(acting: Acting, *, at: datetime) -> list[Appointment]:
    """The patient's appointments still to come, the next first; the reading is audited."""
    rows = appointments_of(acting).filter(BOOKED, Q(ends_at__gt=at)).order_by("slot__starts_at")
    record("appointment.upcoming_seen", by=acting, at=at)
    return list(rows)


def past(acting: Acting, *, at: datetime) -> list[Appointment]:
    """The patient's past and cancelled appointments, the latest first, as many as the practice shows; audited.

    Before them and besides stand those that the practice cancelled and the patient may `choose_again`.
    """
    shown = policies(acting)["past_appointments_shown"]
    rows = appointments_of(acting).exclude(BOOKED, Q(ends_at__gt=at)).annotate(choose_again=_choose_again(acting, at))
    record("appointment.past_seen", by=acting, at=at)
    found: list[Appointment] = list(rows.order_by("-choose_again", "-slot__starts_at")[: shown + MOST_TO_CHOOSE_AGAIN])
    first = [row for row in found if row.choose_again]  # type: ignore[attr-defined]
    return first + [row for row in found if row not in first][:shown]


def _choose_again(acting: Acting, at: datetime) -> Q:
    """Cancelled by the practice, still to come, seen to by nobody, and no other of the kind has been booked since."""
    of_practice = {"practice_id": acting.practice_id}
    since = {"slot__type_id": OuterRef("slot__type_id"), "booked_at__gt": OuterRef("cancelled_at")}
    again = Appointment.objects.filter(BOOKED, **of_practice, patient_id=acting.patient_id, **since)
    kind = {"withdrawal__kind": Withdrawal.Kind.WITHDRAWN}
    waits = WithdrawnAppointment.objects.filter(**of_practice, **kind, appointment_id=OuterRef("id"), settled_at=None)
    gone = Q(status=Appointment.Status.CANCELLED, cancel_reason="withdrawn", slot__starts_at__gt=at)
    return gone & Exists(waits) & ~Exists(again)


def changed_by_practice(acting: Acting, *, at: datetime) -> list[Appointment]:
    """The appointments to come that the practice cancelled or moved and the patient has not read of; audited.

    They have read of one once they opened it, or the message about it in the inbox. What they made good themselves, or
    the practice saw to, is left out.
    """
    if acting.may(Service.APPOINTMENTS, Level.VIEW):
        return []
    found: list[Appointment] = _changed_unread(acting.practice_id, acting.patient_id, acting.account_id, at)
    if found:
        record("appointment.changed_by_practice_seen", by=acting, at=at)
    return found


@prepared
def _changed_unread(practice_id: str, patient_id: UUID, account_id: UUID, at: datetime) -> QuerySet[Appointment]:
    acting = Acting(account_id, practice_id, patient_id)
    touched = WithdrawnAppointment.objects.filter(practice=OuterRef("practice"), appointment_id=OuterRef("id"))
    messages = _messages(acting).filter(about=OuterRef("id"))
    heard = Exists(touched.filter(Exists(messages.filter(kind=CANCELLED, read_at__isnull=False))))
    unseen = touched.filter(withdrawal__kind=Withdrawal.Kind.MOVED, settled_at=None)
    moved = BOOKED & Q(slot__starts_at__gt=at) & Exists(unseen.filter(Exists(messages.filter(read_at=None))))
    return appointments_of(acting).filter(_choose_again(acting, at) & ~heard | moved).order_by("slot__starts_at")


def unread_of_change(acting: Acting, appointment: Appointment) -> list[Message]:
    """The messages that the practice cancelled or moved the appointment which the patient has not read."""
    touched = WithdrawnAppointment.objects.filter(practice_id=acting.practice_id, appointment_id=appointment.id)
    return list(_messages(acting).filter(about__in=touched.values("id"), read_at=None))


def _messages(acting: Acting) -> QuerySet[Message]:
    return Message.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id, kind__in=KINDS)


def slot_types(staff: Staff) -> QuerySet[SlotType]:
    """The kinds of slot in the practice's book."""
    return SlotType.objects.filter(practice_id=staff.practice_id).order_by("name")
