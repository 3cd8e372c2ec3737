"""Managers, the nightly job and patients at the same instant, around one clinician's sessions."""

from collections.abc import Callable
from datetime import datetime, time
from functools import partial

import pytest

from patient_online.appointments.actions import add_session, add_template, book, change_template, make_sessions
from patient_online.appointments.models import Appointment, Schedule, SessionTemplate, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.planner import Planner, days
from patient_online.asking import Role, System
from patient_online.demo.factories import a_patient_of, acting_as, staff_of
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def tried(do: Callable[[], object]) -> Refusal | None:
    """Why it was refused, or None."""
    try:
        do()
    except Refused as no:
        return no.reason
    return None


def test_two_managers_fill_the_same_mornings_at_once_and_one_is_told_of_the_others(now: datetime) -> None:
    planner = Planner.at(now)
    managers = [planner.mara, staff_of(planner.practice, Role.MANAGER)]
    for hour in range(8, 18, 2):
        plans = [planner.plan(time(hour)), planner.plan(time(hour, 30))]
        adding = [
            partial(add_template, plan, by=by, key=None, at=now) for plan, by in zip(plans, managers, strict=True)
        ]
        came = at_once([partial(tried, each) for each in adding])
        assert sorted(map(str, came)) == ["None", str(NotMade.IN_THE_WAY)]
        _clear()


def test_two_managers_add_one_session_at_once_and_one_is_told_of_the_others(now: datetime) -> None:
    planner = Planner.at(now)
    managers = [planner.mara, staff_of(planner.practice, Role.MANAGER)]
    for hour in range(9, 18, 2):
        plans = [planner.on_one_day(now.date(), time(hour)), planner.on_one_day(now.date(), time(hour, 30))]
        adding = [partial(add_session, plan, by=by, key=None, at=now) for plan, by in zip(plans, managers, strict=True)]
        came = at_once([partial(tried, each) for each in adding])
        assert sorted(map(str, came)) == ["None", str(NotMade.IN_THE_WAY)]
        _clear()


def _clear() -> None:
    for model in (Slot, Schedule):
        model.objects.all().delete()
    SessionTemplate.objects.update(to_day=datetime(2026, 3, 3).date())


def test_four_workers_make_the_same_sessions_at_once_and_none_is_there_twice(now: datetime) -> None:
    planner = Planner.at(now)
    template, through = planner.adds(), datetime(2026, 9, 30).date()
    system = System("make_sessions", planner.practice.ods_code)
    made = at_once([partial(make_sessions, template, through=through, by=system, at=now) for _ in range(4)])
    assert sorted(made)[:3] == [0, 0, 0]
    assert max(made) + 8 == len(days()) == len(set(days()))


def test_patients_book_while_the_template_is_changed_and_nobodys_session_vanishes(now: datetime) -> None:
    """Whoever booked has a slot still, in a session as it was; whoever came too late is told so."""
    planner = Planner.at(now)
    template = planner.adds()
    slots = list(
        Slot.objects.filter(online=True, starts_at__lt=datetime(2026, 3, 28).astimezone()).order_by("starts_at")
    )
    chosen = [slots[n] for n in (0, 3, 10, 13, 20, 25)]
    booking = [
        partial(book, slot, by=acting_as(a_patient_of(planner.practice)), key=uuid7(), at=now) for slot in chosen
    ]
    change = partial(change_template, template, plan=planner.plan(time(14)), by=planner.mara, key=None, at=now)
    everything: list[Callable[[], object]] = [*booking, change]
    came = at_once([partial(tried, each) for each in everything])
    assert came[-1] is None
    assert set(came[:-1]) <= {None, NotBooked.NOT_OFFERED}
    held = Appointment.objects.filter(status="booked").select_related("slot__schedule")
    assert len(held) == came[:-1].count(None)
    assert all(one.slot.schedule.template_id == template.id for one in held)
    assert len(days()) == len(set(days())) == 8
