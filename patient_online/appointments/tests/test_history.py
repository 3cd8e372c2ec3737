"""The checker of histories finds every planted anomaly, and passes what can be explained."""

from itertools import count, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.appointments.tests.history import (
    Anomaly,
    Answer,
    Held,
    Kind,
    Operation,
    Undecided,
    anomalies,
    apart,
)

LIMIT = 2
Final = dict[str, Held]


def booked(
    patient: str, slot: str, when: tuple[float, float], made: str | None = None, answer: Answer = Answer.DONE
) -> Operation:
    """The patient asks for the slot; `made` is the appointment that they are told of."""
    return Operation(Kind.BOOK, patient, slot, *when, answer, made=made)


def cancelled(patient: str, slot: str, old: str, when: tuple[float, float], answer: Answer = Answer.DONE) -> Operation:
    """The patient gives back the appointment that they had in the slot."""
    return Operation(Kind.CANCEL, patient, slot, *when, answer, old=old)


def moved(patient: str, old: tuple[str, str], new: tuple[str, str], when: tuple[float, float]) -> Operation:
    """The patient moves an appointment to another slot; each is a slot and an appointment."""
    return Operation(Kind.MOVE, patient, new[0], *when, made=new[1], old=old[1], old_slot=old[0])


def judged(history: list[Operation], final: Final, limit: int = LIMIT) -> list[Anomaly]:
    """What the checker finds."""
    return anomalies(history, limit=limit, final=final.items())


def test_a_booking_that_is_in_the_book_is_explained() -> None:
    assert judged([booked("ann", "nine", (1, 2), "a")], {"nine": Held("a", "ann")}) == []
    assert judged([], {}) == []


def test_a_slot_given_to_two_patients_is_found() -> None:
    both = [booked("ann", "nine", (1, 4), "a"), booked("bob", "nine", (2, 3), "b")]
    found = judged(both, {"nine": Held("a", "ann")})
    assert [each.patient for each in found[0].stuck] == ["ann"]
    assert judged(both, {"nine": Held("b", "bob")})


def test_two_rows_for_one_slot_are_found() -> None:
    both = [booked("ann", "nine", (1, 4), "a"), booked("bob", "nine", (2, 3), "b")]
    assert anomalies(both, limit=2, final=[("nine", Held("a", "ann")), ("nine", Held("b", "bob"))])


def test_a_cancellation_that_was_lost_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), cancelled("ann", "nine", "a", (3, 4))]
    assert judged(history, {}) == []
    assert judged(history, {"nine": Held("a", "ann")})


def test_a_slot_that_was_freed_twice_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a")]
    history += [cancelled("ann", "nine", "a", (3, 6)), cancelled("ann", "nine", "a", (4, 5))]
    assert judged(history, {})


def test_both_slots_lost_in_a_move_are_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), moved("ann", ("nine", "a"), ("ten", "b"), (3, 4))]
    assert judged(history, {"ten": Held("b", "ann")}) == []
    assert judged(history, {})


def test_both_slots_kept_in_a_move_are_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), moved("ann", ("nine", "a"), ("ten", "b"), (3, 4))]
    assert judged(history, {"nine": Held("a", "ann"), "ten": Held("b", "ann")})


def test_a_move_that_frees_late_is_found_by_who_was_turned_away() -> None:
    """Ann is told that she has moved; only then is Bob told that her old time is taken."""
    history = [booked("ann", "nine", (1, 2), "a"), moved("ann", ("nine", "a"), ("ten", "b"), (3, 4))]
    turned_away = booked("bob", "nine", (5, 6), answer=Answer.JUST_TAKEN)
    final = {"ten": Held("b", "ann")}
    assert judged([*history, turned_away], final)
    assert judged([*history, booked("bob", "nine", (3, 6), answer=Answer.JUST_TAKEN)], final) == []


def test_more_appointments_than_the_limit_are_found() -> None:
    """Though each slot alone is in order."""
    history = [booked("ann", slot, (1, 2), slot) for slot in ("nine", "ten", "eleven")]
    final = {slot: Held(slot, "ann") for slot in ("nine", "ten", "eleven")}
    assert judged(history, final)
    assert judged(history, final, limit=3) == []


def test_a_limit_that_nobody_had_reached_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), booked("ann", "ten", (3, 4), answer=Answer.LIMIT_REACHED)]
    assert judged(history, {"nine": Held("a", "ann")})
    assert judged(history, {"nine": Held("a", "ann")}, limit=1) == []


def test_a_booking_told_of_that_is_nowhere_is_found() -> None:
    assert judged([booked("ann", "nine", (1, 2), "a")], {})


def test_an_appointment_that_nobody_asked_for_is_found() -> None:
    assert judged([], {"nine": Held("a", "ann")})
    assert judged([booked("bob", "ten", (1, 2), "b")], {"ten": Held("b", "bob"), "nine": Held("a", "ann")})


