"""Patients are found and seen by staff, and see themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from patient_online.asking import Acting, NotAllowed, Staff
from patient_online.audit.actions import record, record_all
from patient_online.nhs.numbers import is_valid, normalise
from patient_online.patients.looking import days_in, parts_of, why_not_looked_for
from patient_online.patients.models import Patient
from patient_online.patients.queries.glass import never_confirmed, see_through, veil
from patient_online.refusals import Refused
from patient_online.storage.prepared import prepared

MOST_FOUND = 20


class Folded(Func):
    """A text without capitals, accents and apostrophes, as `looking.folded` makes it; `lower` alone leaves `É`."""

    template = (
        "lower(regexp_replace(normalize(translate(%(expressions)s, 'ØøŁłĐđıʼ-‐–', 'OoLlDdi''   '), NFD),"
        " '[\\u0300-\\u036f''’‘`.]', '', 'g'))"
    )
    output_field = TextField()


def telephone_of(acting: Acting, *, at: datetime) -> str:
    """The patient's telephone number (E.164), or nothing; the reading is audited."""
    record("patient.telephone_seen", by=acting, at=at, subject=acting.patient_id)
    [telephone] = _telephone(acting.practice_id, acting.patient_id)
    return str(telephone)


@prepared
def _telephone(practice_id: str, patient_id: UUID) -> QuerySet[Any]:
    return Patient.objects.filter(practice_id=practice_id, id=patient_id).values_list("telephone", flat=True)


def own_details(acting: Acting, *, at: datetime) -> Patient:
    """The patient's own details, or Refused for who is not known well enough; the reading is audited."""
    if not acting.is_known:
        raise Refused(NotAllowed.IDENTITY_TOO_LOW)
    record("patient.details_seen", by=acting, at=at, subject=acting.patient_id)
    return Patient.objects.get(practice_id=acting.practice_id, id=acting.patient_id)


def patients_of(staff: Staff) -> QuerySet[Patient]:
    """The patients of the practice, those who have left too: to be narrowed down, and audited by who shows them."""
    return Patient.objects.filter(practice_id=staff.practice_id)


def patient_seen(staff: Staff, patient_id: UUID, *, at: datetime) -> Patient:
    """One patient's details; the reading is audited. Raises Patient.DoesNotExist, and Refused: see `glass`."""
    patient = see_through(staff, patients_of(staff).get(id=patient_id), at=at)
    record("patient.seen", by=staff, at=at, subject=patient.id, patient=patient.id)
    return patient


def find_patients(staff: Staff, text: str, *, at: datetime) -> list[Patient]:
    """The first twenty patients that fit an NHS number, or parts of a name and a date of birth, in any order.

    Each has `found`: how many there are in all. Nobody is listed who was not asked for; the reading is audited for
    each patient shown. Who is behind the glass is found by name whatever the day, and by number without the name.
    """
    wanted = _wanted(text, never_confirmed(staff, at=at))
    if wanted is None:
        return []
    name = Folded(Concat(Value(" "), "given_name", Value(" "), "family_name", output_field=TextField()))
    gone = Case(When(left_on=None, died_on=None, then=0), default=1, output_field=IntegerField())
    rows = patients_of(staff).annotate(folded_name=name).filter(wanted)
    rows = rows.annotate(found=Window(Count("*")), gone=gone).order_by("gone", "family_name", "given_name", F("id"))
    patients: list[Patient] = list(rows[:MOST_FOUND])
    record_all("patient.found", by=staff, at=at, patients=[patient.id for patient in patients])
    shut = veil(staff, patients, at=at)
    if shut and is_valid(text):
        _nameless(patients)
    return patients


def _nameless(patients: Iterable[Patient]) -> None:
    """Leave off whose number it is: that is said where the reason is asked for."""
    for patient in patients:
        if patient.shut:
            patient.title = patient.given_name = ""
            patient.family_name = _("A protected record")


def _wanted(text: str, shut: Q) -> Q | None:
    """What was typed, as a condition; None when it says too little or names a day that there is not.

    For who is `shut` the name alone counts: nobody learns a date of birth by trying.
    """
    if is_valid(text):
        return Q(nhs_number=normalise(text))
    if why_not_looked_for(text):
        return None
    born, parts = days_in(text), parts_of(text)
    named = _all(Q(folded_name__contains=f" {part}") for part in parts)
    if not born:
        return named
    known = _all(Q(birth_date=day) for day in born)
    return named & (known | shut) if parts else known & ~shut


def _all(conditions: Iterable[Q]) -> Q:
    both = Q()
    for each in conditions:
        both &= each
    return both
