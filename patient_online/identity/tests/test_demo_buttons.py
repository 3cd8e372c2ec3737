"""In the demonstration one signs in as anybody with one press; elsewhere nobody is offered that."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from patient_online.config.urls import sign_in_extras
from patient_online.demo.logins import PASSWORD, logins
from patient_online.identity.forms import SignInForm
from patient_online.web.tests.pages import Page


@pytest.mark.parametrize("demo", [True, False])
def test_each_made_up_person_has_a_button_that_sends_address_and_password(settings: Any, demo: bool) -> None:
    settings.DEMO = demo
    request = RequestFactory().get("/sign-in")
    page = Page(render_to_string("account/login.html", {"form": SignInForm(), **sign_in_extras()}, request))
    pressed = [one for one in page.words("button") if one.startswith("Sign in as ")]
    assert pressed == ([f"Sign in as {login.name}" for login in logins()] if demo else [])
    sent = [one.attributes["value"] for one in page.all("input", type="hidden", name="login")]
    assert sent == ([login.email for login in logins()] if demo else [])
    assert len(page.all("input", type="hidden", name="password", value=PASSWORD)) == len(sent)
    assert len(page.all("form", method="post", action="/sign-in")) == len(sent)
