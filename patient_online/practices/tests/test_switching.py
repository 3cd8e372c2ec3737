"""A practice switches its online services: in order, from a day on, with a history that the national figures read."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from patient_online.asking import NotAllowed, Role, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import EARLY, a_practice, staff_of, switch_on
from patient_online.nhs.dates import date_text
from patient_online.nhs.record_levels import ceiling_of
from patient_online.nhs.services import Level, Service
from patient_online.practices.actions import switch_service, take_back_switch
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.practices.queries import service_history, services, services_planned, statuses_on
from patient_online.practices.rules import DECIDED, Decided, NotSwitched, why_not_in_order, why_not_switched
from patient_online.practices.rules.switching import LEAST_FIRST, OFF, ON
from patient_online.refusals import Refused
from tests.statements import statements

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)
Status = ServiceStatus.Status


def standing(statuses: tuple[str, ...]) -> list[Decided]:
    """The four levels of the record, standing so since the day."""
    return [Decided(service, DAY, status) for service, status in zip(LEAST_FIRST, statuses, strict=True)]


def in_order(statuses: tuple[str, ...]) -> bool:
    """Whether no level is on over one that is off: said by the rule of the ceiling, which is another."""
    on = frozenset(service for service, status in zip(LEAST_FIRST, statuses, strict=True) if status == ON)
    return ceiling_of(on).rank == len(on)


@pytest.mark.parametrize("statuses", list(product((OFF, ON), repeat=4)))
@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("to", [OFF, ON])
def test_no_switch_takes_the_levels_of_the_record_out_of_order(statuses: tuple[str, ...], level: int, to: str) -> None:
    if not in_order(statuses):
        return
    after = (*statuses[:level], to, *statuses[level + 1 :])
    refusal = why_not_in_order(LEAST_FIRST[level], standing(statuses), standing(after))
    assert (refusal is None) is in_order(after)
    if refusal:
        assert refusal is (NotSwitched.NEEDS_THE_LEVEL_BELOW if to == ON else NotSwitched.LEVEL_ABOVE_IS_ON)


def test_what_was_out_of_order_before_keeps_nobody_from_putting_it_right() -> None:
    before = standing((OFF, ON, OFF, OFF))
    assert why_not_in_order(Service.SUMMARY_RECORD, before, standing((ON, ON, OFF, OFF))) is None
    assert why_not_in_order(Service.DETAILED_RECORD, before, standing((OFF, OFF, OFF, OFF))) is None
    assert why_not_in_order(Service.APPOINTMENTS, [], before) is None


def test_what_is_planned_counts_too() -> None:
    """Documents go on in April: the detailed record may not go off in May."""
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    before = [*standing((ON, ON, OFF, OFF)), Decided(Service.DOCUMENTS, april, ON)]
    off_in_may = [*before, Decided(Service.DETAILED_RECORD, may, OFF)]
    assert why_not_in_order(Service.DETAILED_RECORD, before, off_in_may) is NotSwitched.LEVEL_ABOVE_IS_ON
    both = [*before, Decided(Service.DOCUMENTS, may, OFF)]
    assert why_not_in_order(Service.DETAILED_RECORD, both, [*both, Decided(Service.DETAILED_RECORD, may, OFF)]) is None


def test_a_day_that_has_been_or_is_years_ahead_is_refused() -> None:
    assert why_not_switched(DAY, today=DAY) is None
    assert why_not_switched(DAY - timedelta(days=1), today=DAY) is NotSwitched.PAST_DAY
    assert why_not_switched(DAY + timedelta(days=800), today=DAY) is NotSwitched.TOO_FAR


def test_documents_are_refused_while_the_detailed_record_is_off(now: datetime) -> None:
    practice = a_practice()
    given: dict[str, Any] = {"from_day": now.date(), "by": staff_of(practice, Role.MANAGER), "at": now}
    with pytest.raises(Refused) as refused:
        switch_service(practice, service=Service.DOCUMENTS, status=Status.SWITCHED_ON, **given)
    assert refused.value.reason is NotSwitched.NEEDS_THE_LEVEL_BELOW
    for service in LEAST_FIRST[:3]:
        switch_service(practice, service=service, status=Status.SWITCHED_ON, **given)
    with pytest.raises(Refused) as refused:
        switch_service(practice, service=Service.DETAILED_RECORD, status=Status.AVAILABLE, **given)
    assert refused.value.reason is NotSwitched.LEVEL_ABOVE_IS_ON


def test_a_planned_change_is_taken_back_and_what_holds_already_is_not(now: datetime) -> None:
    practice = a_practice()
    manager, soon = staff_of(practice, Role.MANAGER), now.date() + timedelta(days=30)
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "status": Status.AVAILABLE, "by": manager, "at": now}
    today = switch_service(practice, from_day=now.date(), **given)
    planned = switch_service(practice, from_day=soon, **given | {"status": Status.NOT_AVAILABLE})
    assert list(services_planned(manager, after=now.date())) == [Service.APPOINTMENTS]
    other = staff_of(a_practice(), Role.MANAGER)
    for row, by, why in ((today, manager, NotSwitched.NOT_PLANNED), (planned, other, NotAllowed.OTHER_PRACTICE)):
        with pytest.raises(Refused) as refused:
            take_back_switch(row, by=by, at=now)
        assert refused.value.reason is why
    take_back_switch(planned, by=manager, at=now)
    assert not services_planned(manager, after=now.date())
    with pytest.raises(Refused) as refused:
        take_back_switch(planned, by=manager, at=now)
    assert refused.value.reason is NotSwitched.NOT_PLANNED
    [kept] = Entry.objects.filter(event="practice.switch_taken_back", refused_by="", practice_id=practice.ods_code)
    assert kept.details == {"service": "appointments", "status": "not-available", "from_day": soon.isoformat()}


def test_a_planned_level_is_not_taken_back_from_under_another(now: datetime) -> None:
    practice = a_practice()
    manager, soon = staff_of(practice, Role.MANAGER), now.date() + timedelta(days=30)
    given: dict[str, Any] = {"status": Status.SWITCHED_ON, "from_day": soon, "by": manager, "at": now}
    rows = [switch_service(practice, service=service, **given) for service in LEAST_FIRST[:2]]
    with pytest.raises(Refused) as refused:
        take_back_switch(rows[0], by=manager, at=now)
    assert refused.value.reason is NotSwitched.LEVEL_ABOVE_IS_ON
    take_back_switch(rows[1], by=manager, at=now)
    take_back_switch(rows[0], by=manager, at=now)


def test_the_history_says_from_what_to_what_and_by_whom(now: datetime) -> None:
    practice = a_practice()
    manager = staff_of(practice, Role.MANAGER)
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "by": manager, "at": now}
    switch_service(practice, status=Status.SWITCHED_ON, ceiling=Level.VIEW, from_day=now.date(), **given)
    newest, first = service_history(manager, Service.APPOINTMENTS)
    assert (newest.made.ceiling, newest.made.by, newest.made.at) == ("view", manager.account_id, now)
    assert (newest.was, first.was) == (first.made, None)
    assert first.made.ceiling == "manage"
    assert service_history(staff_of(a_practice(), Role.MANAGER), Service.MESSAGES) == []


def test_the_history_has_every_decision_of_one_day_and_what_was_taken_back(now: datetime) -> None:
    """Off, on again and lowered to looking within minutes, and a plan given up: all are told, not the last alone."""
    practice = a_practice()
    manager, today = staff_of(practice, Role.MANAGER), now.date()
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "by": manager}
    minutes = iter(now + timedelta(minutes=n) for n in range(9))
    for status, ceiling in ((OFF, Level.MANAGE), (ON, Level.MANAGE), (ON, Level.VIEW)):
        switch_service(practice, status=Status(status), ceiling=ceiling, from_day=today, at=next(minutes), **given)
    soon = today + timedelta(days=9)
    planned = switch_service(practice, status=Status.AVAILABLE, from_day=soon, at=next(minutes), **given)
    take_back_switch(planned, by=manager, at=next(minutes))
    told = service_history(manager, Service.APPOINTMENTS)[::-1]
    assert [each.made.at for each in told[1:]] == [now + timedelta(minutes=n) for n in range(5)]
    changed = [tuple(way and (way.status, way.ceiling) for way in (each.was, each.now)) for each in told]
    on, off, look = (ON, "manage"), (OFF, "manage"), (ON, "view")
    assert changed == [(None, on), (on, off), (off, on), (on, look), (look, off), (off, look)]
    assert [each.made.taken_back for each in told] == [False] * 5 + [True]
    assert {each.made.by for each in told[1:]} == {manager.account_id}


def test_a_switch_that_changes_nothing_is_refused_and_the_day_since_when_stays(now: datetime) -> None:
    practice = a_practice()
    manager, today = staff_of(practice, Role.MANAGER), now.date()
    [before] = ServiceStatus.objects.filter(practice=practice).values()
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "status": Status.SWITCHED_ON, "by": manager, "at": now}
    for day in (today, today + timedelta(days=9)):
        with pytest.raises(Refused) as refused:
            switch_service(practice, from_day=day, **given)
        assert refused.value.reason is NotSwitched.ALREADY_SO
        assert refused.value.facts == {"day": date_text(before["from_day"])}
    assert list(ServiceStatus.objects.filter(practice=practice).values()) == [before]
    switch_service(practice, from_day=today, ceiling=Level.VIEW, **given)


def test_no_two_planned_changes_are_the_same(now: datetime) -> None:
    """Nor does one make a later one say nothing; what was switched off by mistake today is switched on again today."""
    practice = a_practice()
    manager, today = staff_of(practice, Role.MANAGER), now.date()
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "by": manager, "at": now}
    soon, later = today + timedelta(days=9), today + timedelta(days=20)
    switch_service(practice, status=Status.AVAILABLE, from_day=soon, **given)
    wanted = [
        (Status.AVAILABLE, later, NotSwitched.ALREADY_SO),
        (Status.AVAILABLE, today, NotSwitched.PLANNED_FOR_NOTHING),
        (Status.SWITCHED_ON, soon, NotSwitched.PLANNED_FOR_NOTHING),
    ]
    for status, day, why in wanted:
        with pytest.raises(Refused) as refused:
            switch_service(practice, status=status, from_day=day, **given)
        assert (refused.value.reason, refused.value.facts["day"]) == (why, date_text(soon))
    assert ServiceStatus.objects.filter(practice=practice).count() == 2
    for status in (Status.NOT_AVAILABLE, Status.SWITCHED_ON):
        switch_service(practice, status=status, from_day=today, **given)


def test_on_each_day_a_practice_counts_with_what_held_then() -> None:
    """0 not available, 1 available, 2 switched on: from the day that was said, never before it."""
    system = System("programme", why="counts what practices offer")
    practice, other = a_practice(), a_practice(opened_on=date(2026, 2, 1))
    for status, day in (("not-available", date(2026, 1, 10)), ("switched-on", date(2026, 3, 1))):
        row: dict[str, Any] = {"service": Service.PRESCRIPTIONS, "status": status, "from_day": day, "decided_at": EARLY}
        ServiceStatus.objects.create(practice=practice, **row)
    Practice.objects.filter(ods_code=other.ods_code).update(closed_on=date(2026, 3, 1), status=Practice.Status.CLOSED)
    found = {day: statuses_on(system, day) for day in (date(2026, 1, 9), date(2026, 2, 28), date(2026, 3, 1))}
    counted = [day[practice.ods_code][Service.PRESCRIPTIONS] for day in found.values()]
    assert counted == [1, 0, 2]
    assert [other.ods_code in day for day in found.values()] == [False, True, False]
    never = found[date(2026, 3, 1)][practice.ods_code]
    assert {service for service in Service if never[service] == 0} == set(Service) - DECIDED
    assert never[Service.APPOINTMENTS] == 2


def test_what_all_practices_offer_takes_two_statements() -> None:
    for _ in range(3):
        switch_on(a_practice(), Service.DEMOGRAPHICS)
    with statements() as made:
        assert len(statuses_on(System("programme", why="counts"), DAY)) == 3
    assert len(made) == 2


def test_how_a_service_stands_today_is_what_was_decided_last_up_to_today(now: datetime) -> None:
    practice = a_practice()
    manager = staff_of(practice, Role.MANAGER)
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "by": manager, "at": now}
    for days, status in ((2, Status.NOT_AVAILABLE), (5, Status.SWITCHED_ON)):
        switch_service(practice, status=status, from_day=now.date() + timedelta(days=days), **given)
    found = [
        services(manager, practice_id=practice.ods_code, on=now.date() + timedelta(days=days))[Service.APPOINTMENTS]
        for days in (0, 1, 2, 4, 5)
    ]
    assert [row.status for row in found] == ["switched-on"] * 2 + ["not-available"] * 2 + ["switched-on"]
