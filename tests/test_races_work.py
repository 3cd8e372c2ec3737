"""Work that several do at once: one task, one cover, one decision; and the levels of a record."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from patient_online.access.actions.amending import ask_to_amend, decide_amendment
from patient_online.access.models import DetailsRequest
from patient_online.access.rules.amending import NotAccepted
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_account_for, staff_of, switch_on
from patient_online.nhs.services import Level, Service
from patient_online.patients.amending import Details, details_of
from patient_online.patients.models import Patient
from patient_online.practices.actions import switch_service
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.practices.rules import NotSwitched
from patient_online.refusals import Refusal, Refused
from patient_online.tasks.actions import cover, give_up_all, put, take
from patient_online.tasks.models import Cover, Task
from patient_online.tasks.rules import NotCovered, NotOwned
from patient_online.tasks.tests.people import FORM, a_task, member_of, the_desk, two_kinds
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def kinds_for_tests() -> Iterator[None]:
    """Two kinds of task that are there for the tests."""
    with two_kinds():
        yield


def came(do: Any) -> Refusal | str:
    """What came of it: why it was refused, or that it was done."""
    try:
        do()
    except Refused as refused:
        return refused.reason
    return "done"


def tried(things: list[Any]) -> list[Refusal | str]:
    """What came of each of these done at once."""
    return at_once([partial(came, do) for do in things])


def test_eight_take_one_task_at_once_and_one_has_it(now: datetime) -> None:
    practice = a_practice()
    task, desk = a_task(practice, at=now), the_desk(practice, 8)
    outcome = tried([partial(take, task, by=one, at=now) for one in desk])
    assert outcome.count("done") == 1
    assert outcome.count(NotOwned.TAKEN) == 7
    winner = desk[outcome.index("done")]
    assert Task.objects.get(id=task.id).owner_id == winner.staff_id


def test_put_eight_times_at_once_a_thing_stands_on_the_list_once(now: datetime) -> None:
    practice = a_practice()
    about, desk = uuid4(), the_desk(practice, 8)
    assert tried([partial(put, FORM, about=about, by=one, at=now) for one in desk]) == ["done"] * 8
    assert Task.objects.filter(about=about).count() == 1


def test_eight_enter_cover_for_one_at_once_and_one_is_entered(now: datetime) -> None:
    practice = a_practice()
    [away, *desk], manager = the_desk(practice, 9), staff_of(practice, Role.MANAGER)
    days: dict[str, Any] = {"from_day": now.date(), "to_day": now.date() + timedelta(days=3), "by": manager, "at": now}
    outcome = tried([partial(cover, away.staff_id, covered_by=one.staff_id, key=uuid4(), **days) for one in desk])
    assert outcome.count("done") == 1
    assert outcome.count(NotCovered.OVERLAPS) == 7
    assert Cover.objects.count() == 1


def test_who_leaves_while_tasks_are_taken_keeps_none(now: datetime) -> None:
    """Each task was taken before the leaving and given up with it, or refused after it: none is a leaver's."""
    practice = a_practice()
    [one], tasks = the_desk(practice, 1), [a_task(practice, at=now) for _ in range(7)]
    member, manager = member_of(one), staff_of(practice, Role.MANAGER)
    outcome = tried([*(partial(take, task, by=one, at=now) for task in tasks), partial(leaves, member, manager, now)])
    assert set(outcome) <= {"done", NotOwned.HAS_LEFT}
    assert not Task.objects.filter(owner_id=one.staff_id).exists()


def leaves(member: Any, manager: Any, now: datetime) -> None:
    """Let somebody leave as the practice does: their row is locked, then their tasks are given up."""
    with transaction.atomic():
        known = type(member).objects.select_for_update().get(practice_id=member.practice_id, id=member.id)
        known.to_day = now.date()
        known.save()
        give_up_all(known, by=manager, at=now)


def a_request(practice: Practice, now: datetime) -> DetailsRequest:
    """A patient asks that another name be kept."""
    switch_on(practice, Service.DEMOGRAPHICS)
    patient = a_patient_of(practice)
    hers = acting_as(patient, an_account_for(patient, services={Service.DEMOGRAPHICS: Level.MANAGE}))
    wanted = Details("", "Ann", "Married", (), "")
    request = ask_to_amend(wanted, words="", by=hers, at=now, key=uuid4())
    request.patient = patient
    return request


def test_eight_decide_about_one_request_at_once_and_one_does(now: datetime) -> None:
    practice = a_practice()
    request, desk = a_request(practice, now), the_desk(practice, 8)
    seen = details_of(request.patient).mark
    given: dict[str, Any] = {"accepted": ["family_name"], "answer": "Bring your certificate.", "seen": seen, "at": now}
    outcome = tried(
        [partial(decide_amendment, request, refuse=n % 2 == 0, by=one, **given) for n, one in enumerate(desk)]
    )
    assert outcome.count("done") == 1
    assert outcome.count(NotAccepted.DECIDED) == 7
    accepted = outcome.index("done") % 2 == 1
    assert Patient.objects.get(id=request.patient_id).family_name == (
        "Married" if accepted else request.patient.family_name
    )
    assert DetailsRequest.objects.get().status == ("accepted" if accepted else "refused")


def test_two_managers_switch_two_levels_at_once_and_they_stay_in_order(now: datetime) -> None:
    """One switches the detailed record off, the other documents on: never both."""
    for _ in range(5):
        practice = a_practice()
        for service in (Service.SUMMARY_RECORD, Service.DETAILED_RECORD):
            switch_on(practice, service)
        outcome = tried(
            [
                partial(switches, practice, Service.DETAILED_RECORD, "available", now),
                partial(switches, practice, Service.DOCUMENTS, "switched-on", now),
            ]
        )
        assert outcome.count("done") == 1
        assert {*outcome} - {"done"} <= {NotSwitched.LEVEL_ABOVE_IS_ON, NotSwitched.NEEDS_THE_LEVEL_BELOW}


def switches(practice: Practice, service: Service, status: str, now: datetime) -> ServiceStatus:
    """A manager of the practice switches the service today."""
    given: dict[str, Any] = {"service": service, "status": ServiceStatus.Status(status), "from_day": now.date()}
    return switch_service(practice, **given, by=staff_of(practice, Role.MANAGER), at=now)