def test_somebody_turned_away_from_a_free_slot_is_found() -> None:
    assert judged([booked("ann", "nine", (1, 2), answer=Answer.JUST_TAKEN)], {})


def test_a_clash_with_nothing_is_found() -> None:
    assert judged([booked("ann", "nine", (1, 2), answer=Answer.CLASHES)], {})


def test_a_cancellation_refused_though_the_appointment_stands_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a")]
    history.append(cancelled("ann", "nine", "a", (3, 4), Answer.ALREADY_CANCELLED))
    assert judged(history, {"nine": Held("a", "ann")})


def test_what_failed_and_is_there_all_the_same_is_found_unless_its_answer_was_never_heard() -> None:
    there = {"nine": Held("a", "ann")}
    assert judged([booked("ann", "nine", (1, 2), answer=Answer.FAILED)], there)
    assert judged([booked("ann", "nine", (1, 2), answer=Answer.UNKNOWN)], there) == []
    assert judged([booked("ann", "nine", (1, 2), answer=Answer.UNKNOWN)], {}) == []
    assert judged([booked("bob", "nine", (1, 2), answer=Answer.UNKNOWN)], there)


def test_an_unheard_operation_may_happen_late_but_not_before_it_was_asked() -> None:
    unheard = booked("ann", "nine", (1, 2), answer=Answer.UNKNOWN)
    taken = booked("bob", "nine", (7, 8), answer=Answer.JUST_TAKEN)
    assert judged([unheard, taken], {"nine": Held("a", "ann")}) == []
    early = booked("bob", "nine", (-2, -1), answer=Answer.JUST_TAKEN)
    assert judged([unheard, early], {"nine": Held("a", "ann")})


@pytest.mark.parametrize("happened", [True, False])
def test_an_unheard_move_is_there_whole_or_not_at_all(happened: bool) -> None:
    history = [booked("ann", "nine", (1, 2), "a")]
    history.append(Operation(Kind.MOVE, "ann", "ten", 3, 4, Answer.UNKNOWN, old="a", old_slot="nine"))
    assert judged(history, {"ten": Held("b", "ann")} if happened else {"nine": Held("a", "ann")}) == []
    assert judged(history, {})
    assert judged(history, {"nine": Held("a", "ann"), "ten": Held("b", "ann")})


def test_operations_that_share_nothing_are_judged_apart() -> None:
    alone = [booked("ann", "nine", (1, 2), "a"), booked("bob", "ten", (1, 2), "b")]
    move = moved("bob", ("ten", "b"), ("eleven", "c"), (3, 4))
    linked = booked("cat", "eleven", (5, 6), answer=Answer.JUST_TAKEN)
    assert [len(part) for part in apart([*alone, move, linked])] == [1, 3]


def test_a_history_with_too_many_orders_is_not_called_good() -> None:
    history = [booked(f"p{n}", f"s{n}", (1, 2), f"a{n}") for n in range(12)]
    history += [booked("ann", f"s{n}", (1, 2), answer=Answer.CLASHES) for n in range(12)]
    with pytest.raises(Undecided):
        anomalies(history, limit=2, final=[(f"s{n}", Held(f"a{n}", f"p{n}")) for n in range(12)], most=500)


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_a_book_kept_one_at_a_time_is_explained_and_one_row_lost_or_swapped_is_not(seed: int, at_once: int) -> None:
    """The history is made in order, each operation with an instant; the calls and answers are spread around it."""
    history, final = a_good_history(Random(seed), at_once)
    assert judged(history, final) == []
    if final:
        slot = next(iter(final))
        assert judged(history, {each: held for each, held in final.items() if each != slot})
        assert judged(history, final | {slot: Held("another", final[slot].patient)})


def a_good_history(random: Random, at_once: int) -> tuple[list[Operation], Final]:
    """Forty operations on six slots by four patients as a book kept by hand answers them, and the book at the end."""
    book: Final = {}
    history: list[Operation] = []
    names = (f"appointment {n}" for n in count())
    for instant in range(40):
        when = (instant - random.random() * at_once, instant + random.random() * at_once)
        patient, slot = random.choice(list(product("abcd", "123456")))
        theirs = [each for each, held in book.items() if held.patient == patient]
        if theirs and random.random() < 0.4:
            history.append(cancelled(patient, theirs[0], str(book.pop(theirs[0]).appointment), when))
        elif slot in book:
            answer = Answer.CLASHES if book[slot].patient == patient else Answer.JUST_TAKEN
            history.append(booked(patient, slot, when, answer=answer))
        elif theirs and random.random() < 0.5:
            old, made = book.pop(theirs[0]), next(names)
            book[slot] = Held(made, patient)
            history.append(moved(patient, (theirs[0], str(old.appointment)), (slot, made), when))
        elif len(theirs) >= LIMIT:
            history.append(booked(patient, slot, when, answer=Answer.LIMIT_REACHED))
        else:
            book[slot] = Held(made := next(names), patient)
            history.append(booked(patient, slot, when, made))
    return history, book
