"""Two decide one request at the same instant."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from patient_online.access.actions import decide
from patient_online.access.models import AccessRequest
from patient_online.access.rules.requests import Decision
from patient_online.access.tests.test_requests import NO, YES, a_looker, level_of, wants
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_practice, staff_of
from patient_online.nhs.services import Level
from patient_online.notify.models import Message
from patient_online.refusals import Refused
from tests.at_once import at_once

ROUNDS = 10


def outcome(request: AccessRequest, decision: Decision, by: Staff, at: datetime) -> str:
    """What one of two who decide is told."""
    try:
        return decide(request, decision=decision, answer="Made-up answer.", by=by, at=at).status
    except Refused as refused:
        return refused.reason.name


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_clerks_decide_at_once_and_one_of_them_does(now: datetime) -> None:
    practice = a_practice()
    clerks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(2)]
    for _ in range(ROUNDS):
        patient, acting = a_looker(practice)
        request = wants(acting, now)
        things: list[Callable[[], object]] = [
            partial(outcome, request, YES(Level.MANAGE), clerks[0], now),
            partial(outcome, request, NO, clerks[1], now),
        ]
        said = at_once(things)
        assert sorted(map(str, said)) in (["DECIDED", "granted"], ["DECIDED", "refused"])
        given = level_of(patient) == {"appointments": "manage"}
        assert given is (AccessRequest.objects.get(id=request.id).status == "granted") is ("granted" in said)
        assert Message.objects.filter(kind="access-decided", about=request.id).count() == 1
