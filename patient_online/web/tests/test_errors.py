"""Every error has a page that says what happened, what to do, and a reference."""

import json

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from patient_online.web import views
from patient_online.web.tests.pages import read

BROKEN = {
    "/nothing-here": 404,
    "/forbidden": 403,
    "/breaks/quietly": 500,
    "/wordless": 405,
}


@pytest.mark.parametrize(("address", "status"), BROKEN.items())
def test_a_page_that_fails_says_what_to_do_and_gives_a_reference(browser: Client, address: str, status: int) -> None:
    """The reference is the one in the answer's header and in the log."""
    response = browser.get(address)
    page = read(response)
    words = views.PROBLEMS[status]
    assert response.status_code == status
    assert page.words("h1") == [words.title]
    main = " ".join(page.all("main")[0].text.split())
    assert words.happened in main
    assert words.next_step in main
    assert "111" in main
    assert page.words("strong") == [response.headers["X-Request-ID"]]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_page_that_says_no_without_a_word_keeps_what_is_allowed(browser: Client) -> None:
    """The header that names the methods stays."""
    assert browser.get("/wordless").headers["Allow"] == "POST"


@pytest.mark.parametrize("status", sorted(views.PROBLEMS))
def test_every_error_page_is_made_without_a_database_or_a_session(status: int) -> None:
    """A request that no middleware has seen is enough."""
    response = views.problem(RequestFactory().get("/"), status)
    assert response.status_code == status
    assert read(response).words("title") == [f"{views.PROBLEMS[status].title} - Patient Online"]


def test_a_page_comes_even_when_the_templates_are_broken(settings: Settings) -> None:
    """Plainer, but with the same words."""
    settings.TEMPLATES = []
    page = read(views.server_error(RequestFactory().get("/")))
    assert page.words("h1") == ["Sorry, there is a problem with the service"]


def test_a_form_without_its_token_changes_nothing_and_says_so() -> None:
    """The page has usually been open for too long."""
    response = Client(enforce_csrf_checks=True).post(reverse("every-field"), {})
    assert response.status_code == 403
    assert read(response).words("h1") == ["This page has been open too long"]


def test_what_is_too_large_is_told_so(browser: Client, settings: Settings) -> None:
    """And not that it made no sense."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = browser.post(
        reverse("reads-post"), {"text": "x" * 200}, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert read(response).words("h1") == ["That is too much to send at once"]


def test_too_many_tries_are_answered_with_when_to_try_again() -> None:
    """For sign-in's limit on guessing."""
    response = views.too_many_tries(RequestFactory().get("/"))
    assert response.status_code == 429
    assert "Wait a few minutes" in read(response).all("main")[0].text


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json, application/json;q=0.9"])
def test_a_program_that_asks_for_json_is_answered_in_json(browser: Client, accept: str) -> None:
    """As problem details, with the same words and reference."""
    response = browser.get("/nothing-here", headers={"accept": accept})
    said = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (said["title"], said["status"]) == ("Page not found", 404)
    assert said["reference"] == response.headers["X-Request-ID"]


def test_a_browser_is_answered_with_a_page(browser: Client) -> None:
    """Though it also takes anything else."""
    response = browser.get("/nothing-here", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_database_that_is_away_is_told_as_such_with_when_to_try_again() -> None:
    request = RequestFactory().get("/")
    try:
        raise OperationalError("the server is away")
    except OperationalError:
        page = views.server_error(request)
    assert page.status_code == 503
    assert page["Retry-After"] == "60"
