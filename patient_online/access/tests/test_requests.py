"""A patient asks for more or for less; the practice gives it, gives less, or says no."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from patient_online.access.actions import ask_for, decide, give_record, hold_back, withdraw_request
from patient_online.access.models import AccessRequest, ActsFor, Block, Grant, Link
from patient_online.access.rules.requests import Asked, Decision, NotAsked, NotDecided
from patient_online.asking import Acting, NotAllowed, Role
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    acting_as,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.nhs.identity import Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.notify.kinds import worded
from patient_online.notify.models import Message
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.tasks.models import Task

APPOINTMENTS = Service.APPOINTMENTS
YES = partial(Decision, True)
NO = Decision(False)


def a_looker(practice: Practice | None = None) -> tuple[Patient, Acting]:
    """A patient who may look at their appointments, signed in."""
    patient = a_patient_of(practice or a_practice())
    account = an_account_for(patient, services={APPOINTMENTS: Level.VIEW})
    Link.objects.filter(account_id=account.id).update(proof=Proof.DOCUMENTS)
    return patient, acting_as(patient, account)


def wants(
    acting: Acting, at: datetime, level: str = "manage", what: str = "appointments", **more: Any
) -> AccessRequest:
    """The request, as it waits."""
    return ask_for(Asked(what, level, **more), words="", by=acting, at=at)


def level_of(patient: Patient) -> dict[str, str]:
    """What the list says that the patient's account may do."""
    levels: dict[str, str] = ActsFor.objects.get(patient_id=patient.id).levels
    return levels


@pytest.mark.django_db
def test_what_is_asked_for_waits_on_the_work_list_and_is_given_at_once_when_decided(now: datetime) -> None:
    patient, acting = a_looker()
    request = wants(acting, now)
    task = Task.objects.get()
    assert (task.kind, task.about, task.patient_id, task.status) == ("access-request", request.id, patient.id, "open")
    assert (request.had, request.wanted) == ("view", "manage")
    desk = staff_of(patient.practice, Role.RECEPTIONIST)
    assert decide(request, decision=YES(Level.MANAGE), answer="", by=desk, at=now).status == "granted"
    assert level_of(patient) == {"appointments": "manage"}
    assert Task.objects.get().status == "done"


@pytest.mark.django_db
def test_less_than_was_asked_for_may_be_given_and_never_more(now: datetime) -> None:
    patient, acting = a_looker()
    manager = staff_of(patient.practice, Role.MANAGER)
    less = wants(acting, now, "none")
    with pytest.raises(Refused) as no:
        decide(less, decision=YES(Level.MANAGE), answer="", by=manager, at=now)
    assert no.value.reason is NotDecided.TOO_MUCH
    decide(less, decision=YES(Level.NONE), answer="", by=manager, at=now)
    assert level_of(patient) == {}
    assert not Grant.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db
def test_a_refusal_needs_words_and_leaves_what_there_was(now: datetime) -> None:
    patient, acting = a_looker()
    manager, request = staff_of(patient.practice, Role.MANAGER), wants(acting, now)
    with pytest.raises(Refused) as no:
        decide(request, decision=NO, answer=" ", by=manager, at=now)
    assert no.value.reason is NotDecided.NO_ANSWER
    assert decide(request, decision=NO, answer="Please telephone us.", by=manager, at=now).status == "refused"
    assert level_of(patient) == {"appointments": "view"}


@pytest.mark.django_db
def test_the_message_says_that_there_is_an_answer_and_not_which(now: datetime) -> None:
    patient, acting = a_looker()
    request = wants(acting, now)
    answer = "Unmistakable answer"
    decide(request, decision=NO, answer=answer, by=staff_of(patient.practice, Role.MANAGER), at=now)
    message = Message.objects.select_related("patient").get(kind="access-decided")
    words = worded(message, now)
    assert words is not None
    assert "They have answered." in words.text
    said = str(words).lower()
    secrets = ("unmistakable", "appointments", "record", "refused", patient.name.lower())
    assert not [each for each in secrets if each in said]


@pytest.mark.django_db
def test_one_request_about_a_service_waits_at_a_time_and_can_be_taken_back(now: datetime) -> None:
    patient, acting = a_looker()
    request = wants(acting, now)
    with pytest.raises(Refused) as twice:
        wants(acting, now, "none")
    assert twice.value.reason is NotAsked.ASKED_ALREADY
    withdraw_request(request, by=acting, at=now)
    assert Task.objects.get().status == "withdrawn"
    with pytest.raises(Refused) as gone:
        decide(request, decision=YES(Level.MANAGE), answer="", by=staff_of(patient.practice, Role.MANAGER), at=now)
    assert gone.value.reason is NotDecided.DECIDED
    assert level_of(patient) == {"appointments": "view"}
    with pytest.raises(Refused):
        withdraw_request(request, by=acting, at=now)
    assert wants(acting, now).status == "pending"


