"""What can happen to the codes about online access: one is entered, and they are weighed for an account.

What was set before stays as it is: the codes tell only what an account gets by itself, at first.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from patient_online.access.actions.listing import lock_patient
from patient_online.access.actions.records import give_record, settle_review
from patient_online.access.models import AccessCode, CodesWeighed, Link, RecordGrant
from patient_online.access.queries.codes import access_facts, codes_of
from patient_online.access.rules.codes import (
    ENHANCED_REVIEW,
    REVIEW,
    Outcome,
    Weighed,
    standing_code,
    weigh,
    why_not_coded,
)
from patient_online.asking import Acting, Asker, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import RecordLevel
from patient_online.patients.models import Patient
from patient_online.refusals import N_, Refused
from patient_online.tasks.actions import put, settle
from patient_online.tasks.kinds import Kind

MAY_CODE = (Role.GP, Role.MANAGER)
KIND = Kind(
    ENHANCED_REVIEW, N_("Review a record before the patient sees it"), frozenset(MAY_CODE), "access:patient_access"
)


@action("access.code_entered")
def enter_code(
    patient: Patient, *, code: str, dated: date, by: Staff | System, at: datetime, key: UUID | None = None
) -> AccessCode:
    """Enter a code about online access in the patient's record, or raise Refused. It changes no access that is set.

    Where no 104 stands any more by it, nothing waits to be reviewed.
    """
    known = lock_patient(patient, *MAY_CODE, by=by, at=at)
    if refusal := why_not_coded(code, dated, born=known.birth_date, today=local_day(at)):
        raise Refused(refusal)
    row = {"code": code, "dated": dated, "recorded_at": at, "recorded_by": by.account_id}
    made = AccessCode.objects.create(practice=patient.practice, patient=patient, **row)
    if standing_code(codes_of(by, known)) != REVIEW:
        settle(ENHANCED_REVIEW, about=known.id, by=by, at=at, practice_id=known.practice_id)
    record("access.code_entered", by=by, at=at, subject=made.id, patient=patient.id, code=code)
    return made


@action("access.reviewed")
def give_no_access(patient: Patient, *, by: Staff, at: datetime) -> int:
    """Say that the record was reviewed and is not shown, and take the review off the list; to how many accounts.

    It is set for each of the patient's accounts that sees nothing: the codes are not weighed for them again.
    """
    known = lock_patient(patient, *MAY_CODE, by=by, at=at)
    whose: dict[str, Any] = {"practice_id": known.practice_id, "patient_id": known.id}
    seeing = RecordGrant.objects.filter(**whose, revoked_at=None).values("account_id")
    links = Link.objects.filter(**whose, ended_at=None).exclude(account_id__in=seeing)
    nothing: dict[str, Any] = {"current": RecordLevel.NONE, "historic": RecordLevel.NONE, "from_day": local_day(at)}
    accounts = list(links.values_list("account_id", flat=True))
    for account_id in accounts:
        give_record(patient, account_id=account_id, **nothing, by=by, at=at)
    settle_review(known, by=by, at=at)
    record("access.reviewed", by=by, at=at, patient=known.id, accounts=len(accounts))
    return len(accounts)


@action("access.codes_weighed")
def first_access(
    patient: Patient,
    account_id: UUID,
    *,
    by: Acting | Staff | System,
    at: datetime,
    occasion: CodesWeighed.Occasion = CodesWeighed.Occasion.LINKED,
) -> CodesWeighed:
    """Give the account what it gets of the record by itself: new entries from today on, if nothing stands against it.

    A 104 puts an enhanced review on the practice's list; a 103 gives nothing. What came of it is kept.
    """
    known = lock_patient(patient, *Role, by=by, at=at)
    facts = access_facts(by, known, account_id, on=local_day(at))
    weighed = weigh(facts, codes_of(by, known), today=local_day(at))
    if weighed.outcome is Outcome.PROSPECTIVE:
        _show_new(known, account_id, facts.most, at)
    elif weighed.outcome is Outcome.REVIEW:
        put(ENHANCED_REVIEW, about=known.id, patient=known, by=by, at=at)
    return _kept(known, account_id, weighed, occasion, by, at)


def _show_new(patient: Patient, account_id: UUID, most: RecordLevel, at: datetime) -> None:
    """Full sight of new entries, as far as the check of identity allows: the national default, nobody's own word."""
    system = System("first-access", patient.practice_id, why="patients see new entries unless a code says otherwise")
    give_record(
        patient,
        account_id=account_id,
        current=RecordLevel.FULL.at_most(most),
        historic=RecordLevel.NONE,
        from_day=local_day(at),
        by=system,
        at=at,
    )


def _kept(
    patient: Patient, account_id: UUID, weighed: Weighed, occasion: CodesWeighed.Occasion, by: Asker, at: datetime
) -> CodesWeighed:
    row = {"outcome": weighed.outcome, "code": weighed.code, "occasion": occasion, "at": at}
    kept = CodesWeighed.objects.create(practice_id=patient.practice_id, patient=patient, account_id=account_id, **row)
    what = {"outcome": weighed.outcome.value, "occasion": str(occasion)}
    record("access.codes_weighed", by=by, at=at, subject=kept.id, patient=patient.id, **what)
    return kept
