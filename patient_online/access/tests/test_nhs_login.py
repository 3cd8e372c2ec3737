"""Signing in with NHS login, by a real OpenID provider that is set up as NHS login is: who gets in, and to what."""

import pytest
from django.test import Client

from patient_online.access.models import Grant, Link, RecordGrant, Session
from patient_online.access.sessions import hash_of
from patient_online.access.tests.nhs_login_helped import practice as practice
from patient_online.access.tests.nhs_login_helped import signed_in_and_confirmed, the_patient, words
from patient_online.audit.models import Entry
from patient_online.demo.factories import an_account, an_account_for, switch_on
from patient_online.identity.models import Account, NhsLogin
from patient_online.identity.tests.nhs_login_people import AtNhsLogin
from patient_online.identity.tests.nhs_login_people import stand_in as stand_in
from patient_online.identity.tests.nhs_login_people import stand_in_running as stand_in_running
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.services import Service
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stand_in")]


def test_somebody_proven_is_let_in_the_first_time_and_known_again_the_next(practice: Practice) -> None:
    """An account is opened and tied to their patient; the second time it is the same one, in another session."""
    robin = the_patient(practice, 1, "Proven")
    for service in (Service.SUMMARY_RECORD, Service.DETAILED_RECORD, Service.DOCUMENTS, Service.FULL_RECORD):
        switch_on(practice, service)
    client = Client()
    answer = AtNhsLogin(client).signs_in("Robin Proven")
    assert answer.headers["Location"] == "/"
    [login] = NhsLogin.objects.select_related("account")
    assert (login.subject, login.account.email, login.account.name) == ("robin", None, "Robin Proven")
    [link] = Link.objects.filter(patient_id=robin.id)
    assert (link.proof, link.identity, link.account_id) == (Proof.NHS_LOGIN, Identity.P9, login.account_id)
    assert sorted(Grant.objects.values_list("service", "level")) == [
        ("appointments", "manage"),
        ("prescriptions", "manage"),
    ]
    assert RecordGrant.objects.get().current == "full"
    again = Client()
    assert AtNhsLogin(again).signs_in("Robin Proven").headers["Location"] == "/"
    assert (Account.objects.count(), NhsLogin.objects.count(), Link.objects.count()) == (1, 1, 1)
    assert read(client.get("/")).words("h1") == read(again.get("/")).words("h1") == ["What do you want to do?"]


def test_every_entry_of_the_session_tells_how_the_person_was_known(practice: Practice) -> None:
    """The vector of trust stands beside who, when and what: with what is seen, and with what was tied."""
    robin = the_patient(practice, 1, "Proven")
    client = Client()
    AtNhsLogin(client).signs_in("Robin Proven")
    client.get("/appointments/")
    seen = Entry.objects.filter(patient_id=robin.id, asker="acting")
    assert seen.filter(event="access.linked").exists()
    assert seen.exclude(event__startswith="access.").exists()
    assert set(seen.values_list("vot", flat=True)) == {"P9.Cp.Cd"}


def test_the_session_has_a_new_key_and_the_old_one_opens_nothing(practice: Practice) -> None:
    the_patient(practice, 1, "Proven")
    client = Client()
    back = AtNhsLogin(client).goes().presses("Continue as Robin Proven").agrees()
    before = client.cookies["session"].value
    back.comes_back()
    after = client.cookies["session"].value
    assert before != after
    assert not Session.objects.filter(key_hash=hash_of(before), account_id__isnull=False).exists()
    assert Session.objects.filter(key_hash=hash_of(after), account_id__isnull=False).exists()


def test_where_somebody_was_going_is_where_they_come_to_and_it_is_never_elsewhere(practice: Practice) -> None:
    the_patient(practice, 1, "Proven")
    assert AtNhsLogin(Client()).signs_in("Robin Proven", next="/appointments/").headers["Location"] == "/appointments/"
    for away in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert AtNhsLogin(Client()).signs_in("Robin Proven", next=away).headers["Location"] == "/"


