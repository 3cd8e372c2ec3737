"""Each way of saying no to a patient, and its edges."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from patient_online.appointments.rules.booking import MOST_COMMENT, MOST_REASON, NotBooked, joined, why_not_book
from patient_online.appointments.rules.cancel import NotCancelled, why_not_cancel
from patient_online.appointments.rules.saying import needs_number, why_not_reached, why_not_words
from patient_online.appointments.tests.facts import (
    DAY,
    MINUTE,
    NINE,
    NOW,
    SECOND,
    TEN_MINUTES,
    a_slot,
    facts,
    to_cancel,
)
from patient_online.nhs.appointments import Mode
from patient_online.refusals import Owner


def test_a_free_slot_that_is_offered_can_be_booked() -> None:
    assert why_not_book(facts(), at=NOW) is None


def test_who_has_left_the_practice_cannot_book() -> None:
    assert why_not_book(facts(registered=False), at=NOW) is NotBooked.NOT_REGISTERED


def test_a_slot_that_somebody_has_just_taken_cannot_be_booked() -> None:
    assert why_not_book(facts(taken=True), at=NOW) is NotBooked.JUST_TAKEN


def test_a_longer_appointment_whose_later_slot_is_taken_is_too_long_and_not_just_taken() -> None:
    slots = a_slot(), a_slot(NINE + TEN_MINUTES)
    assert why_not_book(facts(*slots, later_taken=True), at=NOW) is NotBooked.NOT_TOGETHER
    assert why_not_book(facts(*slots, taken=True, later_taken=True), at=NOW) is NotBooked.JUST_TAKEN


def test_a_slot_that_is_not_offered_cannot_be_booked() -> None:
    assert why_not_book(facts(a_slot(offered=False)), at=NOW) is NotBooked.NOT_OFFERED


@pytest.mark.parametrize(
    ("until_release", "refusal"), [(SECOND, NotBooked.NOT_RELEASED), (0 * SECOND, None), (-SECOND, None)]
)
def test_a_slot_can_be_booked_from_the_instant_of_its_release(
    until_release: timedelta, refusal: NotBooked | None
) -> None:
    assert why_not_book(facts(a_slot(release_at=NOW + until_release)), at=NOW) is refusal


def test_a_longer_appointment_waits_for_the_release_of_its_last_slot() -> None:
    slots = a_slot(), a_slot(NINE + TEN_MINUTES, release_at=NOW + SECOND)
    assert why_not_book(facts(*slots), at=NOW) is NotBooked.NOT_RELEASED


@pytest.mark.parametrize(("after", "refusal"), [(SECOND, None), (0 * SECOND, "past"), (-SECOND, "past")])
def test_a_slot_that_has_started_cannot_be_booked(after: timedelta, refusal: str | None) -> None:
    """Even where the practice asks for no notice at all."""
    told = why_not_book(facts(a_slot(NOW + after), minimum_notice_minutes=0), at=NOW)
    assert told is (NotBooked.IN_THE_PAST if refusal else None)


@pytest.mark.parametrize(
    ("notice", "refusal"),
    [(15 * MINUTE - SECOND, NotBooked.TOO_SOON), (15 * MINUTE, None), (15 * MINUTE + SECOND, None)],
)
def test_a_slot_needs_the_shortest_notice(notice: timedelta, refusal: NotBooked | None) -> None:
    assert why_not_book(facts(a_slot(NOW + notice)), at=NOW) is refusal


@pytest.mark.parametrize(
    ("ahead", "refusal"), [(28 * DAY - SECOND, None), (28 * DAY, None), (28 * DAY + SECOND, NotBooked.TOO_FAR_AHEAD)]
)
def test_a_slot_may_not_be_further_ahead_than_the_practice_books(ahead: timedelta, refusal: NotBooked | None) -> None:
    assert why_not_book(facts(a_slot(NOW + ahead)), at=NOW) is refusal


def test_nobody_can_be_in_two_places_at_the_same_time() -> None:
    assert why_not_book(facts(clashes=True), at=NOW) is NotBooked.CLASHES


@pytest.mark.parametrize(("booked", "refusal"), [(1, None), (2, NotBooked.LIMIT_REACHED), (3, NotBooked.LIMIT_REACHED)])
def test_nobody_books_more_than_the_practice_allows(booked: int, refusal: NotBooked | None) -> None:
    assert why_not_book(facts(booked_ahead=booked), at=NOW) is refusal


def test_the_limit_never_stands_in_the_way_of_a_move() -> None:
    """A patient has no more appointments after a move than before, whoever booked them and however low the limit."""
    assert why_not_book(facts(booked_ahead=3, moving=True), at=NOW) is None


@pytest.mark.parametrize(
    ("booked", "most", "refusal"),
    [(0, 1, None), (1, 1, NotBooked.LIMIT_OF_KIND_REACHED), (1, 2, None), (9, None, None)],
)
def test_nobody_books_more_of_a_kind_than_the_practice_allows(
    booked: int, most: int | None, refusal: NotBooked | None
) -> None:
    assert why_not_book(facts(booked_ahead_of_type=booked, limit_of_type=most), at=NOW) is refusal


def test_the_limit_of_a_kind_lets_a_move_within_the_kind_be_but_not_one_into_it() -> None:
    full: dict[str, Any] = {"booked_ahead_of_type": 1, "limit_of_type": 1, "moving": True}
    assert why_not_book(facts(**full, moved_type_id=a_slot().type_id), at=NOW) is None
    assert why_not_book(facts(**full, moved_type_id=UUID(int=9)), at=NOW) is NotBooked.LIMIT_OF_KIND_REACHED


def test_two_slots_in_a_row_can_be_one_appointment() -> None:
    assert why_not_book(facts(a_slot(), a_slot(NINE + TEN_MINUTES)), at=NOW) is None


@pytest.mark.parametrize(
    "other",
    [
        {"schedule_id": UUID(int=9)},
        {"mode": Mode.TELEPHONE},
        {"type_id": UUID(int=9)},
        {"starts_at": NINE + TEN_MINUTES + SECOND},
        {"starts_at": NINE + TEN_MINUTES - SECOND},
    ],
    ids=["schedule", "mode", "type", "gap", "overlap"],
)
def test_slots_are_joined_only_in_one_schedule_mode_and_type_without_a_gap(other: dict[str, Any]) -> None:
    slots = a_slot(), a_slot(**{"starts_at": NINE + TEN_MINUTES} | other)
    assert not joined(slots)
    assert why_not_book(facts(*slots), at=NOW) is NotBooked.NOT_TOGETHER


def test_a_longer_appointment_needs_all_of_its_slots() -> None:
    assert why_not_book(facts(a_slot(), wanted=2), at=NOW) is NotBooked.NOT_TOGETHER


def test_no_more_slots_are_joined_than_the_practice_says() -> None:
    slots = [a_slot(NINE + n * TEN_MINUTES) for n in range(3)]
    assert why_not_book(facts(*slots, joins_up_to=2), at=NOW) is NotBooked.NOT_TOGETHER
    assert why_not_book(facts(*slots, joins_up_to=3), at=NOW) is None
    assert not joined([])


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(29, NotCancelled.TOO_LATE), (30, None), (31, None)], ids=["29", "30", "31"]
)
def test_cancelling_is_possible_until_exactly_the_cut_off(minutes: int, refusal: NotCancelled | None) -> None:
    assert why_not_cancel(to_cancel(NOW + minutes * MINUTE), at=NOW) is refusal


def test_a_second_inside_the_cut_off_is_too_late() -> None:
    assert why_not_cancel(to_cancel(NOW + 30 * MINUTE - SECOND), at=NOW) is NotCancelled.TOO_LATE


def test_an_appointment_that_is_cancelled_already_is_not_cancelled_again() -> None:
    assert why_not_cancel(to_cancel(NOW + DAY, booked=False), at=NOW) is NotCancelled.ALREADY_CANCELLED


@pytest.mark.parametrize(("after", "refusal"), [(SECOND, None), (0 * SECOND, "past"), (-SECOND, "past")])
def test_an_appointment_that_has_started_is_not_cancelled(after: timedelta, refusal: str | None) -> None:
    told = why_not_cancel(to_cancel(NOW + after, cutoff_minutes=0), at=NOW)
    assert told is (NotCancelled.IN_THE_PAST if refusal else None)


def test_a_practice_may_keep_cancelling_to_the_telephone() -> None:
    assert why_not_cancel(to_cancel(NOW + DAY, cancel_online=False), at=NOW) is NotCancelled.NOT_ONLINE


@pytest.mark.parametrize(
    ("reason", "comment", "refused"),
    [(MOST_REASON, MOST_COMMENT, False), (MOST_REASON + 1, 0, True), (0, MOST_COMMENT + 1, True)],
)
def test_words_are_kept_whole_or_not_at_all(reason: int, comment: int, refused: bool) -> None:
    assert (MOST_REASON, MOST_COMMENT) == (100, 500)
    told = why_not_words(reason="é" * reason, comment="é" * comment)
    assert told is (NotBooked.TOO_LONG if refused else None)


@pytest.mark.parametrize("mode", Mode)
def test_a_call_needs_a_number_and_a_visit_does_not(mode: Mode) -> None:
    by_call = mode in (Mode.TELEPHONE, Mode.VIDEO)
    assert needs_number(mode) is by_call
    assert why_not_reached(mode=mode, telephone="") is (NotBooked.TELEPHONE_NEEDED if by_call else None)
    assert why_not_reached(mode=mode, telephone="+441632960001") is None


@pytest.mark.parametrize("refusal", [*NotBooked, *NotCancelled])
def test_every_no_says_which_rule_whose_it_is_and_what_to_do(refusal: NotBooked | NotCancelled) -> None:
    assert refusal.rule in {f"appointments.{room}.{refusal.name.lower()}" for room in ("booking", "cancel")}
    assert refusal.words.endswith(".")
    assert refusal.next_step.endswith(".")
    assert isinstance(refusal.owner, Owner)
