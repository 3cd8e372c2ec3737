"""What can happen to a patient's details."""

from dataclasses import asdict, dataclass
from datetime import datetime

from patient_online.asking import Acting, NotAllowed, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.patients.models import Patient
from patient_online.patients.replaced import tell_where_it_was
from patient_online.patients.rules import EMAIL, TEXT, NotKept, mark_of, why_not_told
from patient_online.refusals import Refused


@dataclass(frozen=True, slots=True)
class Needs:
    """How a patient is told of things, and in which form they read."""

    contact_by: str
    format: str
    language: str
    interpreter: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a patient is reached, and what of it somebody has checked with them just now."""

    email: str
    telephone: str
    email_checked: bool
    telephone_checked: bool


@action("patient.telephone_changed")
def change_telephone(patient: Patient, *, telephone: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep another telephone number (E.164) in the patient's details; it is unconfirmed until somebody checks it."""
    return _change(patient, "telephone", telephone, by, at)


@action("patient.email_changed")
def change_email(patient: Patient, *, email: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep another e-mail address in the patient's details; it is unconfirmed until somebody checks it."""
    return _change(patient, "email", email, by, at)


def _change(patient: Patient, name: str, value: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep the new value; the one that is there already stays verified. A confirmed one that goes is told so."""
    _may_change(patient, by)
    other = Patient.objects.filter(practice_id=by.practice_id, id=patient.id).exclude(**{name: value})
    if known := other.select_for_update(no_key=True).first():
        other.update(**{name: value, f"{name}_verified_at": None})
        setattr(patient, f"{name}_verified_at", None)
        record(f"patient.{name}_changed", by=by, at=at, subject=patient.id, patient=patient.id)
        if getattr(known, f"{name}_verified_at"):
            tell_where_it_was(known, EMAIL if name == "email" else TEXT, by=by, at=at)
    setattr(patient, name, value)
    return patient


@action("patient.needs_changed")
def change_needs(patient: Patient, needs: Needs, *, by: Acting | Staff, at: datetime) -> None:
    """Keep how the patient is told, in which format and language, and whether they need an interpreter."""
    _may_change(patient, by)
    known = Patient.objects.select_for_update().get(practice_id=by.practice_id, id=patient.id)
    if refusal := why_not_told(needs.contact_by, email=known.email, telephone=known.telephone):
        raise Refused(refusal)
    Patient.objects.filter(practice_id=by.practice_id, id=patient.id).update(**asdict(needs))
    record("patient.needs_changed", by=by, at=at, subject=patient.id, patient=patient.id)


@action("patient.needs_taken_down")
def take_down(patient: Patient, *, contact: Contact, needs: Needs, seen: str, by: Staff, at: datetime) -> None:
    """Keep all that the patient said at the desk about how they are reached and told, or raise Refused.

    `seen` is the mark of what staff were shown (`Patient.told_mark`): what was changed since is not overwritten.
    """
    _may_change(patient, by)
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=by.practice_id, id=patient.id)
    wanted = mark_of(contact.email, contact.telephone, *asdict(needs).values())
    if known.told_mark not in (seen, wanted):
        raise Refused(NotKept.CHANGED)
    change_email(patient, email=contact.email, by=by, at=at)
    change_telephone(patient, telephone=contact.telephone, by=by, at=at)
    if contact.email_checked:
        confirm(patient, route=EMAIL, address=contact.email, by=by, at=at)
    if contact.telephone_checked:
        confirm(patient, route=TEXT, address=contact.telephone, by=by, at=at)
    change_needs(patient, needs, by=by, at=at)


@action("patient.contact_confirmed")
def confirm(patient: Patient, *, route: str, address: str, by: Acting | Staff, at: datetime) -> bool:
    """Note that the patient is reached there; whether it is still the address that is known.

    Staff say so when they have checked it with the patient; a patient has typed a code back (see `access.actions`).
    """
    _may_change(patient, by)
    name = {EMAIL: "email", TEXT: "telephone"}[route]
    rows = Patient.objects.filter(practice_id=by.practice_id, id=patient.id, **{name: address}).exclude(**{name: ""})
    if not rows.update(**{f"{name}_verified_at": at}):
        return False
    record("patient.contact_confirmed", by=by, at=at, subject=patient.id, patient=patient.id, route=route)
    return True


def _may_change(patient: Patient, by: Acting | Staff) -> None:
    if isinstance(by, Staff):
        by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    elif (by.practice_id, by.patient_id) != (patient.practice_id, patient.id):
        raise Refused(NotAllowed.SERVICE_NOT_YOURS)
    elif refusal := by.may_change_contact():
        raise Refused(refusal)


@action("patient.contact_unconfirmed")
def unconfirm(patient: Patient, *, route: str, address: str, by: System, at: datetime) -> bool:
    """Note that an e-mail address or telephone number does not work, unless the patient has another by now."""
    name = {"email": "email", "text": "telephone"}[route]
    rows = Patient.objects.filter(practice_id=by.practice_id, id=patient.id, **{name: address})
    if not rows.update(**{f"{name}_verified_at": None}):
        return False
    record("patient.contact_unconfirmed", by=by, at=at, subject=patient.id, patient=patient.id, route=route)
    return True
