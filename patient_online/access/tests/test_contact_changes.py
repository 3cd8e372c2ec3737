"""Where a patient is reached does not change behind anybody's back, nor by somebody who may only look."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from patient_online.access.actions import confirm_code, give, send_code
from patient_online.access.codes import code_of
from patient_online.asking import Acting, NotAllowed, Role, System
from patient_online.demo.factories import a_patient_of, a_practice, acting_as, an_account, an_account_for, staff_of
from patient_online.nhs.services import Level, Service
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import ContactCheck, FormerContact, Message
from patient_online.notify.queries import inbox
from patient_online.patients.actions import Needs, change_email, change_needs, change_telephone
from patient_online.patients.models import Patient
from patient_online.patients.rules import EMAIL, TEXT
from patient_online.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db
PAGE = "/practice/details/contact"
CHANGED = kind_named("contact-changed")


@pytest.fixture
def robin(now: datetime) -> Patient:
    """A patient who has confirmed an e-mail address and a mobile."""
    known = {"email": "robin@example.com", "telephone": "+447700900982", "given_name": "Zebedee"}
    return a_patient_of(a_practice(), **known, email_verified_at=now, telephone_verified_at=now)


@pytest.fixture
def acting(robin: Patient) -> Acting:
    """Robin, signed in."""
    return acting_as(robin)


def why_not(do: Any, *given: Any, **more: Any) -> Refusal:
    with pytest.raises(Refused) as no:
        do(*given, **more)
    return no.value.reason


def said(response: Any) -> str:
    """What the page says."""
    return " ".join(response.content.decode().split())


def mark_in(response: Any) -> str:
    """The mark of what the page shows, as its form carries it."""
    found = re.search(r'name="seen"[^>]* value="([0-9a-f]{32})"', said(response))
    assert found is not None
    return found[1]


def one_who_may_only_look(now: datetime) -> Client:
    """The browser of somebody who may see appointments, and no more."""
    patient = a_patient_of(a_practice(), email="looking@example.com")
    account = an_account_for(patient)
    for service in Service:
        by = System("tests", patient.practice_id)
        give(patient, account_id=account.id, service=service, level=Level.VIEW, by=by, at=now)
    browser = Client()
    browser.force_login(account)
    return browser


def test_the_old_address_is_told_when_another_takes_its_place(robin: Patient, acting: Acting, now: datetime) -> None:
    change_email(robin, email="new@example.com", by=acting, at=now)
    assert not Message.objects.filter(kind="contact-changed").exists()
    check = send_code(robin, route=EMAIL, by=acting, at=now)
    confirm_code(robin, route=EMAIL, code=code_of(check.id), by=acting, at=now)
    told = Message.objects.get(kind="contact-changed")
    assert CHANGED.address is not None
    assert CHANGED.address(told, now) == (EMAIL, "robin@example.com")
    words = CHANGED.words(told, now)
    assert words is not None
    assert "was changed" in words.subject
    assert "If this was not you, telephone 01632 960 001." in words.paragraphs
    assert "Zebedee" not in str(words)
    assert "new@example.com" not in str(words)


def test_the_old_mobile_is_told_too_whoever_changes_it(robin: Patient, now: datetime) -> None:
    desk = staff_of(robin.practice, Role.RECEPTIONIST)
    change_telephone(robin, telephone="", by=desk, at=now)
    told = Message.objects.get(kind="contact-changed")
    assert CHANGED.address is not None
    assert CHANGED.address(told, now) == (TEXT, "+447700900982")
    words = CHANGED.words(told, now)
    assert words is not None
    assert words.text.startswith("The mobile number for messages from")


def test_nobody_is_told_at_an_address_that_was_never_confirmed_or_did_not_change(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    change_email(robin, email="robin@example.com", by=acting, at=now)
    assert not FormerContact.objects.exists()
    Patient.objects.filter(id=robin.id).update(email_verified_at=None, telephone="+441632960001")
    robin.refresh_from_db()
    change_email(robin, email="new@example.com", by=acting, at=now)
    change_telephone(robin, telephone="+447700900111", by=acting, at=now)
    assert not Message.objects.filter(kind="contact-changed").exists()
    assert not FormerContact.objects.exists()


def test_codes_of_yesterday_and_addresses_of_last_week_are_forgotten_and_newer_ones_kept(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    for ago in (timedelta(days=8), timedelta(hours=23)):
        send_code(robin, route=TEXT, by=acting, at=now - ago)
        FormerContact.objects.create(
            practice=robin.practice, patient=robin, route=EMAIL, address="old@example.com", made_at=now - ago
        )
    told = Message(practice_id=robin.practice_id, kind="contact-changed", about=FormerContact.objects.first().id)  # type: ignore[union-attr]
    with time_machine.travel(now, tick=False):
        call_command("tidy")
    assert ContactCheck.objects.count() == 1
    assert FormerContact.objects.count() == 1
    assert CHANGED.words(told, now) is None


def test_who_may_only_look_sees_where_messages_go_and_is_told_to_ask_the_practice(now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        browser = one_who_may_only_look(now)
        page = said(browser.get(PAGE))
        assert "looking@example.com" in page
        assert "Ask your practice to change it for you." in page
        assert "Save" not in page
        assert f"{PAGE}/email" not in page
        chosen = {"contact_by": "letter", "format": "braille", "language": "cy"}
        for answer in (
            browser.get(f"{PAGE}/email"),
            browser.get(f"{PAGE}/email/code"),
            browser.post(PAGE, chosen),
            browser.post(f"{PAGE}/email", {"email": "a@example.com"}),
            browser.post(f"{PAGE}/email/code", {"do": "send"}),
        ):
            assert answer.status_code == 403
            assert "Ask your practice to change it for you." in said(answer)
        assert browser.get("/messages").status_code == 200
    patient = Patient.objects.get()
    assert (patient.email, patient.format) == ("looking@example.com", "standard")
    assert not ContactCheck.objects.exists()


def test_what_says_no_stands_below_the_pages(robin: Patient, now: datetime) -> None:
    looks = Acting(an_account().id, robin.practice_id, robin.id, levels={Service.APPOINTMENTS: Level.VIEW})
    needs = Needs(contact_by="letter", format="standard", language="en", interpreter=False)
    given: dict[str, Any] = {"by": looks, "at": now}
    assert why_not(change_email, robin, email="a@example.com", **given) is NotAllowed.ONLY_LOOKING
    assert why_not(change_needs, robin, needs, **given) is NotAllowed.ONLY_LOOKING
    assert why_not(send_code, robin, route=EMAIL, **given) is NotAllowed.ONLY_LOOKING
    assert why_not(confirm_code, robin, route=EMAIL, code="123456", **given) is NotAllowed.ONLY_LOOKING


def test_who_has_been_given_nothing_reads_no_messages(robin: Patient, now: datetime) -> None:
    none = Acting(an_account().id, robin.practice_id, robin.id, levels={Service.APPOINTMENTS: Level.NONE})
    assert why_not(inbox, none, at=now) is NotAllowed.SERVICE_NOT_YOURS


def test_what_the_patient_changed_meanwhile_is_shown_to_the_desk_and_not_overwritten(
    robin: Patient, acting: Acting, now: datetime
) -> None:
    account = an_account()
    staff_of(robin.practice, Role.RECEPTIONIST, account=account)
    desk, page = Client(), f"/practice/patients/{robin.id}/needs"
    with time_machine.travel(now, tick=False):
        desk.force_login(account)
        seen = mark_in(desk.get(page))
        change_telephone(robin, telephone="+447700900111", by=acting, at=now)
        given = {"email": "typed@example.com", "telephone": "07700 900 982", "contact_by": "email", "seen": seen}
        given |= {"format": "braille", "language": "en", "interpreter": "on"}
        answer = desk.post(page, given)
        assert answer.status_code == 409
        for shown in ("07700 900 111", "07700 900 982", "robin@example.com", "typed@example.com", "Braille"):
            assert shown in said(answer)
        assert "changed while you had this page open" in said(answer)
        robin.refresh_from_db()
        assert (robin.email_given, robin.telephone_given) == ("robin@example.com", "+447700900111")
        assert robin.format == "standard"
        again = {**given, "seen": mark_in(answer)}
        assert desk.post(page, again).status_code == 302
    robin.refresh_from_db()
    assert (robin.email_given, robin.telephone_given, robin.format) == ("typed@example.com", "+447700900982", "braille")
