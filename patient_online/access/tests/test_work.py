"""The work list as staff see it: whose is what, what is overdue, and who covers for whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, staff_of, the_maker
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.tasks.actions import put, settle, take
from patient_online.tasks.models import Task
from patient_online.tasks.queries import ON_A_PAGE
from patient_online.tasks.tests.people import FORM, LETTER, a_task, two_kinds
from patient_online.web.tests.pages import Page, read, said, signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db
WORK = "/practice/tasks"


@pytest.fixture(autouse=True)
def kinds_for_tests() -> Iterator[None]:
    """Two kinds of task that are there for the tests."""
    with two_kinds():
        yield


@pytest.fixture
def rita(practice: Practice) -> Staff:
    """Rita, a receptionist."""
    return staff_of(practice, Role.RECEPTIONIST, account=an_account("rita@example.com", name="Rita Madeup"))


@pytest.fixture
def desk(rita: Staff) -> Client:
    """Her browser."""
    return signed_in_as(rita)


def signed_in_as(one: Staff) -> Client:
    """The browser of this member of staff."""
    return signed_in(Account.objects.get(id=one.account_id))


def shown(client: Client, query: str = "") -> Page:
    """The work list."""
    answer = client.get(f"{WORK}{query}")
    assert answer.status_code == 200
    return read(answer)


def test_an_empty_list_says_how_things_come_onto_it(desk: Client) -> None:
    assert "Nothing waits here." in said(desk.get(WORK))
    assert "Work list" in read(desk.get(WORK)).words("a")


def test_each_task_says_what_whom_since_when_until_when_and_whose(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    task = a_task(practice, at=now)
    take(a_task(practice, at=now), by=rita, at=now)
    rows = shown(desk).words("tr")
    assert len(rows) == 3
    assert all("3 March 2026" in row and "6 March 2026" in row and "born 1 January 1980" in row for row in rows[1:])
    assert ["Nobody’s" in row for row in rows[1:]] == [True, False]
    assert "Yours" in rows[2]
    assert f"Form {str(task.about)[:4]}" in rows[1]
    assert shown(desk).all("a", href=f"/practice/patients/{task.patient_id}")


def test_a_press_takes_a_task_and_a_second_press_by_another_says_that_it_is_taken(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    task, other = a_task(practice, at=now), staff_of(practice, Role.RECEPTIONIST)
    where = f"{WORK}/{task.id}"
    first = desk.post(where, {"owner": str(rita.staff_id), "seen": ""}, follow=True)
    assert "The task is yours." in said(first)
    late = signed_in_as(other).post(where, {"owner": str(other.staff_id), "seen": ""})
    assert "Somebody else has taken this task" in said(late)
    assert "tasks.taken" in late.content.decode()
    task.refresh_from_db()
    assert task.owner_id == rita.staff_id


def test_a_task_is_given_to_a_colleague_and_put_back_on_its_own_page(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    task, other = a_task(practice, at=now), staff_of(practice, Role.MANAGER)
    gp, where = staff_of(practice, Role.GP), f"{WORK}/{task.id}"
    offered = {option.attributes["value"] for option in read(desk.get(where)).all("option")}
    assert offered == {"", str(rita.staff_id), str(other.staff_id)}
    assert "Choose somebody from the list" in said(desk.post(where, {"owner": str(gp.staff_id), "seen": ""}))
    given = desk.post(where, {"owner": str(other.staff_id), "seen": ""}, follow=True)
    assert "The task is given to your colleague." in said(given)
    back = desk.post(where, {"owner": "", "seen": str(other.staff_id)}, follow=True)
    assert "The task is nobody’s" in said(back)


def test_a_task_that_is_done_says_so(practice: Practice, desk: Client, rita: Staff, now: datetime) -> None:
    task = a_task(practice, at=now)
    settle(FORM, about=task.about, by=rita, at=now)
    answer = desk.get(f"{WORK}/{task.id}")
    assert answer.status_code == 403
    assert "This task is done, or was withdrawn." in said(answer)


def test_mine_nobody_s_and_one_kind_are_shown_alone(practice: Practice, rita: Staff, now: datetime) -> None:
    both = staff_of(practice, Role.RECEPTIONIST, Role.GP)
    client = signed_in_as(both)
    take(a_task(practice, at=now), by=both, at=now)
    a_task(practice, at=now, kind=LETTER)
    assert len(shown(client).all("tr")) == 3
    for query, what in (("?whose=mine", "A form"), ("?whose=nobodys", "A letter"), (f"?kind={LETTER}", "A letter")):
        [_head, row] = shown(client, query).words("tr")
        assert what in row
    assert len(shown(client, "?whose=nonsense&kind=nonsense&after=nonsense").all("tr")) == 3


def test_the_next_page_begins_where_this_one_ends(practice: Practice, desk: Client, now: datetime) -> None:
    for _ in range(ON_A_PAGE + 2):
        a_task(practice, at=now)
    first = shown(desk)
    [following] = [link.attributes["href"] for link in first.all("a") if "after=" in link.attributes["href"]]
    second = read(desk.get(following))
    assert (len(first.all("tr")), len(second.all("tr"))) == (1 + ON_A_PAGE, 1 + 2)
    assert not set(first.words("tr")[1:]) & set(second.words("tr")[1:])
    assert "Back to what is due first" in second.words("a")


def test_what_is_overdue_is_said_in_words_and_the_manager_reads_it_on_every_page(
    practice: Practice, now: datetime
) -> None:
    a_task(practice, at=now)
    with time_machine.travel(now + timedelta(days=7), tick=False):
        desk, manager = (staff(practice, role) for role in (Role.RECEPTIONIST, Role.MANAGER))
        assert "Overdue" in shown(desk).words("tr")[1]
        for page in ("/practice/policies", "/practice/patients", WORK):
            told = [" ".join(each.split()) for each in read(manager.get(page)).words("div", **{"class": BANNER})]
            assert told == ["Overdue: 1 task. Look at the work list"]
            assert not read(desk.get(page)).all("div", **{"class": BANNER})


BANNER = "app-overdue-banner"


def test_the_menu_says_how_much_waits_and_no_more_than_that_it_is_many(practice: Practice, now: datetime) -> None:
    desk = staff(practice, Role.RECEPTIONIST)
    assert "Work list" in read(desk.get(WORK)).words("a")
    for _ in range(2):
        a_task(practice, at=now)
    assert "Work list (2): 2 wait for you" in read(desk.get(WORK)).words("a")
    row = {"practice": practice, "kind": FORM, "made_at": now, "due_at": now + timedelta(days=1)}
    Task.objects.bulk_create(Task(**row, about=uuid4()) for _ in range(150))
    assert "Work list (99+): 99+ wait for you" in read(desk.get(WORK)).words("a")


def test_ten_thousand_tasks_cost_the_page_as_many_statements_as_ten(practice: Practice, now: datetime) -> None:
    client, cost = staff(practice, Role.MANAGER), []
    for how_many in (10, 9_990):
        patient = a_patient_of(practice)
        row = {"practice": practice, "kind": FORM, "made_at": now, "due_at": now, "patient_id": patient.id}
        Task.objects.bulk_create(Task(**row, about=uuid4()) for _ in range(how_many))
        with statements() as made:
            shown(client)
        cost.append(len(made))
    assert cost == [5, 5], "\n".join(made)


def test_who_sees_a_patient_in_the_list_is_in_the_patient_s_trail(
    practice: Practice, desk: Client, rita: Staff, now: datetime
) -> None:
    task = a_task(practice, at=now)
    shown(desk)
    [entry] = Entry.objects.filter(event="tasks.listed", patient_id=task.patient_id)
    assert entry.staff_id == rita.staff_id


def test_of_a_sensitive_patient_the_list_shows_the_name_alone(practice: Practice, desk: Client, now: datetime) -> None:
    patient: Patient = a_patient_of(practice, sensitive=True)
    task = put(FORM, about=uuid4(), patient=patient, by=the_maker(practice), at=now)
    for page in (WORK, f"{WORK}/{task.id}"):
        html = desk.get(page).content.decode()
        assert patient.name in html
        assert "born 1 January 1980" not in html
        assert str(patient.nhs_number) not in html


def test_nobody_sees_a_task_that_their_role_does_not_decide(practice: Practice, now: datetime) -> None:
    task = a_task(practice, at=now, kind=LETTER)
    assert "Nothing waits here." in said(staff(practice, Role.RECEPTIONIST).get(WORK))
    assert staff(practice, Role.RECEPTIONIST).get(f"{WORK}/{task.id}").status_code == 404
    assert staff(a_practice(), Role.MANAGER).get(f"{WORK}/{task.id}").status_code == 404
    seen = said(staff(practice, Role.MANAGER).get(f"{WORK}/{task.id}"))
    assert "Your role does not decide this. You can give it to somebody whose role does." in seen
