"""The work list: what stands on it, whose it is, and that nothing waits unseen."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, staff_of, the_maker
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.tasks.actions import (
    cover,
    give,
    give_up,
    give_up_all,
    put,
    put_back,
    settle,
    take,
    withdraw,
    withdraw_all_of,
)
from patient_online.tasks.kinds import kinds
from patient_online.tasks.models import Task
from patient_online.tasks.queries import ON_A_PAGE, Counts, Shown, Whose, counts, task_of, tasks_listed
from patient_online.tasks.rules import NotOwned, last_day
from patient_online.tasks.tests.people import FORM, LETTER, a_task, member_of, the_desk
from tests.statements import statements

pytestmark = pytest.mark.django_db


def listed(asker: object, whose: Whose = Whose.ALL, *, at: datetime) -> list[Task]:
    """The tasks on the first page."""
    return [row.task for row in tasks_listed(asker, whose, at=at)[0]]  # type: ignore[arg-type]


def test_a_thing_stands_on_the_list_once_until_it_is_settled_and_then_may_come_again(
    practice: Practice, now: datetime
) -> None:
    maker, about = the_maker(practice), uuid4()
    first = put(FORM, about=about, by=maker, at=now)
    assert put(FORM, about=about, by=maker, at=now) == first
    assert settle(FORM, about=about, by=maker, at=now)
    assert not settle(FORM, about=about, by=maker, at=now)
    assert put(FORM, about=about, by=maker, at=now) != first
    events = Entry.objects.filter(practice_id=practice.ods_code).values_list("event", flat=True)
    assert [each for each in events.order_by("id") if each.startswith("task")] == ["task.put", "task.done", "task.put"]


def test_it_is_due_after_the_kind_s_own_days_or_else_by_the_practice_s_policy(
    practice: Practice, now: datetime
) -> None:
    set_policy(practice, name="answer_within_days", value=7, by=the_maker(practice), at=now)
    assert last_day(a_task(practice, at=now).due_at).isoformat() == "2026-03-12"
    assert last_day(a_task(practice, at=now, kind=LETTER).due_at).isoformat() == "2026-03-04"


def test_seven_days_later_every_task_of_every_kind_is_overdue_and_shown_to_the_manager(
    practice: Practice, now: datetime
) -> None:
    """Owned, covered for, put back, or of a kind that no version of the program knows: none can wait unseen."""
    [receptionist, other] = the_desk(practice)
    for kind in kinds():
        a_task(practice, at=now, kind=kind.name)
    owned, back = a_task(practice, at=now), a_task(practice, at=now)
    take(owned, by=receptionist, at=now)
    take(back, by=other, at=now)
    put_back(back, was=other.staff_id, by=other, at=now)
    Task.objects.create(practice=practice, kind="from-the-future", about=uuid4(), made_at=now, due_at=now)
    later, manager = now + timedelta(days=7), staff_of(practice, Role.MANAGER)
    rows, more = tasks_listed(manager, Whose.ALL, at=later)
    assert more is None
    assert {row.task.kind for row in rows} == {kind.name for kind in kinds()} | {"from-the-future"}
    assert len(rows) == len(kinds()) + 3 == counts(manager, at=later).overdue
    assert all(row.overdue for row in rows)


def test_staff_see_what_their_roles_decide_and_their_own_practice_alone(practice: Practice, now: datetime) -> None:
    form, letter = a_task(practice, at=now), a_task(practice, at=now, kind=LETTER)
    a_task(a_practice(), at=now)
    assert listed(staff_of(practice, Role.RECEPTIONIST), at=now) == [form]
    assert listed(staff_of(practice, Role.GP), at=now) == [letter]
    assert set(listed(staff_of(practice, Role.MANAGER), at=now)) == {form, letter}
    assert task_of(staff_of(practice, Role.GP), form.id, at=now) is None
    assert task_of(staff_of(a_practice(), Role.MANAGER), form.id, at=now) is None


def test_who_decides_nothing_sees_an_empty_list(practice: Practice, now: datetime) -> None:
    a_task(practice, at=now)
    nobody = staff_of(practice, Role.DISPENSER)
    assert listed(nobody, at=now + timedelta(days=9)) == []
    assert counts(nobody, at=now + timedelta(days=9)) == Counts(mine=0, nobodys=0, overdue=0)


def test_who_takes_a_task_has_it_gives_it_away_and_puts_it_back(practice: Practice, now: datetime) -> None:
    [one, two], task = the_desk(practice), a_task(practice, at=now)
    take(task, by=one, at=now)
    assert listed(one, Whose.MINE, at=now) == [task]
    assert listed(one, Whose.NOBODYS, at=now) == []
    give(task, to=two.staff_id, was=one.staff_id, by=one, at=now)
    assert listed(one, Whose.MINE, at=now) == []
    assert listed(two, Whose.MINE, at=now) == [task]
    put_back(task, was=two.staff_id, by=two, at=now)
    assert listed(two, Whose.NOBODYS, at=now) == [task]
    events = Entry.objects.filter(practice_id=practice.ods_code, subject_id=task.id).order_by("id")
    assert list(events.values_list("event", flat=True)) == ["task.put", "task.taken", "task.given", "task.put_back"]


def test_who_takes_what_another_has_meanwhile_is_told_so(practice: Practice, now: datetime) -> None:
    [one, two], task = the_desk(practice), a_task(practice, at=now)
    take(task, by=one, at=now)
    with pytest.raises(Refused) as refused:
        take(task, by=two, at=now)
    assert refused.value.reason is NotOwned.TAKEN
    assert listed(one, Whose.MINE, at=now) == [task]


def test_what_is_done_or_withdrawn_is_nobody_s_to_take(practice: Practice, now: datetime) -> None:
    [one, _], task, other = the_desk(practice), a_task(practice, at=now), a_task(practice, at=now)
    settle(FORM, about=task.about, by=one, at=now)
    withdraw(FORM, about=other.about, by=one, at=now)
    for each in (task, other):
        with pytest.raises(Refused) as refused:
            take(each, by=one, at=now)
        assert refused.value.reason is NotOwned.ENDED
    assert listed(one, at=now) == []


def test_a_task_is_given_to_those_alone_who_may_decide_it_and_work_here(practice: Practice, now: datetime) -> None:
    [one, two], gp, task = the_desk(practice), staff_of(practice, Role.GP), a_task(practice, at=now)
    elsewhere = staff_of(a_practice(), Role.RECEPTIONIST)
    member = member_of(two)
    member.to_day = now.date()
    member.save()
    for to, why in ((gp, NotOwned.WRONG_ROLE), (two, NotOwned.HAS_LEFT), (elsewhere, NotOwned.HAS_LEFT)):
        with pytest.raises(Refused) as refused:
            give(task, to=to.staff_id, by=one, at=now)
        assert refused.value.reason is why
    with pytest.raises(Refused) as refused:
        take(task, by=gp, at=now)
    assert refused.value.reason is NotAllowed.ROLE_NEEDED
    with pytest.raises(Refused) as refused:
        take(task, by=elsewhere, at=now)
    assert refused.value.reason is NotAllowed.OTHER_PRACTICE


def test_whoever_leaves_or_loses_a_role_gives_up_their_tasks(practice: Practice, now: datetime) -> None:
    both, maker = staff_of(practice, Role.RECEPTIONIST, Role.GP), the_maker(practice)
    form, letter = a_task(practice, at=now), a_task(practice, at=now, kind=LETTER)
    take(form, by=both, at=now)
    take(letter, by=both, at=now)
    assert give_up(member_of(both), roles={Role.GP}, by=maker, at=now) == 1
    assert listed(both, Whose.MINE, at=now) == [letter]
    assert give_up_all(member_of(both), by=maker, at=now) == 1
    assert set(listed(both, Whose.NOBODYS, at=now)) == {form, letter}


def test_all_that_is_about_a_patient_is_withdrawn_when_they_leave(practice: Practice, now: datetime) -> None:
    patient, maker = a_patient_of(practice), the_maker(practice)
    theirs = [put(kind, about=uuid4(), patient=patient, by=maker, at=now) for kind in (FORM, LETTER)]
    other = a_task(practice, at=now)
    assert withdraw_all_of(patient, by=maker, at=now) == len(theirs)
    assert listed(staff_of(practice, Role.MANAGER), at=now) == [other]


def test_while_somebody_is_away_the_other_finds_their_tasks_among_their_own(practice: Practice, now: datetime) -> None:
    [away, other], task = the_desk(practice), a_task(practice, at=now)
    take(task, by=away, at=now)
    first, last = now.date() + timedelta(days=1), now.date() + timedelta(days=2)
    given: dict[str, Any] = {"covered_by": other.staff_id, "from_day": first, "to_day": last, "key": uuid4()}
    cover(away.staff_id, **given, by=away, at=now)
    found = [listed(other, Whose.MINE, at=now + timedelta(days=days)) for days in range(4)]
    assert found == [[], [task], [task], []]
    assert counts(other, at=now + timedelta(days=1)).mine == 1


def every_page(asker: object, at: datetime) -> list[Shown]:
    """The whole list, page by page."""
    rows, more = tasks_listed(asker, Whose.ALL, at=at)  # type: ignore[arg-type]
    while more:
        page, more = tasks_listed(asker, Whose.ALL, after=more, at=at)  # type: ignore[arg-type]
        rows += page
    return rows


def test_page_by_page_each_task_comes_once_and_what_is_due_first_comes_first(practice: Practice, now: datetime) -> None:
    """Many are due at the same instant: the pages part them by their ids."""
    for n in range(3 * ON_A_PAGE + 1):
        a_task(practice, at=now + timedelta(days=n % 2), kind=FORM if n % 3 else LETTER)
    tasks = [row.task for row in every_page(staff_of(practice, Role.MANAGER), now)]
    assert tasks == sorted(Task.objects.all(), key=lambda task: (task.due_at, task.id))


def test_ten_thousand_tasks_are_listed_and_counted_with_as_few_statements_and_rows_as_ten(
    practice: Practice, now: datetime
) -> None:
    """What a page costs does not grow with the list: statements, rows fetched, and no count that reads them all."""
    manager, cost = staff_of(practice, Role.MANAGER), []
    for how_many in (10, 9_990):
        due = [now + timedelta(minutes=n) for n in range(how_many)]
        row = {"practice": practice, "kind": FORM, "made_at": now}
        Task.objects.bulk_create(Task(**row, about=uuid4(), due_at=at) for at in due)
        with statements() as made:
            rows, _more = tasks_listed(manager, Whose.ALL, at=now)
            found = counts(manager, at=now + timedelta(days=30))
        cost.append(len(made))
        assert len(rows) == min(how_many, ON_A_PAGE)
        assert found.overdue == min(how_many, 100)
        assert not any("COUNT(" in each.upper() for each in made)
    assert cost == [3, 3]
