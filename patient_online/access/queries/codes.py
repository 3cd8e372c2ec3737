"""What may be seen of the codes about online access in a record, and of what they came to."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from patient_online.access.models import AccessCode, CodesWeighed, Link, RecordGrant
from patient_online.access.rules.codes import ADULT_FOR_RECORDS, AccessFacts, Coded
from patient_online.asking import Asker, Staff, System
from patient_online.audit.actions import record
from patient_online.nhs.dates import age_on
from patient_online.nhs.identity import Identity, Proof, most_record
from patient_online.nhs.record_levels import RecordLevel, ceiling_of
from patient_online.patients.models import Patient
from patient_online.practices.models import ServiceStatus
from patient_online.practices.queries import services

A_WEEK = timedelta(days=7)


def codes_of(asker: Asker, patient: Patient) -> list[Coded]:
    """The codes in the patient's record, to be weighed."""
    rows = AccessCode.objects.filter(practice_id=patient.practice_id, patient_id=patient.id)
    return [Coded(*each) for each in rows.values_list("code", "dated", "recorded_at")]


def codes_seen(staff: Staff, patient_id: UUID, *, at: datetime) -> QuerySet[AccessCode]:
    """The codes in the patient's record, the latest first; the reading is audited."""
    record("access.codes_seen", by=staff, at=at, patient=patient_id)
    rows = AccessCode.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    return rows.order_by("-dated", "-recorded_at")


def weighings(staff: Staff, patient_id: UUID) -> QuerySet[CodesWeighed]:
    """What the patient's codes came to, each time that they were weighed, the latest first."""
    rows = CodesWeighed.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    return rows.order_by("-at", "-id")


def access_facts(asker: Asker, patient: Patient, account_id: UUID, *, on: date) -> AccessFacts:
    """What is weighed for one account of the patient."""
    whose = {"practice_id": patient.practice_id, "patient_id": patient.id, "account_id": account_id}
    link = Link.objects.filter(**whose, ended_at=None).first()
    shown = link is not None and link.identity >= Identity.P9
    most = most_record(Proof(link.proof)) if link and shown else RecordLevel.NONE
    given = RecordGrant.objects.filter(**whose).exists()  # whoever set or took it back has decided
    return AccessFacts(patient.birth_date, given, _ceiling(asker, patient.practice_id, on), most)


def _ceiling(asker: Asker, practice_id: str, on: date) -> RecordLevel:
    known = services(asker, practice_id=practice_id, on=on)
    return ceiling_of(frozenset(s for s, row in known.items() if row.status == ServiceStatus.Status.SWITCHED_ON))


def to_be_weighed(system: System) -> QuerySet[Link]:
    """The accounts of the practice that are their patient's own and for which no access to the record was ever set."""
    given = RecordGrant.objects.filter(
        practice_id=system.practice_id, patient_id=OuterRef("patient_id"), account_id=OuterRef("account_id")
    )
    return _own(system).filter(~Exists(given)).order_by("id")


def turned_sixteen(system: System, *, on: date) -> list[Link]:
    """The accounts of patients who turned 16 on this day, or within the week before it, not weighed for that yet."""
    weighed = CodesWeighed.objects.filter(
        practice_id=system.practice_id,
        patient_id=OuterRef("patient_id"),
        account_id=OuterRef("account_id"),
        occasion=CodesWeighed.Occasion.SIXTEEN,
    )
    year = on.year - ADULT_FOR_RECORDS
    near = _own(system).filter(~Exists(weighed), patient__birth_date__year__in=(year - 1, year)).order_by("id")
    return [link for link in near if _just_turned(link.patient.birth_date, on)]


def _just_turned(born: date, on: date) -> bool:
    return age_on(born, on - A_WEEK) < ADULT_FOR_RECORDS <= age_on(born, on)


def _own(system: System) -> QuerySet[Link]:
    rows = Link.objects.filter(practice_id=system.practice_id, kind=Link.Kind.SELF, ended_at=None)
    return rows.select_related("patient")
