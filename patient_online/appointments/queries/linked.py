"""The one appointment that a link in a message is about. Each reading is audited."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from patient_online.appointments.models import Appointment
from patient_online.asking import Anyone, LinkHolder
from patient_online.audit.actions import record


def holder_of(anyone: Anyone, practice_id: str, appointment_id: UUID) -> LinkHolder | None:
    """Who holds a link of ours about this appointment; None where there is no such appointment."""
    rows = Appointment.objects.filter(practice_id=practice_id, id=appointment_id, continues_id=None)
    patient_id = rows.values_list("patient_id", flat=True).first()
    return LinkHolder(practice_id, patient_id, appointment_id, anyone.request_id) if patient_id else None


def appointment_linked(holder: LinkHolder, *, at: datetime) -> Appointment:
    """The appointment that the link is about: when, where and how, and whether it was moved; the reading is audited."""
    rows = Appointment.objects.filter(practice_id=holder.practice_id, id=holder.appointment_id)
    later = Appointment.objects.filter(practice=OuterRef("practice"), moved_from_id=OuterRef("id"))
    appointment = rows.select_related("practice", "slot__schedule__site").annotate(moved=Exists(later)).get()
    record("appointment.seen", by=holder, at=at, subject=appointment.id)
    return appointment


def appointment_to_give_back(holder: LinkHolder) -> list[Appointment]:
    """Every row of the appointment as it is now, the first one first, locked until the transaction ends."""
    which = Q(id=holder.appointment_id, continues_id=None) | Q(continues_id=holder.appointment_id)
    rows = Appointment.objects.filter(which, practice_id=holder.practice_id, patient_id=holder.patient_id)
    return list(rows.select_related("slot", "patient").select_for_update(of=("self",)).order_by("slot__starts_at"))
