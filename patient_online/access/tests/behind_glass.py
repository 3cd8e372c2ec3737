"""A patient behind the glass, of whom everything but the name is a canary; and who looks."""

from datetime import date
from typing import Any

from django.test import Client

from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_account, staff_of
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read, signed_in

ALL_ROLES = tuple(Role)
REASON = "The patient is at the desk and moves an appointment"
CANARIES = ("+447700900987", "01632 960 987", "canary@example.com", "13 Canary Lane", "ZZ99 9ZZ", "a canary cough")


def a_hidden_patient(practice: Practice) -> Patient:
    """A protected patient, of whom everything but the name is a canary."""
    return a_patient_of(
        practice,
        family_name="Protectedly",
        birth_date=date(1961, 7, 13),
        telephone="+441632960987",
        email="canary@example.com",
        address=["13 Canary Lane", "Exampleton"],
        postcode="ZZ99 9ZZ",
        contact_by="letter",
        sensitive=True,
    )


def everybody(practice: Practice, account: Account | None = None) -> Client:
    """The browser of somebody who has every role there is."""
    account = account or an_account()
    staff_of(practice, *ALL_ROLES, account=account)
    return signed_in(account)


def leaks(text: str, patient: Patient) -> list[str]:
    """What of the patient stands there that ought not to."""
    number = str(patient.nhs_number)
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    return [each for each in (*CANARIES, number, spaced, "13 Jul 1961", "13 July 1961") if each in text]


def asks_why(client: Client, path: str) -> Any:
    """The page that a reader comes to, who is asked for a reason."""
    answer = client.get(path, follow=True)
    assert read(answer).words("h1")[0].startswith("Why do you open the record of"), path
    return answer
