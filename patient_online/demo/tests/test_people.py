"""The people of the made-up practice: repeatable, plausible, and awkward where real people are."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Model

from patient_online.asking import Role
from patient_online.demo.tests.conftest import SPRING
from patient_online.demo.world import World, the_world
from patient_online.nhs.dates import age_on
from patient_online.nhs.numbers import is_valid
from patient_online.nhs.telephones import is_drama
from patient_online.patients.models import Patient


def values(world: World) -> list[dict[str, Any]]:
    def row(each: Model) -> dict[str, Any]:
        return {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields}

    return [{"table": each._meta.db_table, **row(each)} for rows in world.rows() for each in rows]


def test_the_same_seed_makes_the_same_world_to_the_last_id() -> None:
    one, other = values(the_world(SPRING, 7)), values(the_world(SPRING, 7))
    assert len(one) > 3000
    assert one == other


def test_another_seed_makes_other_people() -> None:
    one, other = the_world(SPRING, 7).people.everyone, the_world(SPRING, 8).people.everyone
    assert {each.id for each in one}.isdisjoint(each.id for each in other)
    assert [each.name for each in one] != [each.name for each in other]


def test_about_three_hundred_people_of_all_ages_are_registered(world: World) -> None:
    registered = [each for each in world.people.everyone if each.left_on is None]
    decades = Counter(age_on(each.birth_date, world.today) // 10 for each in registered)
    assert 290 <= len(registered) <= 310
    assert all(decades[decade] >= 8 for decade in range(9)), decades
    assert max(decades) == 10


def test_every_nhs_number_is_valid_and_made_up_and_its_own(world: World) -> None:
    numbers = [each.nhs_number for each in world.people.everyone if each.nhs_number]
    assert len(numbers) == len(world.people.everyone) - 1  # the newborn has none yet
    assert all(is_valid(number) and number.startswith("999") for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_nobody_can_be_reached_or_found_in_the_real_world(world: World) -> None:
    places: list[Any] = [*world.people.everyone, world.surgery.main, world.surgery.branch, world.surgery.practice]
    assert all(is_drama(each.telephone) for each in places if each.telephone)
    assert all(each.postcode.startswith("ZZ99 ") for each in places if each.address)
    emails = [each.email for each in world.access.accounts if each.email] + [
        each.email for each in world.people.everyone if each.email
    ]
    assert len(emails) > 150
    assert all(email.endswith(("@example.com", "@example.org")) for email in emails)
    assert world.surgery.practice.ods_code == "X99999"


def test_people_were_born_before_they_registered_and_registered_before_today(world: World) -> None:
    for each in world.people.everyone:
        assert each.birth_date <= each.registered_on <= world.today, each.name
        assert each.left_on is None or each.registered_on <= each.left_on <= world.today
        assert each.died_on is None or each.birth_date <= each.died_on == each.left_on


def homes(world: World) -> dict[tuple[str, ...], list[Patient]]:
    found = defaultdict(list)
    for each in world.people.everyone:
        found[tuple(each.address)].append(each)
    return found


def test_children_live_with_somebody_old_enough_who_shares_their_name(world: World) -> None:
    children = 0
    for address, people in homes(world).items():
        for child in (each for each in people if age_on(each.birth_date, world.today) < 18):
            older = [each for each in people if (child.birth_date - each.birth_date).days > 18 * 365]
            assert child.family_name in [each.family_name for each in older], address
            assert len({each.postcode for each in people}) == 1
            children += 1
    assert children > 40


def test_brothers_and_sisters_are_twins_or_born_most_of_a_year_apart(world: World) -> None:
    twins = 0
    for people in homes(world).values():
        born = sorted(each.birth_date for each in people if age_on(each.birth_date, world.today) < 18)
        for elder, younger in pairwise(born):
            twins += elder == younger
            assert elder == younger or younger - elder > timedelta(days=270)
    assert twins == 1


def test_the_awkward_names_and_dates_are_all_there(world: World) -> None:
    everyone = world.people.everyone
    names = [each.name for each in everyone]
    assert max(map(len, names)) > 100
    assert any("'" in name for name in names)
    assert any("’" in name for name in names)
    assert any("-" in name for name in names)
    assert any(not name.isascii() for name in names)
    assert any((each.birth_date.month, each.birth_date.day) == (2, 29) for each in everyone)
    assert any(age_on(each.birth_date, world.today) >= 100 for each in everyone)
    assert any(each.birth_date > world.today - timedelta(days=14) for each in everyone)
    assert any(not each.address for each in everyone)
    assert any(each.died_on for each in everyone)


def test_every_role_is_held_by_somebody_who_signs_in_and_gps_are_of_both_sexes(world: World) -> None:
    staff = {each.id: each for each in world.surgery.staff.values()}
    signing_in = {row.role for row in world.surgery.roles if staff[row.staff_id].account_id}
    gps = {staff[row.staff_id].sex for row in world.surgery.roles if row.role == Role.GP}
    assert signing_in == set(Role)
    assert gps == {"female", "male"}
