"""What somebody sends when they are signed in no longer is not lost: it waits until they have signed in again."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from patient_online.access.actions import end_sessions
from patient_online.access.audiences import patient_page
from patient_online.access.late_forms import carries_secrets
from patient_online.access.models import Session
from patient_online.access.rules.sessions import MOST_FORMS, MOST_KEPT
from patient_online.appointments.models import Appointment
from patient_online.asking import Anyone, Role
from patient_online.config.urls import urlpatterns as ours
from patient_online.demo.factories import (
    PASSWORD,
    a_patient_of,
    a_practice,
    a_slot_of,
    an_account,
    an_account_for,
    staff_of,
)
from patient_online.identity.models import Account
from patient_online.practices.models import Practice
from patient_online.web.marks import FIELD, mark_of
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
REASON = 'My left ear <hurts> & "rings", since Sunday'


@patient_page
@carries_secrets
def secret(request: HttpRequest) -> HttpResponse:
    """A page whose form carries a code."""
    return HttpResponse()


urlpatterns = [path("secret", secret), *ours]


@pytest.fixture
def practice(clock: Any) -> Practice:
    """A practice."""
    return a_practice()


@pytest.fixture
def robin(practice: Practice) -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(practice, given_name="Robin"), account=an_account("robin@example.com"))


def signs_in(browser: Client, account: Account, next_page: str) -> Any:
    """Sign in by the page, and go where it leads."""
    given = {"login": account.email, "password": PASSWORD, "next": next_page}
    return browser.post("/sign-in", given, follow=True)


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of a page."""
    fields = read(response).all("input", type="hidden")
    return {str(one.attributes["name"]): str(one.attributes.get("value", "")) for one in fields}


def the_booking(browser: Client, practice: Practice) -> tuple[str, dict[str, str]]:
    """Robin has come to the page that confirms a time, and has typed why they come."""
    slot = a_slot_of(practice, timezone.now() + timedelta(days=1))
    before = f"/appointments/slots/{slot.id}/before-you-book"
    browser.post(before, hidden(browser.get(before)))
    page = f"/appointments/slots/{slot.id}"
    return page, {**hidden(browser.get(page)), "reason": REASON}


ENDS = ["idle", "limit", "elsewhere", "signed out in another tab"]


def ends(how: str, browser: Client, account: Account, clock: Any) -> None:
    """Bring the session to its end."""
    if how == "idle":
        clock.shift(timedelta(minutes=11))
    elif how == "limit":
        Session.objects.filter(account_id=account.id).update(ends_at=timezone.now())
    elif how == "elsewhere":
        end_sessions(account.id, by=Anyone(), at=timezone.now(), why="others-signed-out")
    else:
        browser.post("/sign-out")


@pytest.mark.parametrize("how", ENDS)
def test_a_booking_sent_too_late_is_sent_after_signing_in_again_and_books_once(
    practice: Practice, robin: Account, clock: Any, how: str
) -> None:
    """Not a sign is lost, and the key by which it is known again is the same; the signs are read anew first."""
    browser = Client()
    browser.force_login(robin)
    page, filled = the_booking(browser, practice)
    ends(how, browser, robin, clock)
    late = browser.post(page, filled)
    assert late.headers["Location"].startswith("/sign-in?next=/send-again")
    assert not Appointment.objects.exists()
    waiting = signs_in(browser, robin, "/send-again")
    assert read(waiting).words("h1") == ["You were signed out before this was saved"]
    assert read(waiting).words("h2") == ["Confirm your appointment", "Support links"]
    again = hidden_of_form(waiting, page)
    assert again["reason"] == REASON
    assert again["key"] == filled["key"]
    signs = browser.post(page, again)
    assert read(signs).words("h1") == ["Before you book"]
    before = f"{page}/before-you-book"
    confirm = browser.post(before, hidden_of_form(signs, before), follow=True)
    assert REASON in unescape(confirm.content.decode())
    booked = browser.post(page, {**hidden_of_form(confirm, page), "reason": REASON}, follow=True)
    assert read(booked).words("h1") == ["Appointment booked"]
    browser.post(page, again, follow=True)
    assert Appointment.objects.get().reason == REASON
    assert "There is nothing left to send" in browser.get("/send-again").content.decode()
    assert set(Session.objects.values_list("kept", flat=True)) == {None}


