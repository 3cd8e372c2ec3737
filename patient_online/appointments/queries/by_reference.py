"""The appointment whose reference a patient says at the desk or on the telephone."""

from datetime import datetime, timedelta

from django.db.models import CharField
from django.db.models.functions import Cast, Right

from patient_online.appointments.models import Appointment
from patient_online.appointments.queries.desk import appointments_at_desk
from patient_online.appointments.queries.veiled import veil_appointments
from patient_online.appointments.rules.reference import ending_of
from patient_online.asking import Staff
from patient_online.audit.actions import record_all

LOOKED_BACK = timedelta(days=100)


def appointments_called(staff: Staff, text: str, *, at: datetime) -> list[Appointment]:
    """The appointments, from a hundred days ago on, whose reference the text is; the reading is audited.

    One at the most but for a chance in many millions: each names its patient and day, so that staff can ask.
    """
    ending = ending_of(text)
    if not ending:
        return []
    recent = appointments_at_desk(staff).filter(slot__starts_at__gt=at - LOOKED_BACK).select_related("patient")
    rows = recent.alias(called=Right(Cast("id", CharField()), len(ending))).filter(called=ending)
    found: list[Appointment] = list(rows.order_by("slot__starts_at"))
    record_all("appointment.called", by=staff, at=at, patients=[row.patient_id for row in found])
    veil_appointments(staff, found, at=at)
    return found
