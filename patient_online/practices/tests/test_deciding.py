"""A practice decides its policies and switches its online services."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from patient_online.asking import Role, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, staff_of, the_maker
from patient_online.nhs.services import Service
from patient_online.practices.actions import set_policy, switch_service
from patient_online.practices.models import Area, AreaPart, PolicySetting, PracticeArea, ServiceStatus
from patient_online.practices.queries import policies, services
from patient_online.practices.rules import POLICIES, NotSet, NotSwitched, Policy, why_not_set
from patient_online.practices.tests.areas import areas_of
from patient_online.refusals import Refused

pytestmark = pytest.mark.django_db
TOO_MUCH = NotSet.OUT_OF_RANGE
LIMIT = "most_future_appointments"


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_every_policy_takes_its_default_and_says_what_it_decides(policy: Policy) -> None:
    assert why_not_set(policy.name, policy.default) is None
    assert policy.title
    assert policy.explanation.endswith(".")


@pytest.mark.parametrize(("value", "refusal"), [(0, TOO_MUCH), (1, None), (20, None), (21, TOO_MUCH)])
def test_a_policy_takes_values_within_its_limits_only(value: int, refusal: NotSet | None) -> None:
    assert why_not_set(LIMIT, value) is refusal


def test_a_switch_takes_no_number_and_a_number_takes_no_switch() -> None:
    assert why_not_set("cancel_online", 1) is NotSet.OUT_OF_RANGE
    assert why_not_set(LIMIT, True) is NotSet.OUT_OF_RANGE
    assert why_not_set("no_such_policy", 1) is NotSet.UNKNOWN_POLICY


def test_what_a_manager_sets_holds_for_the_patients_of_that_practice_alone(now: datetime) -> None:
    practice, other = a_practice(), a_practice()
    set_policy(practice, name=LIMIT, value=5, by=staff_of(practice, Role.MANAGER), at=now)
    assert policies(acting_as(a_patient_of(practice)))[LIMIT] == 5
    assert policies(acting_as(a_patient_of(other)))[LIMIT] == POLICIES[LIMIT].default
    entry = Entry.objects.get(practice_id=practice.ods_code, event="practice.policy_set")
    assert entry.details == {"policy": LIMIT, "value": 5}


def test_a_receptionist_cannot_set_a_policy_and_the_refusal_is_remembered(now: datetime) -> None:
    practice = a_practice()
    with pytest.raises(Refused) as no:
        set_policy(practice, name=LIMIT, value=5, by=staff_of(practice, Role.RECEPTIONIST), at=now)
    assert no.value.reason.rule == "asking.role_needed"
    entry = Entry.objects.get(practice_id=practice.ods_code, event="practice.policy_set")
    assert entry.refused_by == "asking.role_needed"
    assert policies(acting_as(a_patient_of(practice)))[LIMIT] == POLICIES[LIMIT].default


def test_a_service_switched_off_from_tomorrow_is_on_today_and_its_history_stays(now: datetime) -> None:
    practice = a_practice()
    manager, today = staff_of(practice, Role.MANAGER), now.date()
    off = ServiceStatus.Status.AVAILABLE
    tomorrow = today + timedelta(days=1)
    switch_service(practice, service=Service.APPOINTMENTS, status=off, from_day=tomorrow, by=manager, at=now)
    stands = {day: services(manager, practice_id=practice.ods_code, on=day) for day in (today, tomorrow)}
    assert stands[today][Service.APPOINTMENTS].status == ServiceStatus.Status.SWITCHED_ON
    assert stands[tomorrow][Service.APPOINTMENTS].status == off
    assert ServiceStatus.objects.filter(practice=practice, service=Service.APPOINTMENTS).count() == 2


def test_a_service_cannot_be_switched_from_a_day_that_has_been(now: datetime) -> None:
    """The national figures count from these days. A task that loads what was decided elsewhere may."""
    practice, off = a_practice(), ServiceStatus.Status.AVAILABLE
    given: dict[str, Any] = {"service": Service.APPOINTMENTS, "status": off, "at": now}
    manager = staff_of(practice, Role.MANAGER)
    for day in (date(1999, 1, 1), now.date() - timedelta(days=1)):
        with pytest.raises(Refused) as no:
            switch_service(practice, from_day=day, by=manager, **given)
        assert no.value.reason is NotSwitched.PAST_DAY
    assert ServiceStatus.objects.filter(practice=practice).count() == 1
    switch_service(practice, from_day=now.date(), by=manager, **given)
    switch_service(practice, from_day=date(2020, 4, 1), by=the_maker(practice), **given)
    trail = Entry.objects.filter(event="practice.service_switched", refused_by="").order_by("id")
    assert [entry.details["from_day"] for entry in trail] == ["2026-03-03", "2020-04-01"]


def test_a_manager_of_one_practice_decides_nothing_at_another(now: datetime) -> None:
    practice, manager = a_practice(), staff_of(a_practice(), Role.MANAGER)
    on: dict[str, Any] = {"status": ServiceStatus.Status.SWITCHED_ON, "from_day": now.date()}
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        set_policy(practice, name=LIMIT, value=5, by=manager, at=now)
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        switch_service(practice, service=Service.MESSAGES, **on, by=manager, at=now)
    assert not PolicySetting.objects.exists()
    assert not ServiceStatus.objects.filter(practice=practice, service=Service.MESSAGES).exists()
    trail = Entry.objects.filter(account_id=manager.account_id).values_list("refused_by", flat=True)
    assert list(trail) == ["asking.other_practice"] * 2


def test_a_practice_belongs_to_the_areas_of_the_day_however_deep_the_geography_is() -> None:
    practice = a_practice()
    ccg, sub_icb, icb, region = (Area.objects.create(code=code, kind=kind) for code, kind in AREAS)
    before, after = date(2022, 6, 30), date(2022, 7, 1)
    PracticeArea.objects.create(practice=practice, area=ccg, to_day=before)
    PracticeArea.objects.create(practice=practice, area=sub_icb, from_day=after)
    AreaPart.objects.create(part=ccg, whole=region)
    AreaPart.objects.create(part=sub_icb, whole=icb)
    AreaPart.objects.create(part=icb, whole=region)
    asked = {day: areas_of(practice.ods_code, on=day) for day in (before, after)}
    assert asked == {before: ["00X", "Y98"], after: ["01X", "Q98", "Y98"]}


AREAS = [("00X", "sub-icb"), ("01X", "sub-icb"), ("Q98", "icb"), ("Y98", "region")]


def test_a_task_over_all_practices_says_why() -> None:
    with pytest.raises(ValueError, match="says why"):
        System("some_task")
