"""What the desk is told after it has decided something: the one thing that is true now."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from patient_online.access.actions import ask_for, hold_back
from patient_online.access.models import Block, Link
from patient_online.access.rules.codes import DECLINED, NO_REVIEW
from patient_online.access.rules.requests import Asked
from patient_online.access.tests.test_online_access import of, on, sends, text_of
from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account_for, staff_of, switch_on
from patient_online.identity.models import Account
from patient_online.nhs.identity import Proof
from patient_online.nhs.record_levels import SERVICE_OF
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
AT_ONCE = "From their next step on"
HELD = "held back from this patient, so it cannot be used"
NOT_OFFERED = "not switched on at the practice, so nobody can use it yet"


@pytest.fixture
def patient(practice: Practice) -> Patient:
    return a_patient_of(practice)


@pytest.fixture
def account(patient: Patient) -> Account:
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    Link.objects.filter(account_id=account.id).update(proof=Proof.DOCUMENTS)
    return account


def told(client: Any, path: str, **given: str) -> str:
    """What the page says to which somebody comes after they have sent this."""
    return said(client.get(sends(client, path, **given).headers["Location"]))


def test_a_service_that_is_given_holds_at_once(patient: Patient, account: Account) -> None:
    client = staff(patient.practice, Role.RECEPTIONIST)
    path = of(patient, account.id, "services", "appointments")
    assert f"{AT_ONCE} the patient can use what you gave." in told(client, path, level="manage")
    assert f"{AT_ONCE} the account cannot use what you took back." in told(client, path, level="none")


def test_a_service_that_is_held_back_is_not_said_to_hold(patient: Patient, account: Account, now: datetime) -> None:
    what: dict[str, Any] = {"service": Service.APPOINTMENTS, "why": Block.Why.OTHER, "words": "A reason."}
    hold_back(patient, **what, by=staff_of(patient.practice, Role.GP), at=now)
    client = staff(patient.practice, Role.RECEPTIONIST)
    path = of(patient, account.id, "services", "appointments")
    assert HELD in said(client.get(path))
    after = told(client, path, level="manage")
    assert HELD in after
    assert AT_ONCE not in after


def test_what_the_practice_does_not_offer_is_not_said_to_hold(patient: Patient, account: Account) -> None:
    client = staff(patient.practice, Role.GP)
    for path, given in (
        (of(patient, account.id, "services", "prescriptions"), {"level": "view"}),
        (of(patient, account.id, "record"), {"current": "full", "historic": "none", **on(1, 3, 2026)}),
    ):
        after = told(client, path, **given)
        assert NOT_OFFERED in after
        assert AT_ONCE not in after


@pytest.mark.parametrize("code", [DECLINED, NO_REVIEW])
def test_a_code_is_said_to_change_no_access_that_was_given(patient: Patient, account: Account, code: str) -> None:
    for service in SERVICE_OF.values():
        switch_on(patient.practice, service)
    client, record = staff(patient.practice, Role.GP), of(patient, account.id, "record")
    sends(client, record, current="full", historic="none", **on(1, 3, 2026))
    sent = sends(client, of(patient, "codes"), code=code, **on(1, 3, 2026, "dated"))
    after = client.get(sent.headers["Location"])
    assert "It changes no access that was given already." in said(after)
    assert AT_ONCE not in said(after)
    assert len(read(after).all("a", href=record)) == 2


def test_what_is_held_back_and_given_back_is_said_so(patient: Patient, account: Account) -> None:
    client = staff(patient.practice, Role.MANAGER)
    after = told(client, of(patient, "hold-back"), service="appointments", why="other", words="A reason.")
    assert f"{AT_ONCE} the patient cannot use it." in after
    lifting = of(patient, "held", Block.objects.get().id, "lift")
    after = said(client.get(client.post(lifting).headers["Location"]))
    assert "Each account has again what it was given before." in after


def test_who_has_decided_lands_on_the_work_list_and_the_request_says_what_and_who(
    patient: Patient, account: Account, now: datetime
) -> None:
    asked = ask_for(Asked("appointments", "manage"), words="", by=acting_as(patient, account), at=now)
    client, path = staff(patient.practice, Role.MANAGER), f"/practice/access-requests/{asked.id}"
    sent = sends(client, path, answer_is="give", level="view", answer="Looking first.")
    assert sent.headers["Location"] == "/practice/tasks?saved=decided"
    assert "The patient has been given your answer." in said(client.get(sent.headers["Location"]))
    page = said(client.get(path))
    by = re.search(r"Given: Look only\. (.+), 3 March 2026\. Looking first\.", page)
    assert by, page
    assert by[1] == staff_name(patient)
    own = said(signed_in(account).get("/what-you-can-use"))
    assert "You have now: Look only." in own


def staff_name(patient: Patient) -> str:
    """The name of the one manager of the patient's practice."""
    from patient_online.practices.models import StaffMember

    return StaffMember.objects.get(practice=patient.practice, account_id__isnull=False).name


def test_a_leaver_is_noted_at_the_end_of_the_page(patient: Patient, account: Account) -> None:
    page = said(staff(patient.practice, Role.RECEPTIONIST).get(of(patient)))
    assert page.index("The patient has left or died") > page.index("What was done")


def recorded() -> set[str]:
    """Every event of somebody's access that the program records."""
    here = Path(__file__).parents[1]
    files = [path for path in here.rglob("*.py") if "tests" not in path.parts]
    called = re.compile(r'(?:record|action|record_account)\(\s*"(access\.[a-z_]+)"')
    return {event for path in files for event in called.findall(path.read_text())}


@pytest.mark.parametrize("event", sorted(recorded()))
def test_whatever_was_done_is_told_in_words_with_the_hour(patient: Patient, event: str, now: datetime) -> None:
    from patient_online.access.queries.online import NOT_TOLD
    from patient_online.audit.actions import record

    by = staff_of(patient.practice, Role.GP)
    record(event, by=by, at=now, patient=patient.id)
    page = text_of(staff(patient.practice, Role.MANAGER).get(of(patient)))
    assert event not in page
    if event in NOT_TOLD:
        assert "Nothing yet." in page
        return
    done = page[page.index("What was done") :]
    assert re.search(r"3 March 2026, 8(:00)?am: [A-Z][A-Za-z’,: -]+\. ", done), done


def test_at_least_twenty_events_are_known_to_be_recorded() -> None:
    assert len(recorded()) > 20
