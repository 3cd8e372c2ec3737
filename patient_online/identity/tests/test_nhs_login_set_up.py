"""NHS login switched on and off: what is said where it is not configured, not right, or does not answer."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import run_checks
from django.db import connections
from django.test import Client

from patient_online.asking import Anyone, System
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import EARLY, an_account
from patient_online.demo.nhs_login.standin import pem_of
from patient_online.identity.actions.nhs_login import forget_login, forget_spent, spend
from patient_online.identity.models import NhsLogin, SpentToken
from patient_online.identity.nhs_login.provider import forget_providers
from patient_online.identity.tests.lying_provider import OTHERS, a_liar
from patient_online.identity.tests.nhs_login_people import a_free_port
from patient_online.identity.tests.test_nhs_login_lies import comes_back, sent_off
from patient_online.web.csp import policy_with
from patient_online.web.tests.pages import read

PAGES = ("/nhs-login", "/nhs-login/return", "/nhs-login/step-up", "/nhs-login/connect")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key that can be used."""
    file = tmp_path / "key.pem"
    file.write_bytes(pem_of(OTHERS.private_key))
    file.chmod(0o600)
    return file


def switched_on(settings: Any, issuer: str, key_file: Path) -> None:
    settings.NHS_LOGIN_ISSUER, settings.NHS_LOGIN_CLIENT_ID = issuer, "patient-online"
    settings.NHS_LOGIN_KEY_FILE = str(key_file)
    forget_providers()


@pytest.mark.django_db
def test_where_it_is_switched_off_every_page_says_so_and_nothing_leads_there(client: Client) -> None:
    """The addresses answer, the sign-in page has no button, and no key is shown."""
    assert "NHS login" not in client.get("/sign-in").content.decode()
    client.force_login(an_account())
    for page in PAGES[1:]:
        answer = client.get(page)
        assert answer.status_code == 404
        assert read(answer).words("h1") == ["NHS login is not switched on here"]
    assert read(Client().post("/nhs-login")).words("h1") == ["NHS login is not switched on here"]
    assert client.get("/nhs-login/jwks.json").json() == {"keys": []}


@pytest.mark.django_db
def test_where_it_is_switched_on_the_sign_in_page_leads_there(client: Client, settings: Any, key_file: Path) -> None:
    switched_on(settings, "https://auth.example.org", key_file)
    page = client.get("/sign-in?next=/appointments/")
    [form] = [form for form in read(page).all("form") if form.attributes.get("action") == "/nhs-login"]
    assert form
    assert "form-action 'self' https://auth.example.org;" in page.headers["Content-Security-Policy"] + ";"
    assert "https://auth.example.org" not in policy_with("")


@pytest.mark.django_db
def test_our_public_key_is_shown_and_nothing_of_the_private_one(client: Client, settings: Any, key_file: Path) -> None:
    switched_on(settings, "https://auth.example.org", key_file)
    [key] = client.get("/nhs-login/jwks.json").json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (key["kid"], key["alg"]) == (OTHERS.thumbprint(), "RS512")
    settings.NHS_LOGIN_KEY_ID = "ours-2026"
    assert client.get("/nhs-login/jwks.json").json()["keys"][0]["kid"] == "ours-2026"


