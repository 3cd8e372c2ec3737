"""The old entries of a record on a letter: a GP or a manager opens them, nobody else; never more than the new ones."""

from datetime import datetime

import pytest

from patient_online.access.actions import link
from patient_online.access.models import LinkageKey, RecordGrant
from patient_online.access.rules.registering import Gives
from patient_online.access.tests.lettering import a_desk, a_letter, holder
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import a_patient_of, an_account, staff_of, switch_on
from patient_online.nhs.identity import Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
WITH_OLD = Gives({}, RecordLevel.FULL, RecordLevel.DETAILED)
USUAL_WITH_OLD = Gives({}, None, RecordLevel.DETAILED)


@pytest.fixture
def patient(practice: Practice) -> Patient:
    """A patient of a practice that shows the whole record."""
    for service in (Service.SUMMARY_RECORD, Service.DETAILED_RECORD, Service.DOCUMENTS, Service.FULL_RECORD):
        switch_on(practice, service)
    return a_patient_of(practice)


@pytest.mark.parametrize("gives", [WITH_OLD, USUAL_WITH_OLD])
@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.NURSE])
def test_who_does_not_open_old_entries_makes_no_letter_with_them(
    patient: Patient, now: datetime, role: Role, gives: Gives
) -> None:
    with pytest.raises(Refused) as refused:
        a_letter(patient, now, gives=gives, by=a_desk(patient, role))
    assert refused.value.reason is NotAllowed.ROLE_NEEDED
    assert not LinkageKey.objects.exists()
    assert a_letter(patient, now, gives=Gives({}, RecordLevel.FULL), by=a_desk(patient, role)).row.id


@pytest.mark.parametrize("role", [Role.GP, Role.MANAGER])
def test_a_gp_or_a_manager_makes_a_letter_with_old_entries(patient: Patient, now: datetime, role: Role) -> None:
    assert (
        a_letter(patient, now, gives=WITH_OLD, by=a_desk(patient, role)).row.gives["record"]["historic"] == "detailed"
    )


@pytest.mark.parametrize(
    ("role", "asked"), [(Role.RECEPTIONIST, False), (Role.NURSE, False), (Role.GP, True), (Role.MANAGER, True)]
)
def test_only_who_may_open_old_entries_is_asked_about_them(
    patient: Patient, now: datetime, role: Role, asked: bool
) -> None:
    check = a_letter(patient, now).row.verification_id
    staff_of(patient.practice, role, account=(account := an_account()))
    where = f"/practice/patients/{patient.id}/online/letters/new/{check}"
    client = signed_in(account)
    page = client.get(where)
    assert bool(read(page).all("input", type="radio", name="historic")) is asked
    assert ("A GP or a manager opens old entries, after a review." in said(page)) is not asked
    forged = {"key": str(uuid7()), "appointments": "manage", "current": "full", "historic": "full"}
    client.post(where, forged)
    assert LinkageKey.objects.filter(gives__record__historic="full").exists() is asked


def test_old_entries_open_with_what_the_national_rule_gives_of_the_new(patient: Patient, now: datetime) -> None:
    letter = a_letter(patient, now, gives=USUAL_WITH_OLD, by=a_desk(patient, Role.GP))
    account = an_account()
    link(letter.typed(), network="192.0.2.1", by=holder(account), at=now)
    given = RecordGrant.objects.get(account_id=account.id, revoked_at=None)
    assert (given.current, given.historic, given.from_day) == ("full", "detailed", now.date())


def test_after_vouching_from_afar_nobody_is_told_that_all_that_is_new_is_shown(patient: Patient, now: datetime) -> None:
    remote = a_letter(patient, now).row.verification
    type(remote).objects.create(
        practice=patient.practice, patient=patient, proof=Proof.VOUCHED_REMOTE, staff_id=remote.staff_id, at=now
    )
    staff_of(patient.practice, Role.RECEPTIONIST, account=(account := an_account()))
    StaffMember.objects.update(may_vouch=True)
    client = signed_in(account)
    words = {
        check.proof: said(client.get(f"/practice/patients/{patient.id}/online/letters/new/{check.id}"))
        for check in type(remote).objects.all()
    }
    assert "all that is new" in words["documents"]
    assert "all that is new" not in words["vouched-remote"]
    assert "no more than the summary: what is new" in words["vouched-remote"]
