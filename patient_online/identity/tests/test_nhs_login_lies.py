"""T21: what is not NHS login's own answer to our own question lets nobody in, whatever is wrong with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from joserfc import jwt

from patient_online.audit.models import AccountEntry
from patient_online.demo.nhs_login.standin import pem_of
from patient_online.identity.models import Account, NhsLogin
from patient_online.identity.nhs_login.provider import forget_providers
from patient_online.identity.tests.lies import LIES, Lie
from patient_online.identity.tests.lying_provider import OTHERS, Liar, a_liar
from patient_online.identity.tests.nhs_login_people import OURS
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running() -> Iterator[Liar]:
    with a_liar() as liar:
        yield liar


@pytest.fixture
def liar(running: Liar, settings: Any, tmp_path: Path) -> Liar:
    """An honest provider, until a test says otherwise; NHS login is switched on, by it."""
    forget_providers()
    running.honest()
    key = tmp_path / "key.pem"
    key.write_bytes(pem_of(OTHERS.private_key))
    settings.SERVICE_URL = OURS
    settings.NHS_LOGIN_ISSUER = running.address
    settings.NHS_LOGIN_CLIENT_ID = "patient-online"
    settings.NHS_LOGIN_KEY_FILE = str(key)
    return running


def sent_off(client: Client, liar: Liar, path: str = "/nhs-login") -> dict[str, str]:
    """What our side asks when somebody presses the button; the provider learns the nonce."""
    asked = parse_qs(urlsplit(client.post(path).headers["Location"]).query)
    liar.nonce = asked["nonce"][0]
    return {name: values[0] for name, values in asked.items()}


_codes = iter(range(10**9))


def comes_back(client: Client, asked: dict[str, str], **query: Any) -> Any:
    """Our answer to what the browser brings back; a part that is None is left out."""
    given = {"code": f"code-{next(_codes)}", "state": asked.get("state"), **query}
    return client.get("/nhs-login/return", {name: value for name, value in given.items() if value is not None})


def is_let_in(liar: Liar) -> None:
    """The control: the same provider, honest again, signs somebody in."""
    nonce = liar.nonce
    liar.honest()
    liar.nonce = nonce
    forget_providers()
    client = Client()
    assert comes_back(client, sent_off(client, liar)).headers["Location"] == "/nhs-login/what-next/elsewhere"
    assert client.session["_auth_user_id"] == str(NhsLogin.objects.get().account_id)


def is_not_let_in(client: Client, answer: Any, why: str) -> None:
    """No account, no session of anybody, an entry in the trail that says why, and a page that does not."""
    assert answer.status_code == 403
    assert read(answer).words("h1") == ["We could not sign you in with NHS login"]
    assert why not in read(answer).all("main")[0].text
    assert "_auth_user_id" not in client.session
    assert not Account.objects.exists()
    entry = AccountEntry.objects.get()
    assert (entry.event, entry.account_id, entry.details) == ("account.nhs_login_failed", None, {"why": why})


def test_there_are_more_lies_than_the_35_that_were_promised() -> None:
    assert len({lie.name for lie in LIES}) == len(LIES) > 70


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_lie_lets_nobody_in_and_the_truth_does(lie: Lie, liar: Liar, client: Client) -> None:
    liar.told.clear()
    asked = sent_off_to_a_liar(client, liar, lie)
    answer = comes_back(client, asked) if asked else client.post("/nhs-login")
    is_not_let_in(client, answer, lie.why)
    is_let_in(liar)


def sent_off_to_a_liar(client: Client, liar: Liar, lie: Lie) -> dict[str, str]:
    """Off to a provider that lies from its first word, where it lies there; else once the browser is with it."""
    if lie.why.startswith("discovery"):
        lie.tell(liar)
        return {}
    asked = sent_off(client, liar)
    lie.tell(liar)
    return asked


BROUGHT: dict[str, tuple[dict[str, Any], str]] = {
    "no state": ({"state": None}, "state"),
    "another state": ({"state": "made-up"}, "state"),
    "no code": ({"code": None}, "no-code"),
    "an empty code": ({"code": ""}, "no-code"),
    "a code without end": ({"code": "x" * 5000}, "parameters"),
    "a parameter twice": ({"code": ["one", "two"]}, "parameters"),
    "another issuer (mix-up)": ({"iss": "https://evil.example"}, "mixed-up"),
    "an error and a code": ({"error": "access_denied"}, "error-and-code"),
    "an error": ({"code": None, "error": "invalid_scope"}, "error"),
}


@pytest.mark.parametrize("name", BROUGHT)
def test_what_a_browser_brings_back_is_what_it_was_sent_off_for(name: str, liar: Liar, client: Client) -> None:
    query, why = BROUGHT[name]
    is_not_let_in(client, comes_back(client, sent_off(client, liar), **query), why)
    assert "/token" not in [path for path, _ in liar.seen]
    is_let_in(liar)


def test_the_state_of_another_browser_is_no_state(liar: Liar, client: Client) -> None:
    """Nobody is signed in as somebody else by a link that was sent to them."""
    theirs = sent_off(Client(), liar)
    sent_off(client, liar)
    is_not_let_in(client, comes_back(client, theirs), "state")
    is_let_in(liar)


def test_a_state_is_good_once(liar: Liar) -> None:
    client, again = Client(), Client()
    asked = sent_off(client, liar)
    kept = client.session["nhs_login"]
    assert comes_back(client, asked).status_code == 302
    client.logout()
    answer = comes_back(client, asked)
    assert answer.status_code == 403
    assert list(kept) == [asked["state"]]
    assert "_auth_user_id" not in again.session


def test_a_code_is_good_once_even_with_another_state(liar: Liar) -> None:
    """It is not even sent a second time."""
    first, second = Client(), Client()
    assert comes_back(first, sent_off(first, liar), code="the-same").status_code == 302
    liar.seen.clear()
    assert comes_back(second, sent_off(second, liar), code="the-same").status_code == 403
    assert "/token" not in [path for path, _ in liar.seen]
    assert AccountEntry.objects.filter(details={"why": "code-used"}).count() == 1
    assert "_auth_user_id" not in second.session


def test_an_id_token_is_good_once_even_where_everything_else_fits(liar: Liar) -> None:
    first, second = Client(), Client()
    liar.claims["jti"] = "always the same"
    assert comes_back(first, sent_off(first, liar)).status_code == 302
    assert comes_back(second, sent_off(second, liar)).status_code == 403
    assert AccountEntry.objects.filter(details={"why": "token-used"}).count() == 1


def test_who_comes_back_after_an_hour_starts_again(liar: Liar, client: Client, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 24 * 60 * 60
    asked = sent_off(client, liar)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        is_not_let_in(client, comes_back(client, asked), "late")


def test_an_issuer_that_names_itself_must_do_so(liar: Liar, client: Client) -> None:
    """RFC 9207: where discovery says that the issuer stands in each answer, one without is not its own."""
    liar.discovery = {"authorization_response_iss_parameter_supported": True}
    is_not_let_in(client, comes_back(client, sent_off(client, liar)), "mixed-up")
    assert comes_back(client, sent_off(client, liar), iss=liar.address).status_code == 302


@pytest.mark.parametrize("vot", ["P5.Cp.Cd", "P0.Cp.Cd", "P5.Cm"])
def test_less_than_what_was_asked_for_is_no_step_up(vot: str, liar: Liar, client: Client) -> None:
    """P9 was asked, so neither P5 nor P0 will do, though the signature holds; P9 does."""
    liar.claims["vot"], liar.told["identity_proofing_level"] = "P5.Cp.Cd", "P5"
    assert comes_back(client, sent_off(client, liar)).status_code == 302
    liar.claims["vot"], liar.told["identity_proofing_level"] = vot, vot[:2]
    assert comes_back(client, sent_off(client, liar, "/nhs-login/step-up")).status_code == 403
    assert AccountEntry.objects.filter(details={"why": "vot"}).count() == 1
    assert [each["vot"] for each in client.session["account_authentication_methods"]] == ["P5.Cp.Cd"]
    liar.claims["vot"], liar.told["identity_proofing_level"] = "P9.Cp.Cd", "P9"
    assert comes_back(client, sent_off(client, liar, "/nhs-login/step-up")).status_code == 302
    assert client.session["account_authentication_methods"][-1]["vot"] == "P9.Cp.Cd"


def test_who_signed_out_or_became_another_meanwhile_is_not_signed_in(liar: Liar, client: Client) -> None:
    """A step-up that comes back to a browser where nobody is signed in any more ends there."""
    assert comes_back(client, sent_off(client, liar)).status_code == 302
    asked = sent_off(client, liar, "/nhs-login/step-up")
    waiting = client.session["nhs_login"]
    client.logout()
    session = client.session
    session["nhs_login"] = waiting
    session.save()
    client.cookies["session"] = session.session_key or ""
    assert comes_back(client, asked).status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_new_key_is_fetched_once_and_not_again_within_a_minute(liar: Liar) -> None:
    """Rotation works; who makes up key ids cannot have us ask without end."""
    client = Client()
    assert comes_back(client, sent_off(client, liar)).status_code == 302
    liar.seen.clear()
    for n in range(5):
        liar.header = {"kid": f"made-up-{n}"}
        other = Client()
        assert comes_back(other, sent_off(other, liar)).status_code == 403
    assert [path for path, _ in liar.seen].count("/jwks") <= 1


def test_we_show_who_we_are_by_a_short_token_that_is_good_once(liar: Liar) -> None:
    """RS512 with our key, for the token endpoint, for two minutes, with an id of its own; and PKCE's own half."""
    for _ in range(2):
        client = Client()
        asked = sent_off(client, liar)
        comes_back(client, asked)
    sent = [form for path, form in liar.seen if path == "/token"]
    tokens = [jwt.decode(form["client_assertion"], OTHERS, algorithms=["RS512"]) for form in sent]
    said = tokens[0].claims
    assert (said["iss"], said["sub"], said["aud"]) == ("patient-online", "patient-online", f"{liar.address}/token")
    assert 0 < said["exp"] - said["iat"] <= 300
    assert len({token.claims["jti"] for token in tokens}) == 2
    assert "client_secret" not in sent[0]
    assert len(sent[0]["code_verifier"]) >= 43
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == sent[0]["redirect_uri"] == f"{OURS}/nhs-login/return"
