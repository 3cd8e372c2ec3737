"""Who is not let in by NHS login, or not to everything: told what to do, and the practice told where it must be."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from patient_online.access.actions import end_link, take_back
from patient_online.access.models import Grant, Link
from patient_online.access.tests.nhs_login_helped import BORN, signed_in_and_confirmed, the_patient, words
from patient_online.access.tests.nhs_login_helped import practice as practice
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import a_patient_of, an_account, an_account_for, the_maker
from patient_online.identity.models import Account, NhsLogin
from patient_online.identity.tests.nhs_login_people import AtNhsLogin, number_of
from patient_online.identity.tests.nhs_login_people import stand_in as stand_in
from patient_online.identity.tests.nhs_login_people import stand_in_running as stand_in_running
from patient_online.nhs.identity import Identity
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stand_in")]


def test_a_step_up_by_another_person_changes_nothing(practice: Practice) -> None:
    """Somebody else's NHS login does not raise the session, and nobody is swapped."""
    the_patient(practice, 3, "Claimed")
    the_patient(practice, 1, "Proven")
    client = Client()
    AtNhsLogin(client).signs_in("Robin Claimed")
    other = AtNhsLogin(client)
    other.goes("/nhs-login/step-up")
    answer = other.presses("Continue as Robin Proven").agrees().comes_back()
    assert answer.status_code == 403
    assert "belongs to somebody else" in words(answer)
    assert client.get("/appointments/").status_code == 403
    assert Link.objects.filter(identity=Identity.P9).count() == 0
    assert NhsLogin.objects.count() == 1


@pytest.mark.parametrize("first", ["not agree", "Cancel"])
def test_who_does_not_agree_to_share_is_told_what_to_do(practice: Practice, first: str) -> None:
    """Nothing is known of them, and nothing kept but that it failed."""
    client = Client()
    visit = AtNhsLogin(client).goes()
    answer = (visit if first == "Cancel" else visit.presses("Continue as Robin Proven")).presses(first).comes_back()
    assert read(answer).words("h1") == ["You did not agree to share your NHS login information"]
    assert "Sign in another way" in words(answer)
    assert not Account.objects.exists()
    assert AccountEntry.objects.get().details == {"why": "declined"}


@pytest.mark.parametrize("name", ["Robin Elsewhere", "Robin Stranger"])
def test_somebody_whom_no_practice_here_knows_is_told_how_to_go_on(practice: Practice, name: str) -> None:
    the_patient(practice, 5, "Elsewhere")
    client = Client()
    answer = AtNhsLogin(client).signs_in(name)
    assert answer.headers["Location"] == "/nhs-login/what-next/elsewhere"
    assert "reception desk" in words(client.get(answer.headers["Location"]))
    assert not Link.objects.exists()


@pytest.mark.parametrize("gone", [{"left_on": date(2025, 1, 1)}, {"died_on": date(2025, 1, 1)}])
def test_who_has_left_or_died_is_not_let_in_to_the_record(practice: Practice, gone: dict[str, date]) -> None:
    the_patient(practice, 1, "Proven", **gone)
    assert AtNhsLogin(Client()).signs_in("Robin Proven").headers["Location"] == "/nhs-login/what-next/left"
    assert not Link.objects.exists()


def test_a_child_under_13_has_no_account_opened(practice: Practice) -> None:
    the_patient(practice, 7, "Child", birth_date=date(2020, 1, 1))
    answer = AtNhsLogin(Client()).signs_in("Robin Child")
    assert answer.status_code == 403
    assert "13 or over" in words(answer)
    assert not Account.objects.exists()


@pytest.mark.parametrize("held", [{"birth_date": date(1984, 2, 28)}, {"family_name": "Otherwise"}])
def test_who_is_not_whom_the_practice_holds_is_refused_and_the_practice_is_told(
    practice: Practice, held: dict[str, Any]
) -> None:
    """No account, no link; one task, however often it is tried; the page does not say what was different."""
    patient = the_patient(practice, 1, **{"family": "Proven", **held})
    for _ in range(2):
        answer = AtNhsLogin(Client()).signs_in("Robin Proven")
        assert answer.status_code == 403
        assert "birth" not in words(answer)
    assert not Account.objects.exists()
    assert not Link.objects.exists()
    task = Task.objects.get(status="open")
    assert (task.kind, task.about) == ("nhs-login-mismatch", patient.id)


