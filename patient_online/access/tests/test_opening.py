"""Records that open only with a reason: protected, one's own, one's family's; and what lists still tell of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from patient_online.access.actions import opening as actions
from patient_online.access.rules.opening import NotOpened
from patient_online.access.tests.behind_glass import REASON, a_hidden_patient, asks_why, everybody, leaks
from patient_online.access.tests.pages_known import PRACTICE_PAGES, address
from patient_online.appointments.models import Appointment
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    an_account,
    an_account_for,
    an_appointment,
    staff_of,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Opening, Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(practice: Practice) -> Patient:
    """A protected patient."""
    return a_hidden_patient(practice)


def test_the_record_opens_for_half_an_hour_once_a_reason_is_given(practice: Practice, hidden: Patient) -> None:
    """Back on the page that was asked for; then the reason is asked again."""
    client = everybody(practice)
    path = f"/practice/patients/{hidden.id}"
    page = asks_why(client, path)
    assert leaks(page.content.decode(), hidden) == []
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    back = client.post(where, {"key": str(uuid7()), "reason": REASON})
    assert back.headers["Location"] == path
    assert "13 Canary Lane" in said(client.get(path))
    [opening] = Opening.objects.all()
    assert (opening.why, opening.reason, opening.ends_at - opening.at) == ("sensitive", REASON, timedelta(minutes=30))
    with time_machine.travel(opening.ends_at, tick=False):
        asks_why(signed_in(Account.objects.get(id=opening.account_id)), path)


def test_one_who_has_opened_it_opens_it_for_nobody_else(practice: Practice, hidden: Patient) -> None:
    """The reason is theirs."""
    client, other = everybody(practice), everybody(practice)
    client.post(f"/practice/patients/{hidden.id}/open", {"key": str(uuid7()), "reason": REASON})
    assert client.get(f"/practice/patients/{hidden.id}").status_code == 200
    asks_why(other, f"/practice/patients/{hidden.id}")


@pytest.mark.parametrize("reason", ["", "because", " . . . . . . . .", "x" * 501])
def test_too_little_is_no_reason_and_stays_in_the_box(practice: Practice, hidden: Patient, reason: str) -> None:
    """Nothing opens."""
    client = everybody(practice)
    answer = client.post(f"/practice/patients/{hidden.id}/open", {"key": str(uuid7()), "reason": reason})
    assert read(answer).words("title")[0].startswith("Error: ")
    assert reason.strip() in " ".join(read(answer).words("textarea"))
    assert not Opening.objects.exists()


def test_the_governance_lead_is_told_and_notes_that_it_was_looked_into(practice: Practice, hidden: Patient) -> None:
    """A task within two working days; the list tells who, whose, when; the page why."""
    client = everybody(practice)
    client.post(f"/practice/patients/{hidden.id}/open", {"key": str(uuid7()), "reason": REASON})
    opening = Opening.objects.get()
    task = Task.objects.get(kind="glass-broken", about=opening.id)
    assert local_day(task.due_at - timedelta(seconds=1)) == date(2026, 3, 5)
    account = an_account()
    staff_of(practice, Role.GOVERNANCE, account=account)
    lead = signed_in(account)
    assert "Protectedly" in said(lead.get("/practice/openings"))
    page = lead.get(f"/practice/openings/{opening.id}")
    assert REASON in said(page)
    assert leaks(page.content.decode(), hidden) == []
    assert "It is noted" in said(lead.post(f"/practice/openings/{opening.id}", follow=True))
    task.refresh_from_db()
    assert task.status == "done"
    events = Entry.objects.filter(patient_id=hidden.id).values_list("event", flat=True)
    assert {"patient.glass_broken", "opening.seen_to"} <= set(events)


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.GOVERNANCE)])
def test_nobody_else_reads_why_records_were_opened(practice: Practice, role: Role | None) -> None:
    """Not the manager either: it may be theirs."""
    account = an_account()
    staff_of(practice, *([role] if role else []), account=account)
    assert signed_in(account).get("/practice/openings").status_code == 403


def pages_with_a_patient(practice: Practice, patient: Patient) -> Iterator[tuple[str, str]]:
    """Every page of the practice with a patient in its address, and an address of each for this patient."""
    appointment = Appointment.objects.get(patient_id=patient.id)
    free = a_slot_of(practice, appointment.slot.starts_at + timedelta(days=1))
    known = {"patient_id": patient.id, "appointment_id": appointment.id, "slot_id": free.id}
    for route in PRACTICE_PAGES:
        try:
            path = address(route, known)
        except LookupError:
            continue
        if str(patient.id) in path:
            yield route, path


def test_every_page_about_a_protected_patient_asks_why_first(
    practice: Practice, hidden: Patient, now: datetime
) -> None:
    """To look and to send; what is sent does nothing."""
    an_appointment(a_slot_of(practice, now + timedelta(days=1)), hidden, reason="a canary cough")
    client = everybody(practice)
    swept = [(route, path) for route, path in pages_with_a_patient(practice, hidden) if route != "access:open_record"]
    assert len(swept) >= 9
    for route, path in swept:
        assert leaks(asks_why(client, path).content.decode(), hidden) == [], route
        sent = client.post(path, {"key": str(uuid7())})
        assert sent.status_code == 302, route
        assert "/open?" in sent.headers["Location"], route


def test_staff_s_own_record_and_their_household_s_ask_why(practice: Practice, now: datetime) -> None:
    """By whom the account acts for, and by the address; who lives elsewhere opens as ever."""
    home: dict[str, Any] = {"address": ["7 Made-up Row"], "postcode": "ZZ99 3VZ"}
    own, child = (
        a_patient_of(practice, **home),
        a_patient_of(practice, address=["7  made-up row "], postcode="ZZ99 3VZ"),
    )
    stranger = a_patient_of(practice, address=["9 Made-up Row"], postcode="ZZ99 3VZ")
    client = everybody(practice, an_account_for(own))
    for patient, why in ((own, "own"), (child, "family")):
        asks_why(client, f"/practice/patients/{patient.id}")
        client.post(f"/practice/patients/{patient.id}/open", {"key": str(uuid7()), "reason": REASON})
        assert Opening.objects.get(patient_id=patient.id).why == why
        assert client.get(f"/practice/patients/{patient.id}").status_code == 200
    assert client.get(f"/practice/patients/{stranger.id}").status_code == 200
    assert Task.objects.filter(kind="glass-broken").count() == 2


def test_a_gp_protects_a_record_and_takes_it_back(practice: Practice, now: datetime) -> None:
    """In the trail both times; a receptionist may not."""
    patient, gp = a_patient_of(practice), an_account()
    staff_of(practice, Role.GP, account=gp)
    client = signed_in(gp)
    path = f"/practice/patients/{patient.id}/protect"
    assert read(client.get(path)).words("h1") == ["Protect this record?"]
    client.post(path)
    assert Patient.objects.get(id=patient.id).sensitive
    asks_why(client, path)
    client.post(f"/practice/patients/{patient.id}/open", {"key": str(uuid7()), "reason": REASON})
    client.post(path)
    assert not Patient.objects.get(id=patient.id).sensitive
    told = Entry.objects.filter(event="patient.protected").order_by("id").values_list("details__sensitive", flat=True)
    assert list(told) == [True, False]
    with pytest.raises(Refused) as refused:
        actions.protect(patient, sensitive=True, by=staff_of(practice, Role.RECEPTIONIST), at=now)
    assert refused.value.reason is NotAllowed.ROLE_NEEDED


def test_a_record_of_another_practice_opens_for_no_reason_at_all(practice: Practice, now: datetime) -> None:
    """It is not there."""
    elsewhere = a_patient_of(a_practice(), sensitive=True)
    client = everybody(practice)
    assert client.get(f"/practice/patients/{elsewhere.id}/open").status_code == 404
    assert client.get(f"/practice/patients/{elsewhere.id}").status_code == 404
    by = staff_of(practice, Role.GP)
    with pytest.raises(Refused) as refused:
        actions.open_record(elsewhere, reason=REASON, by=by, at=now, key=uuid7())
    assert refused.value.reason is NotAllowed.OTHER_PRACTICE


def test_what_needs_no_reason_is_not_opened(practice: Practice, now: datetime) -> None:
    """So that the list of openings tells of what was protected only."""
    with pytest.raises(Refused) as refused:
        actions.open_record(a_patient_of(practice), reason=REASON, by=staff_of(practice, Role.GP), at=now, key=uuid7())
    assert refused.value.reason is NotOpened.OPEN_ALREADY
    assert the_maker(practice).practice_id == practice.ods_code
