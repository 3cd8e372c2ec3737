"""Patients show a second step where the risk asks for it: the refusal leads there, and back."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.config.urls import urlpatterns as ours
from patient_online.demo.factories import a_patient_of, a_practice, an_account_for, switch_on
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import confirms, paper_of, printed_codes_of, types_password
from patient_online.nhs.services import Level, Service
from patient_online.web.tests.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@patient_page
def medicines(request: PatientRequest) -> HttpResponse:
    """A page that orders medicines."""
    request.acting.require(Service.PRESCRIPTIONS)
    return HttpResponse("Your medicines")


urlpatterns = [path("medicines", medicines, name="medicines"), *ours]


@pytest.fixture
def robin() -> Account:
    """A patient who may order medicines."""
    cache.clear()
    practice = a_practice()
    switch_on(practice, Service.PRESCRIPTIONS)
    return an_account_for(a_patient_of(practice), services={Service.PRESCRIPTIONS: Level.MANAGE})


def test_who_signed_in_with_the_password_alone_is_led_to_a_second_step_and_back(robin: Account) -> None:
    """Without a mobile telephone: ten codes on paper do. They count from the next sign-in on, which shows one."""
    client = Client()
    types_password(client, robin)
    refused = client.get("/medicines?all=1")
    assert refused.status_code == 403
    assert "This needs a second step when you sign in" in read(refused).all("main")[0].text
    [way] = [one.attributes["href"] for one in read(refused).all("a") if "second-step" in one.attributes["href"]]
    client.get(way)
    confirms(client)
    client.post("/account/second-step/printed-codes/new")
    assert client.get("/account/second-step/printed-codes").status_code == 200
    assert "It counts from the next time you sign in" in read(client.get("/account/second-step")).all("main")[0].text
    assert client.get("/medicines?all=1").status_code == 403
    again = Client()
    types_password(again, robin)
    again.post("/second-step", {"code": paper_of(robin).get_unused_codes()[0]})
    assert again.get("/medicines?all=1").content == b"Your medicines"


def test_who_shows_it_at_sign_in_is_asked_nothing_more(robin: Account) -> None:
    client, codes = Client(), printed_codes_of(robin)
    types_password(client, robin)
    client.post("/second-step", {"code": codes[0]})
    assert client.get("/medicines").content == b"Your medicines"


def test_a_way_back_never_leads_to_another_website(robin: Account) -> None:
    """Whatever the link said."""
    client = Client()
    client.force_login(robin)
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        page = read(client.get("/account/second-step", {"next": elsewhere}))
        assert not [one for one in page.all("a") if "example.org" in one.attributes["href"]]
        assert not page.all("a", href=elsewhere)
