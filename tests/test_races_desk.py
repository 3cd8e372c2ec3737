"""The desk and patients at the same slots, thousands of times, on a real database with a connection each.

Seen to fail by hand: without the lock of the slots in `slots_held` the constraint refused the desk what the rules had
given it; without the condition `BOOKED` in the update of the marks somebody had arrived for an appointment that was
cancelled.
"""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest

from patient_online.appointments.models import Appointment
from patient_online.appointments.tests.crowd import Clinic
from patient_online.appointments.tests.desk_crowd import Receptionist, seats_shared, the_book_with_extras
from patient_online.appointments.tests.history import Answer, Kind, anomalies
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, a_schedule, a_slot_type, slots_in, staff_of
from patient_online.notify.models import Message
from tests.at_once import at_once
from tests.test_races import patients_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
THREADS, OPERATIONS = 8, 4_000
TOLD = {Kind.BOOK: "appointment-booked", Kind.MOVE: "appointment-moved", Kind.CANCEL: "appointment-cancelled"}
# Everything that can be said to the desk and to patients of these slots is said, or the history shows too little.
BOOK, MOVE, CANCEL, MARK, GONE = Kind.BOOK, Kind.MOVE, Kind.CANCEL, Kind.MARK, Answer.ALREADY_CANCELLED
SAID = {
    *((kind, True, Answer.DONE) for kind in (BOOK, MOVE, CANCEL, MARK)),
    *((kind, False, Answer.DONE) for kind in (BOOK, MOVE, CANCEL)),
    *((kind, True, answer) for kind in (BOOK, MOVE) for answer in (Answer.TAKEN, Answer.SAME_SLOT)),
    *((kind, True, answer) for kind in (MOVE, CANCEL) for answer in (Answer.HAS_COME, GONE)),
    *((kind, False, answer) for kind in (MOVE, CANCEL) for answer in (Answer.ARRIVED, GONE)),
    *((kind, False, Answer.JUST_TAKEN) for kind in (BOOK, MOVE)),
    (BOOK, False, Answer.CLASHES),
    (BOOK, False, Answer.LIMIT_REACHED),
    (MARK, True, Answer.NO_LONGER_BOOKED),
}


def test_the_desk_and_patients_press_thousands_of_times_and_every_answer_was_true_at_some_instant(
    now: datetime,
) -> None:
    """Ten clinics of today, six slots and five patients each; receptionists and patients at eight browsers."""
    practice = a_practice()
    kind = a_slot_type(practice)
    hours = [a_schedule(practice, now + timedelta(minutes=60 + 30 * n), hours=0.5) for n in range(10)]
    clinics = [Clinic(slots_in(each, most=6, minutes=5, kind=kind), patients_of(practice, 5)) for each in hours]
    desks = [staff_of(practice, Role.RECEPTIONIST) for _ in range(THREADS)]
    people = [Receptionist(clinics, Random(seed), now, desk=desk) for seed, desk in enumerate(desks)]
    histories = at_once([partial(each.press, OPERATIONS // THREADS) for each in people])
    history = [operation for each in histories for operation in each]
    assert len(history) == OPERATIONS
    assert {(each.kind, each.at_desk, each.answer) for each in history} >= SAID
    assert any(each.extra and each.answer is Answer.DONE for each in history)
    assert anomalies(history, limit=2, final=the_book_with_extras(practice.ods_code)) == []
    assert seats_shared(practice.ods_code) == []
    assert not Appointment.objects.exclude(status="booked").filter(arrived_at__isnull=False).exists()
    done = Counter(each.kind for each in history if each.answer is Answer.DONE)
    told = Counter(Message.objects.values_list("kind", flat=True))
    assert {kind: told[name] for kind, name in TOLD.items()} == {kind: done[kind] for kind in TOLD}
    at_desk = Counter(each.kind for each in history if each.at_desk and each.answer is Answer.DONE)
    noted = Entry.objects.filter(refused_by="", event="appointment.booked_at_desk", channel="desk")
    assert noted.count() == at_desk[Kind.BOOK]
