"""Who works at a practice: added, changed, gone and back; by whom, and what an open page still does afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from patient_online.access.actions import staffing
from patient_online.access.models import WorksAt
from patient_online.access.queries import who_has
from patient_online.access.queries.staffing import history_of_place, leavers_listed
from patient_online.access.rules.staffing import NotStaffed
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_patient_of, an_account, an_account_for, staff_of, the_maker
from patient_online.identity.models import Account, WayIn
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, StaffMember
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
SOMEBODY: dict[str, Any] = {"name": "Nia Newperson", "job": "Receptionist", "how": "paper"}


def the_manager(practice: Practice) -> tuple[Staff, Client]:
    """A manager, and their browser."""
    account = an_account(name="Margery Mockup")
    return staff_of(practice, Role.MANAGER, account=account), signed_in(account)


def member_of(staff: Staff) -> StaffMember:
    """The row of somebody who works at a practice."""
    return StaffMember.objects.get(practice_id=staff.practice_id, id=staff.staff_id)


def sent(**given: Any) -> dict[str, Any]:
    """What the form to add somebody sends."""
    return {"key": str(uuid7()), **SOMEBODY, **given}


def test_a_manager_adds_a_receptionist_without_email_and_hands_over_a_code(practice: Practice) -> None:
    """The code is shown once; the account has no password, and what it may do is on the list already."""
    _, client = the_manager(practice)
    answer = client.post("/practice/staff/add", sent(roles=["receptionist"]), follow=True)
    assert read(answer).words("h1") == ["Give Nia Newperson a way to sign in"]
    slip = client.post(answer.request["PATH_INFO"], {"how": "paper"})
    member = StaffMember.objects.get(name="Nia Newperson")
    assert member.account_id
    account = Account.objects.get(id=member.account_id)
    assert (account.email, account.has_usable_password()) == (None, False)
    assert account.sign_in_name[:4] in said(slip)
    assert WorksAt.objects.get(account_id=account.id).roles == ["receptionist"]
    [way] = WayIn.objects.filter(account=account, why="invited")
    assert way.code_hash not in said(slip)
    assert "Invited, has not signed in yet" in said(client.get("/practice/staff"))


def test_sent_twice_the_form_adds_one_person(practice: Practice) -> None:
    """Under the same key."""
    _, client = the_manager(practice)
    form = sent(how="not")
    for _ in range(2):
        assert client.post("/practice/staff/add", form).status_code == 302
    assert StaffMember.objects.filter(name="Nia Newperson").count() == 1


def test_an_email_that_nobody_has_gets_an_account_and_a_code_by_email(practice: Practice) -> None:
    """The manager never sees the code."""
    _, client = the_manager(practice)
    answer = client.post("/practice/staff/add", sent(how="email", email="New@Example.com"), follow=True)
    account = Account.objects.get(email="new@example.com")
    [letter] = mail.outbox
    assert letter.to == ["new@example.com"]
    assert "/way-in" in str(letter.body)
    assert StaffMember.objects.get(name="Nia Newperson").account_id == account.id
    assert "An invitation is on its way by email" in said(answer)


def test_an_account_that_is_there_is_tied_by_its_owner_alone(practice: Practice) -> None:
    """By the link in their mail, signed in to that account, once; the page for the manager is the same."""
    _, client = the_manager(practice)
    theirs, other = an_account("has.one@example.com"), an_account()
    answer = client.post(
        "/practice/staff/add", sent(how="email", email="has.one@example.com", roles=["nurse"]), follow=True
    )
    assert "An invitation is on its way by email" in said(answer)
    member = StaffMember.objects.get(name="Nia Newperson")
    assert member.account_id is None
    assert not WorksAt.objects.filter(account_id=theirs.id).exists()
    assert not WayIn.objects.filter(account=theirs).exists()
    link = next(word for word in str(mail.outbox[0].body).split() if "/work-at/" in word)
    path = "/work-at/" + link.split("/work-at/")[1]
    assert signed_in(other).post(path).status_code == 403
    assert signed_in(theirs).post(path + "x").status_code == 403
    mine = signed_in(theirs)
    assert read(mine.get(path)).words("h1") == ["Work at this practice?"]
    assert mine.post(path).status_code == 302
    assert WorksAt.objects.get(account_id=theirs.id).roles == ["nurse"]
    assert NotStaffed.INVITATION_OVER.words in said(mine.post(path))


def test_a_leaver_is_out_on_the_next_request_of_an_open_page(practice: Practice, now: datetime) -> None:
    """Signed out, listed nowhere, and what waited for them waits for anybody; as a patient they go on."""
    patient = a_patient_of(practice)
    account = an_account_for(patient)
    desk = staff_of(practice, Role.RECEPTIONIST, account=account)
    open_page = signed_in(account)
    assert open_page.get("/practice/patients").status_code == 200
    about = {"about": uuid7(), "made_at": now, "due_at": now + timedelta(days=2), "owner_id": desk.staff_id}
    task = Task.objects.create(practice=practice, kind="claim", **about)
    _, client = the_manager(practice)
    answer = client.post(f"/practice/staff/{desk.staff_id}/leaves", {"when": "now"}, follow=True)
    assert "It holds from the day that stands below" in said(answer)
    for method in (open_page.get, open_page.post):
        assert method("/practice/patients").status_code in (302, 403)
    task.refresh_from_db()
    assert (task.owner_id, task.status) == (None, "open")
    again = signed_in(account)
    assert again.get("/practice/patients").status_code == 403
    assert again.get("/appointments/").status_code == 200


def test_who_leaves_on_a_later_day_works_until_then(practice: Practice, now: datetime) -> None:
    """The job of that night ends it, and the next one finds nothing to do."""
    manager, client = the_manager(practice)
    nurse = staff_of(practice, Role.NURSE)
    day = local_day(now) + timedelta(days=3)
    parts = {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
    client.post(f"/practice/staff/{nurse.staff_id}/leaves", {"when": "later", **parts})
    system = the_maker(practice)
    assert leavers_listed(system, at=now) == []
    then = now + timedelta(days=3)
    [leaver] = leavers_listed(system, at=then)
    staffing.let_out(leaver, by=system, at=then)
    assert not WorksAt.objects.filter(staff_id=nurse.staff_id).exists()
    assert leavers_listed(system, at=then) == []
    assert [entry.event for entry in history_of_place(manager, leaver)] == ["staff.gone", "staff.left"]


def test_who_leaves_on_a_later_day_is_out_on_that_day_though_no_worker_runs(practice: Practice, now: datetime) -> None:
    """Who is asking knows the day itself; until then they work, and who stays after all works on."""
    manager, _ = the_manager(practice)
    nurse = staff_of(practice, Role.NURSE, account=(account := an_account()))
    today = local_day(now)
    staffing.leave(member_of(nurse), day=today + timedelta(days=3), by=manager, at=now)

    def works(days: int) -> bool:
        asking = who_has(account.id, at=now + timedelta(days=days), today=today + timedelta(days=days))
        return asking is not None and asking.staff() is not None

    assert [works(days) for days in (0, 2, 3, 4)] == [True, True, False, False]
    staffing.come_back(member_of(nurse), by=manager, at=now)
    assert works(4)


def test_a_leaver_comes_back_with_the_roles_they_had(practice: Practice) -> None:
    """After having left, and before."""
    _, client = the_manager(practice)
    nurse = staff_of(practice, Role.NURSE)
    client.post(f"/practice/staff/{nurse.staff_id}/leaves", {"when": "now"})
    assert not WorksAt.objects.filter(staff_id=nurse.staff_id).exists()
    client.post(f"/practice/staff/{nurse.staff_id}/back")
    assert WorksAt.objects.get(staff_id=nurse.staff_id).roles == ["nurse"]


def test_other_roles_hold_at_once_and_end_the_sessions(practice: Practice) -> None:
    """An open page of before is signed out; the history tells what they were."""
    manager, client = the_manager(practice)
    account = an_account()
    nurse = staff_of(practice, Role.NURSE, account=account)
    open_page = signed_in(account)
    given = {"name": "Bola", "job": "Nurse", "roles": ["dispenser"], "seen": "nurse"}
    assert client.post(f"/practice/staff/{nurse.staff_id}/change", given).status_code == 302
    assert open_page.get("/practice/patients").status_code == 302
    assert signed_in(account).get("/practice/patients").status_code == 403
    [entry] = history_of_place(manager, member_of(nurse))
    assert (entry.details["before"], entry.details["roles"]) == (["nurse"], ["dispenser"])


def test_who_has_no_role_comes_to_no_page_of_the_practice(practice: Practice) -> None:
    """The start page says whom to ask, and so does every other."""
    staff_of(practice, account=(account := an_account()))
    client = signed_in(account)
    assert client.get("/").status_code == 403
    assert "ask your practice manager" in said(client.get("/practice/set-up"))


def test_nobody_changes_their_own_roles_or_lets_themselves_out(practice: Practice, now: datetime) -> None:
    """Not by sending the form either; their own name they may put right."""
    staff_of(practice, Role.ADMINISTRATOR)
    manager, client = the_manager(practice)
    given = {"name": "Margery Mockup", "job": "Boss", "roles": ["manager", "gp"], "seen": "manager"}
    assert NotStaffed.OWN_ROLES.words in said(client.post(f"/practice/staff/{manager.staff_id}/change", given))
    assert NotStaffed.OWN_ROLES.words in said(
        client.post(f"/practice/staff/{manager.staff_id}/leaves", {"when": "now"})
    )
    assert WorksAt.objects.get(staff_id=manager.staff_id).roles == ["manager"]
    client.post(f"/practice/staff/{manager.staff_id}/change", given | {"roles": ["manager"]})
    assert member_of(manager).job == "Boss"
    assert WorksAt.objects.get(staff_id=manager.staff_id).roles == ["manager"]


def test_the_last_who_looks_after_staff_can_neither_leave_nor_lose_the_role(practice: Practice, now: datetime) -> None:
    """Somebody whose last day is set does not count, nor does who has left."""
    manager, _ = the_manager(practice)
    administrator = staff_of(practice, Role.ADMINISTRATOR)
    later = local_day(now) + timedelta(days=9)
    staffing.leave(member_of(manager), day=later, by=administrator, at=now)
    given: dict[str, Any] = {"roles": [], "seen": [Role.ADMINISTRATOR], "sees_patients": False}
    deeds: list[Callable[[], Any]] = [
        lambda: staffing.leave(member_of(administrator), day=later, by=manager, at=now),
        lambda: staffing.change_member(member_of(administrator), name="A", job="B", **given, by=manager, at=now),
    ]
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.reason is NotStaffed.LAST_KEEPER


def test_roles_that_somebody_else_has_changed_meanwhile_are_not_overwritten(practice: Practice, now: datetime) -> None:
    """The page was opened before."""
    manager, _ = the_manager(practice)
    nurse = staff_of(practice, Role.NURSE)
    given: dict[str, Any] = {"name": "N", "job": "J", "sees_patients": False, "by": manager, "at": now}
    staffing.change_member(member_of(nurse), roles=[Role.GP], seen=[Role.NURSE], **given)
    with pytest.raises(Refused) as refused:
        staffing.change_member(member_of(nurse), roles=[Role.MANAGER], seen=[Role.NURSE], **given)
    assert refused.value.reason is NotStaffed.CHANGED


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(practice: Practice) -> None:
    """No name, no address, no day."""
    _, client = the_manager(practice)
    nurse = staff_of(practice, Role.NURSE)
    page = read(client.post("/practice/staff/add", sent(name="", how="email")))
    assert page.words("title")[0].startswith("Error: ")
    assert [one.attributes["value"] for one in page.all("input", name="job")] == ["Receptionist"]
    assert "Enter an email address" in " ".join(page.words("a"))
    wrong = client.post(f"/practice/staff/{nurse.staff_id}/leaves", {"when": "later"})
    assert "Enter the first day without access" in said(wrong)
    past = {"when": "later", "day_day": "2", "day_month": "3", "day_year": "2026"}
    assert "This day is over" in said(client.post(f"/practice/staff/{nurse.staff_id}/leaves", past))
