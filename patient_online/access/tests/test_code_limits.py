"""Codes cost money and can be guessed: how many are sent in a day, where to, and how often one may be wrong."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from patient_online.access.actions import confirm_code, send_code
from patient_online.access.codes import code_of
from patient_online.asking import Acting
from patient_online.demo.factories import a_patient_of, a_practice, acting_as
from patient_online.notify.models import ContactCheck
from patient_online.patients.models import Patient
from patient_online.patients.rules import EMAIL, TEXT, NotConfirmed
from patient_online.practices.models import Practice
from patient_online.refusals import Refusal, Refused
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
HOURLY = timedelta(minutes=61)


@pytest.fixture
def robin() -> Patient:
    """A patient with an e-mail address and a mobile, neither of which anybody has confirmed."""
    return a_patient_of(a_practice(), email="robin@example.com", telephone="+447700900982")


@pytest.fixture
def acting(robin: Patient) -> Acting:
    """Robin, signed in."""
    return acting_as(robin)


def came_of(do: Any, *given: Any, **more: Any) -> Refusal | None:
    """Why not, or None when it was done."""
    try:
        do(*given, **more)
    except Refused as refused:
        return refused.reason
    return None


def codes_to(patient: Patient, address: str, count: int, at: datetime) -> None:
    """So many codes that went to the address."""
    row: dict[str, Any] = {"practice": patient.practice, "patient": patient, "route": EMAIL, "address": address}
    ContactCheck.objects.bulk_create(
        ContactCheck(**row, made_at=at, ends_at=at + timedelta(minutes=15)) for _ in range(count)
    )


def test_a_patient_is_sent_ten_codes_a_day_and_no_more(robin: Patient, acting: Acting, now: datetime) -> None:
    routes = [(EMAIL, TEXT)[n % 2] for n in range(10)]
    sent = [came_of(send_code, robin, route=each, by=acting, at=now + n * HOURLY) for n, each in enumerate(routes)]
    assert sent == [None] * 10
    late = now + 10 * HOURLY
    assert came_of(send_code, robin, route=EMAIL, by=acting, at=late) is NotConfirmed.TOO_MANY_TODAY
    assert came_of(send_code, robin, route=EMAIL, by=acting, at=now + timedelta(days=1)) is None


def test_five_codes_a_day_go_to_one_address_however_many_patients_give_it(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    others = a_patient_of(robin.practice, email="Robin@Example.com")
    codes_to(others, "Robin@Example.com", 5, now)
    assert came_of(send_code, robin, route=EMAIL, by=acting, at=now) is NotConfirmed.TOO_MANY_THERE
    assert came_of(send_code, robin, route=TEXT, by=acting, at=now) is None
    elsewhere = a_patient_of(a_practice(), email="robin@example.com")
    assert came_of(send_code, elsewhere, route=EMAIL, by=acting_as(elsewhere), at=now) is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_patients_who_ask_at_once_for_one_address_get_five_codes_between_them(now: datetime) -> None:
    practice: Practice = a_practice()
    people = [a_patient_of(practice, email="shared@example.com") for _ in range(8)]
    askers = [(each, acting_as(each)) for each in people]

    def asks(patient: Patient, by: Acting) -> Any:
        return lambda: came_of(send_code, patient, route=EMAIL, by=by, at=now)

    came = at_once([asks(*each) for each in askers])
    assert sorted(str(each) for each in came) == sorted(["None"] * 5 + [str(NotConfirmed.TOO_MANY_THERE)] * 3)


def test_a_practice_sends_two_hundred_codes_a_day(robin: Patient, acting: Acting, now: datetime) -> None:
    others = a_patient_of(robin.practice)
    for n in range(200):
        codes_to(others, f"a{n}@example.com", 1, now)
    assert came_of(send_code, robin, route=EMAIL, by=acting, at=now) is NotConfirmed.TOO_MANY_HERE
    elsewhere = a_patient_of(a_practice(), email="b@example.com")
    assert came_of(send_code, elsewhere, route=EMAIL, by=acting_as(elsewhere), at=now) is None


@pytest.mark.parametrize("number", ["+33612345678", "+353851234567"])
def test_no_code_is_texted_abroad(now: datetime, number: str) -> None:
    patient = a_patient_of(a_practice(), telephone=number)
    assert came_of(send_code, patient, route=TEXT, by=acting_as(patient), at=now) is NotConfirmed.NOT_BRITISH
    assert not ContactCheck.objects.exists()


def test_who_was_wrong_fifteen_times_in_a_day_is_asked_to_wait_whichever_code_it_is(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    given: dict[str, Any] = {"route": EMAIL, "by": acting}
    for n in range(3):
        check = send_code(robin, **given, at=now + n * HOURLY)
        wrong = f"{(int(code_of(check.id)) + 1) % 1_000_000:06}"
        came = {came_of(confirm_code, robin, code=wrong, **given, at=now + n * HOURLY) for _ in range(5)}
        assert came == {NotConfirmed.WRONG}
    late = now + 3 * HOURLY
    assert came_of(send_code, robin, **given, at=late) is NotConfirmed.GUESSED_TOO_OFTEN
    codes_to(robin, robin.email, 1, late)
    newest = ContactCheck.objects.latest("made_at")
    assert came_of(confirm_code, robin, code=code_of(newest.id), **given, at=late) is NotConfirmed.GUESSED_TOO_OFTEN
    robin.refresh_from_db()
    assert robin.email_verified_at is None


def test_the_code_is_kept_nowhere_and_is_another_with_another_key(
    robin: Patient, acting: Acting, now: datetime, settings: Any
) -> None:
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    code = code_of(check.id)
    kept = ContactCheck.objects.filter(id=check.id).values().get()
    assert not any(code == str(value) for value in kept.values())
    assert len({code_of(each) for each in [check.id, *(send_code(robin, route=TEXT, by=acting, at=now).id,)]}) == 2
    settings.SECRET_KEY = "another key, long enough to be one"
    assert code_of(check.id) != code
