"""Records that are opened only with a reason: sensitive ones, one's own, and those of one's household.

Whoever hands a patient to a page of the practice asks here: for one patient `see_through` refuses until a reason was
given, in a list `veil` leaves the name alone. No statement is added where nobody of that kind is among the patients.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace, Upper

from patient_online.asking import Staff, System
from patient_online.patients.models import Opening, Patient
from patient_online.patients.rules import Shut
from patient_online.refusals import Refused

Why = Opening.Why
Home = tuple[str, ...]


def why_shut(staff: Staff | System, patient: Patient, *, at: datetime) -> Opening.Why | None:
    """Why this record opens for this person only with a reason, where they have given none in the last half hour."""
    return _shut(staff, [patient], at).get(patient.id)


def see_through(staff: Staff | System, patient: Patient, *, at: datetime) -> Patient:
    """The patient, where the record is open to this person. Raises Refused where a reason is needed first."""
    if why_shut(staff, patient, at=at):
        raise Refused(Shut.REASON_NEEDED, patient=str(patient.id))
    return patient


def veil(staff: Staff | System, patients: Iterable[Patient], *, at: datetime) -> frozenset[UUID]:
    """Leave of those whose records are shut the name alone, in place; says who they are. `shut` marks them."""
    rows = list(patients)
    shut = _shut(staff, rows, at)
    for patient in rows:
        if patient.id in shut:
            _blank(patient)
    return frozenset(shut)


def never_confirmed(staff: Staff, *, at: datetime) -> Q:
    """The records that are shut to this person, as a condition: no search tells whether a detail of theirs is right."""
    kinds = Q(sensitive=True)
    if staff.acts_for:
        kinds |= Q(id__in=[*staff.acts_for, *_household(staff)])
    given = Opening.objects.filter(practice_id=staff.practice_id, staff_id=staff.staff_id, ends_at__gt=at)
    return kinds & ~Q(Exists(given.filter(patient_id=OuterRef("id"))))


def _household(staff: Staff) -> list[UUID]:
    """Those who live where a patient lives for whom this person acts as themselves."""
    own = Patient.objects.filter(practice_id=staff.practice_id, id__in=staff.acts_for)
    near = {"".join(patient.postcode.split()).upper() for patient in own} - {""}
    bare = Replace(Upper("postcode"), Value(" "), Value(""))
    rows = Patient.objects.filter(practice_id=staff.practice_id).alias(bare=bare).filter(bare__in=near)
    return list(_family(staff, rows)) if near else []


def _blank(patient: Patient) -> None:
    patient.shut = True
    patient.nhs_number = patient.birth_date = None  # type: ignore[assignment]
    patient.address, patient.postcode = [], ""
    patient.email = patient.email_new = patient.telephone = patient.telephone_new = ""


def _shut(staff: Staff | System, patients: Collection[Patient], at: datetime) -> Mapping[UUID, Opening.Why]:
    why = {patient.id: Why.SENSITIVE for patient in patients if patient.sensitive}
    if isinstance(staff, Staff):
        why |= _family(staff, patients)
        why |= {patient.id: Why.OWN for patient in patients if patient.id in staff.acts_for}
    if not why or not isinstance(staff, Staff):
        return why
    opened = _opened(staff, why, at)
    return {patient_id: each for patient_id, each in why.items() if patient_id not in opened}


def _family(staff: Staff, patients: Collection[Patient]) -> dict[UUID, Opening.Why]:
    """Those who live where a patient lives for whom this person acts as themselves."""
    if not staff.acts_for:
        return {}
    own = Patient.objects.filter(practice_id=staff.practice_id, id__in=staff.acts_for)
    homes = {_home(patient) for patient in own} - {()}
    return {patient.id: Why.FAMILY for patient in patients if _home(patient) in homes}


def _home(patient: Patient) -> Home:
    """The address as it is compared; nothing where no postcode is known."""
    lines = (*patient.address, patient.postcode) if patient.postcode and patient.address else ()
    return tuple(" ".join(line.casefold().replace(",", " ").split()) for line in lines if line)


def _opened(staff: Staff, patient_ids: Iterable[UUID], at: datetime) -> set[UUID]:
    rows = Opening.objects.filter(
        practice_id=staff.practice_id, staff_id=staff.staff_id, patient_id__in=list(patient_ids), ends_at__gt=at
    )
    return set(rows.values_list("patient_id", flat=True))
