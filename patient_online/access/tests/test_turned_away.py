"""Who is turned away leaves a trail: once, with the page's name and the rule, never with an address."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from patient_online.access.audiences import ANY_ROLE, StaffRequest, practice_page
from patient_online.asking import Role
from patient_online.audit.models import AccountEntry, Entry
from patient_online.config.urls import urlpatterns as ours
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    acting_as,
    an_account,
    an_account_for,
    an_appointment,
    staff_of,
    switch_on,
)
from patient_online.identity.models import Account
from patient_online.nhs.services import Service
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
SEES_PATIENTS = {Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER}


@pytest.fixture
def practice(now: datetime) -> Iterator[Practice]:
    """A practice on a Tuesday morning at 8am."""
    with time_machine.travel(now, tick=False):
        yield a_practice()


@practice_page(*ANY_ROLE)
def decides(request: StaffRequest) -> HttpResponse:
    """A page for all staff that leaves it to the action to refuse."""
    practice = Practice.objects.get(ods_code=request.staff.practice_id)
    set_policy(practice, name="cancel_online", value=False, by=request.staff, at=timezone.now())
    return HttpResponse()


urlpatterns = [path("decides", decides), *ours]


def refusals() -> list[Entry]:
    """What the trail tells of those who were turned away, the first one first."""
    return list(Entry.objects.exclude(refused_by="").order_by("id"))


@pytest.mark.parametrize("role", Role)
def test_staff_are_led_only_to_pages_that_they_may_open(practice: Practice, role: Role) -> None:
    """From the start page to the first, and by the menu to each."""
    staff_of(practice, role, account=(account := an_account()))
    client = signed_in(account)
    start = client.get("/", follow=True)
    assert start.status_code == 200
    links = [
        str(one.attributes["href"]) for one in read(start).all("a") if "header" in str(one.attributes.get("class"))
    ]
    offered = [link for link in links if link.startswith(("/appointments", "/practice"))]
    assert ("/appointments/book-of-the-day" in offered) is (role in SEES_PATIENTS)
    inside = [str(one.attributes["href"]) for one in read(client.get("/practice/set-up")).all("a")]
    offered += [link for link in inside if link.startswith(("/appointments", "/practice")) and link not in offered]
    assert len(offered) >= (6 if role in SEES_PATIENTS else 5)
    assert {client.get(link).status_code for link in offered} == {200}


def test_a_dispenser_who_is_a_patient_too_is_offered_no_page_that_is_closed(practice: Practice) -> None:
    account = an_account_for(a_patient_of(practice))
    staff_of(practice, Role.DISPENSER, account=account)
    links = [str(one.attributes["href"]) for one in read(signed_in(account).get("/")).all("a")]
    assert "/practice/tasks" in links
    assert "/appointments/book-of-the-day" not in links


def test_a_dispenser_at_the_day_s_list_is_turned_away_and_the_trail_tells_it_once(practice: Practice) -> None:
    staff = staff_of(practice, Role.DISPENSER, account=(account := an_account()))
    assert signed_in(account).get("/appointments/book-of-the-day/2026-03-04").status_code == 403
    [entry] = refusals()
    assert (entry.event, entry.refused_by) == ("page.refused", "asking.role_needed")
    assert (entry.staff_id, entry.account_id, entry.patient_id) == (staff.staff_id, account.id, None)
    assert entry.details == {"route": "appointments:day"}
    assert entry.request_id is not None


def test_a_patient_at_a_staff_page_is_in_the_trail_as_themselves(practice: Practice) -> None:
    patient = a_patient_of(practice)
    account = an_account_for(patient)
    assert signed_in(account).get("/practice/policies").status_code == 403
    [entry] = refusals()
    assert (entry.event, entry.asker, entry.patient_id) == ("page.refused", "acting", patient.id)
    assert entry.details == {"route": "access:policies"}


def test_who_belongs_to_no_practice_leaves_a_trail_with_their_account(practice: Practice) -> None:
    account = an_account()
    assert signed_in(account).get("/appointments/").status_code == 403
    entry = AccountEntry.objects.get(event="page.refused")
    assert entry.account_id == account.id
    assert entry.details == {"route": "appointments:mine", "refused_by": "asking.not_linked"}


def test_a_service_that_is_off_is_refused_once_in_the_trail(practice: Practice) -> None:
    account = an_account_for(a_patient_of(practice))
    ServiceStatus.objects.filter(service=Service.APPOINTMENTS).update(status=ServiceStatus.Status.AVAILABLE)
    switch_on(practice, Service.MESSAGES)
    assert signed_in(account).get("/appointments/book").status_code == 403
    [entry] = refusals()
    assert (entry.event, entry.refused_by) == ("page.refused", "asking.service_off")


def test_another_patient_s_appointment_is_not_found_and_the_trail_tells_who_looked(
    practice: Practice, now: datetime
) -> None:
    """By its number, so that the practice can see whose it was; and nothing is in the other's record."""
    theirs = an_appointment(a_slot_of(practice, now + timedelta(days=1)), a_patient_of(practice))
    acting = acting_as(patient := a_patient_of(practice))
    client = signed_in(Account.objects.get(id=acting.account_id))
    for page in ("", "/cancel", "/move"):
        assert client.get(f"/appointments/{theirs.id}{page}").status_code == 404
    tried = Entry.objects.filter(event="page.not_found", patient_id=patient.id).order_by("id")
    assert [entry.details["route"] for entry in tried] == [f"appointments:{name}" for name in ("one", "cancel", "move")]
    assert {entry.subject_id for entry in tried} == {theirs.id}
    assert not Entry.objects.filter(patient_id=theirs.patient_id, event="page.not_found").exists()


@pytest.mark.urls(__name__)
def test_what_an_action_refused_is_in_the_trail_once(practice: Practice) -> None:
    """The action's entry tells it, and the page adds none."""
    staff_of(practice, Role.RECEPTIONIST, account=(account := an_account()))
    assert signed_in(account).get("/decides").status_code == 403
    assert [(entry.event, entry.refused_by) for entry in refusals()] == [("practice.policy_set", "asking.role_needed")]


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_a_page_is_looked_at_or_sent_and_nothing_else(method: str) -> None:
    browser = Client()
    browser.force_login(an_account_for(a_patient_of(a_practice())))
    assert getattr(browser, method)("/appointments/").status_code == 405


def test_staff_on_a_patient_s_page_are_told_whom_it_is_for() -> None:
    practice, account = a_practice(), an_account()
    staff_of(practice, Role.RECEPTIONIST, account=account)
    browser = Client()
    browser.force_login(account)
    assert b"This page is for patients" in browser.get("/appointments/").content
    assert b"Your role does not include this" in browser.get("/practice/policies/cancel_online").content
