"""The page "What you can use": each service in words, what to do about it, and what was asked for."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from patient_online.access.actions import decide, give_record, tie
from patient_online.access.models import AccessRequest, Link
from patient_online.access.rules.requests import Decision
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import (
    a_patient_of,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.identity.rules import METHODS
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read, signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db
PAGE = "/what-you-can-use"


def text_of(client: Client, path: str = PAGE) -> str:
    """What the page says, its spaces made one."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(read(response).all("main")[0].text.split())


@pytest.fixture
def patient(practice: Practice) -> Patient:
    """A patient of a practice that has switched on prescriptions and the record too."""
    for service in (*SERVICE_OF.values(), Service.PRESCRIPTIONS):
        switch_on(practice, service)
    return a_patient_of(practice)


def sends(client: Client, what: str, **given: str) -> Any:
    """Send the form of what is wanted, as it came with its key."""
    path = f"{PAGE}/ask/{what}"
    key = read(client.get(path)).all("input", name="key")[0].attributes["value"]
    return client.post(path, {"key": key, **given})


def test_each_service_is_told_in_words_with_the_rule_that_says_no(patient: Patient) -> None:
    page = text_of(signed_in(an_account_for(patient)))
    assert "Appointments You can use this. Since 5 January 2026." in page
    assert "Repeat prescriptions You do not have this. You can ask your practice for it." in page
    assert "Messages to the practice Your practice does not offer this online." in page
    for reason in (NotAllowed.SERVICE_NOT_YOURS, NotAllowed.SERVICE_OFF):
        assert f"say this rule: {reason.rule}" in page


def test_who_may_only_look_is_told_so(patient: Patient) -> None:
    page = text_of(signed_in(an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})))
    assert "You can look at this, but not change anything." in page


def test_what_is_seen_of_the_record_is_told_for_new_and_for_old_entries(patient: Patient, now: datetime) -> None:
    """And that these pages cannot show it yet: nobody looks for what is not there."""
    account = an_account_for(patient)
    Link.objects.filter(account_id=account.id).update(proof=Proof.DOCUMENTS)
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.SUMMARY, "from_day": now.date()}
    give_record(patient, account_id=account.id, **what, by=the_maker(patient.practice), at=now)
    page = text_of(signed_in(account))
    assert "Your practice has given you this. These pages cannot show it yet." in page
    assert "Written since 3 March 2026: Everything. Written before: Summary." in page


def test_who_signed_in_with_a_password_alone_is_told_what_needs_a_second_step(patient: Patient, now: datetime) -> None:
    account = an_account_for(patient, services={Service.PRESCRIPTIONS: Level.MANAGE})
    client = signed_in(account)
    session = client.session
    session[METHODS] = [{"method": "password"}]
    session.save()
    page = text_of(client)
    assert "Repeat prescriptions You need a second step when you sign in." in page
    assert NotAllowed.SECOND_STEP.next_step in page


def test_somebody_of_whom_only_a_claim_is_known_is_told_how_to_show_who_they_are(
    patient: Patient, now: datetime
) -> None:
    account, by = an_account(), the_maker(patient.practice)
    tie(patient, account_id=account.id, proof=Proof.CLAIMED, identity=Identity.P0, by=by, at=now)
    client = signed_in(account)
    page = text_of(client)
    assert "Appointments Show who you are first." in page
    assert NotAllowed.IDENTITY_TOO_LOW.next_step in page
    assert "Ask for" not in page
    assert client.get(f"{PAGE}/ask/appointments").status_code == 403


def test_what_was_asked_for_is_shown_back_with_its_day_until_it_is_answered(patient: Patient, now: datetime) -> None:
    client = signed_in(an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW}))
    response = sends(client, "appointments", wanted="manage", words="I work nights.")
    assert response.headers["Location"] == f"{PAGE}?saved=asked"
    assert "On 3 March 2026 you asked for: Look and change. Your practice has not answered yet." in text_of(client)
    request = AccessRequest.objects.get()
    manager = staff_of(patient.practice, Role.MANAGER)
    decide(request, decision=Decision(False), answer="Please telephone us.", by=manager, at=now)
    page = text_of(client)
    assert "Your practice said no. Please telephone us." in page
    assert "has not answered yet" not in page


def test_a_request_is_taken_back_after_a_page_that_asks(patient: Patient) -> None:
    client = signed_in(an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW}))
    sends(client, "appointments", wanted="manage")
    path = f"{PAGE}/requests/{AccessRequest.objects.get().id}/take-back"
    assert "Yes, take it back" in text_of(client, path)
    assert AccessRequest.objects.get().status == "pending"
    assert client.post(path).headers["Location"] == f"{PAGE}?saved=withdrawn"
    assert "You have taken your request back." in text_of(client, f"{PAGE}?saved=withdrawn")
    assert signed_in(an_account_for(patient)).get(path).status_code == 404


def test_what_cannot_be_sent_is_said_on_the_form_and_nothing_typed_is_lost(patient: Patient) -> None:
    client = signed_in(an_account_for(patient))
    nothing = sends(client, "appointments", words="Kept words")
    assert nothing.status_code == 200
    assert "Choose an answer" in nothing.content.decode()
    assert "Kept words" in nothing.content.decode()
    assert "Error: " in read(nothing).words("title")[0]
    same = sends(client, "appointments", wanted="manage")
    assert "You have this already." in same.content.decode()
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize(("what", "status"), [("messages", 403), ("nonsense", 404), ("summary-record", 404)])
def test_nobody_asks_for_what_is_not_offered_or_not_there(patient: Patient, what: str, status: int) -> None:
    client = signed_in(an_account_for(patient))
    assert client.get(f"{PAGE}/ask/{what}").status_code == status
    assert client.post(f"{PAGE}/ask/{what}", {"wanted": "manage"}).status_code == status


def test_the_page_costs_five_statements(patient: Patient) -> None:
    """Who is asking, what was asked for, since when each holds (two), and the entry in the trail."""
    client = signed_in(an_account_for(patient))
    client.get(PAGE)
    with statements() as made:
        client.get(PAGE)
    assert len(made) == 5, made
