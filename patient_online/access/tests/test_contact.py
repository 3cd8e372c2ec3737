"""How a patient is told: choosing it, and showing with a code that one reads what is sent there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.access.actions import confirm_code, send_code
from patient_online.access.codes import code_of
from patient_online.asking import Acting, NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_account, an_account_for, staff_of
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import ContactCheck, Message
from patient_online.patients.actions import Needs, change_email, change_needs, change_telephone, confirm
from patient_online.patients.models import Patient
from patient_online.patients.rules import EMAIL, TEXT, NotConfirmed, NotTold
from patient_online.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db
PAGE = "/practice/details/contact"


@pytest.fixture
def robin() -> Patient:
    """A patient with an e-mail address and a mobile, neither of which anybody has confirmed."""
    return a_patient_of(a_practice(), email="robin@example.com", telephone="+447700900982")


@pytest.fixture
def acting(robin: Patient) -> Acting:
    """Robin, signed in."""
    return acting_as(robin)


@pytest.fixture
def client(robin: Patient, now: datetime, settings: Any, tmp_path: Path) -> Iterator[Client]:
    """Robin's browser, at a practice that sends emails and texts."""
    settings.NOTIFY_FOLDER = tmp_path
    with time_machine.travel(now, tick=False):
        browser = Client()
        browser.force_login(an_account_for(robin))
        yield browser


def why_not(do: Any, *given: Any, **more: Any) -> Refusal:
    with pytest.raises(Refused) as no:
        do(*given, **more)
    return no.value.reason


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def said(response: Any) -> str:
    """What the page says."""
    return " ".join(response.content.decode().split())


def test_a_code_typed_back_confirms_the_address_it_was_sent_to(robin: Patient, acting: Acting, now: datetime) -> None:
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    words = kind_named("contact-check").words(Message.objects.get(about=check.id), now)
    assert words is not None
    assert code_of(check.id) in words.text
    confirm_code(robin, route=EMAIL, code=code_of(check.id), by=acting, at=now)
    robin.refresh_from_db()
    assert robin.email_verified_at == now
    assert robin.telephone_verified_at is None


