"""Whatever stands in an address of the practice, a request, a claim, a letter or a task: the glass stands before it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from patient_online.access.actions import ask_for
from patient_online.access.models import AccessRequest, Block, DetailsRequest
from patient_online.access.rules.requests import Asked
from patient_online.access.tests.behind_glass import CANARIES, a_hidden_patient, asks_why, everybody, leaks
from patient_online.access.tests.pages_known import PRACTICE_PAGES, practice_page
from patient_online.appointments.models import Appointment
from patient_online.demo.factories import acting_as, an_account_for
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db

PAGES = sorted(set(PRACTICE_PAGES) - {"access:open_record"})
GLASS = "Why do you open the record of"
AT_LEAST = {
    "access:decide",
    "access:details_request",
    "access:end_claim",
    "access:way_back",
    "access:lift",
    "access:linkage_letter",
    "access:take_back_letter",
    "access:service_level",
    "access:end_link",
    "access:record_level",
    "appointments:cancel_for",
}


def protect_everybody(practice: Practice) -> list[Patient]:
    """Protect every patient of the practice; all that is known of them is a canary."""
    home = {"address": ["13 Canary Lane", "Exampleton"], "postcode": "ZZ99 9ZZ", "birth_date": date(1961, 7, 13)}
    Patient.objects.filter(practice=practice).update(sensitive=True, email="canary@example.com", **home)
    for model in (AccessRequest, DetailsRequest, Block):
        model.objects.filter(practice=practice).update(words="a canary cough")
    Appointment.objects.filter(practice=practice).update(reason="a canary cough")
    return list(Patient.objects.filter(practice=practice))


@pytest.mark.parametrize("route", PAGES)
def test_no_page_shows_more_of_a_protected_patient_than_the_name(practice: Practice, route: str) -> None:
    """Whatever identifier its address takes; and where it asks for a reason it takes nothing that is sent either."""
    path = practice_page(route, practice)
    patients, client = protect_everybody(practice), everybody(practice)
    page = client.get(path, follow=True)
    assert page.status_code == 200, route
    asked = (read(page).words("h1") or [""])[0].startswith(GLASS)
    assert asked or route not in AT_LEAST
    text = page.content.decode()
    assert [leaks(text, patient) for patient in patients] == [[] for _ in patients]
    if asked:
        sent = client.post(path, {"key": str(uuid7())})
        assert "/open?" in sent.headers["Location"]


def test_a_request_of_a_protected_patient_is_decided_only_with_a_reason(practice: Practice) -> None:
    """Neither read nor answered before; the words of it may say where they live."""
    patient = a_hidden_patient(practice)
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    wish = Asked("appointments", "manage")
    asked = ask_for(wish, words="a canary cough", by=acting_as(patient, account), at=timezone.now())
    client, path = everybody(practice), reverse("access:decide", args=[asked.id])
    assert "a canary cough" in CANARIES
    assert leaks(asks_why(client, path).content.decode(), patient) == []
    client.post(path, {"answer_is": "give", "level": "manage", "answer": "Yes", "key": str(uuid7())})
    asked.refresh_from_db()
    assert asked.status == "pending"
