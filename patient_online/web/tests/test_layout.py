"""What every page has, and what none has."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse
from jinja2.exceptions import UndefinedError
from pytest_django.fixtures import Settings

from patient_online.web.csp import CONTENT_SECURITY_POLICY, hash_of
from patient_online.web.page import render
from patient_online.web.tests.pages import read

PAGES = ["web:accessibility", "web:privacy", "web:offline", "web:about", "every-field"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_a_title_a_language_and_a_way_past_the_header(browser: Client, name: str) -> None:
    """A screen reader finds its way."""
    page = read(browser.get(reverse(name)))
    [heading] = page.words("h1")
    assert page.words("title") == [f"{heading} - Patient Online"]
    [html] = page.all("html")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("en-gb", "ltr")
    assert page.words("a", href="#maincontent") == ["Skip to main content"]
    assert len(page.all("main", id="maincontent")) == 1
    assert len(page.ids()) == len(set(page.ids()))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host_for_anything_and_shows_no_nhs_logo(browser: Client, name: str) -> None:
    """Nobody else learns who looks at a page, and nobody takes it for the NHS."""
    page = read(browser.get(reverse(name)))
    asked = [one.attributes.get("src") or one.attributes["href"] for one in page.all("link") + page.all("script")[:1]]
    assert len(asked) == 3
    assert all(address.startswith("/static/web/") for address in asked)
    assert not page.all("img")
    assert not [one for one in page.elements if "logo" in one.attributes.get("class", "")]


def test_the_one_script_in_a_page_is_the_one_that_the_policy_allows(browser: Client) -> None:
    """A new version of the template with another line fails here and not in people's browsers."""
    scripts = [one.text for one in read(browser.get(reverse("web:about"))).all("script") if "src" not in one.attributes]
    assert len(scripts) == 1
    assert hash_of(scripts[0]) in CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"]


def test_the_policy_reaches_the_browser_and_lets_nothing_else_in(browser: Client) -> None:
    """The header says what the dictionary says."""
    policy = browser.get(reverse("web:about")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("demo", [True, False])
def test_the_demonstration_says_that_its_people_are_made_up(browser: Client, settings: Settings, demo: bool) -> None:
    """And only the demonstration does."""
    settings.DEMO = demo
    text = browser.get(reverse("web:about")).content.decode()
    assert ("made-up people. Do not enter real details." in text) is demo


def test_somebody_not_signed_in_is_shown_where_to_sign_in(browser: Client) -> None:
    """There is no button to sign out."""
    page = read(browser.get(reverse("web:about")))
    assert page.words("a", href=reverse("account_login")) == ["Sign in"]
    assert not page.all("button")


def test_somebody_signed_in_sees_their_name_and_signs_out_with_a_button() -> None:
    """The button is a form with its token, because a link could be followed by accident."""
    request = RequestFactory().get("/")
    request.asking = SimpleNamespace(account_id=uuid4())  # type: ignore[attr-defined]
    context = {"title": "Home", "account_name": "Ada Made-Up", "practice_name": "Made-Up Surgery"}
    page = read(render(request, "web/layout.jinja", context))
    assert "Ada Made-Up" in page.all("header")[0].text
    assert page.words("title") == ["Home - Made-Up Surgery"]
    assert page.words("button") == ["Sign out"]
    assert page.all("form", method="post", action=reverse("account_logout"))
    assert page.all("input", name="csrfmiddlewaretoken")


def test_the_menu_says_which_page_one_is_on() -> None:
    """For eyes and for screen readers."""
    items = [{"text": "Home", "href": "/", "current": False}, {"text": "Day", "href": "/day", "current": True}]
    page = read(render(RequestFactory().get("/"), "web/layout.jinja", {"title": "Day", "navigation": items}))
    assert [one.attributes["href"] for one in page.all("a", **{"aria-current": "page"})] == ["/day"]


def test_a_text_in_a_component_is_shown_once(browser: Client) -> None:
    """Jinja's new-style gettext makes texts Markup, which the macros show twice."""
    page = read(browser.get(reverse("web:about")))
    assert page.all("main")[0].text.count("Not for live clinical use") == 1


def test_what_a_page_was_not_given_is_an_error_and_not_a_hole() -> None:
    """A misspelt field must not look like an empty one."""
    shown = engines["jinja2"].from_string("{{ slot.starts }}")
    with pytest.raises(UndefinedError, match="starts"):
        shown.render({"slot": SimpleNamespace(starts_at="9am")})
    with pytest.raises(UndefinedError, match="slot"):
        shown.render({})


def test_a_translation_may_carry_a_value_and_the_value_is_escaped() -> None:
    """What somebody typed is never markup, not even inside a translated sentence."""
    shown = engines["jinja2"].from_string('{{ _("For %(name)s", name=name) }}{% trans %}Hello {{ name }}{% endtrans %}')
    assert shown.render({"name": "<b>"}) == "For &lt;b&gt;Hello &lt;b&gt;"
    counted = engines["jinja2"].from_string('{{ ngettext("%(n)s day", "%(n)s days", 2) }}')
    assert counted.render() == "2 days"
