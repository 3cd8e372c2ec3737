"""A patient whose access there is something to decide about: an account, a request, something held back."""

from typing import Any

from django.utils import timezone

from patient_online.access.actions import ask_for, hold_back, note_patient_gone
from patient_online.access.models import Block, Link
from patient_online.access.rules.requests import Asked
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account_for, staff_of
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Level, Service
from patient_online.practices.models import Practice


def something_decided(practice: Practice, *, gone: bool) -> dict[str, Any]:
    """What stands in the addresses of a patient's online access; of one who has just left, if `gone`."""
    patient, now, gp = a_patient_of(practice), timezone.now(), staff_of(practice, Role.GP)
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    asked = ask_for(Asked("appointments", "manage"), words="", by=acting_as(patient, account), at=now)
    why: dict[str, Any] = {"why": Block.Why.OTHER, "words": "Made-up reason.", "by": gp, "at": now}
    block = hold_back(patient, service=Service.PRESCRIPTIONS, **why)
    if gone:
        desk = staff_of(practice, Role.RECEPTIONIST)
        note_patient_gone(patient, why=Link.Why.LEFT, day=local_day(now), by=desk, at=now)
    return {"patient_id": patient.id, "account_id": account.id, "request_id": asked.id, "block_id": block.id}