@pytest.mark.django_db
def test_a_request_sent_twice_is_one(now: datetime) -> None:
    _, acting = a_looker()
    key = uuid7()
    made = [ask_for(Asked("appointments", "manage"), words="", by=acting, at=now, key=key) for _ in range(2)]
    assert made[0].id == made[1].id
    assert AccessRequest.objects.count() == Task.objects.count() == 1


@pytest.mark.django_db
def test_nobody_asks_for_what_they_have_or_for_what_is_not_offered(now: datetime) -> None:
    _, acting = a_looker()
    with pytest.raises(Refused) as same:
        wants(acting, now, "view")
    with pytest.raises(Refused) as off:
        wants(acting, now, "manage", "prescriptions")
    with pytest.raises(Refused) as record:
        wants(acting, now, "full", "record")
    assert same.value.reason is NotAsked.NOTHING_NEW
    assert off.value.reason is record.value.reason is NotAllowed.SERVICE_OFF
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_somebody_else_cannot_take_a_request_back(now: datetime) -> None:
    patient, acting = a_looker()
    request = wants(acting, now)
    for other in (acting_as(patient), a_looker()[1]):
        with pytest.raises(Refused):
            withdraw_request(request, by=other, at=now)
    assert AccessRequest.objects.get().status == "pending"


@pytest.fixture
def showing(db: None) -> Practice:
    """A practice that shows the whole record."""
    practice = a_practice()
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    return practice


def test_old_entries_are_given_where_they_were_asked_for_and_kept_where_not(showing: Practice, now: datetime) -> None:
    patient, acting = a_looker(showing)
    gp = staff_of(showing, Role.GP)
    request = wants(acting, now, "full", "record", historic=True)
    decide(request, decision=YES("full", RecordLevel.SUMMARY), answer="", by=gp, at=now)
    record = ActsFor.objects.get(patient_id=patient.id).record
    assert record == {"current": "full", "historic": "summary", "from": "2026-03-03"}
    less = wants(acting_as(patient, _account(acting)), now, "summary", "record")
    with pytest.raises(Refused) as no:
        decide(less, decision=YES("summary", RecordLevel.FULL), answer="", by=gp, at=now)
    assert no.value.reason is NotDecided.TOO_MUCH
    decide(less, decision=YES("summary", RecordLevel.SUMMARY), answer="", by=gp, at=now)
    assert ActsFor.objects.get(patient_id=patient.id).record["current"] == "summary"


def _account(acting: Acting) -> Any:
    from patient_online.identity.models import Account

    return Account.objects.get(id=acting.account_id)


def test_somebody_who_wants_to_be_rid_of_the_record_is(showing: Practice, now: datetime) -> None:
    patient, acting = a_looker(showing)
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.NONE, "from_day": now.date()}
    give_record(patient, account_id=acting.account_id, **what, by=the_maker(showing), at=now)
    request = wants(acting_as(patient, _account(acting)), now, "none", "record")
    decide(request, decision=YES("none"), answer="", by=staff_of(showing, Role.GP), at=now)
    assert ActsFor.objects.get(patient_id=patient.id).record == {}


def test_what_is_held_back_is_not_given_by_a_request_and_the_patient_may_still_be_rid_of_it(
    showing: Practice, now: datetime
) -> None:
    patient, acting = a_looker(showing)
    manager = staff_of(showing, Role.MANAGER)
    request = wants(acting, now, "full", "record")
    what: dict[str, Any] = {"why": Block.Why.SAFEGUARDING, "words": "Made-up.", "by": manager, "at": now}
    hold_back(patient, service=Service.SUMMARY_RECORD, **what)
    with pytest.raises(Refused) as no:
        decide(request, decision=YES("full"), answer="", by=manager, at=now)
    assert no.value.reason is NotDecided.HELD_BACK
    assert decide(request, decision=NO, answer="Please telephone us.", by=manager, at=now).status == "refused"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("what", "deciding"), [("appointments", "desk"), ("record", "review")])
def test_who_decides_what(showing: Practice, now: datetime, role: Role, what: str, deciding: str) -> None:
    """The desk decides services; a manager or a GP decides the record. Nobody decides for another practice."""
    may = {"desk": {Role.RECEPTIONIST, Role.MANAGER, Role.GP}, "review": {Role.MANAGER, Role.GP}}[deciding]
    _, acting = a_looker(showing)
    request = wants(acting, now, "full" if what == "record" else "manage", what)
    said: dict[str, Any] = {"decision": NO, "answer": "Please telephone us.", "at": now}
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        decide(request, by=staff_of(a_practice(), role), **said)
    by = staff_of(showing, role)
    if role in may:
        assert decide(request, by=by, **said).decided_by == by.account_id
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            decide(request, by=by, **said)
        assert AccessRequest.objects.get().status == "pending"
