"""The codes 103, 104 and 106: what an account gets of the record by itself, when they are weighed, and when not."""

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from patient_online.access.actions import enter_code, first_access, give_record, take_back_record, tie
from patient_online.access.models import AccessCode, CodesWeighed, RecordGrant
from patient_online.access.queries.codes import to_be_weighed, turned_sixteen
from patient_online.access.rules.codes import (
    DECLINED,
    NO_REVIEW,
    REVIEW,
    AccessFacts,
    Coded,
    Outcome,
    standing_code,
    weigh,
)
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, an_account, staff_of, switch_on, the_maker
from patient_online.identity.models import Account
from patient_online.nhs.dates import london
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.tasks.models import Task

DAY = date(2026, 3, 3)
NOON = london(2026, 3, 3, 12)


def coded(*codes: str) -> list[Coded]:
    """The codes, a day apart, in this order."""
    return [Coded(code, DAY + timedelta(days=n), NOON + timedelta(days=n)) for n, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("codes", "counts"),
    [
        ([], ""),
        ([DECLINED], DECLINED),
        ([REVIEW], REVIEW),
        ([NO_REVIEW], NO_REVIEW),
        ([REVIEW, NO_REVIEW], NO_REVIEW),
        ([NO_REVIEW, REVIEW], REVIEW),
        ([REVIEW, NO_REVIEW, REVIEW], REVIEW),
        ([DECLINED, NO_REVIEW], DECLINED),
        ([DECLINED, REVIEW, NO_REVIEW], DECLINED),
        ([REVIEW, DECLINED], DECLINED),
        ([DECLINED, REVIEW], REVIEW),
    ],
)
def test_the_latest_code_counts_and_a_106_undoes_a_104_and_nothing_else(codes: list[str], counts: str) -> None:
    """In whatever order they are read."""
    for order in permutations(coded(*codes)):
        assert standing_code(order) == counts


def test_the_day_of_a_code_comes_before_when_it_was_recorded() -> None:
    """A letter of last year that is summarised today is of last year."""
    late = Coded(REVIEW, DAY - timedelta(days=365), NOON + timedelta(days=1))
    assert standing_code([late, Coded(NO_REVIEW, DAY, NOON)]) == NO_REVIEW
    same_day = [Coded(NO_REVIEW, DAY, NOON), Coded(REVIEW, DAY, NOON + timedelta(minutes=1))]
    assert standing_code(same_day) == REVIEW


def test_codes_of_one_instant_are_read_with_care() -> None:
    assert standing_code([Coded(REVIEW, DAY, NOON), Coded(NO_REVIEW, DAY, NOON)]) == REVIEW
    assert standing_code([Coded("22298006", DAY, NOON)]) == ""


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, Outcome.PROSPECTIVE),
        ({"already_set": True}, Outcome.ALREADY_SET),
        ({"born": date(2010, 3, 4)}, Outcome.UNDER_SIXTEEN),
        ({"born": date(2010, 3, 3)}, Outcome.PROSPECTIVE),
        ({"ceiling": RecordLevel.NONE}, Outcome.NOT_OFFERED),
        ({"most": RecordLevel.NONE}, Outcome.NOT_SHOWN),
    ],
)
def test_what_an_account_gets_by_itself(changed: dict[str, Any], outcome: Outcome) -> None:
    facts: dict[str, Any] = {
        "born": date(1980, 1, 1),
        "already_set": False,
        "ceiling": RecordLevel.FULL,
        "most": RecordLevel.FULL,
    }
    assert weigh(AccessFacts(**(facts | changed)), [], today=DAY).outcome is outcome


@pytest.fixture
def practice(db: None) -> Practice:
    """A practice that shows the whole record."""
    practice = a_practice()
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    return practice


def linked(patient: Patient, proof: Proof = Proof.DOCUMENTS) -> Account:
    """An account that was just tied to the patient."""
    account = an_account()
    by = the_maker(patient.practice)
    tie(patient, account_id=account.id, proof=proof, identity=Identity.P9, by=by, at=NOON)
    return account


def first(patient: Patient, account: Account, at: datetime = NOON) -> str:
    """What the account gets by itself when it is linked."""
    return first_access(patient, account.id, by=the_maker(patient.practice), at=at).outcome


def sees(account: Account) -> tuple[str, str, date] | None:
    """What the account sees of new and of old entries, and since when an entry is new."""
    return (
        RecordGrant.objects.filter(account_id=account.id, revoked_at=None)
        .values_list("current", "historic", "from_day")
        .first()
    )


def enters(patient: Patient, code: str, at: datetime = NOON) -> AccessCode:
    """A GP enters the code, dated today."""
    return enter_code(patient, code=code, dated=at.date(), by=staff_of(patient.practice, Role.GP), at=at)


