"""How many requests are worked on at once, and what those are told who would wait too long.

Each place at work has a connection to the database of its own, so there are never more bookings in flight than
connections. A few more may wait for a place, for a moment; whose turn it is, `web/turns.py` says. Everybody else is
answered at once: come back in a few seconds. So the answer comes within a second however many ask, and those who are
let in are served as fast as ever.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse

from patient_online.web import views
from patient_online.web.middleware import SAFE_HEADERS
from patient_online.web.shares import share_of
from patient_online.web.turns import Full, Places

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

MOST_WAITING = 96
MOST_READING = 48  # fewer than there are threads: however slowly they send, somebody is left to answer the others
PATIENCE_SECONDS = 0.7
COME_BACK_SECONDS = (2, 6)
LINE_EVERY_SECONDS = 1.0
ALWAYS_ANSWERED = frozenset({"/healthz", "/version"})
READY = "/readyz"
# PostgreSQL compiles what it thinks costly, for longer than any page's statement runs.
LIMITS = "-c lock_timeout=2s -c statement_timeout=8s -c jit=off"

log = logging.getLogger(__name__)


class Admission:
    """Lets so many requests in at once, lets some wait, and turns the rest away; a WSGI application around another."""

    def __init__(self, application: Wsgi, *, places: int, waiting: int = MOST_WAITING) -> None:
        self.application = application
        self.places = Places([_connection() for _ in range(places)], seats=waiting)
        # Whether we are ready is asked of a connection of its own: it must not wait behind the crowd.
        self.places_for_health = Places([_connection()], seats=waiting)
        self.readers = threading.BoundedSemaphore(MOST_READING)
        self.turned_away, self.said_at = 0, 0.0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or say that there are too many."""
        path = environ["PATH_INFO"]
        if path in ALWAYS_ANSWERED:
            return self.application(environ, start_response)
        places, share = (self.places_for_health if path == READY else self.places), share_of(environ)
        try:
            self._read(environ)
            presses = environ.get("REQUEST_METHOD") == "POST"
            with places.taken(share, presses=presses, patience=PATIENCE_SECONDS) as place, _at_work(place):
                return _whole(self.application(environ, start_response))
        except Full:
            self._count()
            return too_many(environ, start_response)

    def _read(self, environ: Environ) -> None:
        """Take in what is sent before a place at work is taken: who is slow holds up nobody. Full for too many."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 < length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return  # what is too large is refused by its length, without being read
        if not self.readers.acquire(blocking=False):
            raise Full
        with _given_back(self.readers):
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))

    def _count(self) -> None:
        """Note who was turned away: one line a second at most, for the crowd must not fill the log as well."""
        self.turned_away += 1
        now = time.monotonic()
        if now - self.said_at >= LINE_EVERY_SECONDS:
            self.said_at, count, self.turned_away = now, self.turned_away, 0
            log.warning("Too many at once: %d were asked to come back.", count)


@contextmanager
def _given_back(readers: threading.BoundedSemaphore) -> Iterator[None]:
    try:
        yield
    finally:
        readers.release()


@contextmanager
def _at_work(place: BaseDatabaseWrapper) -> Iterator[None]:
    """Make the place's connection this thread's own for as long as the request is worked on."""
    connections["default"] = place
    try:
        yield
    finally:
        del connections["default"]


def _whole(answer: Iterable[bytes]) -> Iterable[bytes]:
    """The answer in one piece, which the server sends without asking for more; a file stays a stream."""
    if not isinstance(answer, HttpResponse):
        return answer
    body = [answer.content]
    answer.close()
    return body


def _connection() -> BaseDatabaseWrapper:
    """A connection that one thread after another may use, on which nothing waits for long."""
    connection = connections.create_connection("default")
    settings = connection.settings_dict
    asked = settings["OPTIONS"]
    connection.settings_dict = {**settings, "OPTIONS": {**asked, "options": f"{asked.get('options', '')} {LIMITS}"}}
    connection.inc_thread_sharing()
    return connection


def too_many(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The answer to somebody who is turned away, made without Django and without the database."""
    accepted = environ.get("HTTP_ACCEPT", "")
    kind, body = _turned_away("json" in accepted and "html" not in accepted)
    again = random.randint(*COME_BACK_SECONDS)  # noqa: S311 - spreads those who come back, no secret
    start_response(
        "503 Service Unavailable",
        [
            *_headers(),
            ("Retry-After", str(again)),
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
        ],
    )
    return [body]


@cache
def _headers() -> list[tuple[str, str]]:
    return [*SAFE_HEADERS.items(), (HEADER, build_policy()), ("X-Content-Type-Options", "nosniff")]


@cache
def _turned_away(as_json: bool) -> tuple[str, bytes]:
    """The kind and the body of the answer, made once: whoever is turned away must cost next to nothing."""
    body = views.too_busy(as_json)
    return body["Content-Type"], body.content
