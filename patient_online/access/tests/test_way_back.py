"""The desk lets somebody back in who has forgotten their password: after a check of today, and nobody who works."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.access.actions import check_identity
from patient_online.access.actions.way_back import let_back_in
from patient_online.access.models import Link
from patient_online.access.rules.registering import Seen
from patient_online.access.rules.way_back import NoWayBack
from patient_online.access.tests.lettering import PASSPORT_AND_BILL, a_desk
from patient_online.asking import Anyone, NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import PASSWORD, a_patient_of, an_account, an_account_for, staff_of
from patient_online.identity.actions.ways_in import try_way_in
from patient_online.identity.models import Account, WayIn
from patient_online.nhs.identity import Identity, Proof
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.codes import as_kept
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def edith(practice: Practice) -> Patient:
    return a_patient_of(practice, given_name="Edith")


@pytest.fixture
def account(edith: Patient) -> Account:
    return an_account_for(edith)


def checks(staff: Staff, patient: Patient, at: datetime, proof: Proof = Proof.DOCUMENTS) -> None:
    seen = PASSPORT_AND_BILL if proof is Proof.DOCUMENTS else Seen(True, questions=3)
    check_identity(patient, proof=proof, seen=seen, by=staff, at=at, key=uuid4())


def refusal(link: Link, staff: Staff, at: datetime) -> Any:
    """Why nobody is let back in, or None."""
    try:
        let_back_in(link, by=staff, at=at)
    except Refused as refused:
        return refused.reason
    return None


def test_a_receptionist_prints_a_code_that_opens_the_way_to_a_new_password(
    practice: Practice, edith: Patient, account: Account, now: datetime
) -> None:
    staff = staff_of(practice, Role.RECEPTIONIST, account=(worker := an_account()))
    rita: Client = signed_in(worker)
    where = f"/practice/patients/{edith.id}/online/accounts/{Link.objects.get().id}/way-back"
    assert where in rita.get(f"/practice/patients/{edith.id}/online").content.decode()
    assert "must have been checked today" in rita.get(where).content.decode()
    checks(staff, edith, now)
    assert "must have been checked today" not in rita.get(where).content.decode()
    page = rita.post(where).content.decode()
    [code] = CODE.findall(page)
    assert as_kept(code) not in str(WayIn.objects.values()) + str(Entry.objects.values())
    assert try_way_in(account.sign_in_name, code, by=Anyone(), at=now) is not None
    assert str(account.email) not in page
    assert Account.objects.get(id=account.id).check_password(PASSWORD)


@pytest.mark.parametrize("wants", [True, False])
def test_the_letter_is_large_where_the_patient_needs_it_or_the_desk_says_so(
    practice: Practice, edith: Patient, account: Account, now: datetime, wants: bool
) -> None:
    staff_of(practice, Role.RECEPTIONIST, account=(worker := an_account()))
    if wants:
        Patient.objects.update(format=Patient.Format.LARGE_PRINT)
    checks(a_desk(edith), edith, now)
    rita: Client = signed_in(worker)
    where = f"/practice/patients/{edith.id}/online/accounts/{Link.objects.get().id}/way-back"
    [tick] = read(rita.get(where)).all("input", name="large")
    assert ("checked" in tick.attributes) is wants
    assert "app-letter--large" in rita.post(where, {"large": "yes"}).content.decode()
    assert "app-letter--large" not in rita.post(where, {}).content.decode()


@pytest.mark.parametrize("role", [Role.NURSE, Role.GP])
def test_who_cannot_let_anybody_back_in_is_offered_no_way_to(
    practice: Practice, edith: Patient, account: Account, role: Role
) -> None:
    staff_of(practice, role, account=(worker := an_account()))
    page = signed_in(worker).get(f"/practice/patients/{edith.id}/online").content.decode()
    assert "By the practice, on" in page
    assert "forgotten their password" not in page


def test_the_letter_lets_somebody_back_in_who_has_lost_their_second_step_too(
    practice: Practice, edith: Patient, account: Account, now: datetime
) -> None:
    """The receptionist ticks a box; the letter says that the old second step ends."""
    staff = staff_of(practice, Role.RECEPTIONIST, account=(worker := an_account()))
    where = f"/practice/patients/{edith.id}/online/accounts/{Link.objects.get().id}/way-back"
    checks(staff, edith, now)
    rita = signed_in(worker)
    assert "They have lost their second step too" in rita.get(where).content.decode()
    assert "old second step then ends" not in rita.post(where).content.decode()
    assert "old second step then ends" in rita.post(where, {"lost": "yes"}).content.decode()
    assert list(WayIn.objects.order_by("made_at").values_list("why", flat=True)) == ["forgotten", "lost-step"]


def test_a_check_of_yesterday_or_from_afar_is_not_enough(
    practice: Practice, edith: Patient, account: Account, now: datetime
) -> None:
    desk, link = a_desk(edith, may_vouch=True), Link.objects.get()
    assert refusal(link, desk, now) is NoWayBack.CHECK_TODAY
    checks(desk, edith, now - timedelta(days=1))
    assert refusal(link, desk, now) is NoWayBack.CHECK_TODAY
    checks(desk, edith, now, Proof.VOUCHED_REMOTE)
    assert refusal(link, desk, now) is NoWayBack.CHECK_TODAY
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        checks(desk, edith, now + timedelta(minutes=1))
    assert refusal(link, desk, now + timedelta(minutes=2)) is None


def test_the_desk_never_opens_the_account_of_somebody_who_works(
    practice: Practice, edith: Patient, account: Account, now: datetime
) -> None:
    """A receptionist could so become the manager who is a patient too."""
    desk = a_desk(edith)
    checks(desk, edith, now)
    staff_of(practice, Role.MANAGER, account=account)
    assert refusal(Link.objects.get(), desk, now) is NoWayBack.WORKS
    assert not WayIn.objects.exists()


@pytest.mark.parametrize("changed", [{"identity": Identity.P0, "proof": "claimed"}, {"kind": "proxy"}])
def test_only_the_patients_own_account_by_a_check_is_opened(
    edith: Patient, account: Account, now: datetime, changed: dict[str, Any]
) -> None:
    desk, link = a_desk(edith), Link.objects.get()
    checks(desk, edith, now)
    Link.objects.update(**changed)
    assert refusal(link, desk, now) is NoWayBack.NOT_THEIRS


@pytest.mark.parametrize("role", [Role.NURSE, Role.GP, Role.DISPENSER, Role.ADMINISTRATOR, Role.GOVERNANCE])
def test_other_roles_let_nobody_back_in(edith: Patient, account: Account, now: datetime, role: Role) -> None:
    checks(a_desk(edith), edith, now)
    assert refusal(Link.objects.get(), a_desk(edith, role), now) is NotAllowed.ROLE_NEEDED