def test_what_is_not_right_is_told_before_the_start(settings: Any, key_file: Path, tmp_path: Path) -> None:
    """In a sentence that names the file or the variable; a key that others can read is a warning."""

    def found() -> list[str]:
        return [each.msg for each in run_checks() if (each.id or "").startswith("identity.")]

    switched_on(settings, "https://auth.example.org", key_file)
    assert found() == []
    key_file.chmod(0o644)
    assert "Others can read the key" in found()[0]
    settings.NHS_LOGIN_CLIENT_ID = ""
    assert "needs all three" in found()[0]
    switched_on(settings, "https://auth.example.org", tmp_path / "nowhere.pem")
    assert "nowhere.pem, cannot be read: No such file" in found()[0]
    keys: list[Any] = [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1())]
    for n, wrong in enumerate(keys):
        file = tmp_path / f"wrong-{n}.pem"
        file.write_bytes(wrong.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        switched_on(settings, "https://auth.example.org", file)
        assert "must hold an RSA key of at least 2048 bits" in found()[0]
    (tmp_path / "text.pem").write_text("no key")
    switched_on(settings, "https://auth.example.org", tmp_path / "text.pem")
    assert "holds no private key" in found()[0]


@pytest.mark.parametrize(
    "issuer", ["http://auth.example.org", "ftp://localhost", "https://", "https://a@b.example", "auth.example.org"]
)
def test_an_issuer_is_an_address_by_https(issuer: str, settings: Any, key_file: Path) -> None:
    switched_on(settings, issuer, key_file)
    [error] = [each for each in run_checks() if each.id == "identity.E001"]
    assert "must be an https address" in error.msg


@pytest.mark.django_db
def test_who_presses_the_button_while_it_is_set_up_wrong_is_told_to_try_later(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    switched_on(settings, "https://auth.example.org", tmp_path / "nowhere.pem")
    answer = client.post("/nhs-login")
    assert answer.status_code == 503
    assert read(answer).words("h1") == ["NHS login does not answer at the moment"]
    assert "NHS login" not in client.get("/sign-in").content.decode()


@pytest.mark.django_db
def test_an_nhs_login_that_is_down_or_slow_or_in_trouble_is_told_of_and_other_ways_are_named(
    settings: Any, key_file: Path, client: Client
) -> None:
    switched_on(settings, f"http://localhost:{a_free_port()}", key_file)
    assert client.post("/nhs-login").status_code == 503
    with a_liar() as liar:
        switched_on(settings, liar.address, key_file)
        asked = sent_off(client, liar)
        liar.instead["/token"] = (503, "text/html", b"Sorry", {})
        answer = comes_back(client, asked)
        assert answer.status_code == 503
        words = read(answer).all("main")[0].text
        assert "Sign in another way" in words
        assert "Telephone your GP practice" in words
        assert comes_back(client, sent_off(client, liar), code=None, error="temporarily_unavailable").status_code == 503
    assert set(AccountEntry.objects.values_list("details__why", flat=True)) == {"unreachable"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nothing_is_asked_of_nhs_login_inside_a_transaction(settings: Any, key_file: Path, client: Client) -> None:
    """While it answers, no connection of ours holds a transaction open."""
    held: list[str] = []
    with a_liar() as liar:
        switched_on(settings, liar.address, key_file)
        answer = liar.answer

        def looks_around(path: str, form: dict[str, Any]) -> Any:
            with connections["owner"].cursor() as cursor:
                cursor.execute(
                    "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                    " AND usename <> current_user AND state LIKE 'idle in transaction%%'"
                )
                held.extend(f"{path}: {state}" for (state,) in cursor.fetchall())
            connections["owner"].close()
            return answer(path, form)

        liar.answer = looks_around  # type: ignore[method-assign]
        assert comes_back(client, sent_off(client, liar)).status_code == 302
        assert [path for path, _ in liar.seen][-1] == "/userinfo"
    assert held == []


@pytest.mark.django_db
def test_what_was_used_is_forgotten_once_it_would_be_refused_anyway() -> None:
    assert spend("https://a.example", "code", "one", by=Anyone(), at=EARLY)
    assert not spend("https://a.example", "code", "one", by=Anyone(), at=EARLY)
    assert spend("https://b.example", "code", "one", by=Anyone(), at=EARLY)
    by = System("tidy", why="forgets")
    assert forget_spent(by=by, at=EARLY) == 0
    assert forget_spent(by=by, at=SpentToken.objects.latest("ends_at").ends_at.replace(year=2030)) == 2


@pytest.mark.django_db
def test_who_closed_their_account_begins_anew_with_the_same_nhs_login() -> None:
    account = an_account()
    row = {"issuer": "https://a.example", "subject": "me", "identity": 9}
    NhsLogin.objects.create(account=account, linked_at=EARLY, last_used_at=EARLY, **row)
    assert forget_login(account.id, by=System("test", why="closes"), at=EARLY) == 1
    assert not NhsLogin.objects.exists()
