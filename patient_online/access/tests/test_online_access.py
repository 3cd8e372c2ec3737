"""What the desk sees and decides of a patient's online access, page by page."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.actions import ask_for, enter_code, hold_back, tie
from patient_online.access.models import AccessCode, ActsFor, Block, Link
from patient_online.access.rules.codes import REVIEW
from patient_online.access.rules.giving import NotGiven
from patient_online.access.rules.requests import Asked
from patient_online.access.tests.test_pages import staff
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    acting_as,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
SECRET = "Unmistakable reason"


@pytest.fixture
def patient(practice: Practice) -> Patient:
    """A patient of a practice that shows the whole record."""
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    return a_patient_of(practice)


@pytest.fixture
def account(patient: Patient) -> Account:
    """The patient's account, which may look at appointments."""
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    Link.objects.filter(account_id=account.id).update(proof=Proof.DOCUMENTS)
    return account


def of(patient: Patient, *parts: object) -> str:
    """The address of one of the pages."""
    return "/".join([f"/practice/patients/{patient.id}/online/access", *map(str, parts)])


def text_of(response: Any) -> str:
    """What the page says, its spaces made one."""
    return " ".join(read(response).all("main")[0].text.split())


def sends(client: Client, path: str, **given: str) -> Any:
    """Send the form of the page with what it came with, and this."""
    fields = read(client.get(path)).all("input", name="key")
    key = {"key": str(fields[0].attributes["value"])} if fields else {}
    return client.post(path, {**key, **given})


def on(day: int, month: int, year: int, name: str = "from_day") -> dict[str, str]:
    """A date as it is typed."""
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


def test_the_page_tells_of_each_account_and_of_the_record_and_shows_no_address(
    patient: Patient, account: Account
) -> None:
    page = text_of(staff(patient.practice, Role.RECEPTIONIST).get(of(patient)))
    assert f"{account.name} By a letter, after documents w" in page
    assert "Appointments: Look only" in page
    assert "Repeat prescriptions: Nothing. The practice does not offer it." in page
    assert "Nothing is held back from this patient." in page
    assert str(account.email) not in page
    assert "A service was given (Appointments, Look only). The program" in page


def test_the_desk_gives_and_takes_back_a_service(patient: Patient, account: Account) -> None:
    client, path = staff(patient.practice, Role.RECEPTIONIST), of(patient, account.id, "services", "appointments")
    assert sends(client, path, level="manage").headers["Location"] == f"{of(patient)}?saved=given"
    assert ActsFor.objects.get().levels == {"appointments": "manage"}
    sends(client, path, level="none")
    assert ActsFor.objects.get().levels == {}
    empty = sends(client, path)
    assert "Error: " in read(empty).words("title")[0]


def test_a_gp_opens_old_entries_and_the_desk_does_not(patient: Patient, account: Account) -> None:
    path = of(patient, account.id, "record")
    both = {"current": "full", "historic": "summary", **on(1, 3, 2026)}
    desk = sends(staff(patient.practice, Role.RECEPTIONIST), path, **both)
    assert NotAllowed.ROLE_NEEDED.words in desk.content.decode()
    assert ActsFor.objects.get().record == {}
    earlier = sends(staff(patient.practice, Role.RECEPTIONIST), path, **both | {"historic": "none"})
    assert NotGiven.OLD_BY_THE_DAY.words in text_of(earlier)
    assert ActsFor.objects.get().record == {}
    sends(staff(patient.practice, Role.RECEPTIONIST), path, **both | {"historic": "none"} | on(3, 3, 2026))
    assert ActsFor.objects.get().record == {"current": "full", "historic": "none", "from": "2026-03-03"}
    sends(staff(patient.practice, Role.GP), path, **both)
    assert ActsFor.objects.get().record["historic"] == "summary"
    sends(staff(patient.practice, Role.GP), path, current="none", historic="none", **on(1, 3, 2026))
    assert ActsFor.objects.get().record == {}


