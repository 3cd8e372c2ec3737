"""What another website may make a browser send changes nothing here, and no address leads from here to elsewhere."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from patient_online.access.models import Session
from patient_online.asking import Role
from patient_online.demo.factories import PASSWORD, a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.identity.models import Account
from patient_online.web.marks import FIELD, mark_of
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
TOO_OLD = "This page has been open too long"
IN_PLACE: dict[str, Any] = {
    "uuid": UUID(int=7),
    "slug": "welcome",
    "int": 1,
    "str": "abc",
    "path": "abc",
    "day": "2026-03-04",
}


def addresses(patterns: Any, before: str = "/") -> Iterator[str]:
    """An address for every route of the product, with something in the place of what stands in it."""
    for one in patterns:
        here = str(one.pattern)
        for name, converter in one.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            for written in (f"<{kind}:{name}>", f"<{name}>"):
                here = here.replace(written, str(IN_PLACE[kind]))
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before + here)
        elif isinstance(one, URLPattern):
            yield before + here


ADDRESSES = sorted(set(addresses(get_resolver().url_patterns)))


def token_of(browser: Client) -> str:
    """The token of a form that the browser has been given."""
    [field, *_] = read(browser.get("/sign-out")).all("input", name="csrfmiddlewaretoken")
    return str(field.attributes["value"])


@pytest.fixture
def mara() -> Account:
    """A manager who is a patient too."""
    practice = a_practice()
    account = an_account_for(a_patient_of(practice), account=an_account("mara@example.com"))
    staff_of(practice, Role.MANAGER, account=account)
    return account


def test_no_form_of_any_address_is_taken_without_its_token_or_from_another_website(mara: Account) -> None:
    """From every address of the product; with the token, the same forms are heard."""
    assert len(ADDRESSES) > 80
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(mara)
    token, mark = token_of(browser), mark_of(mara.id, "A page")
    heard = 0
    for address in ADDRESSES:
        if address == "/sign-out":  # heard last, or there would be nobody to try as
            continue
        tried = [
            browser.post(address, {}),
            browser.post(address, {"csrfmiddlewaretoken": "a" * 64}),
            browser.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://example.org"}),
            browser.post(address, {"csrfmiddlewaretoken": token, FIELD: mark}, headers={"Origin": "null"}),
            browser.post(address, {}, headers={"Origin": "https://example.org"}, content_type="text/plain"),
        ]
        assert [one.status_code for one in tried] == [403] * 5, address
        assert all(TOO_OLD in one.content.decode() for one in tried), address
        own = browser.get(address, {"token": "x"})
        heard += own.status_code < 500
    assert heard == len(ADDRESSES) - 1
    assert not Session.objects.exclude(kept=None).exists()
    assert browser.post("/sign-out", {}).status_code == 403
    assert browser.get("/seconds-left").json()["left"] > 0
    assert browser.post("/sign-out", {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_stranger_cannot_sign_somebody_in_to_the_stranger_s_account(mara: Account) -> None:
    """Login CSRF: the form of the sign-in page needs its token as well."""
    browser = Client(enforce_csrf_checks=True)
    given = {"login": "mara@example.com", "password": PASSWORD}
    assert browser.post("/sign-in", given).status_code == 403
    assert browser.post("/sign-in", given, headers={"Origin": "https://example.org"}).status_code == 403
    assert not Session.objects.exclude(account_id=None).exists()


def test_no_page_may_be_framed(mara: Account) -> None:
    browser = Client()
    browser.force_login(mara)
    for page in ("/", "/sign-in", "/account/devices", "/stay-signed-in"):
        headers = (browser if page != "/sign-in" else Client()).get(page).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


HOST = "example.org"
AWAY = [
    f"https://{HOST}/",
    f"http://{HOST}/",
    f"//{HOST}",
    f"///{HOST}",
    f"////{HOST}",
    f"/////{HOST}/..",
    f"/\\{HOST}",
    f"\\/{HOST}",
    f"\\\\{HOST}",
    f"/\\/{HOST}",
    f"\\{HOST}",
    f"/\t/{HOST}",
    f"/\n/{HOST}",
    f"/\r/{HOST}",
    f"\t//{HOST}",
    f"\n//{HOST}",
    f" //{HOST}",
    f" https://{HOST}",
    f"\x00//{HOST}",
    f"\x01https://{HOST}",
    f"https:{HOST}",
    f"https:/{HOST}",
    f"https:///{HOST}",
    f"https:\\\\{HOST}",
    f"https:/\\{HOST}",
    f"HTTPS://{HOST}",
    f"hTTp://{HOST}",
    f"https://testserver@{HOST}",
    f"https://testserver:80@{HOST}",
    f"https://testserver%40{HOST}",
    f"https://testserver.{HOST}",
    f"https://{HOST}#testserver",
    f"https://{HOST}?testserver",
    f"https://{HOST}/testserver",
    f"https://{HOST}\\testserver",
    f"https://{HOST}%2f@testserver",
    f"https://[::ffff:127.0.0.1]@{HOST}",
    f"//testserver@{HOST}",
    f"//{HOST}:443",
    f"//{HOST}%2f..",
    f"//{HOST}/%2f..",
    f"/.//{HOST}/../..//{HOST}",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "javascript://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    f"ftp://{HOST}",
    f"ws://{HOST}",
    "mailto:a@example.org",
    "tel:999",
    "blob:https://example.org/1",
    f"https://{HOST}\u3002com",
    "https://\u0435xample.org",
    f"/%09/{HOST}",
    f"//{HOST}\u2044..",
]


def test_sixty_ways_to_lead_away_are_tried() -> None:
    assert len(set(AWAY)) == 60


def leads_away(location: str) -> bool:
    """Whether a browser would leave this website by it: they take a backslash for a slash, and drop what is unseen."""
    seen = "".join(sign for sign in location if sign > " ").replace("\\", "/")
    split = urlsplit(seen)
    return seen.startswith("//") or split.scheme not in ("", "http", "https") or split.netloc not in ("", "testserver")


@pytest.mark.parametrize("address", AWAY)
def test_no_address_leads_from_signing_in_or_out_to_elsewhere(mara: Account, address: str) -> None:
    """Given in the address or in the form, before and after; nor is it in any link of the pages."""
    cache.clear()
    browser, given = Client(), {"login": "mara@example.com", "password": PASSWORD, "next": address}
    shown = browser.get("/sign-in", {"next": address})
    links = [str(one.attributes.get("href", "")) for one in read(shown).all("a")]
    assert not [link for link in links if leads_away(link) and "nhs.uk" not in link]
    answers = [
        Client().post("/sign-in", given),
        browser.post(f"/sign-in?next={quote(address)}", given),
        browser.get("/sign-in", {"next": address}),
        browser.get(f"/sign-out?next={quote(address)}"),
        browser.post("/sign-out", {"next": address}),
        browser.post(f"/sign-out?next={quote(address)}"),
    ]
    found = [answer.headers["Location"] for answer in answers if answer.status_code in (301, 302, 303, 307)]
    assert len(found) >= 5
    assert not [location for location in found if leads_away(location)]


@pytest.mark.parametrize(
    "path", [f"//{HOST}/", f"/\\{HOST}", f"/%2f{HOST}", f"/%5c{HOST}", f"/appointments/..//{HOST}"]
)
def test_what_was_sent_too_late_goes_nowhere_else(mara: Account, path: str) -> None:
    """Whatever the address that it was sent to looks like: to sign in, and then to a form of our own."""
    browser = Client()
    late = browser.post(path, {FIELD: mark_of(mara.id, "A page"), "a": "b"}, follow=True)
    for location, _status in late.redirect_chain:
        assert not leads_away(location)
    browser.force_login(mara)
    for form in read(browser.get("/send-again")).all("form"):
        assert not leads_away(str(form.attributes.get("action", "")))


def test_what_leads_away_is_seen() -> None:
    """The check above is not blind."""
    assert leads_away(f"//{HOST}")
    assert leads_away(f"/\\{HOST}")
    assert leads_away(f"/\t/{HOST}")
    assert leads_away("javascript:alert(1)")
    assert not leads_away("/appointments/?a=//b")
    assert not leads_away("http://testserver/a")


def test_over_https_every_cookie_is_for_this_host_alone(mara: Account, settings: Any) -> None:
    """No other host, not even one below ours, can plant one; none is readable by a script; they travel encrypted."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    browser = Client()
    browser.get("/sign-in", secure=True)
    browser.post("/sign-in", {"login": "mara@example.com", "password": PASSWORD}, secure=True)
    browser.get("/sign-out", secure=True)
    assert set(browser.cookies) == {"__Host-session", "__Host-csrf", "__Host-share", "__Host-device"}
    for cookie in browser.cookies.values():
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert cookie["secure"]
        assert cookie["httponly"]
