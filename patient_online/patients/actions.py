"""What can happen to a patient's details."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from patient_online.asking import Acting, NotAllowed, Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.patients.amending import Changes, Details, details_of, differences
from patient_online.patients.models import Patient
from patient_online.patients.replaced import tell_where_it_was
from patient_online.patients.rules import EMAIL, TEXT, NotKept, mark_of, why_not_told
from patient_online.refusals import Refused

NAMES = {EMAIL: "email", TEXT: "telephone"}


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
    """Keep another telephone number (E.164); a confirmed one stays in use until somebody has checked the new one."""
    return _change(patient, "telephone", telephone, by, at)


@action("patient.email_changed")
def change_email(patient: Patient, *, email: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep another e-mail address; a confirmed one stays in use until somebody has checked the new one."""
    return _change(patient, "email", email, by, at)


def _change(patient: Patient, name: str, value: str, by: Acting | Staff, at: datetime) -> Patient:
    """Keep the new value; beside a confirmed one until it is confirmed itself. An emptied one that goes is told so."""
    _may_change(patient, by)
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=by.practice_id, id=patient.id)
    if value != getattr(known, f"{name}_given"):
        confirmed = getattr(known, f"{name}_verified_at")
        if confirmed and not value:
            tell_where_it_was(known, EMAIL if name == "email" else TEXT, by=by, at=at)
        _write(known, **_instead(name, value, current=getattr(known, name), confirmed=bool(value and confirmed)))
        record(f"patient.{name}_changed", by=by, at=at, subject=patient.id, patient=patient.id)
    for each in (name, f"{name}_new", f"{name}_verified_at", f"{name}_failed_at"):
        setattr(patient, each, getattr(known, each))
    return patient


def _instead(name: str, value: str, *, current: str, confirmed: bool) -> dict[str, Any]:
    """What the row holds when another value was given: it waits where a confirmed one is in use."""
    if confirmed:
        return {f"{name}_new": "" if value == current else value}
    return {name: value, f"{name}_new": "", f"{name}_verified_at": None, f"{name}_failed_at": None}


def _write(patient: Patient, **values: Any) -> None:
    Patient.objects.filter(practice_id=patient.practice_id, id=patient.id).update(**values)
    for name, value in values.items():
        setattr(patient, name, value)


@action("patient.contact_kept")
def keep_confirmed(patient: Patient, *, route: str, by: Acting | Staff, at: datetime) -> bool:
    """Give up the address or number that waits to be confirmed: the confirmed one stays. Whether there was one."""
    _may_change(patient, by)
    name = NAMES[route]
    rows = Patient.objects.filter(practice_id=by.practice_id, id=patient.id).exclude(**{f"{name}_new": ""})
    if not rows.update(**{f"{name}_new": ""}):
        return False
    record("patient.contact_kept", by=by, at=at, subject=patient.id, patient=patient.id, route=route)
    return True


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
    name = NAMES[route]
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=by.practice_id, id=patient.id)
    if not address or address not in (getattr(known, name), getattr(known, f"{name}_new")):
        return False
    values: dict[str, Any] = {f"{name}_verified_at": at, f"{name}_failed_at": None}
    if address != getattr(known, name):
        tell_where_it_was(known, route, by=by, at=at)
        values |= {name: address, f"{name}_new": ""}
    _write(known, **values)
    record("patient.contact_confirmed", by=by, at=at, subject=patient.id, patient=patient.id, route=route)
    return True


@action("patient.details_changed")
def change_details(patient: Patient, details: Details, *, seen: str, by: Staff, at: datetime) -> Changes:
    """Keep another name or address, or raise Refused; what was changed, by field, as it was and as it is.

    `seen` is the mark of what staff were shown (`Details.mark`): what was changed since is not overwritten.
    """
    by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=by.practice_id, id=patient.id)
    changes = differences(details_of(known), details)
    if changes and details_of(known).mark != seen:
        raise Refused(NotKept.CHANGED)
    if changes:
        _write(known, **{field: to for field, (_was, to) in changes.items()})
        record("patient.details_changed", by=by, at=at, subject=patient.id, patient=patient.id, fields=sorted(changes))
    return changes


@action("patient.gone")
def note_gone(patient: Patient, *, left_on: date, died_on: date | None, by: Staff, at: datetime) -> None:
    """Note that the patient is no longer registered, as they left or died. Whoever calls it has asked the rules."""
    by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    _write(patient, left_on=left_on, died_on=died_on)
    record("patient.gone", by=by, at=at, subject=patient.id, patient=patient.id, died=died_on is not None)


@action("patient.back")
def note_back(patient: Patient, *, by: Staff, at: datetime) -> None:
    """Undo that the patient was noted as gone: they are registered as before."""
    by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    _write(patient, left_on=None, died_on=None)
    record("patient.back", by=by, at=at, subject=patient.id, patient=patient.id)


def _may_change(patient: Patient, by: Acting | Staff) -> None:
    if isinstance(by, Staff):
        by.require_at(patient.practice_id, Role.MANAGER, Role.RECEPTIONIST)
    elif (by.practice_id, by.patient_id) != (patient.practice_id, patient.id):
        raise Refused(NotAllowed.SERVICE_NOT_YOURS)
    elif refusal := by.may_change_contact():
        raise Refused(refusal)


@action("patient.contact_unconfirmed")
def unconfirm(patient: Patient, *, route: str, address: str, by: System, at: datetime) -> bool:
    """Note that nothing arrives at an e-mail address or telephone number, unless the patient has another by now.

    What waited to be confirmed in its place takes the place, unconfirmed as it is.
    """
    name = NAMES[route]
    known = Patient.objects.select_for_update(no_key=True).get(practice_id=by.practice_id, id=patient.id)
    if not address or getattr(known, name) != address:
        return False
    new = getattr(known, f"{name}_new")
    gone = {name: new, f"{name}_new": ""} if new else {f"{name}_failed_at": at}
    _write(known, **{f"{name}_verified_at": None}, **gone)
    record("patient.contact_unconfirmed", by=by, at=at, subject=patient.id, patient=patient.id, route=route)
    return True