def test_birth_date_and_number_are_compared_at_each_sign_in_and_the_task_ends_when_it_is_right(
    practice: Practice,
) -> None:
    robin = the_patient(practice, 1, "Proven")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    for wrong in ({"birth_date": date(1984, 3, 1)}, {"nhs_number": number_of(20)}):
        Patient.objects.filter(id=robin.id).update(**wrong)
        client = Client()
        assert AtNhsLogin(client).signs_in("Robin Proven").status_code == 403
        assert client.get("/appointments/").status_code == 302
        Patient.objects.filter(id=robin.id).update(birth_date=BORN, nhs_number=number_of(1))
    assert AtNhsLogin(Client()).signs_in("Robin Proven").status_code == 302
    assert list(Task.objects.values_list("status", flat=True)) == ["done"]


def test_a_second_nhs_login_does_not_become_the_same_patient(practice: Practice) -> None:
    the_patient(practice, 1, "Proven")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    answer = AtNhsLogin(Client()).signs_in("Robin Double")
    assert answer.status_code == 403
    assert (Account.objects.count(), Link.objects.count()) == (1, 1)
    assert Task.objects.get().kind == "nhs-login-mismatch"


def test_access_that_the_practice_ended_is_not_given_back_by_signing_in(practice: Practice) -> None:
    robin = the_patient(practice, 1, "Proven")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    [link] = Link.objects.all()
    end_link(robin, account_id=link.account_id, why=Link.Why.PRACTICE, by=the_maker(practice), at=link.linked_at)
    assert AtNhsLogin(Client()).signs_in("Robin Proven").headers["Location"] == "/nhs-login/what-next/ended"
    assert not Link.objects.filter(ended_at=None).exists()


def test_a_service_that_was_taken_back_stays_so(practice: Practice) -> None:
    robin = the_patient(practice, 1, "Proven")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    account = Account.objects.get()
    maker, service = the_maker(practice), Service.PRESCRIPTIONS
    take_back(robin, account_id=account.id, service=service, by=maker, at=account.created_at)
    AtNhsLogin(Client()).signs_in("Robin Proven")
    assert not Grant.objects.filter(service=Service.PRESCRIPTIONS, revoked_at=None).exists()


def test_a_closed_account_is_not_opened_again_by_nhs_login(practice: Practice) -> None:
    the_patient(practice, 1, "Proven")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    Account.objects.update(is_active=False)
    client = Client()
    assert AtNhsLogin(client).signs_in("Robin Proven").headers["Location"] == "/account-closed"
    assert client.get("/appointments/").status_code == 302


def test_somebody_signed_in_as_another_is_told_and_not_swapped(practice: Practice) -> None:
    """Neither at the start nor on the way back, when somebody signed in meanwhile."""
    the_patient(practice, 1, "Proven")
    account = an_account_for(a_patient_of(practice))
    client = Client()
    visit = AtNhsLogin(client).goes().presses("Continue as Robin Proven").agrees()
    waiting = client.session["nhs_login"]
    client.force_login(account)
    session = client.session
    session["nhs_login"] = waiting
    session.save()
    answer = visit.comes_back()
    assert answer.status_code == 403
    assert client.session["_auth_user_id"] == str(account.id)
    assert not NhsLogin.objects.exists()
    assert read(client.post("/nhs-login")).words("h1") == ["You are signed in already"]


def test_an_nhs_login_of_somebody_else_is_not_connected(practice: Practice) -> None:
    """Neither one that has an account of its own, nor a second one."""
    the_patient(practice, 1, "Proven")
    the_patient(practice, 3, "Claimed")
    AtNhsLogin(Client()).signs_in("Robin Proven")
    client = signed_in_and_confirmed(an_account())
    assert AtNhsLogin(client).signs_in("Robin Proven", "/nhs-login/connect").status_code == 403
    assert AtNhsLogin(client).signs_in("Robin Claimed", "/nhs-login/connect").status_code == 302
    assert AtNhsLogin(client).signs_in("Robin Stranger", "/nhs-login/connect").status_code == 403
    assert NhsLogin.objects.count() == 2


def test_before_it_is_connected_somebody_shows_again_that_it_is_them(practice: Practice) -> None:
    client = Client()
    client.force_login(an_account())
    answer = client.post("/nhs-login/connect")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/confirm-it-is-you")
