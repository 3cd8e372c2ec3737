"""How much of a record the practice lets an account see: no more than the check of identity allows, and by whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from patient_online.access.actions import give, give_record, take_back_record, tie
from patient_online.access.models import ActsFor, RecordGrant
from patient_online.access.rules.giving import NotGiven
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, an_account, staff_of, the_maker
from patient_online.nhs.identity import Identity, Proof, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

pytestmark = pytest.mark.django_db
NONE, SUMMARY, FULL = RecordLevel.NONE, RecordLevel.SUMMARY, RecordLevel.FULL


def linked(patient: Patient, at: datetime, proof: Proof = Proof.DOCUMENTS, identity: Identity = Identity.P9) -> Any:
    """The id of an account that is tied to the patient by this proof."""
    account = an_account()
    tie(patient, account_id=account.id, proof=proof, identity=identity, by=the_maker(patient.practice), at=at)
    return account.id


def seen(patient: Patient) -> dict[str, str]:
    """What the list with the account says of the record."""
    record: dict[str, str] = ActsFor.objects.get(patient_id=patient.id).record
    return record


def test_new_and_old_entries_are_given_apart_replaced_and_taken_back(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    account, gp = linked(patient, now), staff_of(patient.practice, Role.GP)
    one: dict[str, Any] = {"account_id": account, "by": gp, "at": now}
    give_record(patient, current=FULL, historic=NONE, from_day=now.date(), **one)
    assert seen(patient) == {"current": "full", "historic": "none", "from": "2026-03-03"}
    give_record(patient, current=FULL, historic=SUMMARY, from_day=now.date(), **one)
    assert RecordGrant.objects.filter(revoked_at=None).count() == 1
    assert seen(patient)["historic"] == "summary"
    take_back_record(patient, **one)
    assert seen(patient) == {}
    assert not RecordGrant.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("proof", Proof)
@pytest.mark.parametrize("level", RecordLevel)
def test_nobody_is_given_more_than_the_check_of_identity_allows(
    now: datetime, proof: Proof, level: RecordLevel
) -> None:
    """Vouching from afar opens the summary and no more; a claim opens nothing."""
    patient = a_patient_of(a_practice())
    identity = Identity.P0 if proof is Proof.CLAIMED else Identity.P9
    what: dict[str, Any] = {"account_id": linked(patient, now, proof, identity), "from_day": now.date()}
    what |= {"current": level, "historic": NONE, "by": the_maker(patient.practice), "at": now}
    if level.rank <= most_record(proof).rank:
        give_record(patient, **what)
        assert seen(patient)["current"] == level
    else:
        with pytest.raises(Refused) as no:
            give_record(patient, **what)
        assert no.value.reason in (NotGiven.CHECK_TOO_WEAK, NotGiven.CHECK_NOT_KEPT, NotGiven.NOT_SHOWN)
        assert seen(patient) == {}


def test_somebody_of_whom_only_a_claim_is_known_is_given_no_service(now: datetime) -> None:
    """Nor is their link raised by the way: somebody must check who they are."""
    patient = a_patient_of(a_practice())
    account = linked(patient, now, Proof.CLAIMED, Identity.P0)
    desk = staff_of(patient.practice, Role.RECEPTIONIST)
    with pytest.raises(Refused) as no:
        give(patient, account_id=account, service=Service.APPOINTMENTS, level=Level.MANAGE, by=desk, at=now)
    assert no.value.reason is NotGiven.NOT_SHOWN
    assert ActsFor.objects.get().identity == Identity.P0


def test_a_check_at_the_desk_raises_a_claim_in_place_and_never_lowers_what_is_known(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    account, by = linked(patient, now, Proof.CLAIMED, Identity.P0), the_maker(patient.practice)
    tie(patient, account_id=account, proof=Proof.DOCUMENTS, identity=Identity.P9, by=by, at=now)
    tie(patient, account_id=account, proof=Proof.CLAIMED, identity=Identity.P0, by=by, at=now)
    assert ActsFor.objects.get().identity == Identity.P9


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"from_day": 1}, NotGiven.DAY_TO_COME),
        ({"historic": FULL}, NotGiven.OLD_ABOVE_NEW),
    ],
)
def test_what_makes_no_sense_is_refused(now: datetime, given: dict[str, Any], reason: NotGiven) -> None:
    patient = a_patient_of(a_practice())
    what: dict[str, Any] = {"account_id": linked(patient, now), "by": the_maker(patient.practice), "at": now}
    day = now.date() + timedelta(days=given.get("from_day", 0))
    with pytest.raises(Refused) as no:
        give_record(patient, current=SUMMARY, historic=given.get("historic", NONE), from_day=day, **what)
    assert no.value.reason is reason


@pytest.mark.parametrize("gone", [{"left_on": "2026-01-01"}, {"died_on": "2026-01-01"}])
def test_nothing_is_given_for_who_has_left_or_died(now: datetime, gone: dict[str, str]) -> None:
    patient = a_patient_of(a_practice())
    account = linked(patient, now)
    Patient.objects.filter(id=patient.id).update(**gone)
    by = the_maker(patient.practice)
    with pytest.raises(Refused) as record:
        give_record(patient, account_id=account, current=SUMMARY, historic=NONE, from_day=now.date(), by=by, at=now)
    with pytest.raises(Refused) as service:
        give(patient, account_id=account, service=Service.APPOINTMENTS, level=Level.VIEW, by=by, at=now)
    assert record.value.reason is service.value.reason is NotGiven.GONE


@pytest.mark.parametrize("role", Role)
def test_old_entries_are_opened_by_those_who_can_look_through_them(now: datetime, role: Role) -> None:
    """The desk gives sight of new entries; of old ones a GP or a manager, who see to the review."""
    patient = a_patient_of(a_practice())
    what: dict[str, Any] = {"account_id": linked(patient, now), "by": staff_of(patient.practice, role), "at": now}
    for historic, may in (
        (NONE, role in {Role.MANAGER, Role.GP, Role.RECEPTIONIST}),
        (SUMMARY, role in {Role.MANAGER, Role.GP}),
    ):
        if may:
            give_record(patient, current=FULL, historic=historic, from_day=now.date(), **what)
        else:
            with pytest.raises(Refused, match=r"asking\.role_needed"):
                give_record(patient, current=FULL, historic=historic, from_day=now.date(), **what)


def test_staff_of_another_practice_show_nothing(now: datetime) -> None:
    patient = a_patient_of(a_practice())
    what: dict[str, Any] = {"account_id": linked(patient, now), "by": staff_of(a_practice(), Role.GP), "at": now}
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        give_record(patient, current=SUMMARY, historic=NONE, from_day=now.date(), **what)
    with pytest.raises(Refused, match=r"asking\.other_practice"):
        take_back_record(patient, **what)
