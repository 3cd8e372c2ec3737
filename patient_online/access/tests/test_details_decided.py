"""The practice decides about a name or address beside what is kept, or puts it right at the desk."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from patient_online.access.actions.amending import (
    correct_details,
)
from patient_online.access.models import DetailsRequest
from patient_online.access.rules.amending import NotAccepted
from patient_online.access.tests.amended import (
    NEW_HOME,
    asked,
    decided,
    reason,
    signed_in_as,
)
from patient_online.asking import Acting, NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, staff_of
from patient_online.notify.models import Message
from patient_online.patients.amending import details_of
from patient_online.patients.models import Patient
from patient_online.patients.rules import NotKept
from patient_online.refusals import Refused
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db


def test_all_is_accepted_and_the_patient_is_told_that_there_is_an_answer(
    hers: Acting, ann: Patient, desk: Staff, now: datetime
) -> None:
    decided(asked(hers, ann, now), desk, now)
    ann.refresh_from_db()
    assert (ann.family_name, ann.address) == ("Married", ["2 Other Street", "Madeup Town"])
    assert Task.objects.get().status == Task.Status.DONE
    assert Message.objects.get().kind == "details-decided"
    page = said(signed_in_as(hers).get("/your-details"))
    assert "They changed what is marked “changed” below" in page
    assert page.count("(changed)") == 2
    events = Entry.objects.filter(patient_id=ann.id, event__startswith="details").order_by("id")
    assert list(events.values_list("event", flat=True)) == ["details.asked_for", "details.decided"]
    [kept] = Entry.objects.filter(event="patient.details_changed")
    assert kept.details == {"fields": ["address", "family_name"]}


def test_some_is_accepted_in_words_and_the_rest_stays(hers: Acting, ann: Patient, desk: Staff, now: datetime) -> None:
    request = asked(hers, ann, now)
    with pytest.raises(Refused) as refused:
        decided(request, desk, now, accepted=["address"])
    assert reason(refused) is NotAccepted.NO_ANSWER
    decided(request, desk, now, accepted=["address"], answer="Please bring your certificate.")
    ann.refresh_from_db()
    assert (ann.family_name, ann.address) == ("Madeup", ["2 Other Street", "Madeup Town"])
    page = said(signed_in_as(hers).get("/your-details"))
    assert "Please bring your certificate." in page
    assert "Married (not changed)" in page


def test_it_is_refused_in_words_that_the_patient_reads(hers: Acting, ann: Patient, desk: Staff, now: datetime) -> None:
    request = asked(hers, ann, now)
    for given, why in (({"refuse": True}, NotAccepted.NO_ANSWER), ({"accepted": []}, NotAccepted.NOTHING_TICKED)):
        with pytest.raises(Refused) as refused:
            decided(request, desk, now, **given)
        assert reason(refused) is why
    decided(request, desk, now, refuse=True, answer="We need to see you first.")
    ann.refresh_from_db()
    assert ann.family_name == "Madeup"
    assert "We need to see you first." in said(signed_in_as(hers).get("/your-details"))
    with pytest.raises(Refused) as refused:
        decided(request, desk, now)
    assert reason(refused) is NotAccepted.DECIDED


def test_what_changed_meanwhile_is_shown_and_never_overwritten_unseen(
    hers: Acting, ann: Patient, desk: Staff, now: datetime
) -> None:
    request, seen = asked(hers, ann, now), details_of(ann).mark
    correct_details(ann, replace(details_of(ann), address=("9 Third Street",)), seen=seen, by=desk, at=now)
    with pytest.raises(Refused) as refused:
        decided(request, desk, now, seen=seen)
    assert reason(refused) is NotKept.CHANGED
    assert DetailsRequest.objects.get().status == DetailsRequest.Status.PENDING
    page = said(signed_in_as(desk).get(f"/practice/details-requests/{request.id}"))
    assert "9 Third StreetChanged since the patient asked. It was: 1 Example Street" in page
    assert "2 Other Street" in page


def test_the_desk_decides_on_the_page_with_both_side_by_side(
    hers: Acting, ann: Patient, desk: Staff, now: datetime
) -> None:
    request, client = asked(hers, ann, now), signed_in_as(desk)
    where = f"/practice/details-requests/{request.id}"
    shown = read(client.get(where))
    form = {"key": str(uuid4()), "seen": shown.all("input", name="seen")[0].attributes["value"]}
    assert [box.attributes["value"] for box in shown.all("input", name="accepted")] == ["family_name", "address"]
    answer = client.post(where, form | {"accepted": ["address"]})
    assert "Say what you decide" in said(answer)
    answer = client.post(where, form | {"decision": "accept", "accepted": ["family_name", "address"]})
    assert answer.status_code == 302
    assert "the patient is told that there is an answer" in said(client.get(answer.headers["Location"]))
    ann.refresh_from_db()
    assert ann.family_name == "Married"


def test_the_desk_puts_a_name_right_and_the_patient_is_told(ann: Patient, desk: Staff) -> None:
    client, where = signed_in_as(desk), f"/practice/patients/{ann.id}/details"
    shown = read(client.get(where))
    form = {"key": str(uuid4()), "seen": shown.all("input", name="seen")[0].attributes["value"]}
    answer = client.post(where, form | NEW_HOME)
    assert answer.status_code == 302
    assert "the patient is told that they were changed" in said(client.get(answer.headers["Location"]))
    assert Message.objects.get().kind == "details-changed"
    late = client.post(where, form | {"key": str(uuid4())} | NEW_HOME | {"family_name": "Other"})
    assert "These details were changed while you had this page open" in said(late)
    assert "Other" in late.content.decode()
    ann.refresh_from_db()
    assert (ann.family_name, ann.address) == ("Madeup", ["2 Other Street", "Madeup Town"])


def test_staff_of_another_practice_find_no_request_and_decide_none(hers: Acting, ann: Patient, now: datetime) -> None:
    request, other = asked(hers, ann, now), staff_of(a_practice(), Role.MANAGER)
    assert signed_in_as(other).get(f"/practice/details-requests/{request.id}").status_code == 404
    with pytest.raises(Refused) as refused:
        decided(request, other, now)
    assert reason(refused) is NotAllowed.OTHER_PRACTICE
