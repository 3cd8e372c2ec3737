"""A manager cannot open a restricted kind of slot to everybody by a rule that was left empty, or without noticing."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest

from patient_online.appointments.actions import add_rule, change_rule
from patient_online.appointments.models import BookingRule, SlotType
from patient_online.appointments.rules.covering import covered
from patient_online.appointments.rules.groups import NotRuled
from patient_online.appointments.rules.release import Reach, RuleFacts
from patient_online.appointments.tests.test_release_pages import SMEAR, Desk, desk, text
from patient_online.asking import Role
from patient_online.demo.factories import staff_of
from patient_online.refusals import Refused
from patient_online.web.tests.pages import read

__all__ = ["desk"]
NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
REACH = Reach(book_ahead_days=28, minimum_notice_minutes=15)
GROUP, OTHERS = UUID(int=1), UUID(int=2)
WOMEN = RuleFacts(sex="female", least_age=25, most_age=64)
EARLY = {"days_ahead": 7, "release_time": time(8)}


def test_a_rule_that_says_nothing_is_refused_with_what_to_do_instead(desk: Desk) -> None:
    desk.sends(f"{desk.rules}/add", **SMEAR, sure="on")
    rule = BookingRule.objects.get()
    for page in ("add", str(rule.id)):
        refused = desk.sends(f"{desk.rules}/{page}", sex="any")
        assert read(refused).words("title")[0].startswith("Error: ")
        assert "A rule that says nothing opens this kind of slot to everybody" in text(refused)
    assert [row.facts for row in BookingRule.objects.all()] == [rule.facts]


def test_no_program_keeps_a_rule_that_says_nothing_either(desk: Desk) -> None:
    kind, manager = SlotType.objects.get(id=desk.slots[0].type_id), staff_of(desk.practice, Role.MANAGER)
    with pytest.raises(Refused) as no:
        add_rule(kind, rule=RuleFacts(), by=manager, key=None, at=NOW)
    assert no.value.reason is NotRuled.SAYS_NOTHING
    old = add_rule(kind, rule=WOMEN, by=manager, key=None, at=NOW)
    with pytest.raises(Refused):
        change_rule(old, rule=RuleFacts(), by=manager, at=NOW)


def test_a_rule_that_leaves_another_without_effect_is_saved_once_the_manager_ticks_that_it_is_meant(desk: Desk) -> None:
    desk.sends(f"{desk.rules}/add", **SMEAR, sure="on")
    wider = {"sex": "female", "key": str(uuid4())}
    asked = desk.sends(f"{desk.rules}/add", **wider)
    assert "everybody whom another rule of this kind of slot lets in can book" in text(asked)
    assert read(asked).all("input", name="sure")
    assert BookingRule.objects.count() == 1
    assert "With this rule: Women" in text(desk.sends(f"{desk.rules}/add", **wider, preview="1"))
    saved = desk.sends(f"{desk.rules}/add", **wider, sure="on")
    assert saved.headers["Location"] == f"{desk.rules}?saved=1"
    assert BookingRule.objects.count() == 2


def test_a_rule_beside_others_or_changed_in_its_own_place_is_saved_at_once(desk: Desk) -> None:
    desk.sends(f"{desk.rules}/add", **SMEAR, sure="on")
    desk.sends(f"{desk.rules}/add", sex="male")
    assert BookingRule.objects.count() == 2
    women = BookingRule.objects.get(sex="female")
    assert desk.sends(f"{desk.rules}/{women.id}", sex="female").status_code == 302
    assert 'name="sure"' not in desk.client.get(f"{desk.rules}/add").content.decode()


@pytest.mark.parametrize(
    ("new", "old", "is_covered"),
    [
        ({}, WOMEN, True),
        ({"sex": "female"}, WOMEN, True),
        ({"sex": "male"}, WOMEN, False),
        ({"sex": "female", "least_age": 30}, WOMEN, False),
        ({"sex": "female", "most_age": 60}, WOMEN, False),
        ({"cohort_id": GROUP}, WOMEN, False),
        ({"cohort_id": GROUP}, RuleFacts(cohort_id=GROUP, most_age=64), True),
        ({"cohort_id": GROUP}, RuleFacts(cohort_id=GROUP), False),  # a rule's like is sent again, not another rule
        ({"cohort_id": GROUP}, RuleFacts(cohort_id=OTHERS), False),
        ({"minimum_notice_minutes": 60}, WOMEN, False),
        (EARLY, RuleFacts(), False),
        (EARLY | {"days_ahead": 40}, RuleFacts(), True),
        ({}, RuleFacts(**EARLY), True),  # type: ignore[arg-type]
        (EARLY, RuleFacts(days_ahead=7, release_time=time(9)), True),
        (EARLY, RuleFacts(days_ahead=7, release_time=time(7)), False),
        ({"embargo_until": datetime(2026, 4, 1, tzinfo=UTC)}, WOMEN, False),
        ({"embargo_until": datetime(2026, 3, 1, tzinfo=UTC)}, WOMEN, True),
        (
            {"embargo_until": datetime(2026, 4, 1, tzinfo=UTC)},
            RuleFacts(embargo_until=datetime(2026, 5, 1, tzinfo=UTC)),
            True,
        ),
    ],
)
def test_a_rule_is_without_effect_beside_one_that_lets_in_everybody_it_does_as_early(
    new: dict[str, Any], old: RuleFacts, is_covered: bool
) -> None:
    assert covered(RuleFacts(**new), [old], REACH, at=NOW) is is_covered
