"""The registration desk: a patient is checked, step by step, and gets a letter; what was seen is kept, no more."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.access.actions import check_identity, name_vouchers, take_back_letter
from patient_online.access.models import LinkageKey, Verification
from patient_online.access.rules.oneself import NotByOneself
from patient_online.access.rules.registering import NoLetter, NotChecked
from patient_online.access.tests.lettering import PASSPORT_AND_BILL, a_desk, a_letter
from patient_online.asking import NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of, switch_on
from patient_online.nhs.identity import Proof
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import Page, signed_in

pytestmark = pytest.mark.django_db
KEY = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def patient(practice: Practice) -> Patient:
    return a_patient_of(practice, address=["2 Example Row"], postcode="ZZ99 3WZ", given_name="Edith")


@pytest.fixture
def rita(practice: Practice) -> Client:
    """A receptionist's browser."""
    staff_of(practice, Role.RECEPTIONIST, account=(account := an_account()))
    return signed_in(account)


def page_of(client: Client, where: str) -> Page:
    return Page(client.get(where).content.decode())


def sent(client: Client, where: str, **given: Any) -> tuple[Any, Page]:
    answer = client.post(where, {"key": str(uuid7()), **given})
    return answer, Page(answer.content.decode())


def checked(client: Client, patient: Patient) -> str:
    """The address of the page for a letter, after documents were checked."""
    seen = {"in_private": "on", "documents": ["passport", "council-tax"]}
    answer, _page = sent(client, f"/practice/patients/{patient.id}/online/check/documents", **seen)
    return str(answer.headers["Location"])


def test_a_receptionist_registers_a_patient_and_the_key_is_shown_once(rita: Client, patient: Patient) -> None:
    start = f"/practice/patients/{patient.id}/online"
    assert "No account is linked to this patient." in rita.get(start).content.decode()
    answer = rita.post(f"{start}/check", {"proof": "documents"})
    assert answer.headers["Location"] == f"{start}/check/documents"
    where = checked(rita, patient)
    given = {"key": str(uuid7()), "appointments": "manage"}
    page = rita.post(where, given).content.decode()
    letter = LinkageKey.objects.get()
    assert letter.verification_id == Verification.objects.get().id
    assert len(KEY.findall(page)) == 1
    ref = letter.account_ref
    assert f"{ref[:3]} {ref[3:6]} {ref[6:]}" in page
    assert patient.practice_id in page
    assert "Edith" in page
    assert "2 Example Row" in page
    again = rita.post(where, given)
    assert again.headers["Location"].endswith("?said=shown-before")
    assert LinkageKey.objects.count() == 1
    shown = rita.get(again.headers["Location"]).content.decode()
    assert "cannot be read again" in shown
    assert not KEY.findall(shown)


def test_a_check_keeps_kinds_of_evidence_and_nothing_that_stood_on_it(rita: Client, patient: Patient) -> None:
    checked(rita, patient)
    check = Verification.objects.get()
    assert (check.proof, check.evidence) == ("documents", ["in-private", "council-tax", "passport"])
    entry = Entry.objects.get(event="access.identity_checked")
    assert entry.details == {"proof": "documents", "family": False}


def test_one_document_is_refused_and_nothing_that_was_chosen_is_lost(rita: Client, patient: Patient) -> None:
    where = f"/practice/patients/{patient.id}/online/check/documents"
    answer, page = sent(rita, where, in_private="on", documents=["passport"])
    assert "Error:" in answer.content.decode()
    assert "Two different documents are needed" in answer.content.decode()
    ticked = [box.attributes["value"] for box in page.all("input", type="checkbox") if "checked" in box.attributes]
    assert ticked == ["on", "passport"]
    assert not Verification.objects.exists()


def test_who_is_not_named_is_offered_documents_alone_and_cannot_vouch_by_the_address(
    rita: Client, patient: Patient, practice: Practice
) -> None:
    where = f"/practice/patients/{patient.id}/online/check"
    radios = page_of(rita, where).all("input", type="radio")
    assert [radio.attributes["value"] for radio in radios] == ["documents"]
    answer, _page = sent(rita, f"{where}/vouched", in_private="on", known_a_year="on", no_relative="on")
    assert "You have not been named" in answer.content.decode()
    assert not Verification.objects.exists()
    StaffMember.objects.update(may_vouch=True)
    assert len(page_of(rita, where).all("input", type="radio")) == 4
    answer, _page = sent(rita, f"{where}/vouched", in_private="on", known_a_year="on", no_relative="on")
    assert Verification.objects.get().proof == "vouched"


def test_after_vouching_by_telephone_the_detailed_record_is_not_offered_and_not_taken(
    rita: Client, patient: Patient, practice: Practice
) -> None:
    for service in (Service.SUMMARY_RECORD, Service.DETAILED_RECORD, Service.DOCUMENTS, Service.FULL_RECORD):
        switch_on(practice, service)
    StaffMember.objects.update(may_vouch=True)
    where = f"/practice/patients/{patient.id}/online/check/vouched-remote"
    answer, _page = sent(rita, where, in_private="on", questions="2")
    letter = str(answer.headers["Location"])
    offered = [radio.attributes["value"] for radio in page_of(rita, letter).all("input", type="radio", name="current")]
    assert offered == ["usual", "none", "summary"]
    given = {"appointments": "manage", "current": "detailed", "historic": "none"}
    answer, _page = sent(rita, letter, **given)
    assert "Choose one of the answers that are offered" in answer.content.decode()
    assert not LinkageKey.objects.exists()


