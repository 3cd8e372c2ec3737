"""Somebody who works at the practice, and a protected record that somebody has opened."""

from typing import Any

from django.utils import timezone

from patient_online.access.actions.opening import open_record
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, staff_of
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7

WHY = "The patient is at the desk and moves an appointment"


def something_staffed(practice: Practice) -> dict[str, Any]:
    """What stands in the addresses of a place at the practice and of an opening."""
    hidden, at = a_patient_of(practice, family_name="Protectedly", sensitive=True), timezone.now()
    opening = open_record(hidden, reason=WHY, by=staff_of(practice, Role.GP), at=at, key=uuid7())
    return {"staff_id": staff_of(practice, Role.NURSE).staff_id, "opening_id": opening.id}
