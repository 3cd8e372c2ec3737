"""The services of row G1 and the levels at which people use them."""

import itertools

import pytest

from patient_online.nhs.services import Level, Service


def test_the_services_are_those_of_the_feature_table() -> None:
    assert [service.value for service in Service] == [
        "appointments",
        "prescriptions",
        "summary-record",
        "detailed-record",
        "documents",
        "full-record",
        "messages",
        "demographics",
        "proxies",
    ]


@pytest.mark.parametrize(("held", "wanted"), list(itertools.product(Level, repeat=2)))
def test_a_person_may_do_what_needs_their_level_or_a_lower_one(held: Level, wanted: Level) -> None:
    order = ["none", "view", "manage"]
    assert held.allows(wanted) == (order.index(held.value) >= order.index(wanted.value))


def test_the_lowest_of_several_ceilings_is_the_one_that_allows_least() -> None:
    assert min(Level.MANAGE, Level.VIEW) is Level.VIEW
    assert min(Level.MANAGE, Level.NONE, Level.VIEW) is Level.NONE
    assert max(Level.VIEW, Level.NONE) is Level.VIEW
    assert sorted(Level, reverse=True) == [Level.MANAGE, Level.VIEW, Level.NONE]
    assert Level.NONE < Level.VIEW <= Level.VIEW < Level.MANAGE > Level.NONE


def test_a_level_is_also_the_word_that_a_row_holds() -> None:
    assert Level("view") is Level.VIEW
    assert {"view": "a row"}[Level.VIEW] == "a row"
    assert Level.VIEW < "manage"


def test_a_level_is_never_compared_with_another_word() -> None:
    with pytest.raises(ValueError, match="owner"):
        assert Level.VIEW < "owner"