def test_nobody_registers_themselves(practice: Practice, patient: Patient, now: datetime) -> None:
    account = an_account_for(patient)
    staff = staff_of(practice, Role.RECEPTIONIST, account=account)
    with pytest.raises(Refused) as refused:
        a_letter(patient, now, by=staff)
    assert refused.value.reason is NotByOneself.ONESELF
    page = signed_in(account).get(f"/practice/patients/{patient.id}/online").content.decode()
    assert "Register for online services" not in page


def test_a_check_of_who_lives_where_one_lives_is_flagged(practice: Practice, patient: Patient, now: datetime) -> None:
    spouse = a_patient_of(practice, address=patient.address, postcode=patient.postcode)
    staff = staff_of(practice, Role.RECEPTIONIST, account=an_account_for(spouse))
    a_letter(patient, now, by=staff)
    assert Entry.objects.get(event="access.identity_checked").details["family"] is True


@pytest.mark.parametrize("role", Role)
def test_who_may_check_and_who_may_not(practice: Practice, patient: Patient, now: datetime, role: Role) -> None:
    staff = staff_of(practice, role)
    given: dict[str, Any] = {"proof": Proof.DOCUMENTS, "seen": PASSPORT_AND_BILL, "at": now, "key": uuid4()}
    if role in {Role.RECEPTIONIST, Role.MANAGER, Role.NURSE, Role.GP}:
        assert check_identity(patient, **given, by=staff).staff_id == staff.staff_id
        return
    with pytest.raises(Refused) as refused:
        check_identity(patient, **given, by=staff)
    assert refused.value.reason is NotAllowed.ROLE_NEEDED


def test_staff_of_another_practice_check_nobody_here(patient: Patient, now: datetime) -> None:
    elsewhere = staff_of(a_practice(), Role.MANAGER)
    given: dict[str, Any] = {"proof": Proof.DOCUMENTS, "seen": PASSPORT_AND_BILL, "at": now, "key": uuid4()}
    with pytest.raises(Refused) as refused:
        check_identity(patient, **given, by=elsewhere)
    assert refused.value.reason is NotAllowed.OTHER_PRACTICE


def test_a_child_is_registered_by_a_gp_alone(practice: Practice, now: datetime) -> None:
    child = a_patient_of(practice, birth_date=date(2013, 1, 1))
    with pytest.raises(Refused) as refused:
        a_letter(child, now)
    assert refused.value.reason is NotChecked.GP_DECIDES
    assert a_letter(child, now, by=a_desk(child, Role.GP)).row.id


def test_a_letter_that_is_out_is_taken_back_once(rita: Client, patient: Patient, now: datetime) -> None:
    letter = a_letter(patient, now)
    where = f"/practice/patients/{patient.id}/online/letters/{letter.row.id}/take-back"
    assert "Take back this letter?" in rita.get(where).content.decode()
    page = rita.get(rita.post(where).headers["Location"]).content.decode()
    assert "Ended: the practice took it back." in page
    with pytest.raises(Refused) as refused:
        take_back_letter(letter.now(), by=a_desk(patient), at=now)
    assert refused.value.reason is NoLetter.NONE_OPEN


def test_the_desk_sees_how_each_letter_stands_and_never_its_key(rita: Client, patient: Patient, now: datetime) -> None:
    letter = a_letter(patient, now)
    LinkageKey.objects.update(wrong=3)
    page = rita.get(f"/practice/patients/{patient.id}/online").content.decode()
    assert "Not used yet. It can be used until 17 March 2026." in page
    assert "Typed wrong 3 times." in page
    assert not KEY.findall(page)
    assert letter.row.key_hash not in page
    with time_machine.travel(now + timedelta(days=15), tick=False):
        client = signed_in(an_account_of(patient))
        assert "It ran out on 17 March 2026." in client.get(f"/practice/patients/{patient.id}/online").content.decode()


def an_account_of(patient: Patient) -> Any:
    """The account of a receptionist at the patient's practice."""
    staff_of(patient.practice, Role.RECEPTIONIST, account=(account := an_account()))
    return account


def test_the_letter_is_large_for_who_reads_large_print(rita: Client, patient: Patient) -> None:
    Patient.objects.filter(id=patient.id).update(format=Patient.Format.LARGE_PRINT)
    where = checked(rita, patient)
    assert "checked" in page_of(rita, where).all("input", name="large")[0].attributes
    page = rita.post(where, {"key": str(uuid7()), "appointments": "manage", "large": "on"}).content.decode()
    assert "app-letter--large" in page


def test_the_manager_names_who_may_vouch_and_nobody_else_does(practice: Practice, now: datetime) -> None:
    manager, nurse = staff_of(practice, Role.MANAGER), staff_of(practice, Role.NURSE)
    name_vouchers([nurse.staff_id], by=manager, at=now)
    assert named(nurse)
    assert not named(manager)
    name_vouchers([], by=manager, at=now)
    assert not named(nurse)
    with pytest.raises(Refused):
        name_vouchers([nurse.staff_id], by=nurse, at=now)
    assert not named(nurse)


def named(staff: Staff) -> bool:
    return StaffMember.objects.get(id=staff.staff_id).may_vouch
