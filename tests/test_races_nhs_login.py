"""People who come by NHS login at once, on a real database with a connection each.

Seen to fail by hand: without the lock of the patient in `access.actions.nhs_login` two NHS logins became one patient.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from patient_online.access.models import Link
from patient_online.asking import Anyone
from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.identity.actions.nhs_login import come_in, spend
from patient_online.identity.models import Account, NhsLogin
from patient_online.identity.nhs_login.rules import Known, NotByNhsLogin
from patient_online.tasks.models import Task
from tests.at_once import at_once
from tests.test_races_practice import came_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def robin() -> Known:
    """What NHS login tells of a patient of a new practice."""
    patient = a_patient_of(a_practice(), family_name="Race", birth_date=date(1990, 5, 1))
    what = ("Robin Race", "Race", str(patient.nhs_number), patient.birth_date, patient.practice_id)
    return Known("https://auth.example.org", f"subject-{patient.id}", "P9.Cp.Cd", *what)


def another(known: Known) -> Known:
    """Another NHS login of the same person."""
    return Known(known.issuer, f"{known.subject}-2", known.vot, *_rest(known))


def _rest(known: Known) -> tuple[Any, ...]:
    return (known.name, known.family_name, known.nhs_number, known.birth_date, known.ods_code)


def test_two_windows_of_one_person_open_one_account_at_once(now: datetime) -> None:
    for _ in range(6):
        known = robin()
        came = at_once([partial(come_in, known, by=Anyone(), at=now)] * 4)
        assert len({account.id for account, _ in came}) == 1
        assert NhsLogin.objects.filter(subject=known.subject).count() == 1
        assert Link.objects.filter(practice_id=known.ods_code, ended_at=None).count() == 1
    assert Account.objects.count() == 6


def test_two_nhs_logins_that_come_at_once_do_not_become_one_patient(now: datetime) -> None:
    """One is tied; the other is refused, no account of theirs is left, and the practice has a task."""
    for _ in range(6):
        known = robin()
        come = [partial(come_in, one, by=Anyone(), at=now) for one in (known, another(known))]
        answers = at_once([partial(came_of, one) for one in come])
        assert answers.count(NotByNhsLogin.ANOTHER_LOGIN) == 1
        assert Link.objects.filter(practice_id=known.ods_code, ended_at=None).count() == 1
        assert NhsLogin.objects.filter(subject__startswith=known.subject).count() == 1
        assert Task.objects.filter(practice_id=known.ods_code, status="open").count() == 1


def test_a_code_that_two_workers_take_at_once_is_taken_by_one(now: datetime) -> None:
    for n in range(10):
        took = at_once([partial(spend, "https://auth.example.org", "code", f"code-{n}", by=Anyone(), at=now)] * 5)
        assert took.count(True) == 1
