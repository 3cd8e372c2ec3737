"""What the practice decides while everybody books: closures and groups, on a real database with a connection each.

Each was seen to fail by hand: without the practice's lock in `_must_be_open` several closures of one day were entered,
without the one in `_free_name` several groups of one name were made; and where `slots_for_booking` did not ask whether
the day is shut, or the rules not who is in the group, those who came after the decision were given their time.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest

from patient_online.appointments.actions import add_cohort, add_members, book, remove_member
from patient_online.appointments.models import Appointment, BookingRule, Cohort, CohortMember, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.groups import NotGrouped
from patient_online.asking import Acting, Role
from patient_online.demo.factories import a_practice, a_schedule, a_slot_type, slots_in, staff_of
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.actions import close
from patient_online.practices.models import Closure
from patient_online.practices.rules import NotTold
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from tests.at_once import at_once
from tests.test_races import patients_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
A_DAY = timedelta(days=1)


def test_ten_managers_enter_closures_of_one_day_at_once_and_one_is_entered(now: datetime) -> None:
    practice = a_practice()
    managers = [staff_of(practice, Role.MANAGER) for _ in range(10)]
    for days in range(1, 4):
        first = local_day(now) + 7 * days * A_DAY
        asks: list[Callable[[], Any]] = [
            partial(came_of, partial(close, first, first + n % 3 * A_DAY, words=f"{n}", by=by, at=now, key=uuid7()))
            for n, by in enumerate(managers)
        ]
        answers = at_once(asks)
        assert Counter(answers)[NotTold.OVERLAPS] == 9
        assert Closure.objects.count() == days


def test_ten_receptionists_name_a_group_alike_at_once_and_one_group_is_made(now: datetime) -> None:
    practice = a_practice()
    desk = [staff_of(practice, Role.RECEPTIONIST) for _ in range(10)]
    for made in range(1, 4):
        names = [f"carers {made}", f"CARERS {made}", f"Carers  {made}"]
        asks: list[Callable[[], Any]] = [
            partial(came_of, partial(add_cohort, name=names[n % 3], by=by, key=uuid7(), at=now))
            for n, by in enumerate(desk)
        ]
        assert Counter(at_once(asks))[NotGrouped.NAME_TAKEN] == 9
        assert Cohort.objects.count() == made


def came_of(ask: Callable[[], object]) -> object:
    """What came of it, or why not."""
    try:
        return ask()
    except Refused as refused:
        return refused.reason


def came_after(decided: Event, slot: Slot, by: Acting, now: datetime) -> tuple[bool, object]:
    """Whether it had been decided when this person pressed, and what came of it."""
    after = decided.is_set()
    return after, came_of(partial(book, slot, by=by, key=uuid7(), at=now))


def told(decided: Event, decide: Callable[[], object]) -> tuple[bool, object]:
    """The practice decides, and then says so."""
    decide()
    decided.set()
    return True, "decided"


def test_who_presses_once_the_day_is_closed_gets_nothing_and_who_was_sooner_keeps_the_time(now: datetime) -> None:
    practice = a_practice()
    manager, kind = staff_of(practice, Role.MANAGER), a_slot_type(practice)
    ends = Counter[object]()
    for days in range(1, 7):
        start, decided = now + days * A_DAY, Event()
        slots, people = slots_in(a_schedule(practice, start), most=12, kind=kind), patients_of(practice, 12)
        sooner, *crowd, later = zip(slots, people, strict=True)
        assert isinstance(came_after(decided, *sooner, now)[1], Appointment)
        day = local_day(start)
        decide = partial(told, decided, partial(close, day, day, words="Training", by=manager, at=now, key=None))
        answers = at_once([decide, *(partial(came_after, decided, *each, now) for each in crowd)])[1:]
        answers.append(came_after(decided, *later, now))
        assert {answer for after, answer in answers if after} == {NotBooked.NOT_OFFERED}
        kept = [answer for _, answer in answers if answer is not NotBooked.NOT_OFFERED]
        assert all(isinstance(each, Appointment) for each in kept)
        booked = Appointment.objects.filter(status="booked", slot__in=slots)
        assert booked.count() == len(kept) + 1
        ends.update(type(answer) for _, answer in answers)
    assert sum(ends.values()) == 6 * 11


def test_who_presses_once_they_have_left_the_group_gets_nothing_and_who_was_sooner_keeps_the_time(
    now: datetime,
) -> None:
    practice = a_practice()
    manager, kind = staff_of(practice, Role.MANAGER), a_slot_type(practice)
    cohort = add_cohort(name="Carers", by=manager, key=None, at=now)
    BookingRule.objects.create(practice=practice, type=kind, cohort_id=cohort.id)
    for days in range(1, 7):
        start = now + days * A_DAY
        slots, people = slots_in(a_schedule(practice, start), most=2, kind=kind), patients_of(practice, 1)
        [robin] = people
        number = Patient.objects.get(id=robin.patient_id).nhs_number
        add_members(cohort, text=str(number), by=manager, at=now)
        member, decided = CohortMember.objects.get(patient_id=robin.patient_id), Event()
        leave = partial(told, decided, partial(remove_member, member, by=manager, at=now))
        [_, (after, answer)] = at_once([leave, partial(came_after, decided, slots[0], robin, now)])
        assert isinstance(answer, Appointment) or answer is NotBooked.NOT_FOR_YOU
        assert not (after and isinstance(answer, Appointment))
        assert came_after(decided, slots[1], robin, now) == (True, NotBooked.NOT_FOR_YOU)
        booked = Appointment.objects.filter(status="booked", patient_id=robin.patient_id)
        assert booked.exists() is isinstance(answer, Appointment)
