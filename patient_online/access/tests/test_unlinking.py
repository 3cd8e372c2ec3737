"""An account that was linked to the wrong person is unlinked at the desk, after asking, with a reason."""

from typing import Any

import pytest
from django.test import Client

from patient_online.access.models import ActsFor, Link
from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, an_account_for
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(practice: Practice) -> Patient:
    return a_patient_of(practice)


@pytest.fixture
def account(patient: Patient) -> Account:
    """An account that was linked to the patient, and is somebody else's."""
    return an_account_for(patient, services={Service.APPOINTMENTS: Level.MANAGE})


def where(patient: Patient, account: Account) -> str:
    """The address of the page that unlinks the account."""
    return f"/practice/patients/{patient.id}/online/access/{account.id}/end"


def ends(client: Client, patient: Patient, account: Account, **given: str) -> Any:
    """Send the form."""
    return client.post(where(patient, account), given)


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.MANAGER])
def test_an_account_that_is_not_theirs_is_ended_from_the_page_of_their_access(
    patient: Patient, account: Account, role: Role
) -> None:
    client = staff(patient.practice, role)
    shown = client.get(f"/practice/patients/{patient.id}/online/access")
    assert read(shown).all("a", href=where(patient, account))
    assert "This account is not theirs: end it" in said(shown)
    assert "everything that this account was given for the patient ends at once" in said(
        client.get(where(patient, account))
    )
    assert ActsFor.objects.filter(account_id=account.id).exists()
    told = client.get(ends(client, patient, account, reason="practice", sure="on").headers["Location"])
    assert "This account can no longer do anything for the patient." in said(told)
    link = Link.objects.get(account_id=account.id)
    assert (link.ended_why, link.ended_at is not None) == ("practice", True)
    assert not ActsFor.objects.filter(account_id=account.id).exists()
    assert signed_in(account).get("/appointments/").status_code == 403
    assert Entry.objects.get(event="access.link_ended").details["why"] == "practice"
    assert ends(client, patient, account, reason="practice", sure="on").status_code == 404


@pytest.mark.parametrize(
    "given", [{}, {"reason": "practice"}, {"sure": "on"}, {"reason": "patient-died", "sure": "on"}]
)
def test_nothing_ends_without_a_reason_and_a_confirmation(
    patient: Patient, account: Account, given: dict[str, str]
) -> None:
    answer = ends(staff(patient.practice, Role.RECEPTIONIST), patient, account, **given)
    assert read(answer).words("title")[0].startswith("Error: ")
    assert ActsFor.objects.filter(account_id=account.id).exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RECEPTIONIST, Role.MANAGER}))
def test_nobody_else_at_the_practice_ends_it(patient: Patient, account: Account, role: Role) -> None:
    answer = ends(staff(patient.practice, role), patient, account, reason="practice", sure="on")
    assert answer.status_code == 403
    assert ActsFor.objects.filter(account_id=account.id).exists()


def test_nobody_of_another_practice_ends_it(patient: Patient, account: Account) -> None:
    answer = ends(staff(a_practice(), Role.MANAGER), patient, account, reason="practice", sure="on")
    assert answer.status_code == 404
    assert ActsFor.objects.filter(account_id=account.id).exists()
