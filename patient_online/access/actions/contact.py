"""What can happen to where a patient is reached: a code is sent and typed back; who read it before is told."""

from datetime import datetime

from django.db.models import Count, F, Q, Sum
from django.utils.crypto import constant_time_compare

from patient_online.access.codes import code_of
from patient_online.asking import Acting, Staff, System
from patient_online.audit.actions import action, record
from patient_online.notify.actions import send
from patient_online.notify.models import ContactCheck, FormerContact
from patient_online.patients.actions import confirm
from patient_online.patients.models import Patient
from patient_online.patients.rules import (
    CODE_LASTS,
    CODES_WITHIN,
    DAY,
    EMAIL,
    FORMER_KEPT,
    CodeFacts,
    NotConfirmed,
    SentFacts,
    why_not_confirmed,
    why_not_sent,
    why_not_told,
)
from patient_online.practices.models import Practice
from patient_online.refusals import Refused


@action("patient.code_sent")
def send_code(patient: Patient, *, route: str, by: Acting, at: datetime) -> ContactCheck:
    """Send a code to the patient's e-mail address or mobile number, to be typed back; or raise Refused."""
    _may_change(by)
    known = Patient.objects.select_for_update().get(practice_id=by.practice_id, id=by.patient_id)
    sent = _sent(known, _given(known, route), at)
    if refusal := why_not_sent(route, email=known.email_given, telephone=known.telephone_given, sent=sent):
        raise Refused(refusal)
    check = ContactCheck.objects.create(
        practice=known.practice,
        patient=known,
        route=route,
        address=_given(known, route),
        made_at=at,
        ends_at=at + CODE_LASTS,
    )
    record("patient.code_sent", by=by, at=at, subject=check.id, patient=known.id, route=route)
    send("contact-check", to=known, about=check.id, by=by, at=at)
    return check


def _sent(patient: Patient, address: str, at: datetime) -> SentFacts:
    """What was sent of late. The practice's row is locked: codes of two patients are counted one after the other."""
    Practice.objects.select_for_update(no_key=True).get(ods_code=patient.practice_id)
    theirs = Q(patient_id=patient.id)
    rows = ContactCheck.objects.filter(practice_id=patient.practice_id, made_at__gt=at - DAY)
    return SentFacts(
        **rows.aggregate(
            in_hour=Count("id", filter=theirs & Q(made_at__gt=at - CODES_WITHIN)),
            in_day=Count("id", filter=theirs),
            there=Count("id", filter=Q(address__iexact=address)),
            of_all=Count("id"),
        ),
        wrong=_wrong(patient, at),
    )


def _wrong(patient: Patient, at: datetime) -> int:
    """How many wrong codes were typed in for the patient within a day; `tries` counts the right one too."""
    rows = ContactCheck.objects.filter(practice_id=patient.practice_id, patient_id=patient.id, made_at__gt=at - DAY)
    counted = rows.aggregate(tries=Sum("tries", default=0), right=Count("confirmed_at"))
    return int(counted["tries"] - counted["right"])


def confirm_code(patient: Patient, *, route: str, code: str, by: Acting, at: datetime) -> None:
    """Note that the patient is reached where the newest code was sent, or raise Refused. A wrong code stays counted."""
    if refusal := _type_back(patient, route=route, code=code, by=by, at=at):
        refused = Refused(refusal)
        refused.recorded = True
        raise refused


@action("patient.code_typed")
def _type_back(patient: Patient, *, route: str, code: str, by: Acting, at: datetime) -> NotConfirmed | None:
    _may_change(by)
    known = Patient.objects.select_for_update().get(practice_id=by.practice_id, id=by.patient_id)
    checks = ContactCheck.objects.filter(practice_id=by.practice_id, patient_id=by.patient_id, route=route)
    check = checks.select_for_update().order_by("-made_at").first()
    refusal = why_not_confirmed(_facts(known, check, code, at), at=at)
    if check and refusal in (None, NotConfirmed.WRONG):
        done = {} if refusal else {"confirmed_at": at}
        checks.filter(id=check.id).update(tries=F("tries") + 1, **done)
    if check and refusal is None and not confirm(patient, route=route, address=check.address, by=by, at=at):
        refusal = NotConfirmed.NO_CODE
    record("patient.code_typed", by=by, at=at, refused_by=refusal.rule if refusal else "")
    return refusal


def _facts(patient: Patient, check: ContactCheck | None, code: str, at: datetime) -> CodeFacts | None:
    if check is None or check.confirmed_at or check.address != _given(patient, check.route):
        return None
    right = constant_time_compare(code_of(check.id), code)
    return CodeFacts(check.ends_at, check.tries, right, _wrong(patient, at))


def _may_change(by: Acting) -> None:
    if refusal := by.may_change_contact():
        raise Refused(refusal)


def _address(patient: Patient, route: str) -> str:
    return patient.email if route == EMAIL else patient.telephone


def _given(patient: Patient, route: str) -> str:
    return patient.email_given if route == EMAIL else patient.telephone_given


@action("patient.told_of_change")
def tell_of_change(patient: Patient, *, route: str, by: Acting | Staff, at: datetime) -> None:
    """Tell who reads the address or number, which the row still holds, that another has taken its place."""
    if why_not_told(route, email=patient.email, telephone=patient.telephone):
        return
    former = FormerContact.objects.create(
        practice_id=patient.practice_id,
        patient_id=patient.id,
        route=route,
        address=_address(patient, route),
        made_at=at,
    )
    record("patient.told_of_change", by=by, at=at, subject=former.id, patient=patient.id, route=route)
    send("contact-changed", to=patient, about=former.id, by=by, at=at)


@action("contacts.forgotten")
def forget_checks(*, by: System, at: datetime) -> int:
    """Forget the codes that ended a day ago, and the addresses told long ago of their end; how many there were."""
    checks, _ = ContactCheck.objects.filter(ends_at__lt=at - DAY).delete()
    former, _ = FormerContact.objects.filter(made_at__lt=at - FORMER_KEPT).delete()
    record("contacts.forgotten", by=by, at=at, checks=checks, former=former)
    return checks + former
