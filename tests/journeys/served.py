"""A server that lives as long as the tests of one file, for tests that only look and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

PLAIN: dict[str, Any] = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@contextmanager
def served() -> Iterator[str]:
    """The address of a server on the test database, which is emptied at the end."""
    with override_settings(WHITENOISE_AUTOREFRESH=True, STORAGES=PLAIN):
        server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()
        cache.clear()
        call_command("flush", verbosity=0, interactive=False, database="owner")
