"""Managers are told of what is overdue: on the morning of each working day, where they gave an e-mail address."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from patient_online.asking import Role, Staff, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.nhs.dates import london
from patient_online.practices.models import Practice
from patient_online.tasks.actions import take, tell_of_overdue
from patient_online.tasks.jobs import tell_of_overdue_at_practice, tell_of_overdue_everywhere
from patient_online.tasks.tests.people import LETTER, a_task, member_of, the_desk

pytestmark = pytest.mark.django_db


def told(practice: Practice, at: datetime) -> list[str]:
    """To whom it was written."""
    mail.outbox.clear()
    tell_of_overdue(by=System("overdue", practice.ods_code), at=at)
    return [to for message in mail.outbox for to in message.to]


def a_manager(practice: Practice, email: str) -> Staff:
    """A manager with this address."""
    return staff_of(practice, Role.MANAGER, account=an_account(email))


def test_every_manager_with_an_address_reads_how_many_of_which_kind_and_of_no_patient(
    practice: Practice, now: datetime
) -> None:
    a_manager(practice, "margery@example.com")
    gone = staff_of(practice, Role.MANAGER, account=an_account("gone@example.com"))
    member = member_of(gone)
    member.to_day = now.date()
    member.save()
    without = an_account()
    without.email = None
    without.save()
    staff_of(practice, Role.MANAGER, account=without)
    staff_of(practice, Role.RECEPTIONIST, account=an_account("desk@example.com"))
    tasks = [a_task(practice, at=now), a_task(practice, at=now), a_task(practice, at=now, kind=LETTER)]
    take(tasks[0], by=the_desk(practice, 1)[0], at=now)
    assert told(practice, now + timedelta(days=7)) == ["margery@example.com"]
    [message] = mail.outbox
    assert "Overdue on the work list of your practice: 3." in message.body
    assert "- A form: 2\n" in message.body
    assert "- A letter: 1\n" in message.body
    assert not any(task.patient.family_name in message.body for task in tasks)
    [entry] = Entry.objects.filter(event="tasks.overdue_told")
    assert entry.details == {"count": 3, "told": 1}


def test_while_nothing_is_overdue_nobody_is_written_to(practice: Practice, now: datetime) -> None:
    a_manager(practice, "margery@example.com")
    a_task(practice, at=now)
    assert told(practice, now + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("at", "practices"),
    [(london(2026, 3, 10, 7), 1), (london(2026, 3, 14, 7), 0), (london(2026, 4, 3, 7), 0)],
    ids=["on a Tuesday", "on a Saturday", "on Good Friday"],
)
def test_on_the_morning_of_a_working_day_each_practice_with_overdue_tasks_is_told(
    practice: Practice, now: datetime, at: datetime, practices: int
) -> None:
    a_manager(practice, "margery@example.com")
    a_manager(a_practice(), "elsewhere@example.com")
    a_task(practice, at=now)
    waiting = InMemoryConnector()
    with time_machine.travel(at, tick=False), app.replace_connector(waiting):
        tell_of_overdue_everywhere(timestamp=0)
        jobs = [job["args"] for job in waiting.jobs.values()]
        assert jobs == [{"practice_id": practice.ods_code}] * practices
        mail.outbox.clear()
        for job in jobs:
            tell_of_overdue_at_practice(**job)
    assert [message.to for message in mail.outbox] == [["margery@example.com"]] * practices
