"""What the practice holds back from a patient: every account meets it, at once, and so does who comes back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from patient_online.access.actions import (
    carry_blocks,
    close_account,
    end_access,
    give,
    give_record,
    hold_back,
    lift,
    tie,
)
from patient_online.access.models import ActsFor, Block, Grant, Link, RecordGrant
from patient_online.access.queries import who_has
from patient_online.access.rules.holding import NotHeld
from patient_online.asking import AccountHolder, Acting, NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

pytestmark = pytest.mark.django_db
APPOINTMENTS = Service.APPOINTMENTS
MAY_HOLD_BACK = {Role.MANAGER, Role.GP, Role.GOVERNANCE}


def now_of(account: Account, at: datetime) -> Acting:
    """What the account may do at this instant, as the one statement tells."""
    asking = who_has(account.id, at=at, today=at.date())
    acting = asking.acting() if asking else None
    assert acting is not None
    return acting


def held(patient: Patient, at: datetime, service: Service = APPOINTMENTS, **given: Any) -> Block:
    """A service that a manager holds back from the patient."""
    by = staff_of(patient.practice, Role.MANAGER)
    row = {"why": Block.Why.SAFEGUARDING, "words": "Somebody at home reads along."} | given
    return hold_back(patient, service=service, **row, by=by, at=at)


def test_all_accounts_of_the_patient_meet_it_on_the_next_request_and_have_all_back_once_it_is_lifted(
    now: datetime,
) -> None:
    patient = a_patient_of(a_practice())
    accounts = [an_account_for(patient), an_account_for(patient, services={APPOINTMENTS: Level.VIEW})]
    block = held(patient, now)
    for account in accounts:
        assert now_of(account, now).may(APPOINTMENTS, Level.VIEW) is NotAllowed.SERVICE_OFF
    assert set(Grant.objects.values_list("held", flat=True)) == {True}
    lift(block, by=staff_of(patient.practice, Role.GP), at=now + timedelta(minutes=1))
    assert now_of(accounts[0], now).may(APPOINTMENTS) is None
    assert now_of(accounts[1], now).may(APPOINTMENTS, Level.VIEW) is None
    assert set(Grant.objects.values_list("held", flat=True)) == {False}


def test_what_is_given_while_it_is_held_back_waits_until_it_is_lifted(now: datetime) -> None:
    patient, account = a_patient_of(a_practice()), an_account()
    block = held(patient, now)
    give(
        patient, account_id=account.id, service=APPOINTMENTS, level=Level.MANAGE, by=the_maker(patient.practice), at=now
    )
    assert Grant.objects.get().held
    assert now_of(account, now).may(APPOINTMENTS) is NotAllowed.SERVICE_OFF
    lift(block, by=staff_of(patient.practice, Role.MANAGER), at=now)
    assert now_of(account, now).may(APPOINTMENTS) is None


@pytest.mark.parametrize(("held_back", "seen"), [("detailed-record", "summary"), ("summary-record", "none")])
def test_a_level_of_the_record_that_is_held_back_takes_those_above_it_away(
    now: datetime, held_back: str, seen: str
) -> None:
    practice = a_practice()
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    patient, account = a_patient_of(practice), an_account()
    checked: dict[str, Any] = {"account_id": account.id, "proof": Proof.DOCUMENTS, "identity": Identity.P9}
    tie(patient, **checked, by=the_maker(practice), at=now)
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.DOCUMENTS, "from_day": now.date()}
    give_record(patient, account_id=account.id, **what, by=the_maker(practice), at=now)
    assert now_of(account, now).record.current is RecordLevel.FULL
    held(patient, now, Service(held_back))
    assert now_of(account, now).record.current.value == now_of(account, now).record.historic.value == seen
    assert RecordGrant.objects.get().held is (seen == "none")


@pytest.mark.parametrize("role", Role)
def test_a_manager_a_gp_and_the_governance_lead_hold_back_and_lift_and_nobody_else_does(
    now: datetime, role: Role
) -> None:
    patient = a_patient_of(a_practice())
    by = staff_of(patient.practice, role)
    what: dict[str, Any] = {"service": APPOINTMENTS, "why": Block.Why.OTHER, "words": "Made-up reason.", "at": now}
    if role in MAY_HOLD_BACK:
        lift(hold_back(patient, **what, by=by), by=by, at=now)
        assert Block.objects.get().lifted_by == by.account_id
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            hold_back(patient, **what, by=by)
        block = held(patient, now)
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            lift(block, by=by, at=now)
        assert Block.objects.get().lifted_at is None


def test_staff_of_another_practice_hold_nothing_back(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    what: dict[str, Any] = {"service": APPOINTMENTS, "why": Block.Why.OTHER, "words": "Made-up reason.", "at": now}
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        hold_back(patient, **what, by=staff_of(a_practice(), Role.MANAGER))
    assert not Block.objects.exists()


def test_nothing_is_held_back_twice_without_words_or_to_be_looked_at_in_the_past(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    with pytest.raises(Refused) as no_words:
        held(patient, now, words="  ")
    with pytest.raises(Refused) as past:
        held(patient, now, review_on=now.date())
    block = held(patient, now, review_on=now.date() + timedelta(days=1))
    with pytest.raises(Refused) as twice:
        held(patient, now)
    reasons = [each.value.reason for each in (no_words, past, twice)]
    assert reasons == [NotHeld.NO_WORDS, NotHeld.REVIEW_PAST, NotHeld.ALREADY_HELD]
    manager = staff_of(patient.practice, Role.MANAGER)
    lift(block, by=manager, at=now)
    with pytest.raises(Refused) as lifted:
        lift(block, by=manager, at=now)
    assert lifted.value.reason is NotHeld.ALREADY_LIFTED


def test_the_trail_says_who_held_back_what_and_never_in_which_words(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    held(patient, now, words="Unmistakable words")
    [entry] = Entry.objects.filter(event="access.held_back")
    assert entry.details == {"service": "appointments", "why": "safeguarding"}
    assert not [each for each in Entry.objects.all() if "Unmistakable" in str(each.details)]


def test_who_closes_their_account_and_opens_another_meets_it_again(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    first = an_account_for(patient)
    held(patient, now)
    close_account(first.id, by=AccountHolder(first.id), at=now)
    assert not ActsFor.objects.filter(account_id=first.id).exists()
    second = an_account_for(patient)
    assert now_of(second, now).may(APPOINTMENTS) is NotAllowed.SERVICE_OFF


def test_who_leaves_and_is_registered_again_with_the_nhs_number_meets_it_again(now: datetime) -> None:
    practice = a_practice()
    before = a_patient_of(practice)
    held(before, now)
    end_access(before, why=Link.Why.LEFT, by=the_maker(practice), at=now)
    Patient.objects.filter(id=before.id).update(left_on=now.date())
    again = a_patient_of(practice, nhs_number=before.nhs_number)
    account = an_account_for(again)
    assert now_of(account, now).may(APPOINTMENTS) is NotAllowed.SERVICE_OFF
    carried = Block.objects.get(patient_id=again.id)
    assert (carried.words, carried.set_at) == ("Somebody at home reads along.", now)
    assert carry_blocks(again, by=the_maker(practice), at=now) == 0
    lift(carried, by=staff_of(practice, Role.MANAGER), at=now)
    assert now_of(account, now).may(APPOINTMENTS) is None
    assert not Block.objects.filter(lifted_at=None).exists()


def test_it_is_not_met_by_another_patient_or_at_another_practice(now: datetime) -> None:
    practice = a_practice()
    nameless = a_patient_of(practice, nhs_number=None)
    held(nameless, now)
    held(a_patient_of(practice), now)
    others = [a_patient_of(practice, nhs_number=None), a_patient_of(practice), a_patient_of(a_practice())]
    for patient in others:
        assert now_of(an_account_for(patient), now).may(APPOINTMENTS) is None


def test_a_link_made_by_any_proof_carries_what_was_held_back(now: datetime) -> None:
    practice = a_practice()
    before = a_patient_of(practice, left_on=date(2025, 1, 1))
    held(before, now)
    again = a_patient_of(practice, nhs_number=before.nhs_number)
    by = the_maker(practice)
    tie(again, account_id=an_account().id, proof=Proof.NHS_LOGIN, identity=Identity.P9, by=by, at=now)
    assert ActsFor.objects.get(patient_id=again.id).held == ["appointments"]
