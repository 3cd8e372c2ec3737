"""What can happen with a letter: somebody types what stands on it, and their account is linked to the patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from patient_online.access.actions.claims import settle_claims
from patient_online.access.actions.codes import first_access
from patient_online.access.actions.ending import end_link
from patient_online.access.actions.giving import give, tie
from patient_online.access.actions.listing import list_for, lock_patient
from patient_online.access.actions.records import give_record
from patient_online.access.linkage import key_fits
from patient_online.access.models import ActsFor, Link, LinkageKey, RecordGrant
from patient_online.access.rules.codes import Outcome
from patient_online.access.rules.linking import MOST_WRONG, OF_A_NETWORK, OF_AN_ACCOUNT, NotLinked, is_named
from patient_online.asking import AccountHolder, Acting
from patient_online.audit.actions import action, record, record_account
from patient_online.identity.actions.guesses import take_back, try_once
from patient_online.identity.guarding import bucket
from patient_online.identity.rules import Limit
from patient_online.nhs.dates import local_day
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.notify.actions import send
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.storage.locks import lock_account

# A try is counted before anything is compared, in one statement that locks the key: any number at once are as many.
COUNTED = """
UPDATE access_linkagekey k SET wrong = k.wrong + 1 FROM patients_patient p
WHERE k.practice_id = %s AND k.account_ref = %s AND k.used_at IS NULL AND k.ended_at IS NULL AND k.ends_at > %s
  AND k.wrong < %s AND p.practice_id = k.practice_id AND p.id = k.patient_id
  AND p.left_on IS NULL AND p.died_on IS NULL
RETURNING k.id, k.practice_id, k.patient_id, k.key_hash, p.family_name, p.birth_date
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed from their letter, and who they say they are."""

    account_ref: str
    ods_code: str
    key: str
    family_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class _Letter:
    id: UUID
    practice_id: str = ""
    patient_id: UUID | None = None
    key_hash: str = ""
    family_name: str = ""
    birth_date: date | None = None


def link(typed: Typed, *, network: str, by: AccountHolder, at: datetime) -> Link:
    """Link the account to the patient whose letter it is, or raise Refused: one reason, whatever was wrong.

    Whatever is wrong costs the same: the same statements and one comparison of a hash. Five wrong tries end the key;
    the account that tried is not touched, but may not try for ever.
    """
    buckets = count_tries([(OF_AN_ACCOUNT, str(by.account_id)), (OF_A_NETWORK, network)], by=by, at=at)
    letter = _counted(typed, at)
    fits = key_fits(typed.key, letter.key_hash)
    if not (fits and is_named(letter.family_name, typed.family_name) and letter.birth_date == typed.birth_date):
        raise _wrong(letter, by, at)
    assert letter.patient_id  # a key that fits is some patient's
    acting = Acting(by.account_id, letter.practice_id, letter.patient_id, request_id=by.request_id)
    linked = _link(letter.id, by=acting, at=at)
    take_back(buckets, by=by, at=at)
    return linked


def count_tries(limits: Iterable[tuple[Limit, str]], *, by: AccountHolder, at: datetime) -> list[str]:
    """Count a try under each of the limits and give their buckets; raise Refused where one of them has been reached."""
    buckets, held = [], False
    for limit, what in limits:
        buckets.append(bucket(limit.kind, what))
        held |= try_once(buckets[-1], limit, by=by, at=at).held_until is not None
    if held:
        record_account("access.link_held", account_id=by.account_id, at=at, request_id=by.request_id)
        refused = Refused(NotLinked.TOO_MANY)
        refused.recorded = True
        raise refused
    return buckets


def _counted(typed: Typed, at: datetime) -> _Letter:
    """The letter with this Account ID at this practice that can be used, with one more try; a blank where none is."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [typed.ods_code, typed.account_ref, at, MOST_WRONG])
        row = cursor.fetchone()
    return _Letter(*row) if row else _Letter(uuid7())


def _wrong(letter: _Letter, by: AccountHolder, at: datetime) -> Refused:
    with transaction.atomic():
        rows = LinkageKey.objects.filter(practice_id=letter.practice_id, id=letter.id, wrong__gte=MOST_WRONG)
        rows.filter(used_at=None, ended_at=None).update(ended_at=at, ended_why=LinkageKey.Why.WRONG_TRIES)
        refused = Refused(NotLinked.WRONG)
        rule = refused.reason.rule
        record_account(
            "access.link_refused", account_id=by.account_id, at=at, request_id=by.request_id, refused_by=rule
        )
    refused.recorded = True
    return refused


