"""What can happen to how much of a record an account may see: it is given, for old and new entries, or taken back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.models import RecordGrant
from patient_online.access.queries.codes import codes_of
from patient_online.access.queries.holding import services_held
from patient_online.access.queries.links import giving_facts
from patient_online.access.rules.codes import DECLINED, ENHANCED_REVIEW, REVIEW, standing_code
from patient_online.access.rules.giving import why_not_by_the_desk, why_not_shown
from patient_online.asking import Acting, Asker, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.tasks.actions import settle

MAY_SHOW = (Role.MANAGER, Role.GP, Role.RECEPTIONIST)
MAY_SHOW_OLD = (Role.MANAGER, Role.GP)  # old entries were written before anybody thought that patients read them


@action("access.record_given")
def give_record(
    patient: Patient,
    *,
    account_id: UUID,
    current: RecordLevel,
    historic: RecordLevel,
    from_day: date,
    by: Acting | Staff | System,
    at: datetime,
) -> RecordGrant:
    """Let the account see so much of what is recorded from the day on, and of what was before it; or raise Refused.

    Never more than the check of identity allows. What the practice shows to nobody is not shown by this either: that
    ceiling is held where it is read. More of the old entries, by level or by the day, is for those who have looked
    through them; so is all of it where a code asks for a review, which this takes off the list.
    """
    known = lock_patient(patient, *MAY_SHOW, by=by, at=at)
    facts = giving_facts(by, known, account_id)
    if refusal := why_not_shown(facts, current, historic, from_day, today=local_day(at)):
        raise Refused(refusal)
    old = _in_force(patient, account_id)
    if isinstance(by, Staff):
        _see_to_old(known, old, historic, from_day, by, at)
        settle_review(known, by=by, at=at)
    _end(patient, account_id, by, at)
    grant = _made(patient, account_id, current, historic, from_day, by, at)
    list_for(patient, account_id, by=by, at=at)
    what: dict[str, Any] = {"current": current, "historic": historic, "from_day": from_day.isoformat()}
    record("access.record_given", by=by, at=at, subject=grant.id, patient=patient.id, **what)
    return grant


def _see_to_old(
    patient: Patient, old: RecordGrant | None, historic: RecordLevel, from_day: date, by: Staff, at: datetime
) -> None:
    """Raise Refused where only who has looked through the record may give so much."""
    if historic.rank > (RecordLevel(old.historic).rank if old else 0):
        by.require(*MAY_SHOW_OLD)
    if not by.roles.isdisjoint(MAY_SHOW_OLD):
        return
    had, since = (RecordLevel(old.current), old.from_day) if old else (RecordLevel.NONE, None)
    against = standing_code(codes_of(by, patient)) in (REVIEW, DECLINED)
    if refusal := why_not_by_the_desk(had, since, from_day, stands_against=against, today=local_day(at)):
        raise Refused(refusal)


def _made(
    patient: Patient,
    account_id: UUID,
    current: RecordLevel,
    historic: RecordLevel,
    from_day: date,
    by: Asker,
    at: datetime,
) -> RecordGrant:
    return RecordGrant.objects.create(
        practice=patient.practice,
        patient=patient,
        account_id=account_id,
        current=current,
        historic=historic,
        from_day=from_day,
        held=Service.SUMMARY_RECORD in services_held(by, patient.practice_id, patient.id),
        granted_at=at,
        granted_by=by.account_id,
    )


@action("access.record_taken_back")
def take_back_record(patient: Patient, *, account_id: UUID, by: Acting | Staff | System, at: datetime) -> None:
    """End the account's sight of the record, from the next request on."""
    lock_patient(patient, *MAY_SHOW, by=by, at=at)
    _end(patient, account_id, by, at)
    if isinstance(by, Staff):
        settle_review(patient, by=by, at=at)
    list_for(patient, account_id, by=by, at=at)
    record("access.record_taken_back", by=by, at=at, patient=patient.id)


def settle_review(patient: Patient, *, by: Staff, at: datetime) -> None:
    """Take the enhanced review off the list, where somebody has decided who can look through the record."""
    if not by.roles.isdisjoint(MAY_SHOW_OLD):
        settle(ENHANCED_REVIEW, about=patient.id, by=by, at=at)


def _in_force(patient: Patient, account_id: UUID) -> RecordGrant | None:
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    return RecordGrant.objects.filter(**whose, revoked_at=None).first()


def _end(patient: Patient, account_id: UUID, by: Asker, at: datetime) -> None:
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    RecordGrant.objects.filter(**whose, revoked_at=None).update(revoked_at=at, revoked_by=by.account_id)
