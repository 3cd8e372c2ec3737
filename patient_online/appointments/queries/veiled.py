"""Of who is opened only with a reason, a list of appointments tells the name and the time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from patient_online.appointments.models import Appointment
from patient_online.asking import Staff, System
from patient_online.patients.queries.glass import veil


def veil_appointments(staff: Staff | System, rows: Sequence[Appointment], *, at: datetime) -> frozenset[UUID]:
    """Leave out, in place, why such patients come, how they are reached, and who they are but for the name."""
    shut = veil(staff, [row.patient for row in rows], at=at)
    for row in rows:
        if row.patient_id in shut:
            row.reason = row.comment = row.contact_telephone = row.extra_reason = ""
    return shut
