"""Rows by the thousand: COPY on the connection of the tables' owner, for importers and the made-up world."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.db.models import Model

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


def add_all(rows: Sequence[Model]) -> int:
    """Copy new rows of one model into its table as the owner; how many there were."""
    if not rows:
        return 0
    fields: list[Any] = [field for field in rows[0]._meta.concrete_fields if field.column]
    values = ([_prepared(field, row) for field in fields] for row in rows)
    return copy_into(rows[0]._meta.db_table, [field.column for field in fields], values)


def change_all(rows: Sequence[Model], *names: str) -> int:
    """Write these columns of rows that have the key (practice, id), as the owner; how many rows there were."""
    if not rows:
        return 0
    quote, table = connections[OWNER].ops.quote_name, rows[0]._meta.db_table
    fields: list[Any] = [rows[0]._meta.get_field(name) for name in ("practice", "id", *names)]
    columns = [field.column for field in fields]
    listed = ", ".join(map(quote, columns))
    changes = ", ".join(f"{quote(column)} = given.{quote(column)}" for column in columns[2:])
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE given_rows AS SELECT {listed} FROM {quote(table)} LIMIT 0")  # noqa: S608
        copy_into("given_rows", columns, ([_prepared(field, row) for field in fields] for row in rows))
        cursor.execute(
            f"UPDATE {quote(table)} AS kept SET {changes} FROM given_rows AS given"  # noqa: S608 - names of ours
            " WHERE kept.practice_id = given.practice_id AND kept.id = given.id"
        )
        number = cursor.rowcount
        cursor.execute("DROP TABLE given_rows")
    return int(number)


def _prepared(field: Any, row: Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection=connections[OWNER])
