"""What can happen to a record that opens only with a reason: it is protected or not any more, opened, looked into."""

from datetime import datetime
from uuid import UUID

from patient_online.access.actions.listing import lock_patient
from patient_online.access.queries.openings import GLASS_BROKEN, lines_of_openings
from patient_online.access.rules.opening import OPEN_FOR, OVERSEERS, PROTECTORS, NotOpened, why_not_opened
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.patients.models import Opening, Patient
from patient_online.patients.queries.glass import why_shut
from patient_online.refusals import N_, Refused
from patient_online.tasks.actions import put, settle
from patient_online.tasks.kinds import Kind

KIND = Kind(
    GLASS_BROKEN,
    title=N_("A protected record was opened"),
    roles=frozenset(OVERSEERS),
    page="access:opening",
    working_days=2,
    lines=lines_of_openings,
)
SEES_PATIENTS = (Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER, Role.GOVERNANCE)


@action("patient.glass_broken")
def open_record(patient: Patient, *, reason: str, by: Staff, at: datetime, key: UUID) -> Opening:
    """Open a record for half an hour, for a reason that is kept and looked into; or raise Refused."""
    by.require_at(patient.practice_id, *SEES_PATIENTS)
    why = why_shut(by, patient, at=at)
    if (refusal := why_not_opened(reason, needed=why is not None)) or why is None:
        raise Refused(refusal or NotOpened.OPEN_ALREADY)
    opening = Opening.objects.create(
        practice_id=by.practice_id,
        patient_id=patient.id,
        staff_id=by.staff_id,
        account_id=by.account_id,
        why=why,
        reason=reason,
        at=at,
        ends_at=at + OPEN_FOR,
    )
    record("patient.glass_broken", by=by, at=at, subject=opening.id, patient=patient.id, why=why)
    put(GLASS_BROKEN, about=opening.id, patient=patient, by=by, at=at)
    return opening


@action("patient.protected")
def protect(patient: Patient, *, sensitive: bool, by: Staff, at: datetime) -> None:
    """Let a record be opened only with a reason from now on, or without one again."""
    patient = lock_patient(patient, *PROTECTORS, by=by, at=at)
    Patient.objects.filter(practice_id=by.practice_id, id=patient.id).update(sensitive=sensitive)
    record("patient.protected", by=by, at=at, subject=patient.id, patient=patient.id, sensitive=sensitive)


@action("opening.seen_to")
def see_to(opening: Opening, *, by: Staff, at: datetime) -> None:
    """Note that somebody has looked into why a record was opened."""
    by.require_at(opening.practice_id, *OVERSEERS)
    settle(GLASS_BROKEN, about=opening.id, by=by, at=at)
    record("opening.seen_to", by=by, at=at, subject=opening.id, patient=opening.patient_id)
