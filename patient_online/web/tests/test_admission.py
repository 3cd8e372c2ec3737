"""So many are served at once, a few wait, and the others are told at once to come back in a few seconds."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from patient_online.web import admission
from patient_online.web.admission import MOST_READING, Admission

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Answer:
    """What came of a request."""

    def __init__(self, application: Any, path: str = "/", accept: str = "text/html", **sent: Any) -> None:
        self.status, self.headers = "", dict[str, str]()
        body = application({"PATH_INFO": path, "HTTP_ACCEPT": accept, **sent}, self.start)
        self.body = b"".join(body)

    def start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        """Keep how the answer begins."""
        self.status, self.headers = status, dict(headers)


class Slow:
    """An application whose answers wait until they are let go; it notes how many it works on, and with what."""

    def __init__(self) -> None:
        self.go, self.lock, self.came = threading.Event(), threading.Lock(), threading.Semaphore(0)
        self.now, self.most, self.used = 0, 0, list[object]()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.used.append(connections["default"])
        self.came.release()
        self.go.wait(30)
        with self.lock:
            self.now -= 1
        start("200 OK", [])
        return [b"served"]


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A slow application, let go at the end."""
    application = Slow()
    yield application
    application.go.set()


def closed(door: Admission) -> None:
    """Close the connections of the places."""
    for places in (door.places, door.places_for_health):
        for place in places.free:
            place.dec_thread_sharing()
            place.close()


def test_the_last_of_a_crowd_is_turned_away_at_once_and_kindly(slow: Slow) -> None:
    door = Admission(slow, places=2, waiting=0)
    with ThreadPoolExecutor(2) as pool:
        served = [pool.submit(Answer, door) for _ in range(2)]
        assert all(slow.came.acquire(timeout=30) for _ in range(2))
        turned_away = Answer(door)
        slow.go.set()
        assert [each.result().status for each in served] == ["200 OK"] * 2
    assert turned_away.status == "503 Service Unavailable"
    assert 1 <= int(turned_away.headers["Retry-After"]) <= 10
    assert turned_away.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in turned_away.headers["Content-Security-Policy"]
    page = turned_away.body.decode()
    assert "Nothing was changed." in page
    assert "telephone your GP practice" in page
    assert turned_away.headers["Content-Length"] == str(len(turned_away.body))
    closed(door)


def test_who_waits_is_served_when_there_is_room_and_never_are_more_served_than_there_are_places(slow: Slow) -> None:
    door = Admission(slow, places=2, waiting=10)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(Answer, door) for _ in range(6)]
        assert all(slow.came.acquire(timeout=30) for _ in range(2))
        slow.go.set()
        assert [each.result().status for each in asked] == ["200 OK"] * 6
    assert slow.most == 2
    assert len(set(map(id, slow.used))) == 2
    closed(door)


def test_who_has_waited_too_long_is_turned_away(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 0.01)
    door = Admission(slow, places=1, waiting=1)
    with ThreadPoolExecutor(1) as pool:
        served = pool.submit(Answer, door)
        assert slow.came.acquire(timeout=30)
        assert [Answer(door).status[:3] for _ in range(3)] == ["503"] * 3
        slow.go.set()
        assert served.result().status == "200 OK"
    assert Answer(door).status == "200 OK"
    closed(door)


def test_whether_we_live_is_answered_in_any_crowd(slow: Slow) -> None:
    door = Admission(slow, places=1, waiting=0)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(Answer, door, path) for path in ("/", "/healthz", "/version", "/readyz")]
        assert all(slow.came.acquire(timeout=30) for _ in range(4))
        slow.go.set()
        assert {each.result().status for each in asked} == {"200 OK"}
    closed(door)


def test_a_program_is_turned_away_in_json(slow: Slow) -> None:
    door = Admission(slow, places=0, waiting=0)
    answer = Answer(door, accept="application/json")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == 503


def test_a_crowd_does_not_fill_the_log(slow: Slow, caplog: pytest.LogCaptureFixture) -> None:
    door = Admission(slow, places=0, waiting=0)
    with caplog.at_level(logging.WARNING, logger="patient_online.web.admission"):
        for _ in range(50):
            Answer(door)
    assert 1 <= len([record for record in caplog.records if record.name == "patient_online.web.admission"]) < 10


def test_the_place_is_given_back_when_the_application_breaks() -> None:
    def broken(environ: Any, start: Any) -> Iterable[bytes]:
        raise RuntimeError

    door = Admission(broken, places=1, waiting=0)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            Answer(door)
    closed(door)


def test_nothing_waits_long_on_a_place_at_work_nor_is_a_page_s_statement_compiled() -> None:
    asked: list[str] = []

    def asks(environ: Any, start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        with connections["default"].cursor() as cursor:
            for name in ("lock_timeout", "statement_timeout", "TimeZone", "jit"):
                cursor.execute(f"SHOW {name}")
                asked.append(cursor.fetchone()[0])
        return [b""]

    door = Admission(asks, places=1)
    Answer(door)
    assert asked == ["2s", "8s", "UTC", "off"]
    closed(door)


@pytest.mark.parametrize("kind", [HttpResponse, StreamingHttpResponse, FileResponse])
def test_a_page_comes_in_one_piece_and_a_file_as_a_stream(kind: type[Any]) -> None:
    answer = kind([b"one", b"two"])
    ended: list[bool] = []
    answer._resource_closers.append(lambda: ended.append(True))

    def one(environ: Any, start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        return answer  # type: ignore[no-any-return]

    door = Admission(one, places=1)
    body = door({"PATH_INFO": "/"}, lambda *_: None)
    assert isinstance(body, list) is (kind is HttpResponse)
    assert bool(ended) is (kind is HttpResponse)
    assert b"".join(body) == b"onetwo"
    closed(door)


class HalfSent:
    """What somebody sends who stops in the middle, until they go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self, length: int) -> bytes:
        """Wait for the rest."""
        self.go_on.wait(30)
        return b"a" * length


def test_forms_that_are_sent_half_hold_up_nobody_else() -> None:
    """Without signing in, sixteen of them once stopped the whole service: each had a place while it was read."""
    door = Admission(echo, places=2, waiting=0)
    half = HalfSent()
    with ThreadPoolExecutor(MOST_READING) as pool:
        sent: dict[str, Any] = {"CONTENT_LENGTH": "3", "wsgi.input": half}
        slow = [pool.submit(Answer, door, **sent) for _ in range(MOST_READING)]
        while door.readers.acquire(blocking=False):  # until all of them are being read
            door.readers.release()
        assert Answer(door).status == "200 OK"
        assert Answer(door, **sent).status == "503 Service Unavailable"
        half.go_on.set()
        assert {each.result().status for each in slow} <= {"200 OK", "503 Service Unavailable"}
    assert Answer(door, **sent).body == b"aaa"
    closed(door)


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with what was sent."""
    start("200 OK", [])
    return [environ["wsgi.input"].read(3) if "wsgi.input" in environ else b"served"]