def test_at_p0_somebody_is_signed_in_and_sees_nothing_of_anybody(practice: Practice) -> None:
    """What they typed at NHS login is not believed: no link is made."""
    the_patient(practice, 4, "Nobody")
    client = Client()
    answer = AtNhsLogin(client).signs_in("Robin Nobody")
    assert answer.headers["Location"] == "/nhs-login/what-next/unproven"
    page = client.get(answer.headers["Location"])
    assert read(page).words("h1") == ["NHS login does not know yet who you are"]
    assert "Prove who you are with NHS login" in words(page)
    assert not Link.objects.exists()
    assert client.get("/appointments/").status_code == 403


def test_at_p5_somebody_is_tied_but_is_asked_to_prove_who_they_are(practice: Practice) -> None:
    known = the_patient(practice, 2, "Wellknown")
    client = Client()
    assert AtNhsLogin(client).signs_in("Robin Wellknown").headers["Location"] == "/"
    assert Link.objects.get(patient_id=known.id).identity == Identity.P5
    assert not RecordGrant.objects.exists()
    refused = client.get("/appointments/")
    assert refused.status_code == 403
    link = next(each for each in read(refused).all("a") if "Prove who you are" in each.text)
    assert link.attributes["href"] == "/nhs-login/step-up?next=/appointments/"
    home = client.get("/")
    assert "Book a first appointment" not in words(home)
    assert "To see and do more, prove who you are." in words(home)
    assert "/nhs-login/step-up?next=/" in [each.attributes.get("href") for each in read(home).all("a")]


def test_somebody_steps_up_and_is_where_they_were_going_still_signed_in(practice: Practice) -> None:
    """The same session, under a new key; what was kept in it is there, and now the page opens."""
    the_patient(practice, 9, "Riser")
    client = Client()
    visit = AtNhsLogin(client)
    visit.signs_in("Robin Riser")
    session = client.session
    session["kept_for_later"] = "a draft"
    session.save()
    before = client.cookies["session"].value
    assert client.get("/appointments/").status_code == 403
    visit.goes("/nhs-login/step-up", next="/appointments/")
    assert "Prove that you are Robin Riser" in visit.page
    answer = visit.presses("Show my passport").agrees().comes_back()
    assert answer.headers["Location"] == "/appointments/"
    assert client.get("/appointments/").status_code == 200
    assert client.cookies["session"].value != before
    assert not Session.objects.filter(key_hash=hash_of(before), account_id__isnull=False).exists()
    assert client.session["kept_for_later"] == "a draft"
    assert Link.objects.get().identity == Identity.P9


def test_somebody_of_whom_nothing_was_known_steps_up_and_is_tied_to_their_record(practice: Practice) -> None:
    """From P0 to P9 in one go: only now a link is made, with what everybody gets."""
    the_patient(practice, 8, "Beginner")
    client = Client()
    visit = AtNhsLogin(client)
    assert visit.signs_in("Robin Beginner").headers["Location"].endswith("/unproven")
    visit.goes("/nhs-login/step-up")
    assert visit.presses("Show my passport").agrees().comes_back().headers["Location"] == "/"
    assert Link.objects.get().identity == Identity.P9
    assert client.get("/appointments/").status_code == 200


def test_an_account_is_connected_with_nhs_login_and_then_signed_in_to_by_it(practice: Practice) -> None:
    """A link made at the desk stays; afterwards the same account is opened by NHS login."""
    robin = the_patient(practice, 1, "Proven")
    account = an_account_for(robin, account=an_account("robin@example.com"))
    client = signed_in_and_confirmed(account)
    assert 'href="/nhs-login/connect"' in client.get("/account").content.decode()
    assert AtNhsLogin(client).signs_in("Robin Proven", "/nhs-login/connect").headers["Location"] == "/"
    assert "You can sign in to this account with NHS login." in words(client.get("/account"))
    assert NhsLogin.objects.get().account_id == account.id
    other = Client()
    AtNhsLogin(other).signs_in("Robin Proven")
    assert other.session["_auth_user_id"] == str(account.id)
