"""Rows by the thousand: COPY on the connection of the tables' owner, for importers and the made-up world."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import connections

OWNER = "owner"


def require_owner() -> None:
    """Raise CommandError unless the owner's connection is known."""
    if OWNER not in connections:
        raise CommandError("Set DATABASE_OWNER_URL to the role that owns the tables: loading a file needs it.")


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy rows into a table as the owner, in the transaction that is open; how many there were."""
    quote = connections[OWNER].ops.quote_name
    names = ", ".join(map(quote, columns))
    number = 0
    with (
        connections[OWNER].cursor() as cursor,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy,
    ):
        for number, row in enumerate(rows, start=1):  # noqa: B007 - the last one counts them
            copy.write_row(row)
    return number