def test_what_the_check_of_identity_does_not_allow_is_not_offered(patient: Patient, now: datetime) -> None:
    """Nor taken when it is sent all the same."""
    account, by = an_account(), the_maker(patient.practice)
    remote: dict[str, Any] = {"proof": Proof.VOUCHED_REMOTE, "identity": Identity.P9}
    tie(patient, account_id=account.id, **remote, by=by, at=now)
    client, path = staff(patient.practice, Role.GP), of(patient, account.id, "record")
    page = client.get(path)
    assert "By this check they may see at most: Summary." in text_of(page)
    assert [one.attributes["value"] for one in read(page).all("input", name="current")] == ["summary", "none"]
    forged = sends(client, path, current="full", historic="none", **on(1, 3, 2026))
    assert "Choose one of the answers that are offered" in forged.content.decode()
    assert ActsFor.objects.get().record == {}


def test_a_day_to_come_is_refused_on_the_form_and_what_was_typed_stays(patient: Patient, account: Account) -> None:
    given = {"current": "full", "historic": "none", **on(1, 3, 2027)}
    response = sends(staff(patient.practice, Role.GP), of(patient, account.id, "record"), **given)
    assert "cannot be in the future" in response.content.decode()
    assert [one.attributes["value"] for one in read(response).all("input", name="from_day_year")] == ["2027"]


def test_a_service_is_held_back_and_given_back_by_the_page(patient: Patient, account: Account) -> None:
    client = staff(patient.practice, Role.MANAGER)
    given = {"service": "appointments", "why": "safeguarding", "words": SECRET}
    sends(client, of(patient, "hold-back"), **given)
    page = text_of(client.get(of(patient)))
    assert "Appointments: held back" in page
    assert f"Appointments, since 3 March 2026. To keep somebody safe: {SECRET}" in page
    assert signed_in(account).get("/appointments/").status_code == 403
    lifting = of(patient, "held", Block.objects.get().id, "lift")
    assert SECRET in text_of(client.get(lifting))
    client.post(lifting)
    assert signed_in(account).get("/appointments/").status_code == 200
    assert client.post(lifting).status_code == 403


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.NURSE])
def test_why_something_is_held_back_is_for_those_who_decide_it(patient: Patient, now: datetime, role: Role) -> None:
    """The others see that it is, so that they do not promise it to the patient."""
    by = staff_of(patient.practice, Role.GP)
    what: dict[str, Any] = {"service": Service.APPOINTMENTS, "why": Block.Why.SAFEGUARDING, "words": SECRET}
    block = hold_back(patient, **what, by=by, at=now)
    client = staff(patient.practice, role)
    page = client.get(of(patient))
    assert "Appointments, since 3 March 2026." in text_of(page)
    assert SECRET not in page.content.decode()
    assert "To keep somebody safe" not in page.content.decode()
    for path in (of(patient, "hold-back"), of(patient, "held", block.id, "lift")):
        assert client.get(path).status_code == 403
        assert SECRET not in client.get(path).content.decode()


def test_a_code_is_entered_and_told_with_what_it_came_to(patient: Patient, account: Account) -> None:
    client = staff(patient.practice, Role.GP)
    sends(client, of(patient, "codes"), code=REVIEW, **on(1, 3, 2026, "dated"))
    assert AccessCode.objects.get().dated.isoformat() == "2026-03-01"
    assert "1 March 2026: 104: enhanced review needed before access." in text_of(client.get(of(patient)))
    wrong = sends(client, of(patient, "codes"), code=REVIEW, **on(1, 3, 2027, "dated"))
    assert "The code cannot have a date in the future." in wrong.content.decode()


