"""A morning is withdrawn: who is touched is what was shown, each is told, and nothing happens by halves."""

from datetime import datetime, timedelta

import pytest

from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment, Schedule, Slot, Withdrawal, WithdrawnAppointment
from patient_online.appointments.rules.withdraw import Choice, NotWithdrawn
from patient_online.appointments.tests.clinics import ILL, Morning, a_morning
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_clinician_of, a_patient_of, a_practice, an_appointment, staff_of
from patient_online.nhs.dates import local_day
from patient_online.notify.models import Message
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(db: None, now: datetime) -> Morning:
    """Six times tomorrow from 8am."""
    return a_morning(now)


def why_not(morning: Morning, **given: object) -> Refusal:
    """Why Rita's withdrawal was refused."""
    with pytest.raises(Refused) as refused:
        morning.withdraws(**given)  # type: ignore[arg-type]
    return refused.value.reason


def test_withdrawing_closes_the_session_cancels_every_appointment_and_tells_each_patient(morning: Morning) -> None:
    ann, bob = morning.booked(0, patient=morning.patient(by="text")), morning.booked(3)
    done = morning.withdraws(words="We are sorry.")
    assert set(Slot.objects.values_list("status", flat=True)) == {"withdrawn"}
    schedule = Schedule.objects.get()
    assert (schedule.withdrawn_at, schedule.withdrawn_by) == (morning.now, morning.rita.account_id)
    rows = list(Appointment.objects.order_by("slot__starts_at"))
    assert {(row.status, row.cancelled_by, row.cancelled_through, row.cancel_reason) for row in rows} == {
        ("cancelled", morning.rita.account_id, "desk", "withdrawn")
    }
    touched = WithdrawnAppointment.objects.filter(withdrawal=done).order_by("was_starts_at")
    assert [(each.appointment_id, each.was_starts_at) for each in touched] == [
        (ann.id, morning.slots[0].starts_at),
        (bob.id, morning.slots[3].starts_at),
    ]
    told = Message.objects.filter(kind="appointment-withdrawn")
    assert {(each.patient_id, each.about) for each in told} == {
        (each.appointment.patient_id, each.id) for each in touched
    }
    assert (done.kind, done.reason, done.words) == ("withdrawn", ILL, "We are sorry.")


def test_each_patient_s_trail_tells_of_the_withdrawal_once(morning: Morning) -> None:
    ann = morning.booked(0)
    an_appointment(morning.slots[1], ann.patient)
    done = morning.withdraws()
    entry = Entry.objects.get(event="appointment.withdrawn")
    assert (entry.patient_id, entry.staff_id) == (ann.patient_id, morning.rita.staff_id)
    assert entry.details == {"withdrawal": str(done.id), "sessions": 1}


def test_when_somebody_booked_since_the_preview_nothing_is_done(morning: Morning) -> None:
    shown = morning.shown()
    appointment = morning.booked(0)
    assert why_not(morning, shown=shown) is NotWithdrawn.CHANGED
    appointment.refresh_from_db()
    assert appointment.status == "booked"
    assert not Withdrawal.objects.exists()
    assert not Message.objects.exists()
    assert Slot.objects.filter(status="open").count() == 6


def test_when_somebody_cancelled_since_the_preview_nothing_is_done(morning: Morning) -> None:
    appointment = morning.booked(0)
    shown = morning.shown()
    given = {"status": "cancelled", "cancelled_at": morning.now, "cancelled_by": uuid7(), "cancelled_through": "online"}
    Appointment.objects.filter(id=appointment.id).update(**given)
    assert why_not(morning, shown=shown) is NotWithdrawn.CHANGED
    assert Slot.objects.filter(status="open").count() == 6


def test_confirmed_twice_under_one_key_it_is_done_once(morning: Morning) -> None:
    morning.booked(0)
    key, shown = uuid7(), morning.shown()
    assert morning.withdraws(key=key, shown=shown) == morning.withdraws(key=key, shown=shown)
    assert Message.objects.filter(kind="appointment-withdrawn").count() == 1


def test_a_withdrawn_session_is_not_there_to_be_withdrawn_again(morning: Morning) -> None:
    morning.withdraws()
    assert why_not(morning, shown="x") is NotWithdrawn.NOTHING_THERE


def test_of_a_session_that_has_begun_only_what_is_to_come_is_withdrawn(morning: Morning) -> None:
    first, *_, last = morning.booked(0), morning.booked(1), morning.booked(5)
    morning.now = morning.slots[1].starts_at
    morning.withdraws()
    assert list(Slot.objects.order_by("starts_at").values_list("status", flat=True)) == ["open"] * 2 + ["withdrawn"] * 4
    assert Schedule.objects.get().withdrawn_at is None
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.status, last.status) == ("booked", "cancelled")


def test_who_is_in_the_room_keeps_both_halves_of_a_double_appointment(morning: Morning) -> None:
    first = morning.booked(0)
    an_appointment(morning.slots[1], first.patient, continues=first)
    double = morning.booked(3)
    an_appointment(morning.slots[4], double.patient, continues=double)
    morning.now = morning.slots[0].starts_at + timedelta(minutes=5)
    done = morning.withdraws()
    assert set(Appointment.objects.filter(status="booked").values_list("patient_id", flat=True)) == {first.patient_id}
    assert [each.appointment_id for each in WithdrawnAppointment.objects.filter(withdrawal=done)] == [double.id]
    assert Slot.objects.get(id=morning.slots[1].id).status == "open"