@action("access.linked_by_letter")
def _link(letter_id: UUID, *, by: Acting, at: datetime) -> Link:
    """Use the key up, and give what the desk decided; of two at once one wins, and the other hears the one answer."""
    lock_account(by.account_id)
    whose = {"practice_id": by.practice_id, "id": by.patient_id}
    patient = lock_patient(Patient.objects.get(**whose), by=by, at=at)
    letters = LinkageKey.objects.filter(practice_id=by.practice_id, id=letter_id, used_at=None, ended_at=None)
    gone = patient.left_on or patient.died_on
    if gone or not letters.update(used_at=at, used_by=by.account_id, wrong=F("wrong") - 1):
        raise Refused(NotLinked.WRONG)
    letter = LinkageKey.objects.select_related("verification").get(practice_id=by.practice_id, id=letter_id)
    _leave_others(by, at)
    linked = tie(
        patient, account_id=by.account_id, proof=Proof(letter.verification.proof), identity=Identity.P9, by=by, at=at
    )
    _prove(linked, Proof(letter.verification.proof))
    _give(patient, letter.gives, by, at)
    settle_claims(linked.id, by=by, at=at)
    record("access.linked_by_letter", by=by, at=at, subject=letter.id, link=str(linked.id))
    send("online-linked", to=patient, about=linked.id, by=by, at=at)
    return linked


def _prove(linked: Link, proof: Proof) -> None:
    """Let the link say how the person was checked last."""
    Link.objects.filter(practice_id=linked.practice_id, id=linked.id).update(proof=proof)
    linked.proof = proof


def _leave_others(by: Acting, at: datetime) -> None:
    """An account is for one person: what it only claimed before ends; raise Refused where it is linked by a check."""
    others = ActsFor.objects.filter(account_id=by.account_id).exclude(patient_id=by.patient_id)
    for other in others:
        if other.identity > Identity.P0:
            raise Refused(NotLinked.ALREADY)
        patient = Patient.objects.get(practice_id=other.practice_id, id=other.patient_id)
        before = Acting(by.account_id, other.practice_id, other.patient_id, request_id=by.request_id)
        claims = Link.objects.filter(practice_id=other.practice_id, patient_id=other.patient_id, ended_at=None)
        for claim in claims.filter(account_id=by.account_id):
            settle_claims(claim.id, by=before, at=at)
        end_link(patient, account_id=by.account_id, why=Link.Why.PATIENT, by=before, at=at)


def _give(patient: Patient, gives: dict[str, Any], by: Acting, at: datetime) -> None:
    """Give the services, and the record: what the codes in it allow, or what the desk has decided under them."""
    for service, level in gives["services"].items():
        give(patient, account_id=by.account_id, service=Service(service), level=Level(level), by=by, at=at)
    weighed = first_access(patient, by.account_id, by=by, at=at)
    decided, historic = gives["record"]["current"], RecordLevel(gives["record"]["historic"])
    if weighed.outcome in (Outcome.REVIEW, Outcome.DECLINED):
        list_for(patient, by.account_id, by=by, at=at)
    elif decided is None:
        list_for(patient, by.account_id, by=by, at=at)
        _open_old(patient, historic, by, at)
    else:
        levels = {"current": RecordLevel(decided), "historic": historic}
        give_record(patient, account_id=by.account_id, **levels, from_day=local_day(at), by=by, at=at)


def _open_old(patient: Patient, historic: RecordLevel, by: Acting, at: datetime) -> None:
    """Open the old entries too, in no more detail than the national rule has given of the new ones."""
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": by.account_id}
    new = RecordGrant.objects.filter(**whose, revoked_at=None).first()
    if new is None or historic.at_most(RecordLevel(new.current)).rank <= RecordLevel(new.historic).rank:
        return
    levels = {"current": RecordLevel(new.current), "historic": historic.at_most(RecordLevel(new.current))}
    give_record(patient, account_id=by.account_id, **levels, from_day=new.from_day, by=by, at=at)
