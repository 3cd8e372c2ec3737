"""What is asked for: the requests of visitors, ready to be sent, and the same things as the bare view takes them."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone

from benchmarks.load import Step, Visit
from benchmarks.served import BARE, HOST, PRODUCT
from benchmarks.world import Visitor, World
from patient_online.appointments.views import signs
from patient_online.storage.ids import uuid7
from patient_online.web.shares import cookie_name, tag_of

# Django takes a token as it stands in the cookie.
TOKEN = "benchmark" * 3 + "bench"
OTHER_TIMES, BOOKED, A_PATIENT = b"app-times__time", b"/booked\r\n", b"/practice/patients/"
BARE_ANSWERS = {
    "book": b"\r\n\r\n1",
    "hot": b"\r\n\r\n",
    "move": b"\r\n\r\n1",
    "slot": b'"starts_at"',
    "search": b'"clinician"',
    "day": b'"birth_date"',
}
Asked = tuple[Visitor, dict[str, Any]]


def get(name: str, visitor: Visitor, path: str, right: dict[int, bytes]) -> Step:
    """A page that somebody signed in looks at."""
    return Step(name, f"GET {path} HTTP/1.1\r\n{_headers(visitor)}\r\n".encode(), right)


def post(name: str, visitor: Visitor, path: str, given: dict[str, str]) -> Step:
    """A form that somebody signed in sends."""
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "key": str(uuid7()), **given})
    kind = f"Origin: http://{HOST}:{PRODUCT}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    headers = f"{_headers(visitor)}{kind}Content-Length: {len(body)}\r\n"
    return Step(name, f"POST {path} HTTP/1.1\r\n{headers}\r\n{body}".encode(), {302: BOOKED, 409: OTHER_TIMES})


def _headers(visitor: Visitor) -> str:
    accepts = "Accept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB,en;q=0.9\r\n"
    return f"Host: {HOST}:{PRODUCT}\r\n{accepts}{_cookies(visitor)}"


def _cookies(visitor: Visitor) -> str:
    """What the browser of somebody signed in carries."""
    tag = tag_of(visitor.practice, visitor.key)
    read = signs.sealed(visitor.key, visitor.who, at=timezone.now())
    return f"Cookie: session={visitor.key}; csrf={TOKEN}; {cookie_name()}={tag}; {signs.cookie_name()}={read}\r\n"


def book(visitor: Visitor, slot: UUID, starts: str) -> Step:
    """Somebody presses book, for the time that they have seen."""
    said = {"starts": starts, "length": "1", "reason": "A cough", "comment": "", "telephone": "07700 900123"}
    return post("book", visitor, f"/appointments/slots/{slot}", said)


def move(visitor: Visitor, given: dict[str, Any]) -> Step:
    """Somebody confirms a new time."""
    path = f"/appointments/{given['appointment']}/move/{given['slot']}"
    return post("move", visitor, path, {"starts": given["starts"], "telephone": "07700 900123"})


def slot_page(visitor: Visitor, slot: UUID, starts: str) -> Step:
    """Somebody looks at a slot before they book it."""
    return get("slot", visitor, f"/appointments/slots/{slot}", {200: f'value="{starts}"'.encode(), 409: OTHER_TIMES})


def search(visitor: Visitor) -> Step:
    """Somebody looks for a free appointment."""
    return get("search", visitor, "/appointments/book", {200: OTHER_TIMES})


def step_of(name: str, visitor: Visitor, given: dict[str, Any]) -> Step:
    """The request to the product that an operation means."""
    made: dict[str, Callable[[], Step]] = {
        "book": lambda: book(visitor, given["slot"], given["starts"]),
        "hot": lambda: book(visitor, given["slot"], given["starts"]),
        "move": lambda: move(visitor, given),
        "slot": lambda: slot_page(visitor, given["slot"], given["starts"]),
        "search": lambda: search(visitor),
        "day": lambda: get("day", visitor, "/appointments/book-of-the-day", {200: A_PATIENT}),
    }
    return made[name]()


def bare_step_of(name: str, given: dict[str, Any]) -> Step:
    """The same, as the bare view takes it."""
    path = f"/{name}?{urlencode(given)}"
    return Step(name, f"GET {path} HTTP/1.1\r\nHost: {HOST}:{BARE}\r\n\r\n".encode(), {200: BARE_ANSWERS[name]})


def asked(name: str, world: World, number: int, appointments: dict[UUID, UUID]) -> Iterator[Asked]:
    """Who asks for what, so many times."""
    hot = {practice: [world.take(practice) for _ in range(12)] for practice in world.free} if name == "hot" else {}
    people = world.desks if name == "day" else world.near()
    people = [one for one in people if one.who in appointments] if name == "move" else people
    once = name in ("book", "hot", "move")
    left = {practice: len(slots) for practice, slots in world.free.items()}
    for n in range(min(number, len(people)) if once else number):
        visitor = people[n % len(people)]
        left[visitor.practice] = left.get(visitor.practice, 0) - 1
        if name in ("book", "move") and left[visitor.practice] < 0:
            continue  # every free slot of theirs is asked for already: it would be measured how quickly one is refused
        given: dict[str, Any] = {"practice": visitor.practice, "patient": visitor.who, "account": visitor.account}
        if name == "hot":
            given["slot"] = hot[visitor.practice][n % 12]
        elif name in ("book", "move", "slot"):
            given["slot"] = world.take(visitor.practice)
        given["starts"] = world.starts.get(given.get("slot", visitor.account), "")
        if name == "move":
            given["appointment"] = appointments[visitor.who]
        yield visitor, given | {"id": uuid7(), "key": uuid7()}


def visits(steps: list[Step]) -> Iterator[Visit]:
    """Each request as a visit of its own."""
    return iter([[step] for step in steps])
