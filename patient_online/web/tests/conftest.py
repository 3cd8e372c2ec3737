"""These tests bring their own addresses, and need no collected static files."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def own_addresses(settings: Settings) -> None:
    """Route to the views in urls.py beside this file."""
    settings.ROOT_URLCONF = "patient_online.web.tests.urls"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture
def browser() -> Client:
    """A browser that shows the error page instead of raising the error in the test."""
    return Client(raise_request_exception=False)
