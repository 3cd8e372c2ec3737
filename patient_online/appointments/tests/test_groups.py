"""Groups of patients, and rules for them: who joins, who can book, and what those are told who cannot."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from patient_online.appointments.actions import (
    add_cohort,
    add_members,
    add_rule,
    book,
    change_rule,
    remove_member,
    remove_rule,
    rename_cohort,
)
from patient_online.appointments.models import BookingRule, Cohort, CohortMember, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.groups import MOST_LINES, NotAdded, NotGrouped, NotRuled
from patient_online.appointments.rules.release import RuleFacts
from patient_online.appointments.tests.asked import free, refused
from patient_online.asking import Acting, NotAllowed, Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, staff_of
from patient_online.nhs.numbers import formatted, synthetic
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7


@pytest.fixture
def manager(practice: Practice) -> Staff:
    """The practice's manager."""
    return staff_of(practice, Role.MANAGER)


@pytest.fixture
def group(manager: Staff, now: datetime) -> Cohort:
    """A group with nobody in it."""
    return add_cohort(name="Invited", by=manager, key=uuid7(), at=now)


def why(ask: Any, *things: Any, **details: Any) -> Refusal:
    """Why the action says no."""
    with pytest.raises(Refused) as no:
        ask(*things, **details)
    return no.value.reason


def test_every_line_of_a_pasted_list_is_taken_or_told_why_not(
    practice: Practice, manager: Staff, group: Cohort, now: datetime
) -> None:
    here, inside = a_patient_of(practice), a_patient_of(practice)
    gone = a_patient_of(practice, left_on=now.date())
    elsewhere = a_patient_of(a_practice())
    add_members(group, text=str(inside.nhs_number), by=manager, at=now)
    typed = [formatted(str(here.nhs_number)), "", "999 123", str(here.nhs_number), str(inside.nhs_number)]
    typed += [str(gone.nhs_number), str(elsewhere.nhs_number), synthetic(900_000), "Robin Example"]
    lines = add_members(group, text="\r\n".join(typed), by=manager, at=now)
    assert [(line.text, line.refused) for line in lines] == [
        (typed[0], None),
        ("999 123", NotAdded.NO_NUMBER),
        (typed[3], NotAdded.TWICE),
        (typed[4], NotAdded.ALREADY_IN),
        (typed[5], NotAdded.NOBODY),
        (typed[6], NotAdded.NOBODY),
        (typed[7], NotAdded.NOBODY),
        ("Robin Example", NotAdded.NO_NUMBER),
    ]
    assert set(CohortMember.objects.values_list("patient_id", flat=True)) == {here.id, inside.id}
    joined = Entry.objects.filter(event="appointment.group_joined").order_by("id")
    assert [entry.patient_id for entry in joined] == [inside.id, here.id]


def test_a_list_that_is_too_long_is_refused_whole(manager: Staff, group: Cohort, now: datetime) -> None:
    text = "999\n" * (MOST_LINES + 1)
    assert why(add_members, group, text=text, by=manager, at=now) is NotGrouped.TOO_MANY
    assert len(add_members(group, text="999\n" * MOST_LINES, by=manager, at=now)) == MOST_LINES


def test_two_groups_never_have_one_name(manager: Staff, group: Cohort, now: datetime) -> None:
    other = add_cohort(name="Other", by=manager, key=uuid7(), at=now)
    assert why(add_cohort, name="Invited", by=manager, key=uuid7(), at=now) is NotGrouped.NAME_TAKEN
    assert why(rename_cohort, other, name="Invited", by=manager, at=now) is NotGrouped.NAME_TAKEN
    assert rename_cohort(group, name="Invited", by=manager, at=now) == group
    rename_cohort(other, name="Asked", by=manager, at=now)
    assert list(Cohort.objects.order_by("name").values_list("name", flat=True)) == ["Asked", "Invited"]


def test_only_staff_whose_role_it_is_change_groups_and_rules(practice: Practice, group: Cohort, now: datetime) -> None:
    nurse, reception = staff_of(practice, Role.NURSE), staff_of(practice, Role.RECEPTIONIST)
    assert why(add_cohort, name="A", by=nurse, key=None, at=now) is NotAllowed.ROLE_NEEDED
    assert why(rename_cohort, group, name="A", by=nurse, at=now) is NotAllowed.ROLE_NEEDED
    assert why(add_members, group, text="1", by=nurse, at=now) is NotAllowed.ROLE_NEEDED
    assert add_members(group, text="1", by=reception, at=now)
    kind: Any = None
    assert why(add_rule, kind, rule=RuleFacts(), by=reception, key=None, at=now) is NotAllowed.ROLE_NEEDED


def test_whom_the_group_lets_in_can_book_and_the_others_are_told_without_its_name(
    practice: Practice, ann: Acting, slots: list[Slot], manager: Staff, group: Cohort, now: datetime
) -> None:
    patient = Patient.objects.get(id=ann.patient_id)
    rule = add_rule(slots[0].type, rule=RuleFacts(group.id, least_age=18), by=manager, key=uuid7(), at=now)
    assert free(ann, now) == []
    with pytest.raises(Refused) as no:
        book(slots[0], by=ann, key=uuid7(), at=now)
    assert no.value.reason is NotBooked.NOT_FOR_YOU
    assert no.value.facts == {"who": "people aged 18 or over whom the practice has invited"}
    add_members(group, text=str(patient.nhs_number), by=manager, at=now)
    assert free(ann, now) == slots
    remove_member(CohortMember.objects.get(), by=manager, at=now)
    assert free(ann, now) == []
    remove_rule(rule, by=manager, at=now)
    assert book(slots[0], by=ann, key=uuid7(), at=now)


