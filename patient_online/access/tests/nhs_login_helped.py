"""What the tests of NHS login share: a practice that NHS login names, its patients, and what a page says."""

import time
from datetime import date
from typing import Any

import pytest
from django.test import Client

from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.identity.models import Account
from patient_online.identity.rules import METHODS
from patient_online.identity.tests.nhs_login_people import PRACTICE, number_of
from patient_online.identity.tests.nhs_login_people import stand_in as stand_in
from patient_online.identity.tests.nhs_login_people import stand_in_running as stand_in_running
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

BORN = date(1984, 2, 29)


@pytest.fixture
def practice() -> Practice:
    return a_practice(PRACTICE)


def the_patient(practice: Practice, n: int, family: str, **given: Any) -> Patient:
    row = {"nhs_number": number_of(n), "family_name": family, "given_name": "Robin", "birth_date": BORN}
    return a_patient_of(practice, **{**row, **given})


def signed_in_and_confirmed(account: Account) -> Client:
    """Somebody who has shown again a moment ago that it is them."""
    client = Client()
    client.force_login(account)
    session = client.session
    session[METHODS] = [{**session[METHODS][0], "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def words(answer: Any) -> str:
    return " ".join(read(answer).all("main")[0].text.split())
