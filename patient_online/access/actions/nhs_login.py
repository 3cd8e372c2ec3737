"""What can happen when somebody comes by NHS login: their account is tied to their patient, or their practice is told.

NHS number and birth date are compared with the practice's own at each sign-in, not at the first alone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.access.actions.claims import settle_claims
from patient_online.access.actions.codes import first_access
from patient_online.access.actions.giving import give, tie
from patient_online.access.models import ActsFor, Grant, Link
from patient_online.access.rules.nhs_login import Held, has_same_name, is_same_person
from patient_online.asking import Acting, Anyone, Channel, Role, System
from patient_online.audit.actions import action, record
from patient_online.identity.nhs_login.arrivals import Arrived
from patient_online.identity.nhs_login.rules import Known, NotByNhsLogin
from patient_online.identity.rules import two_steps_in
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import N_, Refusal, Refused
from patient_online.storage.locks import lock_account
from patient_online.tasks.actions import put, settle
from patient_online.tasks.kinds import Kind

MISMATCH = Kind(
    name="nhs-login-mismatch",
    title=N_("NHS login does not match the record"),
    roles=frozenset({Role.RECEPTIONIST, Role.MANAGER}),
    page="appointments:patient",
    page_of_patient=True,
)
BY_DEFAULT = (Service.APPOINTMENTS, Service.PRESCRIPTIONS)  # and of the record what `first_access` says
NOT_GIVEN_BACK_UNASKED = (Link.Why.PRACTICE, Link.Why.PATIENT)
TO_PUT_RIGHT = (NotByNhsLogin.MISMATCH, NotByNhsLogin.ANOTHER_LOGIN)


def arrived(account_id: UUID, known: Known, *, by: Anyone, at: datetime) -> Arrived:
    """Tie the account to the patient whom NHS login names, in the transaction of signing in; or raise Refused."""
    if known.identity is Identity.P0:
        return Arrived.UNPROVEN
    lock_account(account_id)
    tied = [_locked(*whose) for whose in _tied_to(account_id)]
    if any(not _agrees(patient, known) for patient in tied):
        raise Refused(NotByNhsLogin.MISMATCH)
    patient = next((each for each in tied if not _is_gone(each)), None) or _registered(known)
    if patient is None or _is_gone(patient):
        return Arrived.LEFT if patient else Arrived.ELSEWHERE
    return _tied(patient, account_id, known, by, at)


def _tied(patient: Patient, account_id: UUID, known: Known, by: Anyone, at: datetime) -> Arrived:
    links = Link.objects.filter(practice_id=patient.practice_id, patient_id=patient.id)
    theirs = links.filter(account_id=account_id, ended_at=None).first()
    if theirs is None:
        if refusal := _why_not_tied(patient, known, links):
            raise Refused(refusal)
        if _was_ended(links, account_id):
            return Arrived.ENDED
    who = _acting(patient, account_id, known, by)
    link = tie(patient, account_id=account_id, proof=Proof.NHS_LOGIN, identity=known.identity, by=who, at=at)
    if link.identity is Identity.P9 and (theirs is None or theirs.identity < Identity.P9):
        _give_by_default(patient, account_id, at)
        first_access(patient, account_id, by=who, at=at)
    settle(MISMATCH.name, about=patient.id, by=who, at=at)
    if theirs and theirs.proof == Proof.CLAIMED:
        settle_claims(theirs.id, by=who, at=at)
    return Arrived.LINKED


def _was_ended(links: Any, account_id: UUID) -> bool:
    """Whether this account's link by a check was ended on purpose: a claim says nothing, nor does another account."""
    of_the_account = links.filter(account_id=account_id, ended_why__in=NOT_GIVEN_BACK_UNASKED)
    return bool(of_the_account.exclude(proof=Proof.CLAIMED).exists())