def test_the_code_goes_to_the_address_itself_and_stops_being_true_once_it_is_used(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    check = send_code(robin, route=TEXT, by=acting, at=now)
    kind, told = kind_named("contact-check"), Message.objects.get(about=check.id)
    assert kind.address is not None
    assert kind.address(told, now) == (TEXT, "+447700900982")
    assert kind.words(told, now + timedelta(minutes=15)) is None
    confirm_code(robin, route=TEXT, code=code_of(check.id), by=acting, at=now)
    assert kind.words(told, now) is None
    assert kind.address(told, now) is None


def test_a_wrong_code_can_be_tried_five_times_then_even_the_right_one_is_refused(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    given: dict[str, Any] = {"route": EMAIL, "by": acting, "at": now}
    reasons = [why_not(confirm_code, robin, code=other(code_of(check.id)), **given) for _ in range(5)]
    assert set(reasons) == {NotConfirmed.WRONG}
    assert ContactCheck.objects.get(id=check.id).tries == 5
    assert why_not(confirm_code, robin, code=code_of(check.id), **given) is NotConfirmed.TRIED_TOO_OFTEN
    robin.refresh_from_db()
    assert robin.email_verified_at is None


def test_a_code_lasts_fifteen_minutes_and_works_once(robin: Patient, acting: Acting, now: datetime) -> None:
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    given: dict[str, Any] = {"route": EMAIL, "code": code_of(check.id), "by": acting}
    late = now + timedelta(minutes=15)
    assert why_not(confirm_code, robin, at=late, **given) is NotConfirmed.ENDED
    confirm_code(robin, at=late - timedelta(seconds=1), **given)
    assert why_not(confirm_code, robin, at=now, **given) is NotConfirmed.NO_CODE


def test_only_the_newest_code_works_and_only_for_the_address_it_went_to(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    old = send_code(robin, route=EMAIL, by=acting, at=now)
    new = send_code(robin, route=EMAIL, by=acting, at=now + timedelta(seconds=9))
    given: dict[str, Any] = {"route": EMAIL, "by": acting, "at": now + timedelta(minutes=1)}
    assert why_not(confirm_code, robin, code=code_of(old.id), **given) is NotConfirmed.WRONG
    change_email(robin, email="someone-else@example.com", by=acting, at=now)
    assert why_not(confirm_code, robin, code=code_of(new.id), **given) is NotConfirmed.NO_CODE


def test_five_codes_an_hour_are_enough(robin: Patient, acting: Acting, now: datetime) -> None:
    for n in range(5):
        send_code(robin, route=(EMAIL, TEXT)[n % 2], by=acting, at=now + timedelta(minutes=n))
    assert why_not(send_code, robin, route=EMAIL, by=acting, at=now + timedelta(minutes=59)) is (
        NotConfirmed.TOO_MANY_CODES
    )
    send_code(robin, route=EMAIL, by=acting, at=now + timedelta(minutes=60, seconds=1))


def test_another_address_is_unconfirmed_and_the_same_one_again_stays_as_it_is(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    Patient.objects.filter(id=robin.id).update(email_verified_at=now)
    change_email(robin, email=robin.email, by=acting, at=now)
    change_telephone(robin, telephone="+447700900111", by=acting, at=now)
    robin.refresh_from_db()
    assert (robin.email_verified_at, robin.telephone_verified_at) == (now, None)
    assert (robin.telephone, robin.telephone_new) == ("+447700900111", "")


@pytest.mark.parametrize(("telephone", "route"), [("+441632960001", TEXT), ("", TEXT), ("+447700900982", EMAIL)])
def test_no_code_goes_where_it_cannot_be_read_and_nobody_chooses_a_way_that_is_shut(
    now: datetime, telephone: str, route: str
) -> None:
    patient = a_patient_of(a_practice(), telephone=telephone)
    acting = acting_as(patient)
    needs = Needs(contact_by=route, format="standard", language="en", interpreter=False)
    assert why_not(send_code, patient, route=route, by=acting, at=now) is NotConfirmed.NOWHERE_TO_SEND
    reason = NotTold.NO_EMAIL if route == EMAIL else NotTold.NO_MOBILE
    assert why_not(change_needs, patient, needs, by=acting, at=now) is reason


def test_nobody_changes_the_details_of_another_patient_or_of_another_practices(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    stranger = a_patient_of(robin.practice, email="stranger@example.com")
    assert why_not(change_email, stranger, email="a@example.com", by=acting, at=now) is NotAllowed.SERVICE_NOT_YOURS
    gp = staff_of(robin.practice, Role.GP)
    assert why_not(change_email, robin, email="a@example.com", by=gp, at=now) is NotAllowed.ROLE_NEEDED
    elsewhere = staff_of(a_practice(), Role.RECEPTIONIST)
    given: dict[str, Any] = {"route": EMAIL, "address": robin.email, "by": elsewhere, "at": now}
    assert why_not(confirm, robin, **given) is NotAllowed.OTHER_PRACTICE


def test_a_patient_gives_an_address_gets_a_code_and_types_it_back(client: Client, robin: Patient) -> None:
    response = client.post(f"{PAGE}/email", {"email": "new@example.com"})
    assert response.headers["Location"] == f"{PAGE}/email/code"
    assert client.post(f"{PAGE}/email/code", {"do": "send"}).headers["Location"] == f"{PAGE}/email/code"
    check = ContactCheck.objects.get(patient_id=robin.id)
    assert check.address == "new@example.com"
    wrong = client.post(f"{PAGE}/email/code", {"code": other(code_of(check.id))})
    assert "This is not the code that we sent." in said(wrong)
    assert "<title>Error: " in said(wrong)
    right = client.post(f"{PAGE}/email/code", {"code": f"{code_of(check.id)[:3]} {code_of(check.id)[3:]}"}, follow=True)
    assert "Your email address is confirmed." in said(right)
    assert Entry.objects.filter(event="patient.contact_confirmed", patient_id=robin.id).count() == 1


def test_a_code_is_shown_to_nobody_who_is_only_signed_in(client: Client, robin: Patient) -> None:
    client.post(f"{PAGE}/email/code", {"do": "send"})
    check = ContactCheck.objects.get(patient_id=robin.id)
    for path in (PAGE, f"{PAGE}/email/code"):
        assert code_of(check.id) not in said(client.get(path))
    assert not Message.objects.filter(body__contains=code_of(check.id)).exists()


def test_a_patient_chooses_how_they_are_told(client: Client, robin: Patient) -> None:
    chosen = {"contact_by": "letter", "format": "large-print", "language": "en", "interpreter": "on"}
    assert "We will tell you as you have chosen." in said(client.post(PAGE, chosen, follow=True))
    chosen["language"] = "cy"
    assert "We will tell you as you have chosen." not in said(client.post(PAGE, chosen, follow=True))
    robin.refresh_from_db()
    known = (robin.contact_by, robin.format, robin.language, robin.interpreter)
    assert known == ("letter", "large-print", "cy", True)
    for wrong in ({**chosen, "language": "tlh"}, {**chosen, "contact_by": ""}):
        assert "There is a problem" in said(client.post(PAGE, wrong))


def test_a_landline_is_kept_but_takes_no_texts(client: Client, robin: Patient) -> None:
    response = client.post(f"{PAGE}/text", {"telephone": "01632 960 002"}, follow=True)
    assert "Your telephone number is saved." in said(response)
    assert "Text messages cannot be sent to this number." in said(response)
    refused = client.post(PAGE, {"contact_by": "text", "format": "standard", "language": "en"})
    assert "There is no mobile number that a text message can be sent to." in said(refused)
    assert "Enter a telephone number, like" in said(client.post(f"{PAGE}/text", {"telephone": "mine"}))


def test_a_receptionist_takes_down_what_a_patient_says_and_what_was_checked(robin: Patient, now: datetime) -> None:
    account = an_account()
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    desk, page = Client(), f"/practice/patients/{robin.id}/needs"
    given = {"email": robin.email, "email_checked": "on", "telephone": "07700 900 111", "contact_by": "email"}
    given |= {"format": "braille", "language": "pl", "interpreter": "on", "seen": robin.told_mark}
    with time_machine.travel(now, tick=False):
        desk.force_login(account)
        assert "Not confirmed" in said(desk.get(page))
        assert "The patient will be told in this way." in said(desk.post(page, given, follow=True))
        assert "Confirmed on 3 March 2026." in said(desk.get(page))
        nothing = desk.post(page, {**given, "email": "", "contact_by": "letter"})
        assert "Enter what you have checked with the patient" in said(nothing)
    robin.refresh_from_db()
    assert (robin.email_verified_at, robin.telephone, robin.telephone_verified_at) == (now, "+447700900111", None)
    assert (robin.format, robin.language, robin.interpreter) == ("braille", "pl", True)
    assert Entry.objects.filter(event="patient.contact_confirmed", asker="staff", patient_id=robin.id).exists()


def test_what_a_receptionist_takes_down_is_kept_whole_or_not_at_all(robin: Patient, now: datetime) -> None:
    account = an_account()
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    desk, page = Client(), f"/practice/patients/{robin.id}/needs"
    given = {"email": "new@example.com", "telephone": "", "contact_by": "text", "format": "standard", "language": "en"}
    given["seen"] = robin.told_mark
    with time_machine.travel(now, tick=False):
        desk.force_login(account)
        response = desk.post(page, given)
    assert "There is no mobile number" in said(response)
    assert 'value="new@example.com"' in said(response)
    robin.refresh_from_db()
    assert (robin.email, robin.telephone) == ("robin@example.com", "+447700900982")
