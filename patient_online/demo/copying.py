"""Filling tables with COPY, as their owner: the quickest way into PostgreSQL, and rows are never held in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connections
from django.db.models import Model
from psycopg import sql

from patient_online.demo.telling import Progress

OWNER = "owner"
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one table: the columns that are given, and a stream of their values as COPY's text takes them.

    Every other column takes the default that its model declares.
    """

    model: type[Model]
    columns: tuple[str, ...]
    values: Iterable[tuple[Any, ...]]


def copy(rows: Rows, progress: Progress) -> int:
    """Stream the rows into their table; how many there were."""
    rest = _defaults(rows)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows.model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(column) for column in (*rows.columns, *rest)),
    )
    constants, number = tuple(rest.values()), 0
    with connections[OWNER].cursor() as cursor, cursor.copy(statement) as copying:
        for some in _batches(rows.values):
            for row in some:
                copying.write_row(row + constants)
            number += len(some)
            progress.add(len(some))
    return number


def _defaults(rows: Rows) -> dict[str, Any]:
    """The columns that are not given, each with its declared default as the database takes it."""
    fields = [field for field in rows.model._meta.concrete_fields if field.column not in rows.columns]
    return {str(field.column): field.get_db_prep_save(field.get_default(), connections[OWNER]) for field in fields}


def _batches(values: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    stream = iter(values)
    while some := list(islice(stream, AT_ONCE)):
        yield some
