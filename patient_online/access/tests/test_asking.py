"""One statement tells who is asking, and what it tells is true at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patient_online.access.actions import give, list_staff, take_back
from patient_online.access.models import ActsFor, Grant, Session
from patient_online.access.queries import who_has, who_is_asking
from patient_online.access.sessions import SessionStore, hash_of
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    acting_as,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.practices.models import StaffMember

pytestmark = pytest.mark.django_db


def a_session_of(account: Account) -> SessionStore:
    """A browser in which the account is signed in."""
    session = SessionStore()
    session["_auth_user_id"] = str(account.id)
    session.save()
    return session


def test_one_statement_tells_account_patient_services_and_policies(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    account = an_account_for(patient)
    key = a_session_of(account).session_key
    with CaptureQueriesContext(connection) as statements:
        asking = who_is_asking(hash_of(key or ""), at=now, today=now.date())
    assert len(statements) == 1
    assert asking is not None
    acting = asking.acting()
    assert acting is not None
    assert (acting.account_id, acting.patient_id, acting.practice_id) == (account.id, patient.id, patient.practice_id)
    assert acting.may(Service.APPOINTMENTS) is None
    assert acting.may(Service.PRESCRIPTIONS) is NotAllowed.SERVICE_OFF
    assert acting.policies == {}


def test_the_key_of_a_session_is_not_in_the_table() -> None:
    session = a_session_of(an_account())
    row = Session.objects.get()
    assert row.key_hash == hash_of(session.session_key or "")
    assert str(session.session_key) not in str(row.data)


def test_a_session_ends_after_twelve_hours_and_when_nobody_uses_it(settings: Any) -> None:
    key = hash_of(a_session_of(an_account()).session_key or "")
    row = Session.objects.get()
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)

    def asks(at: datetime) -> bool:
        return who_is_asking(key, at=at, today=at.date()) is not None

    assert asks(row.last_seen_at + idle - timedelta(seconds=1))
    assert not asks(row.last_seen_at + idle)
    Session.objects.update(last_seen_at=row.ends_at)
    assert not asks(row.ends_at)
    assert SessionStore.forget_ended() == 0


def test_sessions_that_ended_are_forgotten() -> None:
    a_session_of(an_account())
    old = a_session_of(an_account())
    Session.objects.filter(key_hash=hash_of(old.session_key or "")).update(last_seen_at="2026-01-01T00:00:00Z")
    assert SessionStore.forget_ended() == 1


def test_a_closed_account_is_nobody(now: datetime) -> None:
    account = an_account(is_active=False)
    asking = who_is_asking(hash_of(a_session_of(account).session_key or ""), at=now, today=now.date())
    assert asking is not None
    assert asking.account is None
    assert who_has(account.id, at=now, today=now.date()) is None


def test_what_is_given_and_taken_back_is_in_the_list_and_in_the_trail(now: datetime) -> None:
    practice = a_practice()
    patient, account = a_patient_of(practice), an_account()
    switch_on(practice, Service.MESSAGES)
    by = the_maker(practice)
    give(patient, account_id=account.id, service=Service.APPOINTMENTS, level=Level.VIEW, by=by, at=now)
    give(patient, account_id=account.id, service=Service.APPOINTMENTS, level=Level.MANAGE, by=by, at=now)
    assert Grant.objects.filter(revoked_at=None).count() == 1
    assert ActsFor.objects.get().levels == {"appointments": "manage"}
    take_back(patient, account_id=account.id, service=Service.APPOINTMENTS, by=by, at=now)
    assert ActsFor.objects.get().levels == {}
    asking = who_has(account.id, at=now, today=now.date())
    assert asking is not None
    acting = asking.acting()
    assert acting is not None
    assert acting.may(Service.APPOINTMENTS, Level.VIEW) is NotAllowed.SERVICE_NOT_YOURS
    events = Entry.objects.filter(patient_id=patient.id).order_by("id").values_list("event", flat=True)
    assert list(events) == ["access.linked", "access.granted", "access.granted", "access.revoked"]


def test_who_may_look_may_not_act() -> None:
    patient = a_patient_of(a_practice())
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    acting = acting_as(patient, account)
    assert acting.may(Service.APPOINTMENTS, Level.VIEW) is None
    assert acting.may(Service.APPOINTMENTS) is NotAllowed.SERVICE_NOT_YOURS


def test_a_leaver_works_nowhere(now: datetime) -> None:
    practice = a_practice()
    staff = staff_of(practice, Role.RECEPTIONIST)
    member = StaffMember.objects.get(practice=practice, id=staff.staff_id)
    member.to_day = now.date()
    list_staff(member, by=the_maker(practice), at=now)
    asking = who_has(staff.account_id, at=now, today=now.date())
    assert asking is not None
    assert asking.staff() is None
