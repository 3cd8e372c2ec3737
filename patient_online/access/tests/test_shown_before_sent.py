"""What was sent too late is read before it is sent: nobody at a shared terminal slips anything in unseen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from patient_online.access.tests.test_late_forms import hidden
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_account, staff_of
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import Page, read, said

pytestmark = pytest.mark.django_db


def rows_of(page: Page) -> dict[str, str]:
    """What stands beside each label."""
    return dict(zip(page.words("dt"), page.words("dd"), strict=True))


def sent_too_late(practice: Practice, clock: Any, path: str, **typed: str) -> Any:
    """Somebody at the practice sends a form when they are signed in no longer, with what somebody put into it."""
    staff_of(practice, Role.MANAGER, account=(account := an_account()))
    browser = Client()
    browser.force_login(account)
    filled = {**hidden(browser.get(path)), **typed}
    clock.shift(timedelta(minutes=30))
    browser.post(path, filled)
    browser.force_login(account)
    return browser.get("/send-again")


def test_what_was_typed_stands_there_with_its_labels_before_it_is_sent(practice: Practice, clock: Any) -> None:
    typed = {"name": "Nia Newperson", "job": "CHANGED BY ANOTHER", "how": "not", "roles": "manager"}
    shown = sent_too_late(practice, clock, "/practice/staff/add", **typed)
    rows = rows_of(read(shown))
    assert rows["Full name"] == "Nia Newperson"
    assert rows["Job title"] == "CHANGED BY ANOTHER"
    assert "manager" in rows["Roles"].lower()
    assert "Read it first" in said(shown)


def test_what_the_page_does_not_know_is_shown_all_the_same(practice: Practice, clock: Any) -> None:
    """A field that the form has not, and one that is hidden on the page."""
    shown = sent_too_late(practice, clock, "/practice/notices/welcome", text="Hello", following="7", slipped_in="Aha")
    rows = rows_of(read(shown))
    assert "Hello" in rows.values()
    assert "7" in rows.values()
    assert rows["Slipped in"] == "Aha"


def test_secrets_and_signs_of_the_form_itself_are_not_shown(practice: Practice, clock: Any) -> None:
    words = {"password": "correct horse", "linkage_code": "K7QM", "key": "00000000-0000-4000-8000-000000000001"}
    shown = sent_too_late(practice, clock, "/practice/notices/welcome", text="Hello", **words)
    told = said(shown)
    assert "Hello" in told
    assert not any(secret in told for secret in words.values())


def test_a_name_in_the_title_is_shown_as_words(practice: Practice, clock: Any) -> None:
    """As the attacker had it: a patient whose name is a piece of HTML, on a page that is called after them."""
    patient = a_patient_of(practice, given_name="Eve", family_name="<img src=x onerror=alert(1)>", sensitive=True)
    path, reason = f"/practice/patients/{patient.id}/open", "She is <b>at</b> the desk with a question"
    shown = sent_too_late(practice, clock, path, reason=reason)
    assert reason in rows_of(read(shown)).values()
    html = shown.content.decode()
    assert "<img src=x" not in html
    assert "<b>at</b>" not in html
