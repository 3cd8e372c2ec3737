"""What can happen to somebody without a letter: they say which patient they are, and the practice sees to it."""

from datetime import datetime

from patient_online.access.actions.claims import CLAIM, TWO_CLAIMS, settle_claims
from patient_online.access.actions.ending import end_link
from patient_online.access.actions.giving import tie
from patient_online.access.actions.linking import count_tries
from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.models import ActsFor, Grant, Link
from patient_online.access.queries.claiming import claimed
from patient_online.access.queries.holding import services_held
from patient_online.access.rules.linking import CLAIMS_OF_A_NETWORK, CLAIMS_OF_AN_ACCOUNT, Name, NotLinked
from patient_online.asking import AccountHolder, Acting, Role, Staff, System
from patient_online.audit.actions import action, record, record_account
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Level, Service
from patient_online.notify.actions import send
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.locks import lock_account
from patient_online.tasks.actions import put

CHECKING = (Role.RECEPTIONIST, Role.MANAGER)


def claim(practice: Practice, *, said: Name, postcode: str, network: str, by: AccountHolder, at: datetime) -> None:
    """Link the account, not verified, to the one patient whom this fits; or do nothing, and tell nobody which.

    Where another account has claimed so before, the practice is told that there are two. Raises Refused only where too
    many have been made, or where the account is linked already.
    """
    if ActsFor.objects.filter(account_id=by.account_id).exists():
        raise Refused(NotLinked.ALREADY)
    count_tries([(CLAIMS_OF_AN_ACCOUNT, str(by.account_id)), (CLAIMS_OF_A_NETWORK, network)], by=by, at=at)
    system = System("claims", practice.ods_code, why="finds whom a claim fits")
    patient = claimed(system, said, postcode, today=local_day(at))
    if patient is None:
        record_account("access.claim_fits_nobody", account_id=by.account_id, at=at, request_id=by.request_id)
        return
    acting = Acting(by.account_id, practice.ods_code, patient.id, request_id=by.request_id, identity=Identity.P0)
    _claim(patient, by=acting, at=at)


@action("access.claimed")
def _claim(patient: Patient, *, by: Acting, at: datetime) -> None:
    """Let the account book a first appointment; the patient is told where they are known, the practice checks."""
    lock_account(by.account_id)
    known = lock_patient(patient, by=by, at=at)
    mine = {"practice_id": by.practice_id, "patient_id": known.id}
    if known.left_on or known.died_on or ActsFor.objects.filter(account_id=by.account_id).exists():
        return
    if first := Link.objects.filter(**mine, kind=Link.Kind.SELF, ended_at=None).first():
        _another(first, known, by, at)
        return
    linked = tie(known, account_id=by.account_id, proof=Proof.CLAIMED, identity=Identity.P0, by=by, at=at)
    # `give` gives nothing to who is not known; the rules of booking let them use this once (`only_a_first`).
    Grant.objects.create(
        **mine,
        account_id=by.account_id,
        service=Service.APPOINTMENTS,
        level=Level.MANAGE,
        held=Service.APPOINTMENTS in services_held(by, by.practice_id, known.id),
        granted_at=at,
    )
    list_for(known, by.account_id, by=by, at=at)
    put(CLAIM, about=linked.id, patient=known, by=by, at=at)
    record("access.claimed", by=by, at=at, subject=linked.id)
    send("online-claimed", to=known, about=linked.id, by=by, at=at)


def _another(first: Link, patient: Patient, by: Acting, at: datetime) -> None:
    """Let the practice find out which of two claims is the patient's; a link by a check stands against any claim."""
    if first.proof == Proof.CLAIMED:
        put(TWO_CLAIMS, about=first.id, patient=patient, by=by, at=at)
        record("access.claimed_again", by=by, at=at, subject=first.id)


@action("access.claim_ended")
def end_claim(link: Link, *, by: Staff, at: datetime) -> Link:
    """Say that an account which claimed to be the patient's is not, or raise Refused where a check has linked it."""
    by.require_at(link.practice_id, *CHECKING)
    patient = lock_patient(link.patient, *CHECKING, by=by, at=at)
    rows = Link.objects.filter(practice_id=link.practice_id, id=link.id, proof=Proof.CLAIMED, ended_at=None)
    if not rows.exists():
        raise Refused(NotLinked.NOT_CLAIMED)
    end_link(patient, account_id=link.account_id, why=Link.Why.PRACTICE, by=by, at=at)
    settle_claims(link.id, by=by, at=at)
    record("access.claim_ended", by=by, at=at, subject=link.id, patient=patient.id)
    return link