def test_a_request_is_decided_with_all_that_bears_on_it(patient: Patient, account: Account, now: datetime) -> None:
    """Proof, ceiling and codes stand beside it; afterwards the page says what became of it."""
    enter_code(patient, code=REVIEW, dated=now.date(), by=staff_of(patient.practice, Role.GP), at=now)
    asked = ask_for(Asked("record", "full", True), words="For my carer.", by=acting_as(patient, account), at=now)
    client, path = staff(patient.practice, Role.GP), f"/practice/access-requests/{asked.id}"
    page = text_of(client.get(path))
    for told in (
        "“Everything”. They had “Nothing”.",
        "They also ask for old entries.",
        "For my carer.",
        "104: enhanced",
    ):
        assert told in page
    no_words = sends(client, path, answer_is="refuse", level="full", historic="none")
    assert "The patient reads why you refuse." in no_words.content.decode()
    sends(client, path, answer_is="give", level="summary", historic="none", answer="A summary for now.")
    assert ActsFor.objects.get().record["current"] == "summary"
    decided = client.get(path)
    assert "Given: Summary. " in text_of(decided)
    assert ", 3 March 2026. A summary for now." in text_of(decided)
    assert not read(decided).all("input", name="answer_is")


def test_who_decides_is_told_what_would_be_refused_and_why(patient: Patient, now: datetime) -> None:
    account, by = an_account(), the_maker(patient.practice)
    remote: dict[str, Any] = {"proof": Proof.VOUCHED_REMOTE, "identity": Identity.P9}
    tie(patient, account_id=account.id, **remote, by=by, at=now)
    asked = ask_for(Asked("record", "full"), words="", by=acting_as(patient, account), at=now)
    client, path = staff(patient.practice, Role.GP), f"/practice/access-requests/{asked.id}"
    assert "say this rule: access.giving.check_too_weak" in text_of(client.get(path))
    refused = sends(client, path, answer_is="give", level="full", historic="none")
    assert "That is not enough for more than the summary." in refused.content.decode()
    assert "say this rule: access.giving.check_too_weak" in refused.content.decode()
    asked.refresh_from_db()
    assert asked.status == "pending"


def test_the_desk_notes_that_a_patient_has_left_and_undoes_it_the_same_day(patient: Patient, account: Account) -> None:
    client, path = staff(patient.practice, Role.RECEPTIONIST), f"/practice/patients/{patient.id}/gone"
    assert read(client.get(of(patient))).all("a", href=path)
    unsure = sends(client, path, why="patient-left", **on(3, 3, 2026, "day"))
    assert "Check that this is the right patient, then tick the box" in unsure.content.decode()
    assert Link.objects.filter(ended_at=None).exists()
    sends(client, path, why="patient-left", sure="on", **on(3, 3, 2026, "day"))
    assert Link.objects.get().ended_why == "patient-left"
    assert not ActsFor.objects.exists()
    assert "Left the practice on 3 March 2026. Nobody can use online services for them." in text_of(
        client.get(of(patient))
    )
    assert read(client.get(of(patient))).all("a", href=f"{path}/take-back")
    assert signed_in(account).get("/appointments/").status_code == 403
    assert client.post(path, {}).status_code == 403
    client.post(f"{path}/take-back")
    assert ActsFor.objects.get().levels == {"appointments": "view"}
    assert signed_in(account).get("/appointments/").status_code == 200


@pytest.mark.parametrize(
    "parts", [("hold-back",), ("codes",), (), (str(uuid4()), "record"), (str(uuid4()), "services", "appointments")]
)
def test_nobody_of_another_practice_sees_that_there_is_a_patient(
    patient: Patient, account: Account, parts: tuple[str, ...]
) -> None:
    """The same answer as for a patient that there is not."""
    client = staff(a_practice(), Role.MANAGER)
    assert client.get(of(patient, *parts)).status_code == 404
    real = [str(account.id) if part.count("-") == 4 else part for part in parts]
    assert client.get(of(patient, *real)).status_code == 404
    assert client.post(of(patient, *real), {"level": "manage"}).status_code == 404
    assert not Block.objects.exists()
