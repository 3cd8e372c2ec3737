"""A session is moved with everybody in it, or put back; one clinician is never in two places."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from patient_online.appointments import actions, queries
from patient_online.appointments.models import Absence, Appointment, Schedule, Slot, Withdrawal, WithdrawnAppointment
from patient_online.appointments.rules.withdraw import NotWithdrawn, Target
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.demo.factories import a_clinician_of, a_practice, an_appointment
from patient_online.nhs.dates import from_wall_clock, local_day, london
from patient_online.notify.models import Message
from patient_online.practices.models import Site
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """Six times tomorrow from 8am."""
    return a_morning(now)


def to(morning: Morning, by: timedelta = timedelta(0), **given: Any) -> Target:
    """The session so much later, with the same clinician at the same site unless told otherwise."""
    schedule = morning.schedule
    return Target(schedule.starts_at + by, **{"clinician": schedule.clinician_id, "site": schedule.site_id, **given})


def moves(morning: Morning, target: Target, **given: Any) -> Withdrawal:
    """Rita looks and moves the session."""
    asked: dict[str, Any] = {"reason": ILL, "key": uuid7(), "at": morning.now, "by": morning.rita}
    asked["shown"] = given.pop("shown", None) or morning.shown()
    return actions.move_session(morning.schedule, to=target, **{**asked, **given})


def why_not(morning: Morning, target: Target, **given: Any) -> Refusal:
    """Why the move was refused."""
    with pytest.raises(Refused) as refused:
        moves(morning, target, **given)
    return refused.value.reason


def test_a_session_moved_by_one_slot_takes_its_times_and_patients_along_and_tells_them(morning: Morning) -> None:
    """Each time goes where the next one was."""
    appointment = morning.booked(2)
    done = moves(morning, to(morning, timedelta(minutes=10)))
    starts = list(Slot.objects.order_by("starts_at").values_list("starts_at", "id"))
    assert starts == [(slot.starts_at + timedelta(minutes=10), slot.id) for slot in morning.slots]
    schedule = Schedule.objects.get()
    assert schedule.starts_at == morning.schedule.starts_at + timedelta(minutes=10)
    assert schedule.ends_at - schedule.starts_at == timedelta(hours=1)
    kept = Appointment.objects.get()
    assert (kept.status, kept.slot_id) == ("booked", appointment.slot_id)
    touched = WithdrawnAppointment.objects.get(withdrawal=done, withdrawal__kind="moved")
    assert touched.was_starts_at == morning.slots[2].starts_at
    assert Message.objects.get().kind == "appointment-moved-by-practice"
    assert Message.objects.get().about == touched.id


def test_a_session_goes_to_another_clinician_site_and_day_over_a_clock_change(morning: Morning) -> None:
    colleague = a_clinician_of(morning.practice)
    site = Site.objects.create(practice=morning.practice, name="Branch")
    release = london(2026, 3, 3, 20)
    Slot.objects.filter(id=morning.slots[0].id).update(release_at=release)
    day = london(2026, 3, 30, 8)
    moves(morning, Target(day, colleague.id, site.id))
    schedule, slot = Schedule.objects.get(), Slot.objects.get(id=morning.slots[0].id)
    assert (schedule.clinician_id, schedule.site_id, schedule.starts_at) == (colleague.id, site.id, day)
    assert slot.starts_at == day
    assert slot.release_at == from_wall_clock(local_day(release) + timedelta(days=26), release.time())


def other_session(morning: Morning) -> Target:
    morning.another(morning.slots[0].starts_at + timedelta(hours=3), clinician=morning.doctor)
    return to(morning, timedelta(hours=3, minutes=20))


def away(morning: Morning) -> Target:
    day = local_day(morning.now) + timedelta(days=4)
    given = {"clinician": morning.doctor, "from_day": day, "to_day": day, "entered_at": morning.now}
    Absence.objects.create(practice=morning.practice, entered_by=uuid7(), **given)
    return to(morning, timedelta(days=3))


def begun(morning: Morning) -> Target:
    target, morning.now = to(morning, timedelta(days=1)), morning.slots[1].starts_at
    return target


REASONS = [
    (lambda morning: to(morning, timedelta(days=-2)), NotWithdrawn.IN_THE_PAST),
    (to, NotWithdrawn.SAME_PLACE),
    (lambda morning: to(morning, clinician=uuid7()), NotWithdrawn.NOT_OURS),
    (lambda morning: to(morning, clinician=a_clinician_of(a_practice()).id), NotWithdrawn.NOT_OURS),
    (lambda morning: to(morning, site=Site.objects.get(practice=a_practice()).id), NotWithdrawn.NOT_OURS),
    (other_session, NotWithdrawn.OVERLAPS),
    (away, NotWithdrawn.AWAY),
    (begun, NotWithdrawn.HAS_BEGUN),
]


@pytest.mark.parametrize(("target", "reason"), REASONS, ids=lambda each: getattr(each, "name", ""))
def test_each_reason_why_a_session_is_not_moved(morning: Morning, target: Any, reason: NotWithdrawn) -> None:
    morning.booked(3)
    assert why_not(morning, target(morning)) is reason
    assert not Message.objects.exists()
    assert Schedule.objects.get(id=morning.schedule.id).starts_at == morning.schedule.starts_at


def test_a_session_may_begin_when_another_of_the_clinician_ends(morning: Morning) -> None:
    morning.another(morning.slots[0].starts_at + timedelta(hours=1), clinician=morning.doctor)
    moves(morning, to(morning, timedelta(hours=1, minutes=30)))


def test_when_somebody_booked_since_the_preview_the_session_stays(morning: Morning) -> None:
    shown = morning.shown()
    morning.booked(0)
    assert why_not(morning, to(morning, timedelta(days=1)), shown=shown) is NotWithdrawn.CHANGED


def test_who_would_have_two_appointments_at_one_time_is_pointed_out(morning: Morning) -> None:
    appointment, free = morning.booked(0), morning.booked(1)
    [slot, *_] = morning.another(morning.slots[0].starts_at + timedelta(days=1))
    other = an_appointment(slot, appointment.patient)
    an_appointment(morning.another(morning.now + timedelta(days=9))[0], free.patient)
    plan = queries.sessions_seen(morning.rita, morning.choice, at=morning.now)
    assert queries.clashes(morning.rita, plan, by=timedelta(days=1)) == {appointment.id: other}
    assert queries.clashes(morning.rita, plan, by=timedelta(days=2)) == {}


def puts_back(morning: Morning) -> Schedule:
    return actions.put_back(morning.schedule, by=morning.rita, key=uuid7(), at=morning.now)


def test_a_withdrawn_session_is_put_back_and_what_was_cancelled_stays_cancelled(morning: Morning) -> None:
    appointment = morning.booked(0)
    morning.withdraws()
    assert [each.id for each in queries.sessions_withdrawn(morning.rita, at=morning.now)] == [morning.schedule.id]
    assert len(queries.slots_withdrawn(morning.rita, morning.schedule, at=morning.now)) == 6
    puts_back(morning)
    appointment.refresh_from_db()
    assert (Schedule.objects.get().withdrawn_at, appointment.status) == (None, "cancelled")
    assert Slot.objects.filter(status="open").count() == 6
    assert queries.sessions_withdrawn(morning.rita, at=morning.now) == []


def test_a_session_is_not_put_back_over_another_one_of_the_clinician(morning: Morning) -> None:
    morning.withdraws()
    morning.another(morning.slots[3].starts_at, clinician=morning.doctor)
    with pytest.raises(Refused) as refused:
        puts_back(morning)
    assert refused.value.reason is NotWithdrawn.OVERLAPS


def test_what_is_not_withdrawn_or_is_over_is_not_put_back(morning: Morning) -> None:
    with pytest.raises(Refused) as refused:
        puts_back(morning)
    assert refused.value.reason is NotWithdrawn.NOTHING_THERE
    morning.withdraws()
    morning.now += timedelta(days=2)
    with pytest.raises(Refused):
        puts_back(morning)
    assert Schedule.objects.get().withdrawn_at