def test_who_is_linked_sees_what_is_recorded_from_today_on(practice: Practice) -> None:
    account = linked(patient := a_patient_of(practice))
    assert first(patient, account) == "prospective"
    assert sees(account) == ("full", "none", DAY)


def test_who_was_vouched_for_from_afar_gets_no_more_than_the_summary(practice: Practice) -> None:
    account = linked(patient := a_patient_of(practice), Proof.VOUCHED_REMOTE)
    assert first(patient, account) == "prospective"
    assert sees(account) == ("summary", "none", DAY)


def test_104_then_106_then_linked_is_full_prospective_access(practice: Practice) -> None:
    """Golden case G11."""
    patient = a_patient_of(practice)
    enters(patient, REVIEW, NOON - timedelta(days=2))
    enters(patient, NO_REVIEW, NOON - timedelta(days=1))
    account = linked(patient)
    assert first(patient, account) == "prospective"
    assert sees(account) == ("full", "none", DAY)


def test_a_104_after_access_was_set_changes_nothing(practice: Practice) -> None:
    """Golden case G12, and the batch that follows changes nothing either."""
    account = linked(patient := a_patient_of(practice))
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.SUMMARY, "from_day": DAY}
    give_record(patient, account_id=account.id, **what, by=the_maker(practice), at=NOON)
    before = list(RecordGrant.objects.values())
    enters(patient, REVIEW)
    assert first(patient, account, NOON + timedelta(days=1)) == "already-set"
    assert list(RecordGrant.objects.values()) == before
    assert not Task.objects.exists()
    assert not to_be_weighed(the_maker(practice)).exists()


def test_what_was_taken_away_is_not_given_again_by_a_code(practice: Practice) -> None:
    account = linked(patient := a_patient_of(practice))
    first(patient, account)
    take_back_record(patient, account_id=account.id, by=staff_of(practice, Role.GP), at=NOON)
    enters(patient, NO_REVIEW)
    assert first(patient, account) == "already-set"
    assert sees(account) is None


def test_a_104_puts_the_review_on_the_work_list_once(practice: Practice) -> None:
    patient = a_patient_of(practice)
    enters(patient, REVIEW)
    for account in (linked(patient), linked(patient)):
        assert first(patient, account) == "review"
        assert sees(account) is None
    task = Task.objects.get()
    assert (task.kind, task.about, task.patient_id) == ("enhanced-review", patient.id, patient.id)
    assert list(CodesWeighed.objects.values_list("outcome", "code")) == [("review", REVIEW)] * 2


def test_who_declined_gets_nothing_and_nobody_has_work(practice: Practice) -> None:
    account = linked(patient := a_patient_of(practice))
    enters(patient, DECLINED)
    assert first(patient, account) == "declined"
    assert sees(account) is None
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_a_practice_that_shows_no_record_yet_weighs_when_it_does() -> None:
    """What is set too early would make a code of the time between count for nothing."""
    practice = a_practice()
    account = linked(patient := a_patient_of(practice))
    assert first(patient, account) == "not-offered"
    assert list(to_be_weighed(the_maker(practice)).values_list("account_id", flat=True)) == [account.id]
    assert sees(account) is None


@pytest.mark.parametrize(
    ("born", "on", "turns"),
    [
        (date(2010, 3, 3), date(2026, 3, 2), False),
        (date(2010, 3, 3), date(2026, 3, 3), True),
        (date(2010, 3, 3), date(2026, 3, 6), True),
        (date(2010, 3, 3), date(2026, 3, 10), False),
        (date(2011, 1, 1), date(2027, 1, 1), True),
        (date(2010, 12, 30), date(2027, 1, 2), True),
        (date(2012, 2, 29), date(2028, 2, 28), False),
        (date(2012, 2, 29), date(2028, 2, 29), True),
    ],
)
def test_who_turns_16_is_found_on_the_day_and_for_a_week_after_it(
    practice: Practice, born: date, on: date, turns: bool
) -> None:
    """So that a night on which nothing ran loses nobody; once weighed they are not found again."""
    account = linked(patient := a_patient_of(practice, birth_date=born))
    found = [link.account_id for link in turned_sixteen(the_maker(practice), on=on)]
    assert found == ([account.id] if turns else [])
    if turns:
        at = london(on.year, on.month, on.day, 1)
        occasion = CodesWeighed.Occasion.SIXTEEN
        weighed = first_access(patient, account.id, by=the_maker(practice), at=at, occasion=occasion)
        assert weighed.outcome == "prospective"
        assert turned_sixteen(the_maker(practice), on=on) == []