def test_what_is_not_released_yet_says_when(ann: Acting, slots: list[Slot], manager: Staff, now: datetime) -> None:
    rule = add_rule(slots[0].type, rule=RuleFacts(days_ahead=0, release_time=time(7)), by=manager, key=None, at=now)
    with pytest.raises(Refused) as no:
        book(slots[0], by=ann, key=uuid7(), at=now)
    assert (no.value.reason, no.value.facts) == (NotBooked.NOT_RELEASED, {"when": "7am on Wednesday 4 March 2026"})
    change_rule(rule, rule=RuleFacts(days_ahead=1, release_time=time(8)), by=manager, at=now)
    assert book(slots[0], by=ann, key=uuid7(), at=now)


def test_what_is_released_only_after_it_has_begun_is_not_offered(
    ann: Acting, slots: list[Slot], manager: Staff, now: datetime
) -> None:
    add_rule(slots[0].type, rule=RuleFacts(days_ahead=0, release_time=time(23)), by=manager, key=None, at=now)
    assert refused(book, slots[0], by=ann, at=now) is NotBooked.NOT_OFFERED


def test_a_rules_own_notice_holds_instead_of_the_policy_s(
    ann: Acting, slots: list[Slot], manager: Staff, now: datetime
) -> None:
    add_rule(slots[0].type, rule=RuleFacts(minimum_notice_minutes=120), by=manager, key=None, at=now)
    late = slots[0].starts_at - timedelta(minutes=119)
    assert refused(book, slots[0], by=ann, at=late) is NotBooked.TOO_SOON
    assert book(slots[0], by=ann, key=uuid7(), at=late - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (RuleFacts(least_age=40, most_age=39), NotRuled.AGES),
        (RuleFacts(most_age=131), NotRuled.AGES),
        (RuleFacts(days_ahead=1), NotRuled.RELEASE),
        (RuleFacts(release_time=time(8)), NotRuled.RELEASE),
        (RuleFacts(days_ahead=366, release_time=time(8)), NotRuled.RELEASE),
        (RuleFacts(minimum_notice_minutes=40_321), NotRuled.NOTICE),
        (RuleFacts(cohort_id=uuid7()), NotRuled.NO_GROUP),
    ],
    ids=lambda each: each.name if isinstance(each, NotRuled) else "",
)
def test_a_rule_that_cannot_be_is_refused(
    slots: list[Slot], manager: Staff, now: datetime, rule: RuleFacts, reason: NotRuled
) -> None:
    assert why(add_rule, slots[0].type, rule=rule, by=manager, key=uuid7(), at=now) is reason
    assert not BookingRule.objects.exists()


def test_another_practice_s_group_is_no_group_here(slots: list[Slot], manager: Staff, now: datetime) -> None:
    theirs = add_cohort(name="Theirs", by=staff_of(a_practice(), Role.MANAGER), key=None, at=now)
    rule = RuleFacts(cohort_id=theirs.id)
    assert why(add_rule, slots[0].type, rule=rule, by=manager, key=None, at=now) is NotRuled.NO_GROUP


def test_a_rule_in_words_says_all_that_it_says(group: Cohort, now: datetime) -> None:
    said = {"least_age": 25, "most_age": 64, "sex": "female", "days_ahead": 7, "release_time": time(8)}
    assert BookingRule(**said).words == "Women aged 25 to 64, from 7 days ahead at 8am"
    told = BookingRule(
        practice_id=group.practice_id, cohort=group, days_ahead=0, release_time=time(8, 30), minimum_notice_minutes=60
    )
    assert told.words == "People in the group “Invited”, on the day from 8:30am, until 60 minutes before the start"
    assert BookingRule().words == "Everybody"
    assert BookingRule(most_age=15, sex="male").for_whom == "men and boys aged 15 or under"
    assert BookingRule(embargo_until=now).words == "Everybody, not before 8am on Tuesday 3 March 2026"


@pytest.mark.parametrize("name", ["Invited", "INVITED", " invited ", "Invited\u00a0"])
def test_two_groups_do_not_have_one_name_in_other_capitals_or_spaces(
    manager: Staff, group: Cohort, now: datetime, name: str
) -> None:
    other = add_cohort(name="Flu  2026 ", by=manager, key=None, at=now)
    assert other.name == "Flu 2026"
    assert why(add_cohort, name=name, by=manager, key=None, at=now) is NotGrouped.NAME_TAKEN
    assert why(add_cohort, name="flu   2026", by=manager, key=None, at=now) is NotGrouped.NAME_TAKEN
    assert why(rename_cohort, other, name=name, by=manager, at=now) is NotGrouped.NAME_TAKEN
    assert rename_cohort(other, name="FLU 2026", by=manager, at=now).name == "FLU 2026"
    assert sorted(Cohort.objects.values_list("name", flat=True)) == ["FLU 2026", "Invited"]