def test_a_clinician_s_absence_takes_their_sessions_of_those_days_and_nobody_else_s(morning: Morning) -> None:
    tomorrow = local_day(morning.now) + timedelta(days=1)
    later = morning.another(morning.now + timedelta(days=2), clinician=morning.doctor)
    colleague = morning.another(morning.now + timedelta(days=1))
    after = morning.another(morning.now + timedelta(days=3), clinician=morning.doctor)
    morning.withdraws(Choice(tomorrow, tomorrow + timedelta(days=1), clinician=morning.doctor.id))
    gone = set(Slot.objects.filter(status="withdrawn").values_list("schedule_id", flat=True))
    assert gone == {morning.schedule.id, later[0].schedule_id}
    assert not gone & {colleague[0].schedule_id, after[0].schedule_id}


def test_another_practice_s_session_is_out_of_reach(morning: Morning) -> None:
    stranger = staff_of(a_practice(), Role.RECEPTIONIST)
    assert why_not(morning, by=stranger) is NotWithdrawn.NOTHING_THERE
    assert queries.sessions_seen(stranger, morning.choice, at=morning.now).schedules == []


@pytest.mark.parametrize("role", [Role.GP, Role.NURSE, Role.GOVERNANCE, Role.DISPENSER])
def test_only_managers_and_receptionists_withdraw(morning: Morning, role: Role) -> None:
    worker = staff_of(morning.practice, role)
    assert why_not(morning, by=worker) is NotAllowed.ROLE_NEEDED


@pytest.mark.parametrize("given", [{"reason": " "}, {"reason": "a" * 201}, {"words": "a" * 301}])
def test_a_reason_there_must_be_and_what_is_written_is_kept_whole(morning: Morning, given: dict[str, str]) -> None:
    assert why_not(morning, **given) is NotWithdrawn.TOO_LONG


def test_the_nearest_free_times_of_the_same_kind_are_offered_and_none_of_those_that_go(morning: Morning) -> None:
    appointment = morning.booked(0)
    near, far = morning.another(morning.now + timedelta(days=2)), morning.another(morning.now + timedelta(days=9))
    for taken in (near[0], far[2]):
        an_appointment(taken, a_patient_of(morning.practice))
    Slot.objects.filter(id=near[1].id).update(release_at=morning.now + timedelta(hours=1))
    plan = queries.sessions_seen(morning.rita, morning.choice, at=morning.now)
    assert [slot.id for slot in queries.offers(morning.rita, plan, at=morning.now)[appointment.id]] == [
        near[2].id,
        far[0].id,
        far[1].id,
    ]


def test_five_hundred_appointments_are_withdrawn_with_few_statements(morning: Morning) -> None:
    """As many statements as for five."""
    day = local_day(morning.now) + timedelta(days=1)
    choice = Choice(day, day + timedelta(days=9))
    counts = []
    for number in (1, 50):
        slots = [slot for _ in range(number) for slot in _ten(morning)]
        patients = [a_patient_of(morning.practice) for _ in range(10)]
        for place, slot in enumerate(slots):
            an_appointment(slot, patients[place % 10])
        shown = morning.shown(choice)
        with statements() as made:
            done = morning.withdraws(choice, shown=shown)
        assert WithdrawnAppointment.objects.filter(withdrawal=done).count() == number * 10
        counts.append(len(made))
    assert counts[0] == counts[1] <= 25


def _ten(morning: Morning) -> list[Slot]:
    doctor = a_clinician_of(morning.practice)
    starts_at = morning.now + timedelta(days=2)
    first = morning.another(starts_at, clinician=doctor)
    more = [morning.another(starts_at + timedelta(hours=n), clinician=doctor) for n in (1, 2, 3)]
    return [*first, *(slot for each in more for slot in each)][:10]


def test_somebody_seen_to_is_ticked_and_the_tick_can_be_taken_back(morning: Morning) -> None:
    morning.booked(0)
    morning.withdraws()
    row = queries.touched_of(morning.rita).get()
    actions.settle(row, done=True, by=morning.rita, at=morning.now)
    [seen_to] = queries.withdrawn_list(morning.rita, at=morning.now).settled
    assert (seen_to.settled_at, seen_to.settled_by) == (morning.now, morning.rita.account_id)
    actions.settle(row, done=False, by=morning.rita, at=morning.now)
    assert not queries.withdrawn_list(morning.rita, at=morning.now).settled


def test_who_cannot_be_told_stands_apart_and_who_booked_again_is_known(morning: Morning) -> None:
    deaf, told = morning.booked(0), morning.booked(1, patient=morning.patient(by="text"))
    morning.withdraws()
    [slot, *_] = morning.another(morning.now + timedelta(days=3))
    an_appointment(slot, told.patient, booked_at=morning.now + timedelta(minutes=1))
    WithdrawnAppointment.objects.filter(appointment_id=told.id).update(route="text")
    WithdrawnAppointment.objects.filter(appointment_id=deaf.id).update(route="letter")
    listed = queries.withdrawn_list(morning.rita, at=morning.now)
    assert [row.appointment_id for row in listed.to_ring] == [deaf.id]
    assert [(row.appointment_id, row.booked_again) for row in listed.told] == [  # type: ignore[attr-defined]
        (told.id, slot.starts_at)
    ]
    Message.objects.filter(patient_id=told.patient_id).update(status="failed", settled_at=morning.now)
    assert len(queries.withdrawn_list(morning.rita, at=morning.now).to_ring) == 2
