"""Sessions withdrawn while patients book, cancel and move in them, on a real database with a connection each.

Each was seen to fail by hand: without the locks of the slots in `sessions_held` an appointment stood booked on a
withdrawn slot, in the small race and in the random history.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from patient_online.appointments import queries
from patient_online.appointments.actions import book, cancel, move_session, rearrange, withdraw
from patient_online.appointments.models import Appointment, Schedule, Slot, WithdrawnAppointment
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.withdraw import Choice, NotWithdrawn, Target
from patient_online.appointments.tests.crowd import Clinic, Presser, the_book
from patient_online.appointments.tests.history import Answer, Kind, anomalies
from patient_online.asking import Acting, Role, Staff
from patient_online.demo.factories import a_clinician_of, a_practice, a_schedule, a_slot_type, slots_in, staff_of
from patient_online.nhs.dates import local_day
from patient_online.notify.models import Message
from patient_online.refusals import Refusal
from patient_online.storage.ids import uuid7
from tests.at_once import at_once
from tests.test_races import answer_to, patients_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
THREADS, OPERATIONS = 8, 1_600


def withdrawing(staff: Staff, slots: list[Slot], now: datetime) -> partial[Appointment | Refusal]:
    """Look at the session of these slots now, and withdraw it when the thing is called."""
    choice = Choice(local_day(now), local_day(now), schedule=slots[0].schedule_id)
    shown = queries.sessions_seen(staff, choice, at=now).shown
    ask: partial[Any] = partial(
        withdraw,
        choice,
        shown=shown,
        reason="ill",
        by=staff,
        key=uuid7(),
        at=now,
    )
    return partial(answer_to, ask)


def test_a_session_withdrawn_while_everybody_books_in_it_keeps_nobody(now: datetime) -> None:
    """Rita looks and confirms until it is done. Who was sooner was booked, cancelled and told once; the others are told
    no, and nothing else."""
    practice = a_practice()
    rita, kind = staff_of(practice, Role.RECEPTIONIST), a_slot_type(practice)
    ends = Counter[str]()
    for day in range(1, 25):
        slots = slots_in(a_schedule(practice, now + timedelta(days=day)), most=4, kind=kind)
        people = patients_of(practice, 4)
        asks = [
            partial(answer_to, partial(book, slot, by=one, key=uuid7(), at=now))
            for slot, one in zip(slots, people, strict=True)
        ]
        sooner = asks[0]()
        done, *answers = at_once([partial(_until_done, withdrawing(rita, slots, now), rita, slots, now), *asks[1:-1]])
        answers = [sooner, *answers, asks[-1]()]
        assert not isinstance(done, Refusal)
        assert not Slot.objects.filter(id__in=[slot.id for slot in slots]).exclude(status="withdrawn").exists()
        for one, answer in zip(people, answers, strict=True):
            mine = Appointment.objects.filter(patient_id=one.patient_id)
            touched = WithdrawnAppointment.objects.filter(appointment__patient_id=one.patient_id)
            told = Message.objects.filter(kind="appointment-withdrawn", patient_id=one.patient_id)
            was_booked = isinstance(answer, Appointment)
            assert was_booked or answer is NotBooked.NOT_OFFERED
            assert list(mine.values_list("status", "cancel_reason")) == [("cancelled", "withdrawn")] * was_booked
            assert touched.count() == told.count() == was_booked
            ends["cancelled and told" if was_booked else "told no"] += 1
    assert min(ends.values()) >= 24
    assert sum(ends.values()) == 24 * 4


def _until_done(first: Callable[[], Any], staff: Staff, slots: list[Slot], now: datetime) -> Any:
    """Withdraw it as it was seen before; look and try again as long as others change the book meanwhile."""
    answer = first()
    while answer is NotWithdrawn.CHANGED:
        answer = withdrawing(staff, slots, now)()
    return answer


def test_patients_who_move_within_and_out_of_a_session_that_is_withdrawn_lose_nothing_untold(now: datetime) -> None:
    """Each holds an appointment that the withdrawal wants, and wants a slot that it holds: nobody waits in a ring."""
    practice = a_practice()
    rita, kind = staff_of(practice, Role.RECEPTIONIST), a_slot_type(practice)
    for day in range(1, 9):
        slots = slots_in(a_schedule(practice, now + timedelta(days=day)), most=6, kind=kind)
        noon = slots_in(a_schedule(practice, now + timedelta(days=day, hours=5)), most=2, kind=kind)
        people = patients_of(practice, 4)
        have = [book(slot, by=one, key=uuid7(), at=now) for slot, one in zip(slots, people, strict=False)]
        goals = [slots[4], slots[5], noon[0], None]
        changes = [_changing(old, to, one, now) for old, to, one in zip(have, goals, people, strict=True)]
        at_once([withdrawing(rita, slots, now), *changes])
        booked = Appointment.objects.filter(status="booked", slot__schedule_id=slots[0].schedule_id)
        assert not booked.filter(slot__status="withdrawn").exists()
        for one in people[:3]:
            mine = Appointment.objects.filter(patient_id=one.patient_id)
            told = WithdrawnAppointment.objects.filter(appointment__patient_id=one.patient_id).count()
            assert mine.filter(status="booked").count() + told == 1
            assert Message.objects.filter(kind="appointment-withdrawn", patient_id=one.patient_id).count() == told


def _changing(old: Appointment, to: Slot | None, by: Acting, now: datetime) -> partial[Appointment | Refusal]:
    if to is None:
        return partial(answer_to, partial(cancel, old, by=by, key=uuid7(), at=now))
    return partial(answer_to, partial(rearrange, old, to=to, by=by, key=uuid7(), at=now))


def test_ten_receptionists_withdraw_one_session_and_each_patient_is_told_once(now: datetime) -> None:
    practice = a_practice()
    slots = slots_in(a_schedule(practice, now + timedelta(days=1)), most=4)
    for slot, one in zip(slots, patients_of(practice, 4), strict=True):
        book(slot, by=one, key=uuid7(), at=now)
    desk = [staff_of(practice, Role.RECEPTIONIST) for _ in range(10)]
    answers = at_once([withdrawing(each, slots, now) for each in desk])
    assert Counter(answers)[NotWithdrawn.NOTHING_THERE] == 9
    assert Message.objects.filter(kind="appointment-withdrawn").count() == 4


def test_two_sessions_moved_to_one_clinician_at_once_do_not_overlap(now: datetime) -> None:
    practice = a_practice()
    rita, colleague = staff_of(practice, Role.RECEPTIONIST), a_clinician_of(practice)
    for day in range(1, 7):
        both = [a_schedule(practice, now + timedelta(days=day, minutes=n * 30), hours=1) for n in (0, 1)]
        asks = [partial(answer_to, _moving(slots_in(each)[0].schedule, colleague.id, rita, now)) for each in both]
        answers = at_once(asks)
        assert Counter(answers)[NotWithdrawn.OVERLAPS] == 1
        assert Schedule.objects.filter(clinician_id=colleague.id).count() == day


def _moving(schedule: Schedule, clinician: object, staff: Staff, now: datetime) -> partial[Any]:
    choice = Choice(local_day(now), local_day(now), schedule=schedule.id)
    to = Target(schedule.starts_at, clinician, schedule.site_id)  # type: ignore[arg-type]
    shown = queries.sessions_seen(staff, choice, at=now).shown
    given = {"to": to, "shown": shown, "reason": "ill", "by": staff, "key": uuid7(), "at": now}
    return partial(move_session, schedule, **given)  # type: ignore[arg-type]


def test_sessions_withdrawn_and_put_back_among_thousands_of_presses_have_no_anomaly(now: datetime) -> None:
    """Eight clinics of four slots and five patients each, and a desk that withdraws them and puts them back."""
    practice = a_practice()
    kind, desk = a_slot_type(practice), staff_of(practice, Role.MANAGER)
    mornings = [a_schedule(practice, now + timedelta(days=1, minutes=45 * n)) for n in range(8)]
    clinics = [
        Clinic(slots_in(each, most=4, minutes=5, kind=kind), patients_of(practice, 5), desk=desk) for each in mornings
    ]
    pressers = [Presser(clinics, Random(seed), now) for seed in range(THREADS)]
    histories = at_once([partial(each.press, OPERATIONS // THREADS) for each in pressers])
    history = [operation for each in histories for operation in each]
    seen = {(each.kind, each.answer) for each in history}
    assert {(kind, Answer.DONE) for kind in Kind if kind is not Kind.MARK} <= seen
    assert {(Kind.WITHDRAW, Answer.CHANGED), (Kind.BOOK, Answer.NOT_OFFERED)} <= seen
    assert anomalies(history, limit=2, final=the_book(practice.ods_code)) == []
    assert not Appointment.objects.filter(status="booked", slot__status="withdrawn").exists()
    shown = sum(len(each.shown) for each in history if (each.kind, each.answer) == (Kind.WITHDRAW, Answer.DONE))
    assert WithdrawnAppointment.objects.count() == Message.objects.filter(kind="appointment-withdrawn").count() == shown
