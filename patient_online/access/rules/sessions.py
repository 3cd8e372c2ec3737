"""How long is somebody signed in yet, why did it end, and what of a form sent too late is kept for them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_KEPT = 100_000  # characters of names and values together
MOST_FORMS = 5
NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})


class Ended(StrEnum):
    """Why somebody is not signed in any more."""

    IDLE = "idle"
    LIMIT = "limit"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Left:
    """The seconds until somebody is signed out, and whether doing something now gives them more."""

    seconds: int
    can_stay: bool


def left(last_seen_at: datetime, ends_at: datetime, *, idle: timedelta, at: datetime) -> Left:
    """How long somebody who was last seen then is signed in yet."""
    until = min(last_seen_at + idle, ends_at)
    most = min(at + idle, ends_at)
    return Left(max(0, int((until - at).total_seconds())), can_stay=most - until > timedelta(0))


def why_ended(last_seen_at: datetime, ends_at: datetime, *, idle: timedelta, emptied: bool) -> Ended:
    """Why a session that opens nothing any more has ended. One that did not end by itself was emptied."""
    if emptied:
        return Ended.ELSEWHERE
    return Ended.IDLE if last_seen_at + idle <= ends_at else Ended.LIMIT


def fields_kept(sent: Iterable[tuple[str, list[str]]]) -> list[list[str]] | None:
    """The fields of a form as they are kept, in their order, or None where there is too much to keep."""
    fields = [[name, value] for name, values in sent if name not in NEVER_KEPT for value in values]
    return fields if sum(len(name) + len(value) for name, value in fields) <= MOST_KEPT else None
