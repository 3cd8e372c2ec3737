"""Ann, who asks that her name and address be put right."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.actions.amending import (
    ask_to_amend,
    decide_amendment,
)
from patient_online.access.models import DetailsRequest
from patient_online.asking import Acting, Staff
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.patients.amending import Details, details_of
from patient_online.patients.models import Patient
from patient_online.refusals import Refusal, Refused
from patient_online.web.tests.pages import signed_in

WHOLE = {Service.APPOINTMENTS: Level.MANAGE, Service.DEMOGRAPHICS: Level.MANAGE}
HOME = {"title": "Ms", "given_name": "Ann", "family_name": "Madeup", "address": ["1 Example Street", "Madeup Town"]}
TYPED = {"title": "Ms", "given_name": "Ann", "family_name": "Madeup", "postcode": "zz993vz"}
NEW_HOME = TYPED | {"address": "2 Other Street\r\nMadeup Town\r\n"}


def moved(patient: Patient) -> Details:
    """Ann's details at her new home, under her new name."""
    return replace(details_of(patient), family_name="Married", address=("2 Other Street", "Madeup Town"))


def asked(hers: Acting, ann: Patient, now: datetime) -> DetailsRequest:
    """What she asks for."""
    return ask_to_amend(moved(ann), words="I got married", by=hers, at=now, key=uuid4())


def decided(request: DetailsRequest, by: Staff, now: datetime, **given: Any) -> DetailsRequest:
    """What comes of it: all is accepted unless told otherwise."""
    request.patient = Patient.objects.get(practice_id=request.practice_id, id=request.patient_id)
    mark = details_of(request.patient).mark
    usual: dict[str, Any] = {"accepted": list(request.changes), "refuse": False, "answer": "", "seen": mark}
    return decide_amendment(request, **usual | given, by=by, at=now)


def reason(refused: pytest.ExceptionInfo[Refused]) -> Refusal:
    """Why it was refused."""
    return refused.value.reason


def signed_in_as(asker: Acting | Staff) -> Client:
    """The browser of this account."""
    return signed_in(Account.objects.get(id=asker.account_id))
