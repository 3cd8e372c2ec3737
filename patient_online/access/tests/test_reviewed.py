"""What waits for a review of the record: who gives sight of it meanwhile, who may not, and when it has been done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from patient_online.access.actions import ask_for, enter_code, first_access, give_record, take_back_record
from patient_online.access.models import AccessRequest, RecordGrant
from patient_online.access.queries.requests import request_lines
from patient_online.access.rules.codes import DECLINED, NO_REVIEW, REVIEW
from patient_online.access.rules.giving import NotGiven
from patient_online.access.rules.requests import Asked
from patient_online.access.tests.test_records_given import linked
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account, an_account_for, staff_of, switch_on
from patient_online.nhs.record_levels import SERVICE_OF, RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {"current": RecordLevel.FULL, "historic": RecordLevel.NONE}


@pytest.fixture
def patient(practice: Practice) -> Patient:
    """A patient of a practice that shows the whole record."""
    for service in SERVICE_OF.values():
        switch_on(practice, service)
    return a_patient_of(practice)


def waits(patient: Patient) -> bool:
    """Whether the review is on the work list."""
    return Task.objects.filter(kind="enhanced-review", about=patient.id, status="open").exists()


def under_review(patient: Patient, now: datetime) -> Any:
    """The id of an account that sees nothing yet, as the record is to be reviewed first."""
    account, gp = linked(patient, now), staff_of(patient.practice, Role.GP)
    enter_code(patient, code=REVIEW, dated=now.date() - timedelta(days=1), by=gp, at=now)
    first_access(patient, account, by=gp, at=now)
    assert waits(patient)
    return account


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.GP, Role.MANAGER])
@pytest.mark.parametrize("days", [0, 1, 15000])
def test_the_desk_shows_no_old_entries_by_an_earlier_day(
    patient: Patient, now: datetime, role: Role, days: int
) -> None:
    """Who has looked through them may choose the day."""
    by, account = staff_of(patient.practice, role), linked(patient, now)
    given: dict[str, Any] = {"account_id": account, **NEW, "from_day": now.date() - timedelta(days=days)}
    if role is Role.RECEPTIONIST and days:
        with pytest.raises(Refused) as no:
            give_record(patient, **given, by=by, at=now)
        assert no.value.reason is NotGiven.OLD_BY_THE_DAY
    else:
        assert give_record(patient, **given, by=by, at=now).from_day == given["from_day"]


@pytest.mark.parametrize(("later", "may"), [(0, True), (1, True), (-1, False)])
def test_the_desk_keeps_the_day_that_is_in_force_and_moves_it_forward(
    patient: Patient, now: datetime, later: int, may: bool
) -> None:
    account, first = linked(patient, now), date(2026, 1, 9)
    give_record(patient, account_id=account, **NEW, from_day=first, by=staff_of(patient.practice, Role.GP), at=now)
    day, desk = first + timedelta(days=later), staff_of(patient.practice, Role.RECEPTIONIST)
    if may:
        give_record(patient, account_id=account, **NEW, from_day=day, by=desk, at=now)
    else:
        with pytest.raises(Refused, match="old_by_the_day"):
            give_record(patient, account_id=account, **NEW, from_day=day, by=desk, at=now)
    assert RecordGrant.objects.get(revoked_at=None).from_day == (day if may else first)


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.GP, Role.MANAGER])
@pytest.mark.parametrize("code", [DECLINED, REVIEW])
def test_against_a_code_the_record_is_shown_by_a_gp_or_a_manager(
    patient: Patient, now: datetime, role: Role, code: str
) -> None:
    account = linked(patient, now)
    enter_code(patient, code=code, dated=now.date(), by=staff_of(patient.practice, Role.GP), at=now)
    given: dict[str, Any] = {"account_id": account, **NEW, "from_day": now.date()}
    by = staff_of(patient.practice, role)
    if role is Role.RECEPTIONIST:
        with pytest.raises(Refused) as no:
            give_record(patient, **given, by=by, at=now)
        assert no.value.reason is NotGiven.REVIEW_FIRST
    else:
        give_record(patient, **given, by=by, at=now)


def test_the_review_is_done_once_a_gp_has_shown_the_record(patient: Patient, now: datetime) -> None:
    account, gp = under_review(patient, now), staff_of(patient.practice, Role.GP)
    give_record(patient, account_id=account, **NEW, from_day=now.date(), by=gp, at=now)
    assert not waits(patient)


@pytest.mark.parametrize(("role", "done"), [(Role.GP, True), (Role.RECEPTIONIST, False)])
def test_the_review_is_done_once_a_gp_has_taken_the_record_back(
    patient: Patient, now: datetime, role: Role, done: bool
) -> None:
    """The desk, which cannot review anything, does not end it by taking nothing back."""
    account = under_review(patient, now)
    take_back_record(patient, account_id=account, by=staff_of(patient.practice, role), at=now)
    assert waits(patient) is not done


@pytest.mark.parametrize(
    ("code", "before", "done"), [(NO_REVIEW, 0, True), (DECLINED, 0, True), (NO_REVIEW, 9, False), (DECLINED, 9, False)]
)
def test_a_later_code_ends_the_review_and_an_earlier_one_does_not(
    patient: Patient, now: datetime, code: str, before: int, done: bool
) -> None:
    under_review(patient, now)
    day = now.date() - timedelta(days=before)
    enter_code(patient, code=code, dated=day, by=staff_of(patient.practice, Role.GP), at=now)
    assert waits(patient) is not done


def test_a_gp_says_on_the_page_that_nothing_is_shown(patient: Patient, now: datetime) -> None:
    """Neither is it weighed again, nor does the desk give what the GP has not."""
    account, gp = under_review(patient, now), an_account()
    by = staff_of(patient.practice, Role.GP, account=gp)
    client, path = signed_in(gp), reverse("access:patient_access", args=[patient.id])
    assert "Reviewed: give no access" in said(client.get(path))
    page = said(client.post(path, follow=True))
    assert "Reviewed: give no access" not in page
    assert not waits(patient)
    assert first_access(patient, account, by=by, at=now).outcome == "already-set"
    desk = staff_of(patient.practice, Role.RECEPTIONIST)
    with pytest.raises(Refused, match="review_first"):
        give_record(patient, account_id=account, **NEW, from_day=now.date(), by=desk, at=now)


def test_a_receptionist_reads_that_it_waits_and_cannot_end_it(patient: Patient, now: datetime) -> None:
    under_review(patient, now)
    desk = an_account()
    staff_of(patient.practice, Role.RECEPTIONIST, account=desk)
    client, path = signed_in(desk), reverse("access:patient_access", args=[patient.id])
    page = said(client.get(path))
    assert "This record waits for a review." in page
    assert "Reviewed: give no access" not in page
    client.post(path)
    assert waits(patient)


@pytest.mark.parametrize(
    ("had", "wanted", "line"), [("manage", "view", "Less access"), ("view", "manage", "More access")]
)
def test_the_work_list_tells_less_from_more_by_what_they_had(
    patient: Patient, now: datetime, had: str, wanted: str, line: str
) -> None:
    """Looking only is less for who may change things, and more than nothing for who has nothing."""
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level(had)})
    made: AccessRequest = ask_for(Asked("appointments", wanted), words="", by=acting_as(patient, account), at=now)
    assert request_lines(staff_of(patient.practice, Role.MANAGER), [made.id]) == {made.id: line}
