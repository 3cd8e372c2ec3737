"""A new address or number takes the place of a confirmed one only when it is confirmed itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from patient_online.access.actions import confirm_code, send_code
from patient_online.access.codes import code_of
from patient_online.asking import Acting, Role, System
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_account, an_account_for, staff_of
from patient_online.notify.delivering import addresses_of
from patient_online.notify.models import ContactCheck, Message
from patient_online.patients.actions import change_email, change_telephone, confirm, keep_confirmed, unconfirm
from patient_online.patients.models import Patient
from patient_online.patients.rules import EMAIL, TEXT, NotConfirmed
from patient_online.refusals import Refused

pytestmark = pytest.mark.django_db
PAGE = "/practice/details/contact"
OLD, NEW = "robin@example.com", "new@example.com"
MOBILE = "+447700900982"


@pytest.fixture
def robin(now: datetime) -> Patient:
    """A patient who has confirmed an e-mail address and a mobile."""
    known = {"email": OLD, "telephone": MOBILE, "email_verified_at": now, "telephone_verified_at": now}
    return a_patient_of(a_practice(), **known)


@pytest.fixture
def acting(robin: Patient) -> Acting:
    """Robin, signed in."""
    return acting_as(robin)


@pytest.fixture
def client(robin: Patient, now: datetime, settings: Any, tmp_path: Path) -> Iterator[Client]:
    """Robin's browser, at a practice that sends emails and texts."""
    settings.NOTIFY_FOLDER = tmp_path
    with time_machine.travel(now, tick=False):
        yield browser_of(robin)


def browser_of(patient: Patient) -> Client:
    browser = Client()
    browser.force_login(an_account_for(patient))
    return browser


def said(response: Any) -> str:
    """What the page says."""
    return " ".join(strip_tags(response.content.decode().replace("<br>", " ")).split())


