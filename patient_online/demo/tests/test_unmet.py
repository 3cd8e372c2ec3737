"""The made-up practice has four weeks of what its patients could not get, so that the page of it shows a picture."""

from collections import Counter
from datetime import timedelta

from patient_online.appointments.queries.unmet import SEARCH_EMPTY
from patient_online.demo.tests.conftest import AUTUMN, SPRING
from patient_online.demo.world import World, the_world
from patient_online.refusals import Refusal


def test_each_of_the_four_weeks_up_to_today_has_counts_and_none_is_of_later(world: World) -> None:
    weeks = Counter((world.today - row.day).days // 7 for row in world.unmet)
    assert set(weeks) == {0, 1, 2, 3}
    assert {row.what for row in world.unmet if row.day == world.today} == {SEARCH_EMPTY}


def test_each_thing_is_counted_once_a_day_and_is_a_rule_there_is(world: World) -> None:
    assert len({(row.day, row.what) for row in world.unmet}) == len(world.unmet)
    known = {reason.rule for kind in Refusal.__subclasses__() for reason in kind}
    rules = {row.what for row in world.unmet if "." in row.what}
    assert len(rules) > 3
    assert rules <= known


def test_the_counts_are_the_same_for_the_same_day() -> None:
    one, other = ([(row.id, row.day, row.what, row.count) for row in the_world(SPRING).unmet] for _ in range(2))
    assert one == other
    assert len(the_world(AUTUMN).unmet) > 100


def test_mondays_are_the_worst_and_little_happens_at_weekends(world: World) -> None:
    of_weekday: Counter[int] = Counter()
    for row in world.unmet:
        of_weekday[row.day.isoweekday()] += row.count if row.day < world.today - timedelta(days=0) else 0
    assert of_weekday.most_common(1)[0][0] == 1
    assert of_weekday[6] < of_weekday[3] / 2
