"""Somebody without a letter says which patient they are: one first booking is possible, and nothing is shown."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, cast
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.access.actions import claim, end_claim, link
from patient_online.access.models import Grant, Link
from patient_online.access.rules.linking import Name, NotLinked
from patient_online.access.tests.lettering import a_desk, a_letter, holder
from patient_online.asking import Role
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity, Proof
from patient_online.notify.models import Message
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import signed_in
from tests.at_once import at_once

BORN = date(1980, 3, 31)


def a_patient(practice: Practice, **given: Any) -> Patient:
    row = {"given_name": "Zoë Ann", "family_name": "Made-Up", "birth_date": BORN, "postcode": "ZZ99 3VY"}
    return a_patient_of(practice, **{**row, **given})


def claims(account: Account, patient: Patient, at: datetime, network: str = "", **wrong: Any) -> NotLinked | None:
    """Why the claim was not taken, or None when it was, whatever came of it."""
    said = {"family": "made up", "given": "zoe", "born": patient.birth_date, "postcode": patient.postcode, **wrong}
    name = Name(said["family"], said["given"], said["born"])
    network = network or f"net {uuid4()}"
    try:
        claim(patient.practice, said=name, postcode=said["postcode"], network=network, by=holder(account), at=at)
    except Refused as refused:
        return cast(NotLinked, refused.reason)
    return None


@pytest.mark.django_db
def test_what_fits_one_patient_links_the_account_unverified_and_tells_patient_and_practice(now: datetime) -> None:
    patient, account = a_patient(a_practice()), an_account()
    assert claims(account, patient, now) is None
    linked = Link.objects.get()
    assert (linked.patient_id, linked.proof, linked.identity) == (patient.id, Proof.CLAIMED, Identity.P0)
    assert Message.objects.get(kind="online-claimed").about == linked.id
    assert Task.objects.get(kind="claim").about == linked.id


def twins(patient: Patient) -> None:
    a_patient(patient.practice)


def linked_already(patient: Patient) -> None:
    an_account_for(patient)


def left(patient: Patient) -> None:
    Patient.objects.filter(id=patient.id).update(left_on=date(2026, 3, 1))


def died(patient: Patient) -> None:
    Patient.objects.filter(id=patient.id).update(died_on=date(2026, 3, 1))


def a_child(patient: Patient) -> None:
    Patient.objects.filter(id=patient.id).update(birth_date=date(2012, 1, 1))
    patient.birth_date = date(2012, 1, 1)


def nothing(patient: Patient) -> None:
    """As it is."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "wrong"),
    [
        (nothing, {"family": "Other"}),
        (nothing, {"given": "Ann"}),
        (nothing, {"born": date(1980, 3, 30)}),
        (nothing, {"postcode": "ZZ99 3VX"}),
        (twins, {}),
        (linked_already, {}),
        (left, {}),
        (died, {}),
        (a_child, {}),
    ],
)
def test_what_fits_nobody_or_not_one_alone_changes_nothing_and_is_not_told(
    now: datetime, before: Callable[[Patient], None], wrong: dict[str, Any]
) -> None:
    patient, account = a_patient(a_practice()), an_account()
    before(patient)
    assert claims(account, patient, now, **wrong) is None
    assert not Link.objects.filter(account_id=account.id).exists()
    assert not Task.objects.exists()
    assert AccountEntry.objects.get(account_id=account.id).event == "access.claim_fits_nobody"


@pytest.mark.django_db
def test_a_claim_is_made_at_the_practice_that_was_named(now: datetime) -> None:
    patient, elsewhere = a_patient(a_practice()), a_practice()
    account = an_account()
    said = Name("Made-Up", "Zoe", BORN)
    claim(elsewhere, said=said, postcode=patient.postcode, network="n", by=holder(account), at=now)
    assert not Link.objects.exists()


@pytest.mark.django_db
def test_an_account_claims_five_times_a_day_and_a_network_twenty(now: datetime) -> None:
    patient, account = a_patient(a_practice()), an_account()
    for _ in range(5):
        assert claims(account, patient, now, family="Other") is None
    assert claims(account, patient, now) is NotLinked.TOO_MANY
    for _ in range(20):
        assert claims(an_account(), patient, now, "one network", family="Other") is None
    assert claims(an_account(), patient, now, "one network") is NotLinked.TOO_MANY
    assert not Link.objects.exists()
    assert claims(an_account(), patient, now, "another network") is None
    assert Link.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_accounts_claim_a_patient_at_once_and_one_is_linked(now: datetime) -> None:
    """Without the patient's lock both were linked."""
    practice = a_practice()
    for number in range(8):
        patient, accounts = a_patient(practice, postcode=f"ZZ99 {number}AA"), [an_account(), an_account()]
        at_once([partial(claims, account, patient, now) for account in accounts])
        assert Link.objects.filter(patient_id=patient.id).count() == 1


@pytest.mark.django_db
def test_a_letter_makes_of_the_claim_a_link_that_counts(now: datetime) -> None:
    patient, account = a_patient(a_practice()), an_account()
    claims(account, patient, now)
    link(a_letter(patient, now).typed(), network="n", by=holder(account), at=now)
    linked = Link.objects.get()
    assert (linked.proof, linked.identity) == (Proof.DOCUMENTS, Identity.P9)
    assert Task.objects.get(kind="claim").status == Task.Status.DONE
    assert Grant.objects.filter(revoked_at=None).count() == 1


