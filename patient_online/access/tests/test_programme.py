"""The national programme's people, and the commands with which an installation begins."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from patient_online.access import jobs
from patient_online.access.models import ProgrammeMember, WorksAt
from patient_online.access.queries import who_has
from patient_online.access.tests.pages_known import PRACTICE_PAGES, address, known_at
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
)
from patient_online.identity.models import Account, WayIn
from patient_online.nhs.services import Service
from patient_online.practices.models import Practice, ServiceStatus, StaffMember
from patient_online.web.tests.pages import read, said, signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


def called(*words: str) -> str:
    """What a command said."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def an_analyst() -> tuple[Account, Client]:
    """Somebody of the programme, and their browser."""
    account = an_account()
    called("programme_member", "add", str(account.email))
    return account, signed_in(account)


def test_an_analyst_sees_how_many_practices_and_not_one_patient(practice: Practice) -> None:
    """Of those that are open; each with how it stands today."""
    closed, second = a_practice(status="closed"), a_practice()
    patient = a_patient_of(practice, family_name="Unseenly")
    switch_on(second, Service.MESSAGES, ServiceStatus.Status.AVAILABLE)
    ServiceStatus.objects.filter(practice=second, service=Service.APPOINTMENTS).update(status="not-available")
    _, client = an_analyst()
    page = client.get("/", follow=True)
    rows = [" ".join(row.split()) for row in read(page).words("tr")]
    assert "There are 2 open practices." in said(page)
    assert "Service Appointments Have it 1 Have it switched on 1 Of all, switched on 50%" in rows
    assert "Service Messages Have it 1 Have it switched on 0 Of all, switched on 0%" in rows
    never_decided = "Service Repeat prescriptions Have it 2 Have it switched on 0 Of all, switched on 0%"
    assert never_decided in rows, "as the practice's own page says it: available, not switched on"
    for name in (patient.family_name, practice.ods_code, second.ods_code, closed.name):
        assert name not in page.content.decode()


def test_who_left_the_programme_is_out_at_once_and_everybody_else_was_never_in(practice: Practice) -> None:
    """Nor does somebody get in who works at a practice, or is a patient."""
    account, client = an_analyst()
    assert client.get("/programme").status_code == 200
    assert "no longer" in called("programme_member", "remove", account.sign_in_name)
    assert client.get("/programme").status_code == 302
    others = [account, an_account_for(a_patient_of(practice)), an_account()]
    staff_of(practice, *PRACTICE_PAGES["appointments:day"], account=others[-1])
    assert [signed_in(each).get("/programme").status_code for each in others] == [403, 403, 403]
    with pytest.raises(CommandError, match="was not of the programme"):
        called("programme_member", "remove", str(account.email))
    with pytest.raises(CommandError, match="no account"):
        called("programme_member", "add", "nobody@example.com")


def test_an_analyst_opens_no_page_of_a_practice_and_none_of_a_patient(practice: Practice) -> None:
    """Whatever they know of addresses."""
    _, client = an_analyst()
    known = known_at(practice, "")
    for route in PRACTICE_PAGES:
        assert client.get(address(route, known)).status_code == 403, route
    assert client.get("/appointments/").status_code == 403


def test_an_analyst_of_yesterday_and_of_tomorrow_is_none_today(now: datetime) -> None:
    """The statement that tells who is asking looks at the days."""
    today = date(2026, 3, 3)
    spans = [(-2, None, True), (0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)]
    for since, until, is_one in spans:
        account, until_day = an_account(), None if until is None else today + timedelta(days=until)
        ProgrammeMember.objects.create(account_id=account.id, from_day=today + timedelta(days=since), to_day=until_day)
        asking = who_has(account.id, at=now, today=today)
        assert asking is not None
        assert (asking.analyst() is not None) is is_one


def test_the_number_of_practices_costs_no_further_statement(practice: Practice) -> None:
    """Who is asking, how they stand, how many there are."""
    _, client = an_analyst()
    with statements() as few:
        client.get("/programme")
    for _ in range(12):
        a_practice()
    with statements() as many:
        client.get("/programme")
    assert len(many) == len(few) <= 4


def test_a_new_installation_begins_with_a_manager_and_a_code(practice: Practice, now: datetime) -> None:
    """Without e-mail the code is said once; it opens the account by choosing a password."""
    told = called("add_manager", "--practice", practice.ods_code.lower(), "--name", "Margery Mockup")
    [listed] = WorksAt.objects.filter(practice_id=practice.ods_code)
    account = Account.objects.get(id=listed.account_id)
    assert listed.roles == ["manager"]
    assert WayIn.objects.filter(account=account, why="invited", used_at=None).count() == 1
    assert account.sign_in_name[:4] in told
    assert not account.has_usable_password()
    with pytest.raises(CommandError, match="no practice"):
        called("add_manager", "--practice", "X00000", "--name", "Margery Mockup")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("--name", "Margery Mockup", "--email", "not-an-address"), "Enter an email address in the correct format"),
        (("--name", "  "), "Full name: This field is required"),
        (("--name", "<b>Margery</b>"), "Leave out the signs"),
        (("--name", "Margery Mockup", "--job", ""), "Job title: "),
    ],
)
def test_no_manager_is_listed_from_what_the_pages_would_not_take(
    practice: Practice, wrong: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        called("add_manager", "--practice", practice.ods_code, *wrong)
    assert not StaffMember.objects.exists()


def test_who_is_manager_already_is_not_listed_twice_and_gets_another_code_when_asked(practice: Practice) -> None:
    given = ("add_manager", "--practice", practice.ods_code, "--name")
    called(*given, "Margery Mockup")
    with pytest.raises(CommandError, match="Margery Mockup is a manager of this practice already"):
        called(*given, "margery mockup")
    assert "Code: " in called(*given, "Margery Mockup", "--again")
    assert StaffMember.objects.filter(practice=practice).count() == 1
    called(*given, "Morris Mockup")
    assert StaffMember.objects.filter(practice=practice).count() == 2


@pytest.mark.parametrize("words", [("  ",), ("Robin Madeup", "--email", ""), ("R" * 151,)])
def test_no_account_is_opened_from_the_command_line_for_rubbish(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        called("open_account", *words)
    assert not Account.objects.exists()


def test_leavers_are_let_out_at_every_practice_by_the_job(now: datetime) -> None:
    """Each hour; those who stay, stay."""
    with time_machine.travel(now, tick=False):
        leaver, stays = staff_of(a_practice()), staff_of(a_practice())
        StaffMember.objects.filter(id=leaver.staff_id).update(to_day=date(2026, 3, 3))
        waiting = InMemoryConnector()
        with app.replace_connector(waiting):
            jobs.let_leavers_out(0)
        for job in waiting.jobs.values():
            jobs.let_leavers_out_of_practice(**job["args"])
    assert list(WorksAt.objects.values_list("staff_id", flat=True)) == [stays.staff_id]
