"""The first release rule of a kind of slot shuts nobody out unseen, and one without effect is said to have none."""

from datetime import date, time, timedelta
from typing import Any

from patient_online.appointments import queries
from patient_online.appointments.models import BookingRule, Cohort, CohortMember
from patient_online.appointments.rules.release import RuleFacts, WhoFacts, fits
from patient_online.appointments.tests.test_release_pages import Desk, desk, text
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, staff_of
from patient_online.nhs.dates import from_wall_clock
from patient_online.web.tests.pages import read

__all__ = ["desk"]
TODAY, EIGHT = date(2026, 3, 3), time(8)


def on(day: date) -> dict[str, str]:
    """The day as it is typed."""
    return {f"embargo_day_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_a_manager_reads_how_many_are_left_before_the_first_rule_shuts_the_others_out(desk: Desk) -> None:
    a_patient_of(desk.practice, sex="female", birth_date=date(1990, 1, 1))
    for sex, left in (("male", None), ("female", TODAY)):
        a_patient_of(desk.practice, sex=sex, birth_date=date(1990, 1, 1), left_on=left)
    typed = {"sex": "female", "least_age": "25"}
    asked = desk.sends(f"{desk.rules}/add", **typed)
    assert read(asked).words("a", href="#id_sure") == [
        "Until now everybody could book this kind of slot online. From now on only: Women aged 25 or over."
        " Today that is 1 of 2 patients. Tick the box if you want that"
    ]
    assert not BookingRule.objects.exists()
    assert desk.sends(f"{desk.rules}/add", **typed, sure="on").status_code == 302
    assert desk.sends(f"{desk.rules}/add", sex="male").status_code == 302


def test_a_first_rule_that_leaves_nobody_out_is_kept_at_once(desk: Desk) -> None:
    assert desk.sends(f"{desk.rules}/add", sex="any", minimum_notice_minutes="90").status_code == 302


def test_how_many_a_rule_is_for_is_counted_as_the_rule_judges_each_of_them(desk: Desk) -> None:
    group, now = Cohort.objects.create(practice=desk.practice, name="Invited"), from_wall_clock(TODAY, EIGHT)
    born = [TODAY - timedelta(days=days) for days in (0, 1, 6574, 6575, 9131, 9132, 30000)] + [date(2008, 2, 29)]
    people = [a_patient_of(desk.practice, birth_date=day, sex=sex) for day in born for sex in ("female", "male")]
    for each in people[::3]:
        CohortMember.objects.create(practice=desk.practice, cohort=group, patient=each, added_at=now, added_by=each.id)
    a_patient_of(a_practice(), birth_date=born[-2], sex="female")
    manager = staff_of(desk.practice, Role.MANAGER)
    rules: list[dict[str, Any]] = [{"least_age": 18}, {"most_age": 17}, {"sex": "male", "most_age": 24}]
    for rule in [RuleFacts(**each) for each in [*rules, {"cohort_id": group.id}, {"least_age": 0, "most_age": 0}]]:
        facts = [
            WhoFacts(each.birth_date, each.sex, frozenset({group.id} if each in people[::3] else ())) for each in people
        ]
        fitting = sum(bool((days := fits(rule, who)) and days.lets_in(now)) for who in facts)
        assert 0 < fitting < len(people)
        assert queries.how_many_fit(manager, rule, at=now) == (fitting, len(people))


def test_an_embargo_that_is_over_is_said_to_have_no_effect(desk: Desk) -> None:
    typed = {"sex": "any", "minimum_notice_minutes": "90", **on(TODAY - timedelta(days=1))}
    page = desk.sends(f"{desk.rules}/add", **typed)
    assert "has been: it would have no effect. Leave it out, or enter a later day" in text(page)
    assert not BookingRule.objects.exists()
    old = from_wall_clock(TODAY - timedelta(days=1), EIGHT)
    rule = BookingRule.objects.create(practice=desk.practice, type=desk.slots[0].type, embargo_until=old)
    kept = {**typed, "embargo_time": "8:00", "minimum_notice_minutes": "60"}
    assert desk.sends(f"{desk.rules}/{rule.id}", **kept).status_code == 302
