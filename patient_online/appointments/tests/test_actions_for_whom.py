"""Who may do what, what is kept where, what is repeated, and what it costs: booking, cancelling and moving."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from patient_online.access.actions import take_back
from patient_online.appointments.actions import Words, book, cancel, rearrange
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import appointments_of, slots_free
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.tests.asked import any_time, done, refused, the_trail
from patient_online.asking import Acting, NotAllowed
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    acting_as,
    an_account_for,
    an_appointment,
    the_maker,
)
from patient_online.nhs.appointments import Mode
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import KeyUsedForAnother, Refused
from patient_online.storage.ids import uuid7
from patient_online.storage.models import IdempotentRequest
from tests.statements import statements

NUMBER, ANOTHER = "+441632960001", "+447700900982"


def telephone_of(acting: Acting) -> str:
    """The number in the patient's details."""
    return Patient.objects.get(id=acting.patient_id).telephone


@pytest.mark.parametrize("mode", [Mode.TELEPHONE, Mode.VIDEO])
def test_a_call_needs_a_number_which_stays_with_the_appointment(
    practice: Practice, ann: Acting, now: datetime, mode: Mode
) -> None:
    slot = a_slot_of(practice, now + timedelta(days=1), mode=mode)
    assert refused(book, slot, by=ann, at=now) is NotBooked.TELEPHONE_NEEDED
    made = done(book, slot, by=ann, at=now, words=Words(telephone=NUMBER))
    assert made.contact_telephone == NUMBER
    assert telephone_of(ann) == ""


def test_a_number_is_kept_in_the_details_when_the_patient_ticks_it(
    practice: Practice, ann: Acting, now: datetime
) -> None:
    slot = a_slot_of(practice, now + timedelta(days=1), mode=Mode.TELEPHONE)
    made = done(book, slot, by=ann, at=now, words=Words(telephone=NUMBER, keep_telephone=True))
    assert made.contact_telephone == telephone_of(ann) == NUMBER
    assert the_trail() == [("patient.telephone_changed", ""), ("appointment.booked", "")]


def test_a_number_is_not_kept_when_the_booking_is_refused(practice: Practice, ann: Acting, now: datetime) -> None:
    slot = a_slot_of(practice, now + timedelta(days=1), mode=Mode.TELEPHONE)
    an_appointment(slot, a_patient_of(practice))
    words = Words(telephone=NUMBER, keep_telephone=True)
    assert refused(book, slot, by=ann, at=now, words=words) is NotBooked.JUST_TAKEN
    assert telephone_of(ann) == ""


def test_who_moves_to_a_call_is_reached_on_the_number_of_before_or_on_that_in_the_details(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    calls = [a_slot_of(practice, now + timedelta(days=days), mode=Mode.TELEPHONE) for days in (2, 3, 4)]
    visit = done(book, slots[0], by=ann, at=now)
    assert refused(rearrange, visit, to=calls[0], by=ann, at=now) is NotBooked.TELEPHONE_NEEDED
    Patient.objects.filter(id=ann.patient_id).update(telephone=NUMBER)
    assert done(rearrange, visit, to=calls[0], by=ann, at=now).contact_telephone == NUMBER
    call = done(book, calls[1], by=ann, at=now, words=Words(telephone=ANOTHER))
    assert done(rearrange, call, to=calls[2], by=ann, at=now).contact_telephone == ANOTHER


def test_who_moves_from_one_visit_to_another_gives_no_number(ann: Acting, slots: list[Slot], now: datetime) -> None:
    Patient.objects.filter(id=ann.patient_id).update(telephone=NUMBER)
    visit = done(book, slots[0], by=ann, at=now)
    assert done(rearrange, visit, to=slots[1], by=ann, at=now).contact_telephone == ""


def test_a_grant_that_is_taken_back_no_longer_holds_though_the_session_remembers_it(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    had = done(book, slots[0], by=ann, at=now)
    patient = Patient.objects.get(id=ann.patient_id)
    take_back(patient, account_id=ann.account_id, service=Service.APPOINTMENTS, by=the_maker(practice), at=now)
    assert ann.may(Service.APPOINTMENTS) is None
    assert not slots_free(ann, any_time(now), at=now).exists()
    assert not appointments_of(ann).exists()
    assert refused(book, slots[1], by=ann, at=now) is NotAllowed.SERVICE_NOT_YOURS
    assert refused(rearrange, had, to=slots[1], by=ann, at=now) is NotAllowed.SERVICE_NOT_YOURS
    assert refused(cancel, had, by=ann, at=now) is NotCancelled.NOT_FOUND


def test_who_may_only_look_cannot_book_cancel_or_move(practice: Practice, slots: list[Slot], now: datetime) -> None:
    patient = a_patient_of(practice)
    looker = acting_as(patient, an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW}))
    theirs = an_appointment(slots[0], patient)
    assert appointments_of(looker).get() == theirs
    assert not slots_free(looker, any_time(now), at=now).exists()
    for ask, things in ((book, {}), (cancel, {}), (rearrange, {"to": slots[1]})):
        thing = slots[1] if ask is book else theirs
        assert refused(ask, thing, by=looker, at=now, **things) is NotAllowed.SERVICE_NOT_YOURS
    assert [event for event, rule in the_trail() if rule] == [
        "appointment.booked",
        "appointment.cancelled",
        "appointment.moved",
    ]


