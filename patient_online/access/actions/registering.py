"""What can happen at the registration desk: who somebody is is checked, a letter is made for them or taken back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from patient_online.access.actions.listing import lock_patient
from patient_online.access.actions.records import MAY_SHOW_OLD
from patient_online.access.linkage import hash_of_key, new_account_ref
from patient_online.access.models import LinkageKey, Verification
from patient_online.access.queries import registering as queries
from patient_online.access.rules.registering import (
    Gives,
    NoLetter,
    Seen,
    why_no_letter,
    why_not_checked,
    why_not_looked_after,
)
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Proof
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember
from patient_online.practices.queries import policies
from patient_online.practices.working import here
from patient_online.refusals import Refused

CHECKING = (Role.RECEPTIONIST, Role.MANAGER, Role.NURSE, Role.GP)
MOST_REFS = 20


@action("access.identity_checked")
def check_identity(
    patient: Patient, *, proof: Proof, seen: Seen, by: Staff, at: datetime, key: UUID | None
) -> Verification:
    """Keep that a member of staff has seen who the patient is, or raise Refused. Kinds of evidence, never copies."""
    by.require_at(patient.practice_id, *CHECKING)
    known = _locked(patient)
    if refusal := why_not_checked(proof, seen, queries.check_facts(by, known, at=at)):
        raise Refused(refusal)
    check = Verification.objects.create(
        practice_id=known.practice_id,
        patient_id=known.id,
        proof=proof,
        evidence=_evidence(seen),
        staff_id=by.staff_id,
        at=at,
    )
    family = queries.is_family(by, known)
    record("access.identity_checked", by=by, at=at, subject=check.id, patient=known.id, proof=proof, family=family)
    return check


def _evidence(seen: Seen) -> list[str]:
    """The kinds of evidence; of questions only how many, never what was asked."""
    known = ["known-a-year", "no-relative"] if seen.known_a_year and seen.no_relative else []
    asked = [f"questions-{seen.questions}"] if seen.questions else []
    return ["in-private", *sorted(seen.documents), *known, *asked]


def _require_for_old(gives: Gives, by: Staff) -> None:
    if gives.historic.rank:
        by.require(*MAY_SHOW_OLD)


@action("access.letter_made", unasked=["code"])
def make_letter(
    check: Verification, *, gives: Gives, code: str, by: Staff, at: datetime, key: UUID | None
) -> LinkageKey:
    """Make the linkage key of a letter, or raise Refused; a letter that is out ends first. Kept is a hash of the code.

    What is given back has the code when it is new, and not when the same is asked for again. Old entries are for those
    who may open them.
    """
    by.require_at(check.practice_id, *CHECKING)
    _require_for_old(gives, by)
    patient = _locked(check.patient)
    if refusal := why_not_looked_after(queries.check_facts(by, patient, at=at)):
        raise Refused(refusal)
    if no := why_no_letter(gives, queries.letter_facts(by, check, at=at), at=at):
        raise Refused(no)
    _end_letters(patient, why=LinkageKey.Why.REISSUED, at=at)
    letter = LinkageKey.objects.create(
        practice_id=patient.practice_id,
        patient_id=patient.id,
        verification_id=check.id,
        account_ref=_account_ref(patient.practice_id),
        key_hash=hash_of_key(code),
        gives=_kept(gives),
        made_at=at,
        made_by=by.account_id,
        ends_at=at + timedelta(days=int(policies(by)["linkage_letter_days"])),
    )
    letter.code = code
    record("access.letter_made", by=by, at=at, subject=letter.id, patient=patient.id, check=str(check.id))
    return letter


@action("access.letter_taken_back")
def take_back_letter(letter: LinkageKey, *, by: Staff, at: datetime) -> LinkageKey:
    """End a letter that is out, or raise Refused."""
    by.require_at(letter.practice_id, *CHECKING)
    patient = lock_patient(letter.patient, *CHECKING, by=by, at=at)
    if not _end_letters(patient, why=LinkageKey.Why.TAKEN_BACK, at=at, only=letter.id):
        raise Refused(NoLetter.NONE_OPEN)
    record("access.letter_taken_back", by=by, at=at, subject=letter.id, patient=patient.id)
    return letter


def _end_letters(patient: Patient, *, why: LinkageKey.Why, at: datetime, only: UUID | None = None) -> int:
    """End the letters of the patient that could still be used; how many. In the caller's transaction."""
    rows = LinkageKey.objects.filter(practice_id=patient.practice_id, patient_id=patient.id)
    one: dict[str, Any] = {"id": only} if only else {}
    return rows.filter(**one, used_at=None, ended_at=None).update(ended_at=at, ended_why=why)


@action("staff.vouchers_named")
def name_vouchers(staff_ids: Collection[UUID], *, by: Staff, at: datetime) -> None:
    """Say who of the practice may vouch for patients whom they know; the others may not."""
    by.require(Role.MANAGER)
    rows = StaffMember.objects.filter(here(local_day(at)), practice_id=by.practice_id)
    named = set(rows.filter(id__in=staff_ids, may_vouch=False).values_list("id", flat=True))
    no_more = set(rows.filter(may_vouch=True).exclude(id__in=staff_ids).values_list("id", flat=True))
    rows.filter(id__in=named).update(may_vouch=True)
    rows.filter(id__in=no_more).update(may_vouch=False)
    record("staff.vouchers_named", by=by, at=at, named=sorted(map(str, named)), no_more=sorted(map(str, no_more)))


def _locked(patient: Patient) -> Patient:
    rows = Patient.objects.select_for_update(no_key=True)
    return rows.get(practice_id=patient.practice_id, id=patient.id)


def _account_ref(practice_id: str) -> str:
    """The Account ID of a letter: ten digits that no letter here had, so that who saw an old one can try no new key."""
    letters = LinkageKey.objects.filter(practice_id=practice_id)
    for _ in range(MOST_REFS):
        if not letters.filter(account_ref=(made := new_account_ref())).exists():
            return made
    raise RuntimeError("No Account ID could be found that nobody has.")


def _kept(gives: Gives) -> dict[str, Any]:
    services = {service.value: level.value for service, level in gives.services.items()}
    return {"services": services, "record": {"current": gives.current, "historic": gives.historic}}
