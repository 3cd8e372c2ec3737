"""Nobody can tell a service that is held back from them from one that is off for all: not by any page, byte for byte.

And what is changed holds on the next request of a session that is open.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from patient_online.access.actions import ask_for, give, give_record, hold_back, take_back, tie
from patient_online.access.models import Block
from patient_online.access.rules.requests import Asked
from patient_online.asking import NotAllowed, Role
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
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.web.audiences import audience_of
from patient_online.web.tests.pages import read, signed_in
from tests.journeys.routes import routes

pytestmark = pytest.mark.django_db
APPOINTMENTS = Service.APPOINTMENTS
# What no two visits have alike: ids, tokens against forged forms, and the practice that a test made.
OF_ONE_VISIT = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|csrfmiddlewaretoken\" value=\"[^\"]*\""
    r"|name=\"form_of\" value=\"[^\"]*\""
    r"|Made-up Surgery \d+|X9\d{4}|Person\d+|madeup\d+@example\.com|999 \d{3} \d{4}|nonce-[^'\"]+|nonce=\"[^\"]*\""
)


@dataclass(frozen=True)
class World:
    """A patient with an appointment, a request and sight of the record; and the browser in which they are signed in."""

    patient: Patient
    account: Account
    client: Client
    known: dict[str, Any]


def a_world(at: datetime) -> World:
    """All is on and given."""
    practice = a_practice(name="Made-up Surgery 1")
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    patient = a_patient_of(practice, given_name="Robin", family_name="Samename")
    account = an_account()
    checked: dict[str, Any] = {"account_id": account.id, "proof": Proof.DOCUMENTS, "identity": Identity.P9}
    tie(patient, **checked, by=the_maker(practice), at=at)
    an_account_for(patient, account=account)
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.SUMMARY, "from_day": at.date()}
    give_record(patient, account_id=account.id, **what, by=the_maker(practice), at=at)
    booked = an_appointment(a_slot_of(practice, at + timedelta(days=2)), patient)
    free = a_slot_of(practice, at + timedelta(days=3))
    asked = ask_for(Asked("appointments", "view"), words="", by=acting_as(patient, account), at=at)
    known = {"appointment_id": booked.id, "slot_id": free.id, "request_id": asked.id}
    return World(patient, account, signed_in(account), known)


def held_back(world: World, at: datetime) -> None:
    """The practice holds appointments and the record back from this patient."""
    by = staff_of(world.patient.practice, Role.MANAGER)
    for service in (APPOINTMENTS, Service.SUMMARY_RECORD):
        hold_back(world.patient, service=service, why=Block.Why.SAFEGUARDING, words="Unmistakable.", by=by, at=at)


def switched_off(world: World, at: datetime) -> None:
    """The practice has switched appointments and the record off for everybody."""
    rows = ServiceStatus.objects.filter(practice=world.patient.practice)
    rows.filter(service__in=(APPOINTMENTS, *SERVICE_OF.values())).update(status=ServiceStatus.Status.AVAILABLE)


def never_offered(world: World, at: datetime) -> None:
    """The practice has never offered them."""
    rows = ServiceStatus.objects.filter(practice=world.patient.practice)
    rows.filter(service__in=(APPOINTMENTS, *SERVICE_OF.values())).delete()


VALUES = {"what": ("appointments", "record"), "route": ("email",), "message_id": (), "kind": ()}


def addresses(known: dict[str, Any]) -> list[str]:
    """Every page for patients that lies at an address which can be made, and the front page."""
    found = [reverse("home")]
    for name, view in routes().items():
        if audience_of(view) == "patient":
            found += _made(name, known)
    return found


def _made(name: str, known: dict[str, Any]) -> list[str]:
    tries: list[dict[str, Any]] = [{}, *({each: value} for each, value in known.items())]
    tries += [{each: value} for each, values in VALUES.items() for value in values]
    tries.append({"appointment_id": known["appointment_id"], "slot_id": known["slot_id"]})
    made = []
    for kwargs in tries:
        try:
            made.append(reverse(name, kwargs=kwargs))
        except Exception:
            continue
    return made


def crawl(world: World) -> dict[str, tuple[int, str, str]]:
    """What each page answers to looking and to sending nothing: status, where it leads, and words; ids masked."""
    answers = {}
    for path in addresses(world.known):
        for method in ("get", "post"):
            response = getattr(world.client, method)(path)
            body = b"".join(response) if response.streaming else response.content
            masked = OF_ONE_VISIT.sub("*", body.decode())
            leads = OF_ONE_VISIT.sub("*", response.headers.get("Location", ""))
            answers[f"{method} {OF_ONE_VISIT.sub('*', path)}"] = (response.status_code, leads, masked)
    return answers


@pytest.fixture
def crawled(practice: Practice, now: datetime) -> Callable[[Callable[[World, datetime], None]], dict[str, Any]]:
    """Crawls a world of its own, once that has been done to it."""

    def do(change: Callable[[World, datetime], None]) -> dict[str, Any]:
        world = a_world(now)
        change(world, now)
        return crawl(world)

    return do


def test_what_is_held_back_answers_as_what_is_off_and_as_what_was_never_offered(crawled: Any) -> None:
    """The two-worlds test: three worlds, one patient each, every page, looked at and sent."""
    held, off, never = (crawled(change) for change in (held_back, switched_off, never_offered))
    assert len(held) > 40
    assert set(held) == set(off) == set(never)
    assert [path for path in held if held[path] != off[path]] == []
    assert [path for path in held if held[path] != never[path]] == []
    assert not [path for path, answer in held.items() if "Unmistakable" in answer[2]]


def test_the_crawl_finds_a_difference_where_there_is_one(crawled: Any) -> None:
    """What it compares can differ: with everything on, most pages of appointments do."""
    held, on = crawled(held_back), crawled(lambda world, at: None)
    differ = [path for path in held if held[path] != on[path]]
    assert {"get /appointments/", "get /", "get /what-you-can-use"} <= set(differ)


def test_a_refused_page_names_rule_owner_and_what_can_be_done_and_nothing_of_the_patient(crawled: Any) -> None:
    """On every page that says no, however it was reached."""
    refused = {path: answer for path, answer in crawled(held_back).items() if answer[0] == 403}
    assert len(refused) > 10
    for path, (_, _, body) in refused.items():
        assert f"say this rule: {NotAllowed.SERVICE_OFF.rule}" in body, path
        assert "Who decides this: your GP practice" in body, path
        assert NotAllowed.SERVICE_OFF.next_step in body, path
        assert "Robin Samename, born" not in body, path


def test_who_has_only_claimed_to_be_the_patient_sees_nothing_of_them_on_any_page(
    practice: Practice, now: datetime
) -> None:
    """Neither address, number nor appointment: whoever knows a name, a birth date and a postcode may have claimed."""
    world = a_world(now)
    secrets = {"email": "canary@example.com", "telephone": "+447700900982", "address": ["7 Canary Street"]}
    Patient.objects.filter(id=world.patient.id).update(**secrets)
    stranger, by = an_account(name="A Stranger"), the_maker(world.patient.practice)
    tie(world.patient, account_id=stranger.id, proof=Proof.CLAIMED, identity=Identity.P0, by=by, at=now)
    answers = crawl(World(world.patient, stranger, signed_in(stranger), world.known))
    told = ("canary", "07700 900982", "Canary Street", "Samename", "1 January 1980", "Dr Example")
    assert [(path, each) for path, answer in answers.items() for each in told if each in answer[2]] == []
    assert len([path for path, answer in answers.items() if answer[0] == 403]) > 20


def opened(world: World) -> list[int]:
    """What the session that is open is answered: the list, the times, the appointment."""
    pages = ["/appointments/", "/appointments/book", f"/appointments/{world.known['appointment_id']}"]
    return [world.client.get(path).status_code for path in pages]


def lowered(world: World, at: datetime) -> None:
    """They may only look from now on."""
    by = the_maker(world.patient.practice)
    give(world.patient, account_id=world.account.id, service=APPOINTMENTS, level=Level.VIEW, by=by, at=at)


def ceiling_lowered(world: World, at: datetime) -> None:
    """The practice lets all of its patients look only."""
    ServiceStatus.objects.filter(practice=world.patient.practice, service=APPOINTMENTS).update(ceiling=Level.VIEW)


def revoked(world: World, at: datetime) -> None:
    """The service is taken back."""
    by = the_maker(world.patient.practice)
    take_back(world.patient, account_id=world.account.id, service=APPOINTMENTS, by=by, at=at)


@pytest.mark.parametrize(
    ("change", "answers"),
    [
        (revoked, [403, 403, 403]),
        (held_back, [403, 403, 403]),
        (switched_off, [403, 403, 403]),
        (lowered, [200, 403, 200]),
        (ceiling_lowered, [200, 403, 200]),
    ],
)
def test_what_is_changed_holds_on_the_next_request_of_an_open_session(
    practice: Practice, now: datetime, change: Callable[[World, datetime], None], answers: list[int]
) -> None:
    world = a_world(now)
    assert opened(world) == [200, 200, 200]
    change(world, now)
    assert opened(world) == answers
    links = read(world.client.get("/")).all("a")
    tiles = [one.attributes["href"] for one in links if one.attributes.get("class") == "nhsuk-card__link"]
    assert "/appointments/book" not in tiles
    assert ("/appointments/" in tiles) is (answers[0] == 200)


def test_a_link_without_any_service_still_tells_what_one_can_ask_for(practice: Practice, now: datetime) -> None:
    world = a_world(now)
    revoked(world, now)
    page = " ".join(read(world.client.get("/what-you-can-use")).all("main")[0].text.split())
    assert "You do not have this. You can ask your practice for it." in page
    assert world.client.get("/").status_code == 200
