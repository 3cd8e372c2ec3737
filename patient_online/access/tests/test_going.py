"""A patient leaves or dies: noted at the desk or in a file, undone on the same day, and then not any more."""

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from patient_online.access import jobs
from patient_online.access.actions import give_record, hold_back, note_patient_back, note_patient_gone, tie
from patient_online.access.models import ActsFor, Block, CodesWeighed, Grant, Link, RecordGrant
from patient_online.access.rules.going import NotGone
from patient_online.asking import Role, Staff
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    an_account,
    an_account_for,
    staff_of,
    switch_on,
    the_maker,
)
from patient_online.nhs.dates import london
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused

pytestmark = pytest.mark.django_db
LEFT, DIED = Link.Why.LEFT, Link.Why.DIED


@pytest.fixture
def patient() -> Patient:
    """A patient with an account."""
    patient = a_patient_of(a_practice())
    an_account_for(patient)
    return patient


@pytest.fixture
def desk(patient: Patient) -> Staff:
    """A receptionist of the patient's practice."""
    return staff_of(patient.practice, Role.RECEPTIONIST)


def notes(patient: Patient, by: Staff, at: datetime, why: Link.Why = LEFT, day: date | None = None) -> int:
    """Note it, of today unless another day is given."""
    return note_patient_gone(patient, why=why, day=day or at.date(), by=by, at=at)


def refusal_of(patient: Patient, by: Staff, at: datetime, **given: Any) -> object:
    """Why it is not noted."""
    with pytest.raises(Refused) as no:
        notes(patient, by, at, **given)
    return no.value.reason


@pytest.mark.parametrize("why", [LEFT, DIED])
def test_what_is_noted_is_kept_with_the_patient_and_ends_their_access(
    patient: Patient, desk: Staff, now: datetime, why: Link.Why
) -> None:
    assert notes(patient, desk, now, why) == 1
    row = Patient.objects.get(id=patient.id)
    assert (row.left_on, row.died_on) == (now.date(), now.date() if why is DIED else None)
    assert not ActsFor.objects.exists()


def test_a_day_that_cannot_be_is_refused(patient: Patient, desk: Staff, now: datetime) -> None:
    assert refusal_of(patient, desk, now, day=now.date() + timedelta(days=1)) is NotGone.DAY_TO_COME
    assert refusal_of(patient, desk, now, day=date(2019, 12, 31)) is NotGone.BEFORE_REGISTERED
    assert ActsFor.objects.exists()
    notes(patient, desk, now)
    assert refusal_of(patient, desk, now) is NotGone.ALREADY_GONE


def test_undone_on_the_same_day_each_account_has_what_it_had_and_no_more(
    patient: Patient, desk: Staff, now: datetime
) -> None:
    """What had ended before stays ended, and what was held back meanwhile is held back."""
    account = an_account()
    tie(
        patient,
        account_id=account.id,
        proof=Proof.NHS_LOGIN,
        identity=Identity.P9,
        by=the_maker(patient.practice),
        at=now,
    )
    what: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.NONE, "from_day": now.date()}
    give_record(patient, account_id=account.id, **what, by=the_maker(patient.practice), at=now)
    before = list(ActsFor.objects.order_by("account_id").values("account_id", "levels", "record", "identity"))
    notes(patient, desk, now + timedelta(hours=1), DIED)
    manager = staff_of(patient.practice, Role.MANAGER)
    hold: dict[str, Any] = {"service": Service.APPOINTMENTS, "why": Block.Why.OTHER, "words": "Made-up."}
    hold_back(patient, **hold, by=manager, at=now + timedelta(hours=2))
    assert note_patient_back(patient, by=desk, at=now + timedelta(hours=3)) == 2
    assert list(ActsFor.objects.order_by("account_id").values("account_id", "levels", "record", "identity")) == before
    assert set(ActsFor.objects.values_list("held", flat=True).distinct()[0]) == {"appointments"}
    assert Grant.objects.get(revoked_at=None).held
    row = Patient.objects.get(id=patient.id)
    assert (row.left_on, row.died_on) == (None, None)
    assert RecordGrant.objects.filter(revoked_at=None).count() == 1


