"""A second step that is set up after a password alone counts from the next sign-in; staff need a code to set one up."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from patient_online.asking import Role
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.identity.models import Account, KnownDevice
from patient_online.identity.rules import METHODS, NHS_LOGIN, SignedIn, counts_here, how_signed_in
from patient_online.identity.tests.steps import (
    an_app_of,
    code_of,
    comes_with_a_code,
    confirms,
    printed_codes_of,
    steps_of,
    types_password,
)
from patient_online.nhs.identity import Identity

pytestmark = pytest.mark.django_db
SET_UP = ["app", "printed-codes/new", "passkeys/add"]
STAFF = "/practice/patients"


@pytest.fixture
def rita() -> Account:
    """A receptionist with a password and nothing else."""
    cache.clear()
    account = an_account("rita@example.com", name="Rita Placeholder")
    staff_of(a_practice(), Role.RECEPTIONIST, account=account)
    return account


@pytest.mark.parametrize("page", SET_UP)
def test_who_has_the_password_of_somebody_at_work_sets_up_no_second_step_with_it(rita: Account, page: str) -> None:
    client = Client()
    types_password(client, rita)
    confirms(client)
    for answer in (client.get(f"/account/second-step/{page}"), client.post(f"/account/second-step/{page}", {})):
        assert answer.status_code == 403
        assert "Ask your manager for a code" in answer.content.decode()
    assert steps_of(rita) == []


@pytest.mark.parametrize("why", ["invited", "forgotten", "lost-step"])
def test_who_comes_with_a_code_of_their_manager_sets_one_up_and_works(rita: Account, why: str) -> None:
    client = Client()
    comes_with_a_code(client, rita, why)
    confirms(client)
    assert client.post("/account/second-step/printed-codes/new").status_code == 302
    assert client.get(STAFF).status_code == 200


def test_a_code_lets_nobody_set_up_a_step_for_another_account(rita: Account) -> None:
    """Nor in another browser than the one in which it was typed."""
    client = Client()
    other = an_account("other@example.com")
    comes_with_a_code(client, other)
    assert counts_here(client.session, other.id)
    assert not counts_here(client.session, rita.id)
    elsewhere = Client()
    types_password(elsewhere, other)
    assert not counts_here(elsewhere.session, other.id)


def test_a_code_for_who_lost_their_second_step_takes_the_old_ones_away_and_signs_everybody_out(
    rita: Account, mailoutbox: list[Any]
) -> None:
    """The telephone that was stolen, the paper and every browser are worth nothing; the owner is told."""
    thief = Client()
    thief.force_login(rita)
    secret = an_app_of(rita)
    printed_codes_of(rita)
    assert thief.get(STAFF).status_code == 200
    client = Client()
    comes_with_a_code(client, rita, "lost-step")
    assert thief.get(STAFF).status_code == 302
    assert steps_of(rita) == []
    assert KnownDevice.objects.filter(account=rita).count() == 1
    assert "You were let back into your account" in [mail.subject for mail in mailoutbox]
    old = Client()
    types_password(old, rita)
    assert old.post("/second-step", {"code": code_of(secret)}).status_code == 302
    assert old.get(STAFF).status_code == 403


def test_the_control_a_code_for_a_password_leaves_the_second_steps_as_they_are(rita: Account) -> None:
    an_app_of(rita)
    client = Client()
    comes_with_a_code(client, rita, "forgotten")
    assert steps_of(rita) == ["totp"]
    assert client.get(STAFF).status_code == 302


@pytest.mark.parametrize(
    ("vot", "at_work"), [("P0.Cp.Cd", False), ("P5.Cm", False), ("P9.Cp.Cd", True), ("P9.Cm", True), ("P9.Cp", False)]
)
def test_nhs_login_is_enough_for_work_only_where_it_knows_who_somebody_is(vot: str, at_work: bool) -> None:
    signed_in = how_signed_in({METHODS: [{"method": NHS_LOGIN, "vot": vot}]})
    assert signed_in == SignedIn(vot != "P9.Cp", at_work, Identity[vot[:2]], vot)
    connected_here = how_signed_in({METHODS: [{"method": NHS_LOGIN, "vot": vot, "new_here": True}]})
    assert not connected_here.at_work


def test_showing_a_step_again_that_was_set_up_here_makes_it_count_no_sooner() -> None:
    mfa = {"method": "mfa", "type": "totp"}
    assert how_signed_in({METHODS: [mfa]}) == SignedIn(True, True)
    assert how_signed_in({METHODS: [{**mfa, "new_here": True}, mfa]}) == SignedIn()
