"""Release rules at their very edges: the first instant that is in, and the last that is out."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from patient_online.appointments.rules.covering import covered
from patient_online.appointments.rules.release import (
    Opening,
    Reach,
    RuleFacts,
    Shut,
    Terms,
    WhoFacts,
    opening,
    opens_when,
    why_not_open,
)

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
REACH = Reach(book_ahead_days=28, minimum_notice_minutes=15)
ANN = WhoFacts(date(1980, 1, 1), "female")
DAY, HOUR, MINUTE, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta.resolution
MIDNIGHT = datetime(2026, 3, 4, tzinfo=UTC)
KIND = UUID(int=9)


def lets_in(rule: RuleFacts, starts_at: datetime, *, at: datetime = NOW, reach: Reach = REACH) -> bool:
    """Whether the rule lets Ann have a slot that starts then."""
    found = opening(rule, ANN, reach, at=at)
    return isinstance(found, Opening) and found.lets_in(starts_at)


def says(rules: list[RuleFacts], starts_at: datetime, *, at: datetime = NOW) -> Shut | None:
    """Why Ann cannot have the slot, or None."""
    return why_not_open(rules, ANN, REACH, starts_at, at=at)


def test_without_any_notice_a_slot_can_be_had_until_it_starts_and_not_at_its_start() -> None:
    for rule, reach in ((RuleFacts(minimum_notice_minutes=0), REACH), (RuleFacts(), Reach(28, 0))):
        assert not lets_in(rule, NOW, reach=reach)
        assert lets_in(rule, NOW + INSTANT, reach=reach)
    assert says([RuleFacts(minimum_notice_minutes=0)], NOW) is Shut.TOO_SOON


def test_a_day_that_is_released_ends_before_the_next_midnight() -> None:
    tomorrow_at_eight = RuleFacts(days_ahead=1, release_time=time(8))
    assert lets_in(tomorrow_at_eight, MIDNIGHT + DAY - INSTANT)
    assert not lets_in(tomorrow_at_eight, MIDNIGHT + DAY)


def test_the_policy_lets_in_what_starts_exactly_so_many_days_ahead_and_nothing_later() -> None:
    assert lets_in(RuleFacts(), NOW + 28 * DAY)
    assert not lets_in(RuleFacts(), NOW + 28 * DAY + INSTANT)


def test_who_is_too_old_tomorrow_has_no_slot_at_midnight() -> None:
    child = WhoFacts(date(2010, 3, 4), "female")
    found = opening(RuleFacts(most_age=15), child, REACH, at=NOW)
    assert isinstance(found, Opening)
    assert found.lets_in(MIDNIGHT - INSTANT)
    assert not found.lets_in(MIDNIGHT)


def test_an_embargo_is_over_at_its_instant() -> None:
    waits = RuleFacts(embargo_until=NOW)
    assert lets_in(waits, NOW + HOUR)
    assert not lets_in(waits, NOW + HOUR, at=NOW - INSTANT)
    assert opens_when([waits], ANN, REACH, NOW + HOUR, at=NOW - DAY) == NOW


def test_what_is_released_just_when_notice_ends_can_still_be_had_and_a_minute_later_never() -> None:
    on_the_day = [RuleFacts(days_ahead=0, release_time=time(8), minimum_notice_minutes=60)]
    assert says(on_the_day, NOW + HOUR, at=NOW - HOUR) is Shut.NOT_RELEASED
    assert opens_when(on_the_day, ANN, REACH, NOW + HOUR, at=NOW - HOUR) == NOW
    assert says(on_the_day, NOW + HOUR) is None
    half_past = NOW + 30 * MINUTE
    assert says(on_the_day, half_past, at=half_past - HOUR) is Shut.NEVER_OPEN
    assert says(on_the_day, half_past, at=half_past - HOUR + INSTANT) is Shut.TOO_SOON


def test_what_will_be_over_soonest_is_told_first() -> None:
    """A slot of forty days ahead: the policy opens it in twelve; one rule sooner, the other later."""
    starts_at = NOW + 40 * DAY
    policy, sooner, later = (
        RuleFacts(sex="female"),
        RuleFacts(days_ahead=35, release_time=time(8)),
        RuleFacts(days_ahead=20, release_time=time(8)),
    )
    assert says([policy, sooner], starts_at) is says([sooner, policy], starts_at) is Shut.NOT_RELEASED
    assert says([policy, later], starts_at) is says([later, policy], starts_at) is Shut.TOO_FAR_AHEAD


def test_the_search_goes_as_far_as_the_policy_where_the_rules_of_one_kind_end_sooner() -> None:
    rules = {KIND: [RuleFacts(days_ahead=0, release_time=time(8))]}
    assert Terms(REACH, ANN, rules).furthest(at=NOW) == NOW + 28 * DAY + INSTANT
    far = {KIND: [RuleFacts(days_ahead=60, release_time=time(8))]}
    # Sixty days on the clocks have gone forward: midnight is an hour earlier.
    assert Terms(REACH, ANN, far).furthest(at=NOW) == MIDNIGHT + 60 * DAY - HOUR


@pytest.mark.parametrize(
    ("new", "old", "is_covered"),
    [
        ({"least_age": 18}, {"least_age": 18, "sex": "female"}, True),
        ({"least_age": 19}, {"least_age": 18, "sex": "female"}, False),
        ({"most_age": 64}, {"most_age": 64, "sex": "female"}, True),
        ({"most_age": 63}, {"most_age": 64, "sex": "female"}, False),
        ({}, {"most_age": 95}, True),
        ({"most_age": 95}, {"sex": "female"}, False),
        ({"minimum_notice_minutes": 15}, {"sex": "female"}, True),  # as the policy has it
        ({"minimum_notice_minutes": 16}, {"sex": "female"}, False),
        ({"days_ahead": 7, "release_time": time(8)}, {"days_ahead": 7, "release_time": time(8), "sex": "male"}, True),
        ({"days_ahead": 6, "release_time": time(8)}, {"days_ahead": 7, "release_time": time(8), "sex": "male"}, False),
        # The policy releases each start at its own time of day: on the same day neither is surely the earlier.
        ({"days_ahead": 28, "release_time": time(8)}, {"sex": "female"}, False),
        ({"days_ahead": 28, "release_time": time(0)}, {"sex": "female"}, True),
        ({"sex": "female"}, {"sex": "female", "days_ahead": 28, "release_time": time(8)}, False),
        ({"sex": "female"}, {"sex": "female", "days_ahead": 27, "release_time": time(8)}, True),
        ({"embargo_until": NOW + DAY}, {"embargo_until": NOW + DAY, "sex": "female"}, True),
        ({"embargo_until": NOW + DAY}, {"embargo_until": NOW + HOUR, "sex": "female"}, False),
        ({"embargo_until": NOW}, {"sex": "female"}, True),
    ],
)
def test_one_rule_covers_another_down_to_the_year_the_minute_and_the_instant(
    new: dict[str, Any], old: dict[str, Any], is_covered: bool
) -> None:
    assert covered(RuleFacts(**new), [RuleFacts(**old)], REACH, at=NOW) is is_covered
