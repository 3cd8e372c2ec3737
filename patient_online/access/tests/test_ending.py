"""When a patient leaves or dies, or an account is closed: nothing lets anybody in, and the reason is kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from patient_online.access.actions import ask_for, close_account, end_access, give_record, hold_back, tie
from patient_online.access.models import (
    AccessRequest,
    ActsFor,
    Block,
    Grant,
    Link,
    LinkageKey,
    RecordGrant,
    Verification,
)
from patient_online.access.queries import who_has
from patient_online.access.rules.requests import Asked
from patient_online.asking import AccountHolder, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    acting_as,
    an_account,
    an_account_for,
    staff_of,
    the_maker,
)
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.tasks.models import Task

pytestmark = pytest.mark.django_db


def with_all(patient: Patient, at: datetime) -> Any:
    """The id of an account with a service, sight of the record and a request that waits; and a letter not used yet."""
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    by = the_maker(patient.practice)
    what: dict[str, Any] = {"current": RecordLevel.SUMMARY, "historic": RecordLevel.NONE, "from_day": at.date()}
    give_record(patient, account_id=account.id, **what, by=by, at=at)
    ask_for(Asked("appointments", "manage"), words="", by=acting_as(patient, account), at=at)
    desk = staff_of(patient.practice, Role.RECEPTIONIST)
    row = {"practice": patient.practice, "patient": patient}
    check = Verification.objects.create(**row, proof=Proof.DOCUMENTS, staff_id=desk.staff_id, at=at)
    letter: dict[str, Any] = {"account_ref": "1234567890", "key_hash": "x", "made_at": at, "made_by": desk.account_id}
    LinkageKey.objects.create(**row, verification=check, **letter, ends_at=at + timedelta(days=14))
    return account.id


@pytest.mark.parametrize("why", [Link.Why.LEFT, Link.Why.DIED])
def test_everything_that_lets_anybody_in_ends_with_the_reason(now: datetime, why: Link.Why) -> None:
    patient = a_patient_of(a_practice())
    accounts = [with_all(patient, now), an_account_for(patient).id]
    assert end_access(patient, why=why, by=staff_of(patient.practice, Role.RECEPTIONIST), at=now) == 2
    for account_id in accounts:
        asking = who_has(account_id, at=now, today=now.date())
        assert asking is not None
        assert asking.acting() is None
    for rows in (Grant.objects, RecordGrant.objects):
        assert rows.exists()
        assert not rows.filter(revoked_at=None).exists()
    assert set(Link.objects.values_list("ended_why", "ended_at")) == {(why.value, now)}
    assert LinkageKey.objects.get().ended_why == "patient-gone"
    assert AccessRequest.objects.get().status == "withdrawn"
    assert list(Task.objects.values_list("status", flat=True)) == ["withdrawn"]
    assert Entry.objects.get(event="access.ended").details == {"why": why.value, "accounts": 2}


def test_an_account_of_two_patients_keeps_the_other(now: datetime) -> None:
    practice = a_practice()
    one, other, account = a_patient_of(practice), a_patient_of(practice), an_account()
    for patient in (one, other):
        an_account_for(patient, account=account)
    end_access(one, why=Link.Why.LEFT, by=the_maker(practice), at=now)
    assert list(ActsFor.objects.values_list("patient_id", flat=True)) == [other.id]


def test_what_is_held_back_outlives_it(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    manager = staff_of(patient.practice, Role.MANAGER)
    hold_back(patient, service=Service.APPOINTMENTS, why=Block.Why.OTHER, words="Made-up.", by=manager, at=now)
    end_access(patient, why=Link.Why.LEFT, by=manager, at=now)
    assert Block.objects.filter(lifted_at=None).count() == 1


@pytest.mark.parametrize("role", Role)
def test_the_desk_ends_it_and_nobody_of_another_practice(now: datetime, role: Role) -> None:
    patient = a_patient_of(a_practice())
    an_account_for(patient)
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        end_access(patient, why=Link.Why.LEFT, by=staff_of(a_practice(), role), at=now)
    by = staff_of(patient.practice, role)
    if role in {Role.MANAGER, Role.RECEPTIONIST}:
        assert end_access(patient, why=Link.Why.LEFT, by=by, at=now) == 1
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            end_access(patient, why=Link.Why.LEFT, by=by, at=now)
        assert ActsFor.objects.exists()


def test_who_closes_their_account_ends_its_links_at_every_practice_and_no_others(now: datetime) -> None:
    one, other = a_patient_of(a_practice()), a_patient_of(a_practice())
    account = an_account()
    for patient in (one, other):
        tie(
            patient,
            account_id=account.id,
            proof=Proof.NHS_LOGIN,
            identity=Identity.P9,
            by=the_maker(patient.practice),
            at=now,
        )
    kept = an_account_for(one)
    assert close_account(account.id, by=AccountHolder(account.id), at=now) == 2
    assert set(Link.objects.filter(account_id=account.id).values_list("ended_why", "ended_by")) == {
        ("account-closed", account.id)
    }
    assert list(ActsFor.objects.values_list("account_id", flat=True)) == [kept.id]
    trail = Entry.objects.filter(event="access.link_ended").values_list("practice_id", "account_id")
    assert set(trail) == {(one.practice_id, account.id), (other.practice_id, account.id)}


def test_a_request_of_a_closed_account_waits_for_nobody(now: datetime) -> None:
    patient = a_patient_of(a_practice(), birth_date=date(1980, 1, 1))
    account_id = with_all(patient, now)
    close_account(account_id, by=AccountHolder(account_id), at=now)
    assert AccessRequest.objects.get().status == "withdrawn"
    assert Task.objects.get().status == "withdrawn"
