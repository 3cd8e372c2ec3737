"""A server on the loopback that speaks as much of GOV.UK Notify's API as we use, and fails, hangs and slows."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from patient_online.storage.ids import uuid7

KEY = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
NOT_TAKEN, TAKEN = False, True


@dataclass(frozen=True)
class Answer:
    """What it does with a message: takes it or not, after so many seconds, and with which status."""

    taken: bool = TAKEN
    status: int = 201
    after: float = 0
    errors: list[dict[str, str]] = field(default_factory=list)
    garbage: str = ""


class NotifyApi(ThreadingHTTPServer):
    """Takes texts and remembers them by reference. `behaves` is for the next one, `tells` for the next question."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaves: Callable[[], Answer] = Answer
        self.tells: Callable[[], Answer] = lambda: Answer(status=200)
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def found(self, reference: str) -> list[dict[str, Any]]:
        """What it took under a reference, the newest first."""
        with self.lock:
            return [each for each in reversed(self.taken) if each["reference"] == reference]

    def delivers(self, status: str) -> None:
        """What became of everything it took so far."""
        with self.lock:
            for each in self.taken:
                each["status"] = status

    def take(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take a text."""
        taken = {**asked, "id": str(uuid7()), "status": "created"}
        with self.lock:
            self.taken.append(taken)
        return taken

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where the other side has gone: in these tests it is killed."""


class _Handler(BaseHTTPRequestHandler):
    server: NotifyApi

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v2/notifications/sms"
        assert self.headers["Authorization"].startswith("Bearer ")
        assert asked["template_id"] == TEMPLATE
        assert set(asked["personalisation"]) == {"body"}
        answer = self.server.behaves()
        taken = self.server.take(asked) if answer.taken else {"status_code": answer.status, "errors": answer.errors}
        time.sleep(answer.after)
        self._say(answer.status, taken, answer.garbage)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/v2/notifications"
        (reference,) = parse_qs(parts.query)["reference"]
        self.server.asked.append(reference)
        answer = self.server.tells()
        time.sleep(answer.after)
        found = {"notifications": self.server.found(reference), "links": {"current": self.path}}
        refused = {"status_code": answer.status, "errors": answer.errors}
        self._say(answer.status, found if answer.status == 200 else refused, answer.garbage)

    def _say(self, status: int, words: dict[str, Any], garbage: str = "") -> None:
        body = (garbage or json.dumps(words)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def in_a_bad_mood(hang: float) -> Callable[[], Answer]:
    """Four in ten go wrong: errors with and without taking it, hanging with and without taking it; some are slow."""
    answers = [
        Answer(NOT_TAKEN, 500),
        Answer(NOT_TAKEN, 429),
        Answer(TAKEN, 500),
        Answer(NOT_TAKEN, 201, hang),
        Answer(TAKEN, 201, hang),
        Answer(TAKEN, 201, 0.3),
        Answer(),
    ]
    return lambda: random.choices(answers, weights=[10, 5, 10, 3, 3, 9, 60])[0]


@contextmanager
def a_notify_api() -> Iterator[NotifyApi]:
    """The server, listening meanwhile."""
    server = NotifyApi()
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