def _why_not_tied(patient: Patient, known: Known, links: Any) -> NotByNhsLogin | None:
    """Why a new link with this patient is not made: another birth date or name, or another NHS login has them."""
    if not _agrees(patient, known) or not has_same_name(_held(patient), known.family_name):
        return NotByNhsLogin.MISMATCH
    taken = links.filter(kind=Link.Kind.SELF, proof=Proof.NHS_LOGIN, ended_at=None).exists()
    return NotByNhsLogin.ANOTHER_LOGIN if taken else None


def _give_by_default(patient: Patient, account_id: UUID, at: datetime) -> None:
    """Give what has not been given before; what the practice took back stays so."""
    system = System("nhs-login", patient.practice_id, why="what somebody gets whom NHS login knows")
    grants = Grant.objects.filter(practice_id=patient.practice_id, patient_id=patient.id, account_id=account_id)
    decided = set(grants.values_list("service", flat=True))
    for service in (each for each in BY_DEFAULT if each not in decided):
        give(patient, account_id=account_id, service=service, level=Level.MANAGE, by=system, at=at)


def _acting(patient: Patient, account_id: UUID, known: Known, by: Anyone) -> Acting:
    return Acting(
        account_id,
        patient.practice_id,
        patient.id,
        request_id=by.request_id,
        channel=Channel.ONLINE,
        identity=known.identity,
        two_steps=two_steps_in(known.vot),
        vot=known.vot,
    )


def _tied_to(account_id: UUID) -> list[tuple[str, UUID]]:
    """The patients that the account is, by a check of who it is: not by the practice's word, which ties parents too."""
    rows = ActsFor.objects.filter(account_id=account_id).order_by("practice_id", "patient_id")
    found = []
    for practice_id, patient_id in rows.values_list("practice_id", "patient_id"):
        whose: dict[str, Any] = {"practice_id": practice_id, "patient_id": patient_id, "account_id": account_id}
        links = Link.objects.filter(**whose, kind=Link.Kind.SELF, ended_at=None)
        if links.exclude(proof=Proof.STAFF).exists():
            found.append((practice_id, patient_id))
    return found


def _registered(known: Known) -> Patient | None:
    """The patient with this NHS number at the practice that NHS login names: registered now, else who was before."""
    rows = Patient.objects.filter(practice_id=known.ods_code, nhs_number=known.nhs_number)
    of_all = list(rows.order_by("-registered_on", "-id").values_list("id", "left_on", "died_on"))
    for patient_id, left_on, died_on in of_all:
        if left_on is None and died_on is None:
            return _locked(known.ods_code, patient_id)
    return _locked(known.ods_code, of_all[0][0]) if of_all else None


def _locked(practice_id: str, patient_id: UUID) -> Patient:
    """The patient, locked until we commit: two NHS logins cannot both become the same patient."""
    rows = Patient.objects.select_for_update(no_key=True, of=("self",)).select_related("practice")
    return rows.get(practice_id=practice_id, id=patient_id)


def _held(patient: Patient) -> Held:
    return Held(patient.nhs_number, patient.birth_date, patient.family_name)


def _agrees(patient: Patient, known: Known) -> bool:
    return is_same_person(_held(patient), nhs_number=known.nhs_number, birth_date=known.birth_date)


def _is_gone(patient: Patient) -> bool:
    closed = patient.practice.status != Practice.Status.ACTIVE
    return closed or patient.left_on is not None or patient.died_on is not None


@action("access.nhs_login_turned_away")
def turned_away(known: Known, reason: Refusal, *, by: Anyone, at: datetime) -> None:
    """Put it on the practice's list that NHS login and the record do not agree about a patient."""
    patient = _registered(known) if reason in TO_PUT_RIGHT and known.nhs_number else None
    if patient is None:
        return
    system = System("nhs-login", patient.practice_id, request_id=by.request_id)
    put(MISMATCH.name, about=patient.id, patient=patient, by=system, at=at)
    record("access.nhs_login_turned_away", by=system, at=at, patient=patient.id, refused_by=reason.rule)
