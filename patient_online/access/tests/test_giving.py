"""Who may give and take back a service, and what is left when two do so at the same instant."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from patient_online.access.actions import give, list_staff, take_back
from patient_online.access.models import ActsFor, Grant, WorksAt
from patient_online.asking import Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of, the_maker
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember
from patient_online.refusals import Refused
from tests.at_once import at_once

ROUNDS = 20
DESK = {Role.RECEPTIONIST, Role.MANAGER, Role.GP}
APPOINTMENTS, MESSAGES = Service.APPOINTMENTS, Service.MESSAGES


def gives(patient: Patient, account: Account, by: Staff, at: datetime) -> None:
    give(patient, account_id=account.id, service=APPOINTMENTS, level=Level.MANAGE, by=by, at=at)


def takes_back(patient: Patient, account: Account, by: Staff, at: datetime) -> None:
    take_back(patient, account_id=account.id, service=APPOINTMENTS, by=by, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("do", [gives, takes_back])
@pytest.mark.parametrize("role", Role)
def test_the_desk_gives_and_takes_back_and_nobody_else_of_the_practice_does(
    now: datetime, role: Role, do: Callable[..., None]
) -> None:
    practice = a_practice()
    patient, by = a_patient_of(practice), staff_of(practice, role)
    account = an_account_for(patient, services={APPOINTMENTS if do is takes_back else Service.MESSAGES: Level.VIEW})
    before = Grant.objects.filter(revoked_at=None).count()
    if role in DESK:
        do(patient, account, by, now)
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            do(patient, account, by, now)
    assert (Grant.objects.filter(revoked_at=None).count() != before) is (role in DESK)
    assert Entry.objects.filter(account_id=by.account_id, refused_by="").exists() is (role in DESK)


@pytest.mark.django_db
@pytest.mark.parametrize("do", [gives, takes_back])
def test_staff_of_one_practice_give_and_take_back_nothing_at_another(now: datetime, do: Callable[..., None]) -> None:
    patient, by = a_patient_of(a_practice()), staff_of(a_practice(), Role.MANAGER)
    account = an_account_for(patient)
    before = list(Grant.objects.values())
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        do(patient, account, by, now)
    assert list(Grant.objects.values()) == before
    assert Entry.objects.get(account_id=by.account_id).refused_by == "asking.other_practice"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_manager_or_administrator_lists_the_staff_of_their_own_practice_and_nobody_else_does(
    now: datetime, role: Role
) -> None:
    practice = a_practice()
    worker = an_account()
    row: dict[str, Any] = {"name": "Madeup Newcomer", "job": "Nurse", "from_day": now.date(), "account_id": worker.id}
    member = StaffMember.objects.create(practice=practice, **row)
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        list_staff(member, by=staff_of(a_practice(), Role.MANAGER), at=now)
    by = staff_of(practice, role)
    if role in {Role.MANAGER, Role.ADMINISTRATOR}:
        list_staff(member, by=by, at=now)
    else:
        with pytest.raises(Refused, match=r"asking\.role_needed"):
            list_staff(member, by=by, at=now)
    assert WorksAt.objects.filter(account_id=worker.id).exists() is (role in {Role.MANAGER, Role.ADMINISTRATOR})


def in_force(patient: Patient) -> list[dict[str, str]]:
    """What is in force by the grants, as the list should say it."""
    grants = Grant.objects.filter(patient_id=patient.id, revoked_at=None)
    levels = dict(grants.values_list("service", "level"))
    return [levels] if levels else []


def listed(patient: Patient) -> list[dict[str, str]]:
    """What the list says."""
    return list(ActsFor.objects.filter(patient_id=patient.id).values_list("levels", flat=True))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_at_the_desk_give_and_take_back_at_once_and_the_list_says_what_is_in_force(now: datetime) -> None:
    """Without the patient's lock the list differed from the grants in 50 rounds of 60."""
    practice = a_practice()
    by = the_maker(practice)
    differ = []
    for _ in range(ROUNDS):
        patient, account = a_patient_of(practice), an_account()
        begin: dict[str, Any] = {"account_id": account.id, "by": by, "at": now}
        give(patient, service=APPOINTMENTS, level=Level.MANAGE, **begin)
        two = partial(give, patient, service=MESSAGES, level=Level.VIEW, **begin)
        other = partial(take_back, patient, service=APPOINTMENTS, **begin)
        things: list[Callable[[], object]] = [two, other]
        at_once(things)
        assert in_force(patient) == [{"messages": "view"}]
        if listed(patient) != in_force(patient):
            differ.append(listed(patient))
    assert differ == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_same_service_given_twice_at_once_is_in_force_once_and_is_no_error(now: datetime) -> None:
    """Without the patient's lock `grant_one_in_force` raised IntegrityError in 59 rounds of 60."""
    practice = a_practice()
    by = the_maker(practice)
    for _ in range(ROUNDS):
        patient, account = a_patient_of(practice), an_account()
        one: dict[str, Any] = {
            "account_id": account.id,
            "service": APPOINTMENTS,
            "level": Level.MANAGE,
            "by": by,
            "at": now,
        }
        made = at_once([partial(give, patient, **one)] * 2)
        assert len({grant.id for grant in made}) == 2
        assert in_force(patient) == listed(patient) == [{"appointments": "manage"}]
