"""What can happen when a patient leaves or dies: all online access ends with it; on that day it can be undone."""

from datetime import date, datetime
from typing import Any

from patient_online.access.actions.ending import end_access
from patient_online.access.actions.giving import tie
from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.models import Grant, Link, RecordGrant
from patient_online.access.queries.going import gone_facts
from patient_online.access.queries.holding import services_held
from patient_online.access.rules.going import why_not_back, why_not_gone
from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Service
from patient_online.patients.actions import note_back, note_gone
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

MAY_NOTE = (Role.MANAGER, Role.RECEPTIONIST)


@action("access.patient_gone")
def note_patient_gone(patient: Patient, *, why: Link.Why, day: date, by: Staff, at: datetime) -> int:
    """Note that the patient left or died on a day, and end all their online access; or raise Refused."""
    known = lock_patient(patient, *MAY_NOTE, by=by, at=at)
    if refusal := why_not_gone(gone_facts(by, known), day, today=local_day(at)):
        raise Refused(refusal)
    note_gone(known, left_on=day, died_on=day if why == Link.Why.DIED else None, by=by, at=at)
    return end_access(known, why=why, by=by, at=at)


@action("access.restored")
def note_patient_back(patient: Patient, *, by: Staff, at: datetime) -> int:
    """Undo it on the same day: the patient is registered, and each account has what it had; or raise Refused."""
    known = lock_patient(patient, *MAY_NOTE, by=by, at=at)
    if refusal := why_not_back(gone_facts(by, known), today=local_day(at)):
        raise Refused(refusal)
    note_back(known, by=by, at=at)
    whose: dict[str, Any] = {"practice_id": known.practice_id, "patient_id": known.id}
    why = (Link.Why.LEFT, Link.Why.DIED)
    newest = Link.objects.filter(**whose, ended_why__in=why).order_by("-ended_at").first()
    ended = Link.objects.filter(**whose, ended_why__in=why, ended_at=newest.ended_at) if newest else Link.objects.none()
    for link in ended:
        _give_again(known, link, by, at)
    record("access.restored", by=by, at=at, subject=known.id, patient=known.id, accounts=len(ended))
    return len(ended)


def _give_again(patient: Patient, link: Link, by: Staff, at: datetime) -> None:
    """Link the account again, with all that ended together with its link."""
    proof, identity = Proof(link.proof), Identity(link.identity)
    tie(patient, account_id=link.account_id, proof=proof, identity=identity, by=by, at=at)
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": link.account_id}
    given = {**whose, "granted_at": at, "granted_by": by.account_id}
    held = services_held(by, patient.practice_id, patient.id)
    for old in Grant.objects.filter(**whose, revoked_at=link.ended_at):
        Grant.objects.create(**given, service=old.service, level=old.level, held=old.service in held)
    for seen in RecordGrant.objects.filter(**whose, revoked_at=link.ended_at):
        levels = {"current": seen.current, "historic": seen.historic, "from_day": seen.from_day}
        RecordGrant.objects.create(**given, **levels, held=Service.SUMMARY_RECORD in held)
    list_for(patient, link.account_id, by=by, at=at)


def end_access_of_gone(patient: Patient, *, by: System, at: datetime) -> int:
    """End the access of a patient of whom a file said that they have left or died."""
    why = Link.Why.DIED if patient.died_on else Link.Why.LEFT
    return end_access(patient, why=why, by=by, at=at)
