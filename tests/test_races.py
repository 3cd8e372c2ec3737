"""Many people at the same slots at the same time, on a real database with a connection each.

Each was seen to fail by hand. Without the slots' locks and the constraint, fifty presses gave one slot to 22 patients,
and the checker found it in the random history too; either of the two alone was enough. Without the patient's lock ten
tabs booked seven appointments. Without the old appointment's lock and the count of the rows that an update changed, an
appointment was both cancelled and moved.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from random import Random
from threading import Barrier
from time import monotonic_ns

import pytest
from django.db import IntegrityError, connections

from patient_online.appointments.actions import book, cancel, rearrange
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import slots_nearest
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.crowd import Clinic, Presser, the_book
from patient_online.appointments.tests.history import Answer, Kind, Operation, anomalies
from patient_online.asking import Acting, Channel
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    acting_as,
    an_appointment,
    slots_in,
    the_maker,
)
from patient_online.patients.models import Patient
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7
from patient_online.storage.models import IdempotentRequest
from tests.at_once import at_once

# The application's role may not empty tables: the owner is named too, and cleans up after each test.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FIFTY, THREADS, OPERATIONS = 50, 16, 20_000


def patients_of(practice: Practice, number: int) -> list[Acting]:
    """That many patients, each signed in."""
    return [acting_as(a_patient_of(practice)) for _ in range(number)]


def answer_to(ask: Callable[[], Appointment]) -> Appointment | Refusal:
    """What came of it: an appointment, or why not."""
    try:
        return ask()
    except Refused as refused:
        return refused.reason


def booked() -> int:
    """How many appointments are booked."""
    return Appointment.objects.filter(status="booked").count()


def test_fifty_patients_press_book_at_once_and_one_gets_the_slot(now: datetime) -> None:
    practice = a_practice()
    slot, *others = slots_in(a_schedule(practice, now + timedelta(days=1)), most=8)
    patients = patients_of(practice, FIFTY)
    answers = at_once([partial(answer_to, partial(book, slot, by=one, key=uuid7(), at=now)) for one in patients])
    told = Counter(answer if isinstance(answer, Refusal) else "booked" for answer in answers)
    assert told == {"booked": 1, NotBooked.JUST_TAKEN: FIFTY - 1}
    turned_away = next(one for one, answer in zip(patients, answers, strict=True) if answer is NotBooked.JUST_TAKEN)
    assert slots_nearest(turned_away, slot, at=now) == others[:5]
    assert Appointment.objects.count() == 1
    entries = Entry.objects.filter(event="appointment.booked")
    assert Counter(entries.values_list("refused_by", flat=True)) == {"": 1, NotBooked.JUST_TAKEN.rule: FIFTY - 1}
    assert IdempotentRequest.objects.filter(outcome__isnull=False).count() == FIFTY


def test_in_six_tabs_at_once_one_reading_of_the_signs_gives_one_appointment(now: datetime) -> None:
    """What one browser keeps of it can be sent from every tab before any of them has answered."""
    practice = a_practice()
    set_policy(practice, name="most_future_appointments", value=9, by=the_maker(practice), at=now)
    slots = slots_in(a_schedule(practice, now + timedelta(days=1)), most=6)
    robin = acting_as(a_patient_of(practice))
    tabs = [partial(book, slot, by=robin, key=uuid7(), at=now, red_flags_seen_at=now) for slot in slots]
    answers = Counter(
        answer if isinstance(answer, Refusal) else "booked"
        for answer in at_once([partial(answer_to, tab) for tab in tabs])
    )
    assert answers == {"booked": 1, NotBooked.SIGNS_NOT_READ: 5}
    assert booked() == 1


def test_one_patient_in_ten_tabs_on_ten_slots_never_passes_the_limit(now: datetime) -> None:
    practice = a_practice()
    ann = acting_as(a_patient_of(practice))
    slots = slots_in(a_schedule(practice, now + timedelta(days=1)), most=10)
    answers = at_once([partial(answer_to, partial(book, slot, by=ann, key=uuid7(), at=now)) for slot in slots])
    assert Counter(answers)[NotBooked.LIMIT_REACHED] == 8
    assert booked() == Appointment.objects.count() == 2


def test_ten_tabs_with_one_key_make_one_appointment_and_get_ten_equal_answers(now: datetime) -> None:
    practice = a_practice()
    ann, key = acting_as(a_patient_of(practice)), uuid7()
    slot = a_slot_of(practice, now + timedelta(days=1))
    answers = at_once([partial(book, slot, by=ann, key=key, at=now)] * 10)
    assert len({answer.id for answer in answers}) == 1
    assert Appointment.objects.count() == 1
    assert Entry.objects.filter(event="appointment.booked").count() == 1
    assert IdempotentRequest.objects.filter(key=key).count() == 1


def test_ten_tabs_with_one_key_for_a_taken_slot_are_refused_alike_and_once(now: datetime) -> None:
    practice = a_practice()
    slot = a_slot_of(practice, now + timedelta(days=1))
    an_appointment(slot, a_patient_of(practice))
    ask = partial(book, slot, by=acting_as(a_patient_of(practice)), key=uuid7(), at=now)
    assert at_once([partial(answer_to, ask)] * 10) == [NotBooked.JUST_TAKEN] * 10
    assert Entry.objects.filter(refused_by="appointments.booking.just_taken").count() == 1


def test_two_patients_who_want_each_others_time_both_keep_their_own(now: datetime) -> None:
    """Each locks a slot that the other has: nobody waits for ever, and nobody is left with nothing."""
    practice = a_practice()
    for day in range(1, 6):
        one, other = slots_in(a_schedule(practice, now + timedelta(days=day)), most=2)
        ann, bob = patients_of(practice, 2)
        hers, his = book(one, by=ann, key=uuid7(), at=now), book(other, by=bob, key=uuid7(), at=now)
        swap = [
            partial(answer_to, partial(rearrange, hers, to=other, by=ann, key=uuid7(), at=now)),
            partial(answer_to, partial(rearrange, his, to=one, by=bob, key=uuid7(), at=now)),
        ]
        assert at_once(swap) == [NotBooked.JUST_TAKEN] * 2
    assert booked() == Appointment.objects.count() == 10


def test_ten_patients_move_to_one_slot_and_nine_keep_what_they_have(now: datetime) -> None:
    practice = a_practice()
    wanted, *slots = slots_in(a_schedule(practice, now + timedelta(days=1)), most=11)
    patients = patients_of(practice, 10)
    have = [book(slot, by=one, key=uuid7(), at=now) for slot, one in zip(slots, patients, strict=True)]
    moves = [
        partial(answer_to, partial(rearrange, old, to=wanted, by=one, key=uuid7(), at=now))
        for old, one in zip(have, patients, strict=True)
    ]
    assert Counter(at_once(moves))[NotBooked.JUST_TAKEN] == 9
    rows = Appointment.objects.filter(status="booked")
    assert set(rows.values_list("patient_id", flat=True)) == {one.patient_id for one in patients}
    assert rows.filter(slot_id=wanted.id).count() == 1
    assert rows.count() == 10


def test_an_appointment_cancelled_and_moved_at_once_ends_in_one_of_both_ways(now: datetime) -> None:
    practice = a_practice()
    ends = set()
    for day in range(1, 9):
        one, other = slots_in(a_schedule(practice, now + timedelta(days=day)), most=2)
        ann = acting_as(a_patient_of(practice))
        old = book(one, by=ann, key=uuid7(), at=now)
        both = [
            partial(answer_to, partial(cancel, Appointment.objects.get(id=old.id), by=ann, key=uuid7(), at=now)),
            partial(answer_to, partial(rearrange, old, to=other, by=ann, key=uuid7(), at=now)),
        ]
        answers = at_once(both)
        assert sum(isinstance(answer, Appointment) for answer in answers) == 1
        held = list(Appointment.objects.filter(patient_id=ann.patient_id, status="booked"))
        assert [row.slot_id for row in held] == ([other.id] if isinstance(answers[1], Appointment) else [])
        ends.add(len(held))
    assert ends <= {0, 1}


def test_twenty_thousand_operations_from_sixteen_threads_have_no_anomaly(now: datetime) -> None:
    """Twenty clinics of six slots and five patients each; every history is explained, down to the last row."""
    practice = a_practice()
    kind = a_slot_type(practice)
    mornings = [a_schedule(practice, now + timedelta(days=1 + n // 10, minutes=30 * n)) for n in range(20)]
    clinics = [Clinic(slots_in(each, most=6, minutes=5, kind=kind), patients_of(practice, 5)) for each in mornings]
    pressers = [Presser(clinics, Random(seed), now) for seed in range(THREADS)]
    histories = at_once([partial(each.press, OPERATIONS // THREADS) for each in pressers])
    history = [operation for each in histories for operation in each]
    assert len(history) == OPERATIONS
    assert {(Kind.BOOK, Answer.DONE), (Kind.MOVE, Answer.DONE), (Kind.CANCEL, Answer.DONE)} <= {
        (each.kind, each.answer) for each in history
    }
    assert anomalies(history, limit=2, final=the_book(practice.ods_code)) == []
    done = sum(each.answer is Answer.DONE for each in history)
    assert Entry.objects.filter(refused_by="").exclude(event__in=["access.granted", "access.linked"]).count() == done
    assert Entry.objects.exclude(event__in=["access.granted", "access.linked"]).count() == OPERATIONS


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """The book without the constraint that a seat has one booked appointment; it is put back, and the book emptied."""
    owner = connections["owner"]
    constraint = next(one for one in Appointment._meta.constraints if one.name == "appointment_one_booked_per_seat")
    with owner.schema_editor() as editor:
        editor.remove_constraint(Appointment, constraint)
    try:
        yield
    finally:
        Appointment.objects.using("owner").all().delete()
        with owner.schema_editor() as editor:
            editor.add_constraint(Appointment, constraint)


def naively(slot: Slot, patient: Patient, now: datetime, looked: Barrier) -> Operation:
    """Look whether the slot is free, and then take it, without a lock: as so many booking programs do."""
    started = monotonic_ns()
    free = not Appointment.objects.filter(slot_id=slot.id, status="booked").exists()
    looked.wait()
    asked = partial(Operation, Kind.BOOK, patient.id, slot.id, started)
    row = {"booked_at": now, "booked_by": uuid7(), "booked_through": Channel.ONLINE}
    try:
        assert free
        made = Appointment.objects.create(practice=slot.practice, slot=slot, patient=patient, **row)
    except IntegrityError:
        return asked(monotonic_ns(), Answer.JUST_TAKEN)
    return asked(monotonic_ns(), Answer.DONE, made=made.id)


def both_naively(now: datetime) -> tuple[list[Operation], Practice]:
    """Two patients look at the same time, and then both take the slot."""
    practice = a_practice()
    slot = a_slot_of(practice, now + timedelta(days=1))
    looked = Barrier(2)
    people = [a_patient_of(practice) for _ in range(2)]
    return at_once([partial(naively, slot, patient, now, looked) for patient in people]), practice


def test_a_race_planted_on_purpose_is_found_by_the_checker(now: datetime) -> None:
    """The control: without lock and constraint both patients are told that they have the slot."""
    with without_the_constraint():
        history, practice = both_naively(now)
        assert [each.answer for each in history] == [Answer.DONE, Answer.DONE]
        assert anomalies(history, limit=2, final=the_book(practice.ods_code))


def test_the_same_race_is_stopped_by_the_constraint_alone(now: datetime) -> None:
    history, practice = both_naively(now)
    assert sorted(each.answer for each in history) == [Answer.DONE, Answer.JUST_TAKEN]
    assert anomalies(history, limit=2, final=the_book(practice.ods_code)) == []
