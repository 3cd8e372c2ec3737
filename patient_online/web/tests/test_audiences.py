"""Every view says who it is for."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from patient_online.web.audiences import View, audience, audience_of, public_page
from patient_online.web.urls import urlpatterns


def a_view(request: HttpRequest) -> HttpResponse:
    """A view that has said nothing yet."""
    return HttpResponse("seen")


def test_every_page_of_this_app_says_who_it_is_for() -> None:
    """Seven of them, and no other audience than these."""
    told = [audience_of(pattern.callback) for pattern in urlpatterns]
    assert told == ["public"] * 4 + ["health"] * 3


def test_a_view_that_has_said_nothing_is_for_nobody() -> None:
    """The architecture test finds it."""
    assert audience_of(a_view) is None


def test_an_app_above_marks_its_own_audience() -> None:
    """With the decorator that turns others away."""

    @audience("patient")
    def patient_page(view: View) -> View:
        return lambda request: HttpResponse("turned away", status=403)

    page = patient_page(a_view)
    assert audience_of(page) == "patient"
    assert page(RequestFactory().get("/")).status_code == 403


def test_there_is_no_audience_that_the_house_does_not_name() -> None:
    """A misspelt one would pass every check."""
    with pytest.raises(ValueError, match="patients"):
        audience("patients")


def test_only_the_visitors_own_browser_keeps_a_public_page(browser: Client) -> None:
    """And asks again each time; what was sent is kept nowhere."""
    assert browser.get("/about").headers["Cache-Control"] == "private, no-cache"
    assert browser.post("/every-field").headers["Cache-Control"] == "no-store"


def test_a_public_page_that_shows_who_is_signed_in_is_not_kept() -> None:
    """The next person at the same computer does not see it."""
    request = RequestFactory().get("/")
    request.asking = type("Asking", (), {"account_id": 1})()  # type: ignore[attr-defined]
    assert "Cache-Control" not in public_page(a_view)(request)


def test_safe_headers_are_on_every_answer(browser: Client) -> None:
    """Where a view has not said otherwise."""
    headers = browser.get("/about").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
