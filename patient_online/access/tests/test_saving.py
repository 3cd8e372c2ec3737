"""What a manager saves is said to be saved, on the page where they land."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from patient_online.asking import Role
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.nhs.dates import date_short, local_day
from patient_online.nhs.services import Service
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    """The browser of a practice's manager."""
    account = an_account()
    staff_of(a_practice(), Role.MANAGER, account=account)
    browser = Client()
    browser.force_login(account)
    return browser


def banner(response: Any) -> str:
    """What the banner over the page says."""
    elements = read(response).elements
    (found,) = [one for one in elements if "nhsuk-notification-banner" in (one.attributes.get("class") or "").split()]
    return str(found.text)


def test_a_saved_policy_and_a_switched_service_are_said_to_be(manager: Client) -> None:
    today = local_day(timezone.now())
    day = {"from_day_day": today.day, "from_day_month": today.month, "from_day_year": today.year}
    policy = manager.post("/practice/policies/cancel_online", {"value": "no"}, follow=True)
    off = {"status": "available", "ceiling": "manage", "sure": "on", "do": "save", **day}
    service = manager.post("/practice/services/appointments", off, follow=True)
    assert "Patients may cancel and move appointments online" in banner(policy)
    assert "Appointments" in banner(service)


def test_nothing_is_said_to_be_saved_that_was_not(manager: Client) -> None:
    for page in ("/practice/policies?saved=nonsense", "/practice/services?saved=%3Cb%3E", "/practice/policies"):
        assert "nhsuk-notification-banner" not in manager.get(page).content.decode()


def test_a_change_to_come_is_shown_with_its_day_and_what_is_not_built_is_not_offered(manager: Client) -> None:
    day = local_day(timezone.now()) + timedelta(days=40)
    given: dict[str, Any] = {"from_day_day": day.day, "from_day_month": day.month, "from_day_year": day.year}
    given |= {"ceiling": "manage", "sure": "on", "do": "save"}
    manager.post("/practice/services/appointments", {"status": "not-available", **given})
    page = read(manager.get("/practice/services"))
    assert f"Not available from {date_short(day)}" in page.all("main")[0].text
    names = {one.attributes["href"].split("/")[3] for one in page.all("a") if "services/" in one.attributes["href"]}
    assert names == set(Service) - {Service.MESSAGES, Service.PROXIES}
    assert manager.get("/practice/services/messages").status_code == 404
    assert page.all("a", href="/account")