def test_messages_go_on_to_the_confirmed_address_until_the_new_one_is_confirmed(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    change_email(robin, email=NEW, by=acting, at=now)
    change_telephone(robin, telephone="+447700900111", by=acting, at=now)
    robin.refresh_from_db()
    assert addresses_of(robin) == {EMAIL: OLD, TEXT: MOBILE}
    for route in (EMAIL, TEXT):
        check = send_code(robin, route=route, by=acting, at=now)
        confirm_code(robin, route=route, code=code_of(check.id), by=acting, at=now)
    robin.refresh_from_db()
    assert addresses_of(robin) == {EMAIL: NEW, TEXT: "+447700900111"}
    assert (robin.email_new, robin.telephone_new) == ("", "")
    assert Message.objects.filter(kind="contact-changed").count() == 2


def test_a_second_new_address_takes_the_place_of_the_first_and_its_code_works_no_more(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    change_email(robin, email=NEW, by=acting, at=now)
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    change_email(robin, email="third@example.com", by=acting, at=now)
    with pytest.raises(Refused) as no:
        confirm_code(robin, route=EMAIL, code=code_of(check.id), by=acting, at=now)
    assert no.value.reason is NotConfirmed.NO_CODE
    robin.refresh_from_db()
    assert (robin.email, robin.email_new) == (OLD, "third@example.com")


def test_who_keeps_the_old_one_or_types_it_again_has_it_confirmed_as_before(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    for _ in range(2):
        change_email(robin, email=NEW, by=acting, at=now)
        check = send_code(robin, route=EMAIL, by=acting, at=now)
        if not keep_confirmed(robin, route=EMAIL, by=acting, at=now):
            pytest.fail("There was one to give up.")
        with pytest.raises(Refused):
            confirm_code(robin, route=EMAIL, code=code_of(check.id), by=acting, at=now)
    change_email(robin, email=NEW, by=acting, at=now)
    change_email(robin, email=OLD, by=acting, at=now)
    assert not keep_confirmed(robin, route=EMAIL, by=acting, at=now)
    robin.refresh_from_db()
    assert (robin.email, robin.email_new, robin.email_verified_at) == (OLD, "", now)
    assert not Message.objects.filter(kind="contact-changed").exists()


def test_when_the_old_one_fails_the_new_one_is_all_there_is(robin: Patient, acting: Acting, now: datetime) -> None:
    by = System("deliver", robin.practice_id)
    change_email(robin, email=NEW, by=acting, at=now)
    assert unconfirm(robin, route=EMAIL, address=OLD, by=by, at=now)
    assert unconfirm(robin, route=TEXT, address=MOBILE, by=by, at=now)
    robin.refresh_from_db()
    assert (robin.email, robin.email_new, robin.email_verified_at, robin.email_failed_at) == (NEW, "", None, None)
    assert (robin.telephone, robin.telephone_verified_at, robin.telephone_failed_at) == (MOBILE, None, now)
    assert addresses_of(robin) == {}
    confirm(robin, route=TEXT, address=MOBILE, by=acting, at=now)
    robin.refresh_from_db()
    assert (robin.telephone_verified_at, robin.telephone_failed_at) == (now, None)


def test_the_page_shows_both_and_a_button_keeps_the_old_one(client: Client, robin: Patient) -> None:
    assert "Confirmed. This is what we use." not in said(client.get(PAGE))
    client.post(f"{PAGE}/email", {"email": NEW})
    page = said(client.get(PAGE))
    assert f"{OLD} Confirmed. This is what we use." in page
    assert f"New: {NEW} Not confirmed yet. Until you confirm it, we go on using the old one." in page
    assert f"Keep {OLD}" in page
    kept = client.post(f"{PAGE}/email/code", {"do": "keep"}, follow=True)
    assert "We go on using your old email address." in said(kept)
    assert NEW not in said(kept)
    robin.refresh_from_db()
    assert robin.email_new == ""


def test_the_page_of_the_code_never_says_that_a_code_was_sent_when_none_was(client: Client, robin: Patient) -> None:
    before = said(client.get(f"{PAGE}/email/code?sent=1"))
    assert "This is confirmed already." in before
    client.post(f"{PAGE}/email", {"email": NEW})
    page = client.get(f"{PAGE}/email/code?sent=1")
    assert "We have not sent you a code yet." in said(page)
    assert 'name="code"' not in page.content.decode()
    sent = client.post(f"{PAGE}/email/code", {"do": "send"}, follow=True)
    assert f"Your code is on its way to {NEW}." in said(sent)
    assert 'name="code"' in sent.content.decode()
    Message.objects.filter(kind="contact-check").update(status="failed", settled_at=robin.email_verified_at)
    assert f"We could not send the code to {NEW}." in said(client.get(f"{PAGE}/email/code"))


@pytest.mark.parametrize("number", [MOBILE, "+447700900111"])
def test_a_number_to_which_no_code_could_be_sent_is_shown_as_one_to_check(
    client: Client, robin: Patient, number: str
) -> None:
    words = "We could not send a code to this number. Check it."
    if number == MOBILE:  # the only one, which nobody has confirmed
        Patient.objects.update(telephone_verified_at=None)
    else:  # one that waits behind another
        client.post(f"{PAGE}/text", {"telephone": number})
    client.post(f"{PAGE}/text/code", {"do": "send"})
    assert words not in said(client.get(PAGE))
    Message.objects.filter(kind="contact-check").update(trouble="no-such-number")
    assert words in said(client.get(PAGE))
    assert "to this address" not in said(client.get(PAGE))
    client.post(f"{PAGE}/text", {"telephone": "07700 900 222"})
    assert words not in said(client.get(PAGE))


def test_a_code_that_has_ended_is_not_on_its_way(client: Client, now: datetime) -> None:
    client.post(f"{PAGE}/email", {"email": NEW})
    client.post(f"{PAGE}/email/code", {"do": "send"})
    with time_machine.travel(now + timedelta(minutes=8), tick=False):
        assert "Your code is on its way" in said(client.get(f"{PAGE}/email/code"))
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert "We have not sent you a code yet." in said(client.get(f"{PAGE}/email/code"))


def test_a_number_abroad_is_not_offered_a_code_and_told_what_else_there_is(client: Client) -> None:
    page = client.post(f"{PAGE}/text", {"telephone": "+33 6 12 34 56 78"}, follow=True)
    words = said(page)
    assert "A code can be sent to a British mobile number only" in words
    assert "ask the reception desk to check this number with you" in words
    assert f"{PAGE}/text/code" not in page.content.decode().replace(f'action="{PAGE}/text/code"', "")
    code_page = said(client.get(f"{PAGE}/text/code"))
    assert "British mobile number only" in code_page
    assert "Send the code" not in code_page


def test_a_practice_that_sends_no_texts_offers_no_codes_by_text(client: Client, settings: Any) -> None:
    settings.NOTIFY_FOLDER = None
    client.post(f"{PAGE}/text", {"telephone": "07700 900 111"})
    assert "Your practice cannot send codes there from this website." in said(client.get(PAGE))
    refused = said(client.post(f"{PAGE}/text/code", {"do": "send"}))
    assert "Ask the reception desk to check it with you." in refused
    assert not ContactCheck.objects.exists()


@pytest.mark.parametrize(
    ("known", "wanted", "words"),
    [
        ({"telephone": MOBILE}, "text", "We will use letters for what you must know, until you confirm your mobile"),
        ({"telephone": MOBILE, "email": OLD, "checked": "email"}, "text", "We will use email until you confirm your m"),
        ({"telephone": MOBILE, "email": OLD, "checked": "telephone"}, "email", "We will use text messages until you c"),
        ({"telephone": MOBILE, "checked": "telephone"}, "text", "We will tell you as you have chosen."),
    ],
)
def test_who_chooses_a_way_that_is_not_confirmed_is_told_what_is_used_until_then(
    now: datetime, settings: Any, tmp_path: Path, known: dict[str, str], wanted: str, words: str
) -> None:
    settings.NOTIFY_FOLDER = tmp_path
    checked = known.pop("checked", "") if "checked" in known else ""
    patient = a_patient_of(a_practice(), **known, **({f"{checked}_verified_at": now} if checked else {}))
    with time_machine.travel(now, tick=False):
        browser = browser_of(patient)
        chosen = {"contact_by": wanted, "format": "standard", "language": "en"}
        assert words in said(browser.post(PAGE, chosen, follow=True))
        assert ("We will use" in said(browser.get(PAGE))) is (words[:11] == "We will use")


def test_the_desk_sees_which_of_the_two_is_in_use_and_confirms_the_new_one(robin: Patient, now: datetime) -> None:
    account = an_account()
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    desk, page = Client(), f"/practice/patients/{robin.id}/needs"
    given = {"email": NEW, "telephone": "07700 900 982", "contact_by": "email", "format": "standard", "language": "en"}
    with time_machine.travel(now, tick=False):
        desk.force_login(account)
        assert desk.post(page, {**given, "seen": robin.told_mark}).status_code == 302
        seen = said(desk.get(page))
        assert f"Not confirmed yet. Until it is, messages go on to {OLD}." in seen
        robin.refresh_from_db()
        assert (robin.email, robin.email_new) == (OLD, NEW)
        page_of_patient = said(desk.get(f"/practice/patients/{robin.id}"))
        assert f"{OLD}. New, not confirmed yet: {NEW}" in page_of_patient
        assert "07700 900 982. New" not in page_of_patient
        desk.post(page, {**given, "email_checked": "on", "seen": robin.told_mark})
        page_of_patient = said(desk.get(f"/practice/patients/{robin.id}"))
        assert f"Email address {NEW} How" in page_of_patient
    robin.refresh_from_db()
    assert (robin.email, robin.email_new, robin.email_verified_at) == (NEW, "", now)
    assert Message.objects.filter(kind="contact-changed").count() == 1
