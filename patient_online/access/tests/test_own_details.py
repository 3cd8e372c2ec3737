"""Name and address: a patient sees what is kept, asks for a change, and the practice decides it beside what is kept."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.actions.amending import (
    ask_to_amend,
    withdraw_amendment,
)
from patient_online.access.models import ActsFor, DetailsRequest
from patient_online.access.rules.amending import NotAmended
from patient_online.access.tests.amended import (
    HOME,
    NEW_HOME,
    WHOLE,
    asked,
    moved,
    reason,
    signed_in_as,
)
from patient_online.asking import Acting, NotAllowed, Staff
from patient_online.demo.factories import a_patient_of, an_account_for
from patient_online.nhs.identity import Identity
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.tasks.models import Task
from patient_online.tasks.queries import Whose, tasks_listed
from patient_online.web.tests.pages import read, said, signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


def test_ann_sees_what_is_kept_asks_for_a_change_and_it_stands_on_the_work_list(
    ann: Patient, desk: Staff, now: datetime
) -> None:
    client = signed_in(an_account_for(ann, services=WHOLE))
    page = said(client.get("/your-details"))
    assert ann.nhs_number
    assert all(words in page for words in ("Ms Ann Madeup", "1 January 1980", "1 Example Street", ann.nhs_number[:3]))
    form = {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in read(client.get("/your-details/change")).all("input")
        if "name" in field.attributes
    }
    answer = client.post("/your-details/change", form | NEW_HOME | {"words": "I moved"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/your-details?saved=asked")
    page = said(client.get("/your-details?saved=asked"))
    assert "Saved" in page
    assert "Your practice has not answered yet" in page
    assert "2 Other Street" in page
    assert "Ask to change" not in page
    again = client.get("/your-details/change", follow=True)
    assert "To ask for something else, take that back first. Take back your request" in said(again)
    [[row], _more] = tasks_listed(desk, Whose.ALL, at=now)
    assert (row.task.patient_id, row.line) == (ann.id, "Address")
    ann.refresh_from_db()
    assert ann.address == HOME["address"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"family_name": ""}, "Enter a last name"),
        ({"given_name": "R2D2"}, "Use letters, spaces, hyphens and apostrophes only"),
        ({"postcode": "nowhere"}, "Enter a postcode, like TS18 1HU"),
        ({"postcode": ""}, "Enter the postcode of this address"),
        ({"address": ""}, "Enter the address that this postcode is of"),
        ({"address": "\n".join("abcdef")}, "Use five lines at most"),
        ({"address": "1 Example Street\nMadeup Town"}, "That is what your practice has already."),
    ],
)
def test_what_cannot_be_is_pointed_out_and_nothing_typed_is_lost(
    ann: Patient, wrong: dict[str, str], words: str
) -> None:
    client = signed_in(an_account_for(ann, services=WHOLE))
    answer = client.post("/your-details/change", NEW_HOME | {"words": "I moved house", "key": str(uuid4())} | wrong)
    page = read(answer)
    assert answer.status_code == 200
    assert page.words("title")[0].startswith("Error: ")
    assert words in said(answer)
    assert "I moved house" in said(answer)
    assert not DetailsRequest.objects.exists()


def test_names_of_many_kinds_are_names(hers: Acting, ann: Patient, now: datetime) -> None:
    client = Client()
    client.force_login(an_account_for(ann, services=WHOLE))
    for name in ("O'Brien-Łuczak", "Nguyễn", "St. John", "Ό́μηρος", "Ṣàngódélé"):
        typed = NEW_HOME | {"family_name": name, "key": str(uuid4())}
        assert client.post("/your-details/change", typed).status_code == 302, name
        request = DetailsRequest.objects.get(status="pending")
        assert request.changes["family_name"] == ["Madeup", name]
        DetailsRequest.objects.all().update(status="withdrawn", decided_at=now)


def test_one_request_waits_at_a_time_and_can_be_taken_back(hers: Acting, ann: Patient, now: datetime) -> None:
    request = asked(hers, ann, now)
    with pytest.raises(Refused) as refused:
        asked(hers, ann, now)
    assert reason(refused) is NotAmended.WAITS_ALREADY
    withdraw_amendment(request, by=hers, at=now)
    assert Task.objects.get().status == Task.Status.WITHDRAWN
    with pytest.raises(Refused) as refused:
        withdraw_amendment(request, by=hers, at=now)
    assert reason(refused) is NotAmended.NOTHING_WAITS
    assert asked(hers, ann, now).status == DetailsRequest.Status.PENDING


def test_pressed_twice_it_is_one_request(hers: Acting, ann: Patient, now: datetime) -> None:
    given: dict[str, Any] = {"words": "", "by": hers, "at": now, "key": uuid4()}
    assert ask_to_amend(moved(ann), **given) == ask_to_amend(moved(ann), **given)


def test_at_p5_a_change_is_asked_for_without_reading_anything(ann: Patient, hers: Acting, now: datetime) -> None:
    """E00316: the practice looks at it first. The number, the name and the address stay unseen."""
    ActsFor.objects.filter(patient_id=ann.id).update(identity=Identity.P5)
    client = signed_in_as(hers)
    for page in (client.get("/your-details"), client.get("/your-details/change")):
        main = said(page) + " ".join(box.attributes.get("value", "") for box in read(page).all("input"))
        assert page.status_code == 200
        assert not any(kept in main for kept in ("Madeup", "1 Example Street", "1 January 1980", str(ann.nhs_number)))
    answer = client.post("/your-details/change", NEW_HOME | {"family_name": "Married", "key": str(uuid4())})
    assert answer.status_code == 302
    assert DetailsRequest.objects.get().changes["family_name"] == ["Madeup", "Married"]
    assert "1 Example Street" not in said(client.get("/your-details"))


@pytest.mark.parametrize(
    ("level", "identity", "on", "why"),
    [
        (Level.MANAGE, Identity.P0, True, NotAllowed.IDENTITY_TOO_LOW),
        (Level.VIEW, Identity.P9, True, NotAllowed.SERVICE_NOT_YOURS),
        (Level.MANAGE, Identity.P9, False, NotAllowed.SERVICE_OFF),
    ],
)
def test_each_reason_why_nobody_may_ask(
    ann: Patient, hers: Acting, now: datetime, level: Level, identity: Identity, on: bool, why: NotAllowed
) -> None:
    services = hers.switched_on if on else hers.switched_on - {Service.DEMOGRAPHICS}
    her = replace(hers, levels={Service.DEMOGRAPHICS: level}, identity=identity, switched_on=services)
    with pytest.raises(Refused) as refused:
        asked(her, ann, now)
    assert reason(refused) is why


@pytest.mark.parametrize(("page", "most"), [("", 4), ("/change", 4)])
def test_a_page_of_one_s_own_details_costs_no_more_statements_than_it_may(
    hers: Acting, ann: Patient, now: datetime, page: str, most: int
) -> None:
    """Who asks, what is kept, what was asked for, and the trail."""
    if not page:
        asked(hers, ann, now)
    client = signed_in_as(hers)
    with statements() as made:
        assert client.get(f"/your-details{page}").status_code == 200
    assert len(made) == most, "\n".join(made)


def test_her_home_page_and_what_she_can_use_lead_to_her_details(hers: Acting, ann: Patient) -> None:
    client = signed_in_as(hers)
    for page in ("/", "/what-you-can-use"):
        assert read(client.get(page)).all("a", href="/your-details"), page
    without = signed_in(an_account_for(a_patient_of(ann.practice)))
    assert not read(without.get("/")).all("a", href="/your-details")
