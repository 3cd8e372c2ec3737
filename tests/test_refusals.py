"""Every rule that says no has one id, and people are shown it where they may want to ask about the rule."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role
from patient_online.demo.factories import a_practice
from patient_online.practices.models import Practice
from patient_online.practices.rules import NotSwitched
from patient_online.refusals import Owner, Refusal

ASK = "say this rule"


def every_rule() -> list[Refusal]:
    """All ways of saying no in the product, but those that tests make up."""
    assert get_resolver().url_patterns  # every page is imported, and with it what it may refuse
    kinds = [kind for kind in Refusal.__subclasses__() if ".tests." not in kind.__module__]
    return [reason for kind in kinds for reason in kind]


def test_no_two_rules_have_the_same_id() -> None:
    counted = Counter(reason.rule for reason in every_rule())
    assert len(counted) > 100
    assert [rule for rule, number in counted.items() if number > 1] == []


def test_an_id_is_short_enough_to_be_kept_and_to_be_said() -> None:
    assert max(len(reason.rule) for reason in every_rule()) <= 60
    assert not [reason.rule for reason in every_rule() if not reason.rule.replace(".", "").replace("_", "").isalnum()]


def test_only_what_was_mistyped_is_not_to_be_quoted() -> None:
    assert {reason.quotable for reason in every_rule() if reason.owner is Owner.PATIENT} == {False}
    assert {reason.quotable for reason in every_rule() if reason.owner is not Owner.PATIENT} == {True}


@pytest.fixture
def manager(now: datetime, db: None) -> Iterator[Client]:
    """A manager's browser at 8am on 3 March 2026."""
    with time_machine.travel(now, tick=False):
        yield staff(a_practice(), Role.MANAGER)


def typed(manager: Client, **given: str) -> Any:
    """The answer to a day from which a service is to be switched off."""
    parts = {f"from_day_{part}": given[part] for part in ("day", "month", "year")}
    wanted = {"status": "available", "ceiling": "manage", **parts}
    return manager.post("/practice/services/appointments", wanted).content.decode()


def test_a_typing_mistake_is_answered_without_a_rule_to_quote(manager: Client) -> None:
    page = typed(manager, day="1", month="1", year="2026")
    assert NotSwitched.PAST_DAY.words in page
    assert ASK not in page
    assert Practice.objects.count() == 1