def hidden_of_form(response: Any, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to the address."""
    page = response.content.decode()
    main = page[page.index("<main") :]
    marked = f'action="{action}"'
    start = main.index(marked) - 20 if marked in main else main.index("<form")
    part = HttpResponse(main[start : main.index("</form>", start)])
    return hidden(part)


def test_a_long_form_at_the_desk_is_not_lost_either(practice: Practice, clock: Any) -> None:
    staff_of(practice, Role.MANAGER, account=(mara := an_account("mara@example.com")))
    browser = Client()
    browser.force_login(mara)
    page = "/practice/notices/welcome"
    text = "\n".join(f"Line {n}: the surgery is open" for n in range(60))
    filled = {**hidden(browser.get(page)), "text": text}
    clock.shift(timedelta(minutes=30))
    late = browser.post(page, filled)
    assert late.headers["Location"] == "/sign-in?next=/send-again&ended=idle"
    browser.force_login(mara)
    again = hidden_of_form(browser.get("/send-again"), page)
    assert again["text"].splitlines() == text.splitlines()
    sent = browser.post(page, again)
    assert sent.status_code == 200
    assert read(sent).words("h1") == read(browser.get(page)).words("h1")
    assert "Line 59: the surgery is open" in sent.content.decode()


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(practice: Practice, robin: Account, clock: Any) -> None:
    """It is dropped unseen: for them, and for its owner afterwards."""
    other = an_account_for(a_patient_of(practice), account=an_account("other@example.com"))
    browser = Client()
    browser.force_login(robin)
    page, filled = the_booking(browser, practice)
    clock.shift(timedelta(minutes=11))
    browser.post(page, filled)
    assert Session.objects.filter(kept_for=robin.id, account_id=None).count() == 1
    seen = signs_in(browser, other, "/send-again")
    assert read(seen).words("h1") == ["There is nothing left to send"]
    assert REASON not in seen.content.decode()
    assert "Confirm your appointment" not in seen.content.decode()
    assert not Session.objects.exclude(kept=None).exists()
    browser.post("/sign-out")
    assert "There is nothing left to send" in signs_in(browser, robin, "/send-again").content.decode()


def test_who_does_not_want_it_any_more_says_so(practice: Practice, robin: Account, clock: Any) -> None:
    browser = Client()
    browser.force_login(robin)
    page, filled = the_booking(browser, practice)
    clock.shift(timedelta(minutes=11))
    browser.post(page, filled)
    waiting = signs_in(browser, robin, "/send-again")
    number = hidden_of_form(waiting, page)["kept_form"]
    gone = browser.post("/send-again", {"kept_form": number}, follow=True)
    assert read(gone).words("h1") == ["There is nothing left to send"]
    assert browser.post("/send-again", {"kept_form": number}).status_code == 302
    assert not Appointment.objects.exists()


def test_what_two_tabs_sent_is_kept_and_no_more_than_a_few(practice: Practice, robin: Account, clock: Any) -> None:
    """The second tab's browser has another session by then, of nobody yet."""
    browser = Client()
    browser.force_login(robin)
    page, filled = the_booking(browser, practice)
    clock.shift(timedelta(minutes=11))
    for n in range(MOST_FORMS + 2):
        late = browser.post(page, {**filled, "reason": f"Tab {n}"})
        assert late.headers["Location"].startswith("/sign-in?next=")
    waiting = signs_in(browser, robin, "/send-again")
    assert read(waiting).words("h2").count("Confirm your appointment") == MOST_FORMS
    assert "Tab 0" in waiting.content.decode()
    assert f"Tab {MOST_FORMS}" not in waiting.content.decode()


def test_what_carries_a_secret_a_file_or_too_much_is_not_kept(
    practice: Practice, robin: Account, clock: Any, settings: Any
) -> None:
    """Nor what changes how one signs in. One signs in, and begins anew."""
    settings.ROOT_URLCONF = __name__
    browser = Client()
    browser.force_login(robin)
    mark, contact = mark_of(robin.id, "A page"), "/practice/details/contact/email"
    clock.shift(timedelta(minutes=11))
    file = SimpleUploadedFile("a.txt", b"hello")
    tried: list[tuple[str, dict[str, Any]]] = [
        ("/secret", {"code": "123456"}),
        ("/password", {"oldpassword": PASSWORD}),
        ("/account/devices", {"session": "others"}),
        (contact, {"email": "a" * MOST_KEPT}),
        (contact, {"email": "new@example.com", "file": file}),
        (f"{contact}/code", {"code": "123456"}),
    ]
    for page, filled in tried:
        assert browser.post(page, {**filled, FIELD: mark}).headers["Location"].startswith("/sign-in?next=/"), page
        assert not Session.objects.exclude(kept=None).exists(), page
    assert "/send-again" in browser.post(contact, {"email": "new@example.com", FIELD: mark}).headers["Location"]
