"""Passkeys: one signs in with them alone, and whoever only has something like one does not."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import confirms, types_password
from patient_online.identity.tests.telephone import Telephone, options_of, options_to_sign_in
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
ADD, SIGN_IN = "/account/second-step/passkeys/add", "/sign-in/passkey"


@pytest.fixture
def robin() -> Account:
    """A patient with an account."""
    cache.clear()
    return an_account_for(a_patient_of(a_practice(), given_name="Robin"), account=an_account("robin@example.com"))


def adds(account: Account, telephone: Telephone, **more: str) -> Any:
    """Sign in, confirm, and add the telephone's passkey."""
    client = Client()
    client.force_login(account)
    confirms(client)
    sent = {"name": "My telephone", "credential": telephone.makes(options_of(client.get(ADD)))}
    return client.post(ADD, {**sent, **more})


def text(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def is_in(client: Client) -> bool:
    """Whether the client's cookie opens a patient's page."""
    return client.get("/appointments/").status_code == 200


def test_a_passkey_alone_signs_in_with_two_steps_and_leads_to_where_one_was_going(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    assert adds(robin, telephone).status_code == 302
    shown = telephone.shows(options_to_sign_in(client))
    response = client.post(SIGN_IN, {"credential": shown, "next": "/appointments/"})
    assert response.headers["Location"] == "/appointments/"
    assert is_in(client)
    assert client.session["account_authentication_methods"][-1]["method"] == "mfa"
    events = list(AccountEntry.objects.filter(account_id=robin.id).values_list("event", flat=True))
    assert {"account.second_step_shown", "account.signed_in"} <= set(events)


def test_a_passkey_leads_to_no_other_website(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    shown = telephone.shows(options_to_sign_in(client))
    response = client.post(SIGN_IN, {"credential": shown, "next": "https://example.org/"})
    assert response.headers["Location"] == "/"


def test_a_passkey_is_never_held_back_by_somebody_who_guesses_at_the_password(robin: Account) -> None:
    """Nor by wrong codes: there is nothing to guess, so there is nothing to count."""
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    for n in range(30):
        Client().post("/sign-in", {"login": robin.email, "password": f"guess {n}"})
    assert "too many tries" in text(types_password(Client(), robin))
    client.post(SIGN_IN, {"credential": telephone.shows(options_to_sign_in(client))})
    assert is_in(client)


def test_a_passkey_that_has_not_seen_its_owner_signs_nobody_in_and_cannot_be_added(robin: Account) -> None:
    """Whoever finds a telephone that is not locked does not have both steps."""
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    telephone.knows_finger = False
    response = client.post(SIGN_IN, {"credential": telephone.shows(options_to_sign_in(client))})
    assert read(response).words("title")[0].startswith("Error: ")
    assert not is_in(client)
    assert adds(robin, Telephone(knows_finger=False)).status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_what_a_passkey_showed_once_is_worth_nothing_a_second_time(robin: Account) -> None:
    """Nor in another browser: each challenge is one browser's, and for one answer."""
    telephone, client, other = Telephone(), Client(), Client()
    adds(robin, telephone)
    shown = telephone.shows(options_to_sign_in(client))
    assert client.post(SIGN_IN, {"credential": shown}).status_code == 302
    client.post("/sign-out")
    for thief in (client, other):
        options_to_sign_in(thief)
        assert thief.post(SIGN_IN, {"credential": shown}).status_code == 200
        assert not is_in(thief)


def test_a_passkey_of_another_website_signs_nobody_in(robin: Account) -> None:
    """A page that looks like ours gets an answer that is only good for itself."""
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    telephone.site = "patient-online.example.org"
    assert client.post(SIGN_IN, {"credential": telephone.shows(options_to_sign_in(client))}).status_code == 200
    assert not is_in(client)


def test_a_passkey_signs_in_its_owner_whatever_account_it_names(robin: Account) -> None:
    """A telephone that says it is somebody else's is refused; the trail tells it."""
    femi = an_account_for(a_patient_of(a_practice()), account=an_account("femi@example.com"))
    robins, femis, client = Telephone(), Telephone(), Client()
    adds(robin, robins)
    adds(femi, femis)
    femis.handle = robins.handle
    assert client.post(SIGN_IN, {"credential": femis.shows(options_to_sign_in(client))}).status_code == 200
    assert not is_in(client)
    assert AccountEntry.objects.filter(event="account.second_step_failed", details__kind="webauthn").count() == 1


def test_the_passkey_of_a_closed_account_opens_nothing(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    Account.objects.filter(id=robin.id).update(is_active=False)
    client.post(SIGN_IN, {"credential": telephone.shows(options_to_sign_in(client))})
    assert not is_in(client)


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "null", "no json", '{"id": 1}', '{"response": []}'])
def test_nonsense_is_answered_with_what_else_one_can_do(robin: Account, nonsense: str) -> None:
    client = Client()
    options_to_sign_in(client)
    response = client.post(SIGN_IN, {"credential": nonsense})
    assert response.status_code == 200
    assert read(response).words("title")[0].startswith("Error: ")
    assert "Sign in with your password instead" in text(response)


@pytest.mark.parametrize("nonsense", ["{}", "[]", '{"id": 1}', '{"id": "AA", "rawId": "AA", "response": {}}'])
def test_nonsense_makes_no_passkey(robin: Account, nonsense: str) -> None:
    client = Client()
    client.force_login(robin)
    confirms(client)
    client.get(ADD)
    response = client.post(ADD, {"name": "Mine", "credential": nonsense})
    assert read(response).words("title")[0].startswith("Error: ")
    assert not Authenticator.objects.exists()


def test_after_the_password_the_passkey_is_the_second_step(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    types_password(client, robin, next="/appointments/")
    page = client.get("/second-step")
    assert not is_in(client)
    response = client.post("/second-step", {"credential": telephone.shows(options_of(page))})
    assert response.headers["Location"] == "/appointments/"
    assert is_in(client)


def test_another_s_passkey_is_no_second_step(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    types_password(client, robin)
    stranger = Telephone()
    stranger.handle, stranger.id = telephone.handle, telephone.id
    response = client.post("/second-step", {"credential": stranger.shows(options_of(client.get("/second-step")))})
    assert response.status_code == 200
    assert not is_in(client)


def test_a_passkey_confirms_that_it_is_you(robin: Account) -> None:
    telephone, client = Telephone(), Client()
    adds(robin, telephone)
    client.force_login(robin)
    page = client.get(f"/confirm-it-is-you/passkey?next={ADD}")
    wrong = client.post("/confirm-it-is-you/passkey", {"credential": "{}", "next": ADD})
    assert read(wrong).words("title")[0].startswith("Error: ")
    page = client.get(f"/confirm-it-is-you/passkey?next={ADD}")
    sent = {"credential": telephone.shows(options_of(page)), "next": ADD}
    assert client.post("/confirm-it-is-you/passkey", sent).headers["Location"] == ADD
    assert client.get(ADD).status_code == 200


def test_a_passkey_s_name_is_its_owner_s_and_not_too_long(robin: Account) -> None:
    adds(robin, Telephone())
    [row] = Authenticator.objects.filter(type="webauthn")
    client = Client()
    client.force_login(robin)
    confirms(client)
    path = f"/account/second-step/passkeys/{row.pk}"
    assert "60 characters or fewer" in text(client.post(path, {"name": "a" * 61}))
    assert client.post(path, {"name": "Old telephone"}).headers["Location"] == "/account/second-step"
    assert "Old telephone" in text(client.get("/account/second-step"))
