"""With HTTPS switched on, cookies are for this host alone and travel encrypted only."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json
from patient_online.config import settings as s
cookies = [f"{kind}_COOKIE_{part}" for kind in ("SESSION", "CSRF") for part in ("NAME", "SECURE", "HTTPONLY")]
names = [*cookies, "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


@pytest.mark.parametrize(("https", "prefix"), [("1", "__Host-"), ("", "")])
def test_cookies_are_bound_to_the_host_when_it_speaks_https(https: str, prefix: str) -> None:
    """The settings are read afresh, as a program started with that environment does."""
    given = {**os.environ, "PATIENT_ONLINE_HTTPS": https}
    done = subprocess.run([sys.executable, "-c", ASK], env=given, capture_output=True, text=True, check=True)
    asked = json.loads(done.stdout)
    assert (asked["SESSION_COOKIE_NAME"], asked["CSRF_COOKIE_NAME"]) == (f"{prefix}session", f"{prefix}csrf")
    assert asked["SESSION_COOKIE_SECURE"] is asked["CSRF_COOKIE_SECURE"] is asked["SECURE_SSL_REDIRECT"] is bool(https)
    assert asked["SESSION_COOKIE_HTTPONLY"] is asked["CSRF_COOKIE_HTTPONLY"] is True
    assert (asked["SECURE_HSTS_SECONDS"] > 0) is bool(https)
