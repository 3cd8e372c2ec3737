"""Asking NHS login something: its own host alone, never where an answer points on to, and for seconds only."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

MOST_BYTES = 64 * 1024
CHUNK = 8 * 1024
ANSWERS_JSON = "application/json"


class Unreachable(Exception):
    """Raised when NHS login does not answer, or says that it cannot at the moment."""


class Untrue(Exception):
    """Raised when what came back is not what NHS login would say to us; `why` is a word for the trail."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def fetch(issuer: str, url: str, *, form: dict[str, str] | None = None, bearer: str | None = None) -> dict[str, Any]:
    """The JSON object at this address of the issuer's host; `form` is posted. Raises Unreachable or Untrue."""
    if not same_host(issuer, url):
        raise Untrue("other-host")
    headers = {"Accept": ANSWERS_JSON} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    ends = time.monotonic() + settings.NHS_LOGIN_SECONDS
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no .netrc
            answer = session.request(
                "POST" if form else "GET",
                url,
                data=form,
                headers=headers,
                timeout=settings.NHS_LOGIN_SECONDS,
                allow_redirects=False,
                stream=True,
            )
            return _object_in(answer, _read(answer, ends))
    except requests.RequestException as error:
        raise Unreachable from error


def same_host(issuer: str, url: Any) -> bool:
    """Whether an address lies at the issuer's host, by the same scheme and port."""
    if not isinstance(url, str):
        return False
    asked, theirs = urlsplit(url), urlsplit(issuer)
    return (asked.scheme, asked.netloc) == (theirs.scheme, theirs.netloc)


def _read(answer: requests.Response, ends: float) -> bytes:
    content = b""
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise Untrue("too-large")
        if time.monotonic() > ends:
            raise Unreachable
    return content


def _object_in(answer: requests.Response, content: bytes) -> dict[str, Any]:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Unreachable
    if answer.status_code != 200:
        raise Untrue(f"status-{answer.status_code}")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != ANSWERS_JSON and not kind.endswith("+json"):
        raise Untrue("not-json")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Untrue("not-json") from error
    if not isinstance(found, dict):
        raise Untrue("no-object")
    return found