@pytest.mark.django_db
def test_a_letter_for_another_patient_ends_the_claim(now: datetime) -> None:
    patient, account = a_patient(a_practice()), an_account()
    claims(account, patient, now)
    another = a_letter(a_patient_of(a_practice()), now)
    link(another.typed(), network="n", by=holder(account), at=now)
    assert Link.objects.get(ended_at=None).patient_id == another.patient.id
    assert Task.objects.get(kind="claim").status == Task.Status.DONE


@pytest.mark.django_db
def test_who_is_not_the_first_to_claim_is_answered_alike_and_the_practice_is_told(now: datetime) -> None:
    """The first may be an impostor: the second is the practice's to hear of, and is linked once the first is ended."""
    patient, robin = a_patient(a_practice()), an_account()
    claims(an_account(), patient, now)
    for _ in range(2):
        assert claims(robin, patient, now) is None
    [first] = Link.objects.all()
    task = Task.objects.get(kind="two-claims")
    assert (task.about, task.patient_id, task.status) == (first.id, patient.id, Task.Status.OPEN)
    end_claim(first, by=a_desk(patient), at=now)
    assert set(Task.objects.values_list("status", flat=True)) == {Task.Status.DONE}
    assert claims(robin, patient, now) is None
    assert Link.objects.get(ended_at=None).account_id == robin.id


@pytest.mark.django_db
def test_the_practice_ends_a_claim_and_cannot_so_end_a_link_by_letter(now: datetime) -> None:
    patient, account = a_patient(a_practice()), an_account()
    claims(account, patient, now)
    claimed = Link.objects.get()
    end_claim(claimed, by=a_desk(patient), at=now)
    assert Link.objects.get().ended_why == "practice"
    assert not Grant.objects.filter(revoked_at=None).exists()
    assert Task.objects.get().status == Task.Status.DONE
    with pytest.raises(Refused) as refused:
        end_claim(claimed, by=a_desk(patient), at=now)
    assert refused.value.reason is NotLinked.NOT_CLAIMED


def typed(patient: Patient, **wrong: str) -> dict[str, str]:
    row = {"given_name": "Zoe", "family_name": "Made-Up", "postcode": patient.postcode}
    return {**row, "birth_date_day": "31", "birth_date_month": "3", "birth_date_year": "1980", **wrong}


@pytest.mark.django_db
def test_the_pages_answer_the_same_whether_it_fits_or_not_or_somebody_else_was_first(practice: Practice) -> None:
    patient = a_patient(practice)
    right, wrong, second = (signed_in(an_account()) for _ in range(3))
    where = f"/claim/{practice.ods_code}"
    answers = [right.post(where, typed(patient)), wrong.post(where, typed(patient, family_name="Other"))]
    answers.append(second.post(where, typed(patient)))
    assert {(each.status_code, each.headers["Location"], each.content) for each in answers} == {
        (302, "/claim/sent", b"")
    }
    assert Link.objects.count() == 1


@pytest.mark.django_db
def test_a_practice_is_found_by_name_postcode_and_code(practice: Practice) -> None:
    client = signed_in(an_account())
    for text in (practice.name, practice.postcode, practice.ods_code.lower()):
        found = client.post("/claim", {"q": text}, follow=True).content.decode()
        assert f'href="/claim/{practice.ods_code}"' in found
    nowhere = client.post("/claim", {"q": "Nowhere at all"}, follow=True)
    assert "No practice here has this name" in nowhere.content.decode()
    assert "Enter at least two letters" in client.post("/claim", {"q": "a"}).content.decode()


@pytest.mark.django_db
def test_the_practice_sees_to_a_claim_from_its_work_list(practice: Practice, now: datetime) -> None:
    patient = a_patient(practice)
    claims(an_account(), patient, now)
    staff_of(practice, Role.RECEPTIONIST, account=(account := an_account()))
    rita: Client = signed_in(account)
    where = f"/practice/claims/{Link.objects.get().id}"
    assert where in rita.get("/practice/tasks").content.decode()
    assert "Is this the patient?" in rita.get(where).content.decode()
    assert "Another account" not in rita.get(where).content.decode()
    claims(an_account(), patient, now)
    assert "Two accounts say online that they are this patient" in rita.get("/practice/tasks").content.decode()
    assert "Another account" in rita.get(where).content.decode()
    assert rita.post(where).headers["Location"] == f"/practice/patients/{patient.id}/online"
    assert rita.get(where).status_code == 404


@pytest.mark.django_db
def test_after_a_claim_that_fits_nobody_the_page_says_what_to_do_and_leads_in_no_circle() -> None:
    patient, client = a_patient(a_practice()), signed_in(an_account())
    assert "did not let you book" not in client.get("/").content.decode()
    where = f"/claim/{patient.practice_id}"
    claimed = client.post(where, typed(patient, family_name="Other"), follow=True).content.decode()
    assert "sign in to that one" in claimed
    page = client.get("/appointments/book").content.decode()
    assert "What you typed did not let you book. Telephone the practice" in page
