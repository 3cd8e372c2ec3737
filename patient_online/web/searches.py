"""What somebody looks for, put aside in their session: the address of what is found has an id, never what was typed."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import get_random_string

SEARCHES = "searches"
MOST = 5
LASTS = timedelta(minutes=30)
TYPED = frozenset({"q", "who"})  # names under which addresses once carried what was typed about people
SIGNS_OF_A_NUMBER = 9
Row = list[Any]  # the id, which page's search it is, what was typed, and when


def put_aside(session: Any, page: str, text: str, *, at: datetime) -> str:
    """Keep what was typed on a page for a while, beside the few before it; answer the id it is found by."""
    number = get_random_string(12)
    session[SEARCHES] = [*_fresh(session, at), [number, page, text, at.timestamp()]][-MOST:]
    return number


def taken_up(session: Any, page: str, number: str, *, at: datetime) -> str | None:
    """What was typed on the page under this id in this session, or None where it is too long ago or never was."""
    return next((text for known, where, text, _at in _fresh(session, at) if (known, where) == (number, page)), None)


def _fresh(session: Any, at: datetime) -> list[Row]:
    rows: list[Row] = session.get(SEARCHES, [])
    return [row for row in rows if row[3] > (at - LASTS).timestamp()]


def onward(request: HttpRequest) -> str:
    """The address somebody was going to, to lead there later: without what they typed of themselves or of a patient."""
    asked = request.GET.copy()
    for name in [name for name, values in asked.lists() if name in TYPED or any(map(_is_a_number, values))]:
        del asked[name]
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _is_a_number(text: str) -> bool:
    """Whether it may be an NHS number or a telephone number, with or without spaces."""
    signs = "".join(text.split()).removeprefix("+")
    return signs.isdecimal() and len(signs) >= SIGNS_OF_A_NUMBER
