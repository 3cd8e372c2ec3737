"""An account is one person's, and a patient who is gone is nobody's, whatever comes at the same instant."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction

from patient_online.access.models import ActsFor, Link
from patient_online.access.rules.linking import NotLinked
from patient_online.access.tests.lettering import a_letter
from patient_online.access.tests.test_claiming import a_patient, claims
from patient_online.access.tests.wrong_letters import links
from patient_online.demo.factories import a_patient_of, a_practice, an_account
from patient_online.patients.models import Patient
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_two_letters_typed_at_once_link_an_account_to_one_person(now: datetime) -> None:
    """Without the account's lock it was linked to both."""
    practice = a_practice()
    for _ in range(10):
        letters, account = [a_letter(a_patient_of(practice), now) for _ in range(2)], an_account()
        came = at_once([partial(links, account, letter.typed(), now, str(letter.row.id)) for letter in letters])
        assert sorted(came, key=str) == sorted([None, NotLinked.ALREADY], key=str)
        assert ActsFor.objects.filter(account_id=account.id).count() == 1


def test_two_claims_sent_at_once_by_an_account_are_for_one_patient(now: datetime) -> None:
    """Without the account's lock it had claimed both."""
    practice = a_practice()
    for number in range(10):
        patients = [a_patient(practice, postcode=f"ZZ9{each} {number}AA") for each in range(2)]
        account = an_account()
        at_once([partial(claims, account, patient, now) for patient in patients])
        assert ActsFor.objects.filter(account_id=account.id).count() == 1


@pytest.mark.parametrize("gone", ["left_on", "died_on"])
def test_a_claim_made_as_the_patient_goes_links_nobody(now: datetime, gone: str) -> None:
    patient, account = a_patient(a_practice()), an_account()
    meanwhile(patient, partial(claims, account, patient, now), **{gone: now.date()})
    assert not Link.objects.exists()
    assert not ActsFor.objects.exists()


@pytest.mark.parametrize("gone", ["left_on", "died_on"])
def test_a_letter_typed_as_the_patient_goes_links_nobody(now: datetime, gone: str) -> None:
    patient, account = a_patient_of(a_practice()), an_account()
    letter = a_letter(patient, now)
    assert meanwhile(patient, partial(links, account, letter.typed(), now), **{gone: now.date()}) is NotLinked.WRONG
    assert not Link.objects.exists()


def meanwhile(patient: Patient, do: Callable[[], Any], **gone: date) -> Any:
    """What comes of something that has found the patient, and waits for the practice to save that they are gone."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Patient.objects.select_for_update(no_key=True).get(id=patient.id)
            doing = other.submit(_closing, do)
            _wait_until_it_waits_for_us(doing)
            Patient.objects.filter(id=patient.id).update(**gone)
        return doing.result()


def _closing(do: Callable[[], Any]) -> Any:
    try:
        return do()
    finally:
        connections.close_all()


def _wait_until_it_waits_for_us(doing: Future[Any]) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    for _each in range(6000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        assert not doing.done(), doing.exception()
        sleep(0.01)
    raise AssertionError("it never came to the patient")
