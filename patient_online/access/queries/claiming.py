"""What somebody may find who says which practice they are a patient of; and whom what they say fits."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from patient_online.access.models import Link
from patient_online.access.rules.linking import CLAIMS_FROM, Name, is_same
from patient_online.asking import AccountHolder, Staff, System
from patient_online.nhs.dates import age_on
from patient_online.nhs.identity import Proof
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.tasks.models import Task

MOST_FOUND = 20


def practices_found(holder: AccountHolder, text: str) -> list[Practice]:
    """The first twenty open practices whose name, postcode or ODS code fits what was typed."""
    typed = " ".join(text.split())
    fits = Q(name__icontains=typed) | Q(postcode__istartswith=typed) | Q(ods_code__iexact=typed)
    rows = Practice.objects.filter(fits, status=Practice.Status.ACTIVE)
    return list(rows.order_by("name", "ods_code")[:MOST_FOUND]) if typed else []


def practice_named(holder: AccountHolder, ods_code: str) -> Practice | None:
    """The open practice with this code."""
    return Practice.objects.filter(ods_code=ods_code, status=Practice.Status.ACTIVE).first()


def claimed(system: System, said: Name, postcode: str, *, today: date) -> Patient | None:
    """The one patient of the practice whom this fits, and for whom nobody acts by a check; or None."""
    theirs = Link.objects.filter(
        practice=OuterRef("practice"), patient_id=OuterRef("id"), kind=Link.Kind.SELF, ended_at=None
    ).exclude(proof=Proof.CLAIMED)
    now = Q(left_on=None, died_on=None, birth_date=said.born, postcode=postcode)
    rows = Patient.objects.filter(now, ~Exists(theirs), practice_id=system.practice_id)
    fit = [row for row in rows if is_same(Name(row.family_name, row.given_name, row.birth_date), said)]
    if len(fit) != 1 or age_on(said.born, today) < CLAIMS_FROM:
        return None
    return fit[0]


def claim_of(staff: Staff, link_id: UUID) -> Link | None:
    """The account that claims to be a patient's, while nobody has checked it."""
    rows = Link.objects.filter(practice_id=staff.practice_id, id=link_id, ended_at=None, proof=Proof.CLAIMED)
    return rows.first()


def is_claimed_twice(staff: Staff, link: Link) -> bool:
    """Whether another account has claimed to be the same patient since, and nobody has found out who is."""
    rows = Task.objects.filter(practice_id=staff.practice_id, kind="two-claims", about=link.id)
    return rows.filter(status=Task.Status.OPEN).exists()


def link_told(system: System, link_id: UUID) -> Link | None:
    """An account's link, with its practice, for the message about it."""
    rows = Link.objects.filter(practice_id=system.practice_id, id=link_id, ended_at=None)
    return rows.select_related("practice").first()
