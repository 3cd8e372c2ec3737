"""The checker of histories finds what goes wrong when a session is withdrawn or put back, and passes what does not."""

import pytest

from patient_online.appointments.tests.history import Answer, Held, Kind, Operation, anomalies
from patient_online.appointments.tests.plain_book import WITHDRAWN
from patient_online.appointments.tests.test_history import booked, cancelled, moved

BOTH = frozenset({"nine", "ten"})
GONE = dict.fromkeys(BOTH, WITHDRAWN)
Shown = dict[str, Held]


def withdrawn(when: tuple[float, float], shown: Shown | None = None, answer: Answer = Answer.DONE) -> Operation:
    """The practice withdraws the morning, after it was shown who has which of its slots."""
    seen = frozenset((shown or {}).items())
    return Operation(Kind.WITHDRAW, "morning", "morning", *when, answer, session=BOTH, shown=seen)


def put_back(when: tuple[float, float], answer: Answer = Answer.DONE) -> Operation:
    """The practice puts the morning back."""
    return Operation(Kind.PUT_BACK, "morning", "morning", *when, answer, session=BOTH)


def is_explained(history: list[Operation], final: dict[str, Held]) -> bool:
    """Whether the checker finds an order."""
    return anomalies(history, limit=2, final=final.items()) == []


ANN = {"nine": Held("a", "ann")}


def test_a_withdrawn_session_with_the_appointment_that_was_shown_is_explained() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), withdrawn((3, 4), ANN)]
    assert is_explained(history, GONE)
    assert is_explained([*history, put_back((5, 6))], {})
    assert is_explained([*history, cancelled("ann", "nine", "a", (5, 6), Answer.ALREADY_CANCELLED)], GONE)
    assert is_explained([*history, booked("bob", "nine", (3, 5), answer=Answer.NOT_OFFERED)], GONE)


def test_an_appointment_that_stands_on_a_withdrawn_slot_is_found() -> None:
    history = [withdrawn((1, 4)), booked("ann", "nine", (2, 3), "a")]
    assert not is_explained(history, GONE | ANN)
    assert not is_explained(history, GONE)
    rows = [*GONE.items(), *ANN.items()]
    assert anomalies(history, limit=2, final=rows)


def test_an_appointment_withdrawn_that_nobody_was_shown_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), withdrawn((3, 4))]
    assert not is_explained(history, GONE)


def test_a_withdrawal_that_left_a_slot_open_is_found() -> None:
    assert not is_explained([withdrawn((1, 2))], {"nine": WITHDRAWN})


def test_both_slots_lost_in_a_move_out_of_a_withdrawn_session_are_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a"), moved("ann", ("nine", "a"), ("noon", "b"), (3, 6))]
    assert is_explained([*history, withdrawn((4, 5), {})], GONE | {"noon": Held("b", "ann")})
    assert not is_explained([*history, withdrawn((4, 5), ANN)], GONE | {"noon": Held("b", "ann")})
    assert not is_explained([*history, withdrawn((4, 5), {})], GONE)


def test_a_withdrawal_told_that_there_is_nothing_though_there_was_is_found() -> None:
    history = [booked("ann", "nine", (1, 2), "a")]
    assert is_explained([*history, withdrawn((3, 4), {}, Answer.CHANGED)], ANN)
    assert not is_explained([withdrawn((3, 4), {}, Answer.NOTHING_THERE)], {})


def test_a_patient_told_that_a_time_is_not_offered_though_it_is_is_found() -> None:
    assert not is_explained([booked("ann", "nine", (1, 2), answer=Answer.NOT_OFFERED)], {})
    late = [withdrawn((1, 2)), put_back((3, 4)), booked("ann", "nine", (5, 6), answer=Answer.NOT_OFFERED)]
    assert not is_explained(late, {})


@pytest.mark.parametrize("answer", [Answer.JUST_TAKEN, Answer.CLASHES, Answer.LIMIT_REACHED])
def test_another_reason_for_a_withdrawn_time_is_found(answer: Answer) -> None:
    assert not is_explained([withdrawn((1, 2)), booked("ann", "nine", (3, 4), answer=answer)], GONE)
