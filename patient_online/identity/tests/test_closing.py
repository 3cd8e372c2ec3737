"""Closing an account: what goes, what stays, and who cannot."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from patient_online.access.models import ActsFor, Link, Session
from patient_online.asking import Asker, Role
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity import closing
from patient_online.identity.models import Account, KnownDevice
from patient_online.patients.models import Patient
from patient_online.web.tests.pages import read, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def confirmed(account: Account) -> Client:
    """A browser of somebody who has signed in and has just typed their password again."""
    client = Client()
    client.post("/sign-in", {"login": account.email, "password": PASSWORD})
    client.post("/confirm-it-is-you", {"password": PASSWORD})
    return client


def test_a_closed_account_names_nobody_and_opens_nothing(robin: Account, mailoutbox: list[Any]) -> None:
    """The page says what it means first; the address is free for another account afterwards."""
    client, elsewhere = confirmed(robin), confirmed(robin)
    assert "nobody can sign in with it any more" in said(client.get("/account/close"))
    assert client.post("/account/close", {"sure": "on"}).headers["Location"] == "/account/closed"
    assert read(client.get("/account/closed")).words("h1") == ["Your account is closed"]
    for browser in (client, elsewhere):
        assert browser.get("/account").headers["Location"].startswith("/sign-in")
    before = robin.sign_in_name
    robin.refresh_from_db()
    assert (robin.email, robin.name, robin.is_active, robin.has_usable_password()) == (None, "", False, False)
    assert robin.sign_in_name != before
    assert not KnownDevice.objects.filter(account=robin).exists()
    assert "Your account was closed" in [mail.subject for mail in mailoutbox]
    assert Client().post("/sign-in", {"login": "robin@example.com", "password": PASSWORD}).status_code == 200
    assert an_account("robin@example.com")


def test_the_patient_and_the_trail_stay(robin: Account) -> None:
    """What the practice holds is the practice's."""
    patients = Patient.objects.count()
    confirmed(robin).post("/account/close", {"sure": "on"})
    assert Patient.objects.count() == patients > 0
    assert not ActsFor.objects.filter(account_id=robin.id).exists()
    assert set(Link.objects.filter(account_id=robin.id).values_list("ended_why", flat=True)) == {Link.Why.CLOSED}
    assert not Session.objects.filter(account_id=robin.id, ends_at__gt=timezone.now()).exists()
    events = AccountEntry.objects.filter(account_id=robin.id).values_list("event", flat=True)
    assert {"account.signed_in", "account.closed"} <= set(events)


def test_it_takes_a_tick_and_the_password(robin: Account) -> None:
    """Somebody who finds a browser open cannot close the account."""
    client = Client()
    client.post("/sign-in", {"login": "robin@example.com", "password": PASSWORD})
    for answer in (client.get("/account/close"), client.post("/account/close", {"sure": "on"})):
        assert answer.headers["Location"].startswith("/confirm-it-is-you")
    unticked = confirmed(robin).post("/account/close", {})
    assert read(unticked).words("title")[0].startswith("Error: ")
    robin.refresh_from_db()
    assert robin.is_active


def test_staff_are_sent_to_their_manager() -> None:
    """An account that works at a practice is not closed under its feet."""
    rita = an_account("rita@example.com")
    staff_of(a_practice(), Role.RECEPTIONIST, account=rita)
    client = confirmed(rita)
    assert "Ask your practice manager" in said(client.get("/account/close"))
    client.post("/account/close", {"sure": "on"})
    rita.refresh_from_db()
    assert rita.is_active


def test_who_stands_above_is_told_in_the_same_transaction(robin: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links, sessions and what was asked for end with it."""
    told: list[UUID] = []

    def end(account_id: UUID, *, by: Asker, at: datetime) -> None:
        assert Account.objects.get(id=account_id).is_active
        told.append(account_id)

    monkeypatch.setattr(closing, "_ENDS", [*closing._ENDS, end])
    confirmed(robin).post("/account/close", {"sure": "on"})
    assert told == [robin.id]
