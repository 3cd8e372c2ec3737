"""What tests of waiting writes do: note, look what is noted, and take what is taken."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from patient_online.appointments.rules.booking import NotBooked
from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.audit.models import Entry

TESTS = System("tests", "X90001")
ONCE = {"once": NotBooked.JUST_TAKEN}
AGAIN = "INSERT INTO taken VALUES (%s)"
COUNT = "SELECT count(*) FROM audit_entry"


@action("tests.done")
def done(body: Callable[[], Any], *, by: System, at: datetime) -> None:
    """Do what a test does as an action: only actions write."""
    body()


@action("tests.inner")
def inner(body: Callable[[], Any], *, by: System, at: datetime) -> None:
    """Do what a test does as an action inside another."""
    body()


def in_an_action(test: Callable[..., None]) -> Callable[..., None]:
    """Make a test an action."""

    @functools.wraps(test)
    def wrapper(**given: Any) -> None:
        done(lambda: test(**given), by=TESTS, at=given["now"])

    return wrapper


def note(event: str, at: datetime) -> None:
    """Put an entry into the trail, which waits."""
    record(event, by=TESTS, at=at)


def noted() -> list[str]:
    """What the trail tells."""
    return list(Entry.objects.order_by("event").values_list("event", flat=True))


def one_is_taken() -> None:
    """Make a table of this connection's own, in which the one is there and may be but once."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE taken (number int CONSTRAINT once PRIMARY KEY)")
        cursor.execute("INSERT INTO taken VALUES (1)")
