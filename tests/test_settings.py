"""What the settings make of the environment, in a program of its own."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.architecture.sources import ROOT

ASK = "import json; from patient_online.config import settings; print(json.dumps({}))"
URL = "postgresql://app:secret@db.example.org:5433/patient_online"


def settings_of(expression: str, **environment: str) -> Any:
    """The value of an expression over the settings, where the environment says this."""
    known = {"DATABASE_URL": URL, "PATIENT_ONLINE_SECRET_KEY": "x", **environment}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(expression)], cwd=ROOT, env={**kept, **known}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_the_database_s_address_asks_for_reaches_the_connection() -> None:
    address = f"{URL}?sslmode=verify-full&require_auth=scram-sha-256"
    options = settings_of("settings.DATABASES['default']['OPTIONS']", DATABASE_URL=address)
    assert options["sslmode"] == "verify-full"
    assert options["require_auth"] == "scram-sha-256"
    assert "lock_timeout=3s" in options["options"]


def test_without_an_address_the_settings_say_how_to_start() -> None:
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", ASK.format(1)], cwd=ROOT, env=bare, capture_output=True, text=True)
    assert "DATABASE_URL is not set. Start with `python manage.py" in done.stderr


@pytest.mark.parametrize(("behind", "trusted"), [("", 0), ("1", 1)])
def test_a_proxy_is_believed_only_where_there_is_one(behind: str, trusted: int) -> None:
    expression = "[settings.ALLAUTH_TRUSTED_PROXY_COUNT, bool(settings.SECURE_PROXY_SSL_HEADER)]"
    assert settings_of(expression, PATIENT_ONLINE_BEHIND_PROXY=behind) == [trusted, bool(trusted)]


def test_with_https_cookies_are_bound_to_the_host_and_health_is_still_told_plainly() -> None:
    names = "[settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SECURE_REDIRECT_EXEMPT]"
    name, secure, exempt = settings_of(names, PATIENT_ONLINE_HTTPS="1")
    assert (name, secure) == ("__Host-session", True)
    assert exempt == ["^(healthz|readyz|version)$"]


def test_the_counts_of_guesses_have_room_for_a_busy_day() -> None:
    assert settings_of("settings.CACHES['default']['OPTIONS']['MAX_ENTRIES']") >= 100_000


def test_a_server_that_is_gone_is_waited_for_for_seconds_unless_the_address_says_otherwise() -> None:
    seconds = "settings.DATABASES['default']['OPTIONS']['connect_timeout']"
    assert int(settings_of(seconds)) == 5
    assert int(settings_of(seconds, DATABASE_URL=f"{URL}?connect_timeout=30")) == 30


@pytest.mark.parametrize(("demo", "level"), [("1", "WARNING"), ("", "INFO")])
def test_the_demonstration_s_terminal_is_not_buried_under_each_page_that_is_opened(demo: str, level: str) -> None:
    assert settings_of("settings.LOGGING['root']['level']", PATIENT_ONLINE_DEMO=demo) == level
