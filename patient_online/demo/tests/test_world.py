"""The made-up practice in memory: repeatable, plausible, and six weeks around any day."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Model

from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Channel, Role
from patient_online.demo.logins import BY_EMAIL
from patient_online.demo.slot_types import SMEAR
from patient_online.demo.world import World, the_world
from patient_online.nhs.appointments import Mode
from patient_online.nhs.bank_holidays import is_bank_holiday
from patient_online.nhs.dates import age_on, day_bounds, local_day, to_london
from patient_online.nhs.numbers import is_synthetic, is_valid
from patient_online.nhs.organisations import looks_like_practice
from patient_online.nhs.telephones import is_drama
from patient_online.patients.models import Patient

# Around both clock changes, Easter, Christmas with a year's end, and a 29 February.
DAYS = [date(2026, 3, 20), date(2026, 10, 20), date(2026, 12, 20), date(2027, 3, 28), date(2028, 2, 29)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def world(request: Any) -> World:
    return the_world(request.param)


def values(world: World) -> list[dict[str, Any]]:
    def row(each: Model) -> dict[str, Any]:
        return {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields}

    return [{"table": each._meta.db_table, **row(each)} for rows in world.rows() for each in rows]


def test_the_same_seed_makes_the_same_world_to_the_last_id() -> None:
    one, other = values(the_world(DAYS[0], 7)), values(the_world(DAYS[0], 7))
    assert len(one) > 3000
    assert one == other


def test_another_seed_makes_other_people() -> None:
    one, other = the_world(DAYS[0], 7).people.everyone, the_world(DAYS[0], 8).people.everyone
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
    assert all(is_valid(number) and is_synthetic(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_nobody_can_be_reached_or_found_in_the_real_world(world: World) -> None:
    places: list[Any] = [*world.people.everyone, world.surgery.main, world.surgery.branch, world.surgery.practice]
    assert all(is_drama(each.telephone) for each in places if each.telephone)
    assert all(each.postcode.startswith("ZZ99 ") for each in places if each.address)
    emails = [each.email for each in world.access.accounts] + [
        each.email for each in world.people.everyone if each.email
    ]
    assert len(emails) > 150
    assert all(email.endswith(("@example.com", "@example.org")) for email in emails)
    assert looks_like_practice(world.surgery.practice.ods_code)


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


def test_the_book_covers_six_weeks_around_today_and_no_more(world: World) -> None:
    days = {local_day(slot.starts_at) for slot in world.book.slots}
    assert min(days) >= world.today - timedelta(days=14)
    assert max(days) < world.today + timedelta(days=28)
    assert min(days) <= world.today - timedelta(days=10)
    assert max(days) >= world.today + timedelta(days=23)


def test_clinics_are_held_on_every_working_day_and_never_on_a_sunday_or_bank_holiday(world: World) -> None:
    held = {local_day(each.starts_at) for each in world.book.schedules}
    for n in range(-14, 28):
        day = world.today + timedelta(days=n)
        closed = is_bank_holiday(day) or day.isoweekday() == 7
        assert (day in held) is not closed, day


def test_every_session_lies_within_the_hours_of_its_site_by_the_clock_on_the_wall(world: World) -> None:
    for session in world.book.schedules:
        starts, ends = to_london(session.starts_at), to_london(session.ends_at)
        hours = [
            each
            for each in world.surgery.opening_times
            if each.site_id == session.site_id and each.day == starts.isoweekday()
        ]
        assert any(each.opens <= starts.time() and ends.time() <= each.closes for each in hours), session.name


def test_the_same_clinic_starts_at_the_same_time_before_and_after_the_clocks_change() -> None:
    for today in DAYS[:2]:
        world = the_world(today)
        ada = world.surgery.staff["ada"].id
        mornings = [
            each for each in world.book.schedules if each.clinician_id == ada and each.name == "Morning surgery"
        ]
        assert {to_london(each.starts_at).strftime("%H:%M") for each in mornings} == {"08:30"}
        assert {each.starts_at.strftime("%H:%M") for each in mornings} == {"08:30", "07:30"}


def test_no_clinician_is_in_two_sessions_at_once_and_no_slots_overlap(world: World) -> None:
    by_clinician: dict[Any, list[tuple[datetime, datetime]]] = defaultdict(list)
    for slot in world.book.slots:
        by_clinician[slot.schedule.clinician_id].append((slot.starts_at, slot.ends_at))
        assert slot.schedule.starts_at <= slot.starts_at < slot.ends_at <= slot.schedule.ends_at
    assert len(by_clinician) == 7
    for times in by_clinician.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(times)))


def test_slots_come_in_every_way_that_the_pages_have_to_show(world: World) -> None:
    slots = world.book.slots
    assert {Mode(slot.mode) for slot in slots} == {Mode.IN_PERSON, Mode.TELEPHONE, Mode.VIDEO}
    assert {slot.schedule.site_id for slot in slots} == {world.surgery.main.id, world.surgery.branch.id}
    assert any(slot.status == Slot.Status.WITHDRAWN for slot in slots)
    assert any(not slot.online for slot in slots)
    midnight = day_bounds(world.today)[0]
    later = [slot for slot in slots if slot.release_at and slot.release_at > midnight]
    assert any(local_day(slot.release_at) == local_day(slot.starts_at) for slot in later if slot.release_at)
    assert any(local_day(slot.release_at) < local_day(slot.starts_at) for slot in later if slot.release_at)
    assert {each.joins_up_to for each in world.book.types.values()} == {1, 2}


def test_what_has_no_words_or_no_category_is_never_online(world: World) -> None:
    wordless = [each.id for each in world.book.types.values() if not (each.label and each.national_category)]
    assert len(wordless) == 2
    theirs = [slot for slot in world.book.slots if slot.type_id in wordless]
    assert len(theirs) > 100
    assert not any(slot.online for slot in theirs)


def booked(world: World) -> list[Appointment]:
    return [each for each in world.appointments if each.status == Appointment.Status.BOOKED]


def test_no_slot_is_booked_twice_and_nobody_is_in_two_places_at_once(world: World) -> None:
    assert max(Counter(each.slot_id for each in booked(world)).values()) == 1
    by_patient = defaultdict(list)
    for each in booked(world):
        by_patient[each.patient_id].append((each.slot.starts_at, each.slot.ends_at))
    for times in by_patient.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(times)))


def test_nobody_has_more_ahead_than_the_practice_allows(world: World) -> None:
    midnight = day_bounds(world.today)[0]
    ahead = Counter(
        each.patient_id for each in booked(world) if each.slot.starts_at >= midnight and each.continues_id is None
    )
    assert max(ahead.values()) == 2


def test_appointments_were_booked_while_that_was_possible(world: World) -> None:
    midnight = day_bounds(world.today)[0]
    registered = {each.id: each for each in world.people.everyone}
    may_book = {(row.patient_id, row.account_id): row for row in world.access.grants}
    for each in world.appointments:
        assert each.booked_at < min(each.slot.starts_at, midnight)
        assert local_day(each.booked_at) > registered[each.patient_id].registered_on
        if each.cancelled_at:
            assert each.booked_at < each.cancelled_at < min(each.slot.starts_at, midnight)
        if each.booked_through == Channel.ONLINE:
            assert each.slot.online
            assert each.slot.release_at is None or each.slot.release_at <= each.booked_at
            assert each.red_flags_seen_at
            assert may_book[each.patient_id, each.booked_by].granted_at < each.booked_at
        if each.slot.mode in (Mode.TELEPHONE, Mode.VIDEO):
            assert is_drama(each.contact_telephone)


def test_past_appointments_have_every_outcome_and_those_to_come_have_none(world: World) -> None:
    midnight = day_bounds(world.today)[0]
    past = Counter(each.outcome for each in booked(world) if each.slot.starts_at < midnight)
    assert set(past) == set(Appointment.Outcome)
    assert past[Appointment.Outcome.ATTENDED] > past[Appointment.Outcome.DID_NOT_ATTEND]
    assert {each.outcome for each in booked(world) if each.slot.starts_at >= midnight} == {""}
    assert {each.outcome for each in world.appointments if each.cancelled_at} == {""}


def test_the_book_is_partly_free_and_partly_booked_through_every_channel(world: World) -> None:
    midnight = day_bounds(world.today)[0]
    taken = {each.slot_id for each in booked(world)}
    ahead = [slot for slot in world.book.slots if slot.starts_at >= midnight and slot.online]
    assert 0.2 < sum(slot.id in taken for slot in ahead) / len(ahead) < 0.8
    channels = {each.booked_through for each in world.appointments}
    assert channels == {Channel.ONLINE, Channel.TELEPHONE, Channel.DESK}
    assert any(each.cancelled_at for each in world.appointments)


def test_screening_is_for_those_who_are_screened(world: World) -> None:
    people = {each.id: each for each in world.people.everyone}
    screened = [people[each.patient_id] for each in world.appointments if each.slot.type.name == SMEAR.name]
    assert len(screened) > 5
    assert all(each.sex == "female" and 25 <= age_on(each.birth_date, world.today) < 65 for each in screened)


def test_those_known_by_name_have_what_their_login_says(world: World) -> None:
    midnight = day_bounds(world.today)[0]
    people = world.people.known

    def ahead(email: str) -> list[Appointment]:
        mine = [each for each in booked(world) if each.patient_id == people[email].id]
        return [each for each in mine if each.slot.starts_at >= midnight]

    def theirs(email: str) -> list[Appointment]:
        return [each for each in world.appointments if each.patient_id == people[email].id]

    assert theirs("patient@example.com") == []
    assert len(ahead("busy@example.com")) == 2
    assert [each.booked_through for each in ahead("busy@example.com")] == [Channel.ONLINE] * 2
    assert {each.outcome for each in theirs("busy@example.com")} >= {"attended", "dna"}
    assert any(each.continues_id for each in ahead("older@example.com"))
    assert any(each.moved_from_id for each in ahead("older@example.com"))
    assert any(each.cancel_reason == "moved" for each in theirs("older@example.com"))
    assert age_on(people["older@example.com"].birth_date, world.today) == 84
    assert people["Hana"].birth_date == people["Hugo"].birth_date
    assert len(ahead("looking@example.com")) == 1
    assert people["moved@example.com"].left_on
    assert "unlinked@example.com" not in people
    for email, patient in people.items():
        if email in BY_EMAIL:
            assert f"{patient.given_name} {patient.family_name}" == BY_EMAIL[email].name
