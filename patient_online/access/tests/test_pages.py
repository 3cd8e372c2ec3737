"""Who sees which page: every practice page against every role, a patient, an account without either, and nobody."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.actions import take_back
from patient_online.access.tests.pages_known import PRACTICE_PAGES, practice_page
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    an_account,
    an_account_for,
    an_appointment,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.nhs.services import Service
from patient_online.practices.models import PolicySetting, Practice, ServiceStatus
from patient_online.web.audiences import audience_of
from patient_online.web.tests.pages import read, signed_in
from tests.journeys.routes import routes

pytestmark = pytest.mark.django_db


def staff(practice: Practice, *roles: Role) -> Client:
    """The browser of somebody who works at the practice with these roles."""
    staff_of(practice, *roles, account=(account := an_account()))
    return signed_in(account)


def test_every_practice_page_is_in_the_table_below() -> None:
    """A page that is added says who may see it here too."""
    found = {name for name, view in routes().items() if audience_of(view) == "practice"}
    assert found == set(PRACTICE_PAGES)


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("route", PRACTICE_PAGES)
def test_a_practice_page_opens_for_the_roles_it_is_for(practice: Practice, route: str, role: Role | None) -> None:
    """To the others it says whom to ask; who has no role at all may see nothing."""
    response = staff(practice, *([role] if role else [])).get(practice_page(route, practice), follow=True)
    allowed = role in PRACTICE_PAGES[route]
    assert response.status_code == (200 if allowed else 403)
    assert ("ask your practice manager" in response.content.decode()) is not allowed
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("route", PRACTICE_PAGES)
def test_a_practice_page_is_closed_to_patients_and_to_nobody_in_particular(practice: Practice, route: str) -> None:
    """A patient is told that it is for staff; who has not signed in is asked to."""
    where = practice_page(route, practice)
    for account in (an_account_for(a_patient_of(practice)), an_account()):
        response = signed_in(account).get(where)
        assert (response.status_code, read(response).words("h1")) == (403, ["This page is for practice staff"])
    assert Client().get(where).headers["Location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_a_manager_changes_what_the_practice_decides(practice: Practice, role: Role) -> None:
    """Nor by sending the form without having seen it."""
    client = staff(practice, role)
    assert client.post("/practice/policies/book_ahead_days", {"value": "7"}).status_code == 403
    given = {
        "status": "available",
        "ceiling": "manage",
        "sure": "on",
        "do": "save",
        "from_day_day": "3",
        "from_day_month": "3",
        "from_day_year": "2026",
    }
    assert client.post("/practice/services/appointments", given).status_code == 403
    assert not PolicySetting.objects.exists()
    assert ServiceStatus.objects.count() == 1


def test_a_manager_who_gives_a_day_that_has_been_is_told_so_on_the_form(practice: Practice) -> None:
    """What they typed stays, and nothing is switched."""
    given = {
        "status": "available",
        "ceiling": "manage",
        "from_day_day": "1",
        "from_day_month": "1",
        "from_day_year": "2019",
    }
    response = staff(practice, Role.MANAGER).post("/practice/services/appointments", given)
    assert "Enter today or a later day." in response.content.decode()
    assert [one.attributes["value"] for one in read(response).all("input", name="from_day_year")] == ["2019"]
    assert ServiceStatus.objects.count() == 1


def test_staff_of_one_practice_see_nothing_of_another(practice: Practice, now: datetime) -> None:
    """Not its day, and not its kinds of slot."""
    elsewhere = a_practice()
    slot = a_slot_of(elsewhere, now + timedelta(hours=1))
    an_appointment(slot, a_patient_of(elsewhere, family_name="Elsewherely"))
    client = staff(practice, Role.MANAGER)
    assert "Elsewherely" not in client.get("/appointments/book-of-the-day").content.decode()
    assert client.get(f"/appointments/words/{slot.type_id}").status_code == 404


def test_what_the_practice_has_not_switched_on_is_refused_in_words(practice: Practice) -> None:
    """With the rule, whose it is, and where to find the number."""
    switch_on(practice, Service.MESSAGES)
    ServiceStatus.objects.filter(service=Service.APPOINTMENTS).update(status=ServiceStatus.Status.AVAILABLE)
    client = signed_in(an_account_for(a_patient_of(practice)))
    for path in ("/appointments/", "/appointments/book"):
        response = client.get(path)
        page = " ".join(read(response).all("main")[0].text.split())
        assert response.status_code == 403
        assert f"{NotAllowed.SERVICE_OFF.words} {NotAllowed.SERVICE_OFF.next_step}" in page
        assert f"say this rule: {NotAllowed.SERVICE_OFF.rule}" in page
        assert "Who decides this: your GP practice" in page
        assert read(response).all("a", href="/practice/details")


def test_a_grant_taken_back_holds_on_the_next_request(practice: Practice, now: datetime) -> None:
    """Also for the patient's own appointment."""
    patient = a_patient_of(practice)
    account = an_account_for(patient)
    appointment = an_appointment(a_slot_of(practice, now + timedelta(days=1)), patient)
    client = signed_in(account)
    assert client.get(f"/appointments/{appointment.id}").status_code == 200
    take_back(patient, account_id=account.id, service=Service.APPOINTMENTS, by=the_maker(practice), at=now)
    assert client.get(f"/appointments/{appointment.id}").status_code == 403


def test_no_address_and_no_link_names_a_patient(practice: Practice, now: datetime) -> None:
    """Neither an NHS number nor a name: addresses stay in histories and logs. An id of our own making tells nobody."""
    patient = a_patient_of(practice, family_name="Unmistakable")
    appointment = an_appointment(a_slot_of(practice, now + timedelta(days=1)), patient)
    client, desk = signed_in(an_account_for(patient)), staff(practice, Role.MANAGER)
    pages = [
        client.get(path) for path in ("/", "/appointments/", "/appointments/book", f"/appointments/{appointment.id}")
    ]
    pages.append(desk.get("/appointments/book-of-the-day/2026-03-04"))
    assert "Unmistakable" in pages[-1].content.decode()
    links = [
        str(one.attributes.get(name)) for page in pages for one in read(page).elements for name in ("href", "action")
    ]
    assert len(links) > 50
    for secret in (str(patient.nhs_number), "Unmistakable"):
        assert not [link for link in links if secret in link]


@pytest.mark.parametrize("path", ["/nowhere", f"/appointments/{uuid4()}", "/appointments/book-of-the-day/2026-02-30"])
def test_an_error_page_carries_the_id_of_the_request(practice: Practice, path: str) -> None:
    """So that somebody who is asked for help finds it in the log."""
    response = signed_in(an_account_for(a_patient_of(practice))).get(path)
    assert response.status_code == 404
    assert response.headers["X-Request-ID"] in response.content.decode()
