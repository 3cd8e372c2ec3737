"""The made-up practice tells its patients something, and is closed on a day on which nobody has an appointment."""

from datetime import timedelta

from patient_online.demo.tests.conftest import AUTUMN, SPRING
from patient_online.demo.world import World, the_world
from patient_online.nhs.bank_holidays import is_bank_holiday
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices.models import Notice
from patient_online.practices.rules import for_appointments, why_not_closed, why_not_told


def test_there_is_a_welcome_and_a_way_to_reach_the_practice_for_appointments(world: World) -> None:
    by_kind = {notice.kind: notice for notice in world.told.notices}
    assert by_kind[Notice.Kind.WELCOME].text
    assert for_appointments(by_kind[Notice.Kind.ROUTES].routes)
    assert [why_not_told(each.text, each.routes) for each in world.told.notices] == [None, None]


def test_the_practice_is_closed_for_a_working_day_some_weeks_ahead_after_all_clinics_of_its_book() -> None:
    for today in (SPRING, AUTUMN):
        world = the_world(today)
        closure = world.told.closures[0]
        day = closure.from_day
        assert why_not_closed(stretch_of(closure), closure.words, today=today) is None
        assert today + timedelta(weeks=4) < day < today + timedelta(weeks=7)
        assert day.isoweekday() < 6
        assert not is_bank_holiday(day)
        assert day not in {local_day(each.starts_at) for each in world.book.schedules}
