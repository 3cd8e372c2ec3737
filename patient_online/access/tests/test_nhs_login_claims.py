"""Whom strangers claimed to be comes by NHS login all the same; what the practice ended, it ended for that account."""

from datetime import datetime

import pytest
from django.test import Client

from patient_online.access.actions import claim, end_claim, end_link, hold_back, link
from patient_online.access.models import ActsFor, Block, Link
from patient_online.access.rules.linking import Name
from patient_online.access.tests.lettering import a_desk, a_letter, holder
from patient_online.access.tests.nhs_login_helped import practice as practice
from patient_online.access.tests.nhs_login_helped import signed_in_and_confirmed, the_patient
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account
from patient_online.identity.tests.nhs_login_people import AtNhsLogin
from patient_online.identity.tests.nhs_login_people import stand_in as stand_in
from patient_online.identity.tests.nhs_login_people import stand_in_running as stand_in_running
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.tasks.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stand_in")]


@pytest.fixture
def robin(practice: Practice) -> Patient:
    return the_patient(practice, 1, "Proven", postcode="ZZ99 3VY")


def claims_to_be(patient: Patient, account: Account, at: datetime) -> Link:
    said = Name(patient.family_name, patient.given_name, patient.birth_date)
    claim(patient.practice, said=said, postcode=patient.postcode, network="n", by=holder(account), at=at)
    return Link.objects.get(account_id=account.id, ended_at=None)


def is_let_in() -> bool:
    """Whether Robin comes by NHS login and is linked to their record."""
    AtNhsLogin(Client()).signs_in("Robin Proven")
    return Link.objects.filter(proof=Proof.NHS_LOGIN, ended_at=None).exists()


def test_a_stranger_s_ended_claim_does_not_shut_the_patient_out(robin: Patient, now: datetime) -> None:
    end_claim(claims_to_be(robin, an_account(), now), by=a_desk(robin), at=now)
    assert is_let_in()


def test_a_claim_that_its_account_left_for_another_patient_shuts_nobody_out(robin: Patient, now: datetime) -> None:
    stranger = an_account()
    claims_to_be(robin, stranger, now)
    link(a_letter(a_patient_of(a_practice()), now).typed(), network="n", by=holder(stranger), at=now)
    assert Link.objects.get(patient_id=robin.id).ended_why == Link.Why.PATIENT
    assert is_let_in()


def test_an_account_that_the_practice_ended_does_not_shut_out_the_patient_s_nhs_login(
    robin: Patient, now: datetime
) -> None:
    """To hold something back from a patient, whatever account comes, there is the block: it is met here too."""
    account = an_account_for(robin)
    hold_back(
        robin,
        service=Service.APPOINTMENTS,
        why=Block.Why.SAFEGUARDING,
        words="Ask the safeguarding lead",
        by=staff_of(robin.practice, Role.GP),
        at=now,
    )
    end_link(robin, account_id=account.id, why=Link.Why.PRACTICE, by=a_desk(robin), at=now)
    assert is_let_in()
    assert ActsFor.objects.get().held == ["appointments"]


def test_who_claimed_first_and_then_comes_by_nhs_login_leaves_no_task_behind(robin: Patient, now: datetime) -> None:
    account = an_account()
    claims_to_be(robin, account, now)
    assert Task.objects.get().status == "open"
    AtNhsLogin(signed_in_and_confirmed(account)).signs_in("Robin Proven", "/nhs-login/connect")
    linked = Link.objects.get()
    assert (linked.proof, linked.identity) == (Proof.NHS_LOGIN, Identity.P9)
    assert Task.objects.get().status == "done"