def test_another_practices_slot_is_as_if_it_were_not_there(ann: Acting, slots: list[Slot], now: datetime) -> None:
    theirs = a_slot_of(a_practice(), now + timedelta(days=1))
    nothing = Slot(practice_id=ann.practice_id, id=uuid7(), mode=Mode.IN_PERSON)
    mine = done(book, slots[0], by=ann, at=now)
    for slot in (theirs, nothing):
        assert refused(book, slot, by=ann, at=now) is NotBooked.NOT_OFFERED
        assert refused(book, slot, by=ann, at=now, length=2) is NotBooked.NOT_OFFERED
        assert refused(rearrange, mine, to=slot, by=ann, at=now) is NotBooked.NOT_OFFERED


def test_somebody_elses_appointment_is_as_if_it_were_not_there(
    practice: Practice, ann: Acting, slots: list[Slot], now: datetime
) -> None:
    elsewhere = a_practice()
    there = an_appointment(a_slot_of(elsewhere, now + timedelta(days=1)), a_patient_of(elsewhere))
    neighbours = an_appointment(slots[0], a_patient_of(practice))
    nothing = Appointment(practice_id=ann.practice_id, id=uuid7())
    for appointment in (there, neighbours, nothing):
        assert refused(cancel, appointment, by=ann, at=now) is NotCancelled.NOT_FOUND
        assert refused(rearrange, appointment, to=slots[1], by=ann, at=now) is NotCancelled.NOT_FOUND


def test_who_has_left_the_practice_books_nothing(ann: Acting, slots: list[Slot], now: datetime) -> None:
    Patient.objects.filter(id=ann.patient_id).update(left_on=now.date())
    assert refused(book, slots[0], by=ann, at=now) is NotBooked.NOT_REGISTERED


def test_a_slot_withdrawn_or_without_words_since_the_page_was_made_is_not_booked(
    ann: Acting, slots: list[Slot], now: datetime
) -> None:
    Slot.objects.filter(id=slots[0].id).update(status="withdrawn")
    assert refused(book, slots[0], by=ann, at=now) is NotBooked.NOT_OFFERED
    type(slots[1].type).objects.filter(id=slots[1].type_id).update(label="")
    assert refused(book, slots[1], by=ann, at=now) is NotBooked.NOT_OFFERED


def test_a_repeated_request_has_one_effect_and_the_same_answer(ann: Acting, slots: list[Slot], now: datetime) -> None:
    key = uuid7()
    first, again = [book(slots[0], by=ann, key=key, at=now) for _ in range(2)]
    assert first.id == again.id
    assert Appointment.objects.count() == IdempotentRequest.objects.count() == 1
    with pytest.raises(KeyUsedForAnother):
        book(slots[1], by=ann, key=key, at=now)
    assert the_trail() == [("appointment.booked", "")]


def test_a_refusal_is_repeated_in_the_same_words(ann: Acting, slots: list[Slot], now: datetime) -> None:
    done(book, slots[0], by=ann, at=now)
    last = done(book, slots[1], by=ann, at=now)
    key = uuid7()
    told = [_refused_under(key, slots[2], ann, now)]
    done(cancel, last, by=ann, at=now)
    told.append(_refused_under(key, slots[2], ann, now))
    assert told == [(NotBooked.LIMIT_REACHED, {"limit": 2})] * 2
    assert Entry.objects.filter(refused_by="appointments.booking.limit_reached").count() == 1


def _refused_under(key: UUID, slot: Slot, acting: Acting, now: datetime) -> tuple[Any, dict[str, Any]]:
    with pytest.raises(Refused) as no:
        book(slot, by=acting, key=key, at=now)
    return no.value.reason, no.value.facts


def cost(ask: Callable[..., Appointment], *things: Any, **details: Any) -> int:
    """How many statements it takes; it must be done."""
    with statements() as made:
        ask(*things, key=uuid7(), **details)
    return len(made)


def test_booking_cancelling_and_moving_cost_few_statements(ann: Acting, slots: list[Slot], now: datetime) -> None:
    """The key, patient, slot, rules, facts; and all that is written, together.

    A move reads the old one and frees it too.
    """
    assert cost(book, slots[0], by=ann, at=now) == 6
    single = Appointment.objects.get()
    assert cost(book, slots[1], by=ann, at=now, length=2) == 6
    double = Appointment.objects.get(slot_id=slots[1].id)
    assert cost(rearrange, single, to=slots[5], by=ann, at=now) == 8
    assert cost(rearrange, double, to=slots[3], by=ann, at=now) == 8
    assert cost(cancel, Appointment.objects.get(slot_id=slots[5].id), by=ann, at=now) == 4


def test_a_repeated_request_costs_three_statements(ann: Acting, slots: list[Slot], now: datetime) -> None:
    key = uuid7()
    book(slots[0], by=ann, key=key, at=now)
    with statements() as made:
        book(slots[0], by=ann, key=key, at=now)
    assert len(made) == 3