def test_it_cannot_be_undone_the_day_after_or_once_they_are_registered_again(
    patient: Patient, desk: Staff, now: datetime
) -> None:
    notes(patient, desk, now)
    for at, why in ((now + timedelta(days=1), NotGone.TOO_LATE), (now, NotGone.REGISTERED_AGAIN)):
        if why is NotGone.REGISTERED_AGAIN:
            a_patient_of(patient.practice, nhs_number=patient.nhs_number)
        with pytest.raises(Refused) as no:
            note_patient_back(patient, by=desk, at=at)
        assert no.value.reason is why
    assert not ActsFor.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MANAGER, Role.RECEPTIONIST)])
def test_nobody_but_the_desk_notes_or_undoes_it(patient: Patient, now: datetime, role: Role) -> None:
    by = staff_of(patient.practice, role)
    with pytest.raises(Refused, match=r"asking\.role_needed"):
        notes(patient, by, now)
    with pytest.raises(Refused, match=r"asking\.role_needed"):
        note_patient_back(patient, by=by, at=now)


@pytest.mark.parametrize(("gone", "why"), [({"left_on": "2026-03-01"}, LEFT), ({"died_on": "2026-03-01"}, DIED)])
def test_who_is_gone_by_a_file_is_shut_out_by_the_job_and_nobody_else_is(
    patient: Patient, now: datetime, gone: dict[str, str], why: Link.Why
) -> None:
    other = an_account_for(a_patient_of(patient.practice))
    Patient.objects.filter(id=patient.id).update(**gone)
    with time_machine.travel(now, tick=False):
        assert jobs.end_access_at(patient.practice_id) == 1
        assert jobs.end_access_at(patient.practice_id) == 0
    assert Link.objects.get(patient_id=patient.id).ended_why == why
    assert list(ActsFor.objects.values_list("account_id", flat=True)) == [other.id]


@pytest.fixture
def showing() -> Practice:
    """A practice that shows the whole record."""
    practice = a_practice()
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    return practice


def test_on_the_16th_birthday_the_job_of_the_day_weighs_the_codes_once(showing: Practice) -> None:
    patient = a_patient_of(showing, birth_date=date(2010, 3, 4))
    account = an_account_for(patient)
    for day, weighed in ((3, 0), (4, 1), (5, 0)):
        with time_machine.travel(london(2026, 3, day, 0, 11), tick=False):
            assert jobs.weigh_at_sixteen(showing.ods_code) == weighed
    assert CodesWeighed.objects.get().occasion == "sixteen"
    assert RecordGrant.objects.get(account_id=account.id).from_day == date(2026, 3, 4)


def told(*args: str) -> str:
    """What the command that weighs a whole practice says."""
    out = StringIO()
    call_command("weigh_access_codes", *args, stdout=out)
    return out.getvalue()


def test_a_practice_that_begins_to_show_records_weighs_all_accounts_after_a_dry_run(
    showing: Practice, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        an_account_for(a_patient_of(showing))
        an_account_for(a_patient_of(showing, birth_date=date(2015, 1, 1)))
        an_account_for(a_patient_of(a_practice()))
        assert told("--practice", showing.ods_code) == (
            "prospective: 1\nunder-sixteen: 1\nNothing was changed. Say --do to do it.\n"
        )
        assert not RecordGrant.objects.exists()
        assert told("--practice", showing.ods_code, "--do") == "prospective: 1\nunder-sixteen: 1\n"
        assert RecordGrant.objects.count() == 1
        assert told("--practice", showing.ods_code, "--do") == "under-sixteen: 1\n"
        assert RecordGrant.objects.count() == 1


@pytest.mark.parametrize("code", ["Z99999", "!!"])
def test_a_practice_that_is_not_there_is_told_so(code: str) -> None:
    with pytest.raises(CommandError):
        told("--practice", code)
