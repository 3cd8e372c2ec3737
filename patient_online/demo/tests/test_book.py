"""The made-up practice's clinics and appointments: six weeks around any day, and nothing that could not be."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Channel
from patient_online.demo.logins import BY_EMAIL
from patient_online.demo.slot_types import SMEAR
from patient_online.demo.tests.conftest import AUTUMN, SPRING
from patient_online.demo.world import World, the_world
from patient_online.nhs.appointments import Mode
from patient_online.nhs.bank_holidays import is_bank_holiday
from patient_online.nhs.dates import age_on, day_bounds, local_day, to_london
from patient_online.nhs.telephones import is_drama


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
    for today in (SPRING, AUTUMN):
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
