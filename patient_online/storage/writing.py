"""Rows are put in by statements that are kept ready; what one action writes goes in with one statement.

    with together():
        insert(appointment)
        insert(entry)  # both go in at the end, or as soon as anything else is asked of the database

What waits is sent before any other statement of its connection, so that nobody sees the difference but in the time that
it takes. An action does this for what it calls (`audit.actions.action`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connections, models
from django.db.transaction import TransactionManagementError

from patient_online.refusals import Refusal, Refused
from patient_online.storage.postgres import prepared_cursor

Meanings = Mapping[str, Refusal]
AS_IT_IS = (str, int, UUID, type(None))
# A statement has room for 65,535 values.
MOST_TOGETHER = 100
# As many lists of statements are kept joined, the least used going first.
MOST_SHAPES = 500
PLAIN = (
    models.CharField,
    models.TextField,
    models.UUIDField,
    models.BooleanField,
    models.PositiveSmallIntegerField,
    models.ForeignKey,
)


@dataclass(frozen=True, slots=True)
class Write:
    """A statement whose answer nobody waits for; `meanings` tell what it means when a constraint does not let it."""

    statement: str
    values: Sequence[Any]
    meanings: Meanings = field(default_factory=dict)
    calls: bool = False  # a SELECT of one function


@dataclass
class Waiting:
    """What is to be written through a connection."""

    using: str
    writes: list[Write] = field(default_factory=list)

    def send(self) -> None:
        """Write it all, by one statement, unless all will be undone."""
        if not self.writes:
            return
        writes, self.writes = sorted(self.writes, key=lambda each: each.calls), []
        connection = connections[self.using]
        if connection.needs_rollback:
            return
        meanings = {name: reason for each in writes for name, reason in each.meanings.items()}
        statement = _joined(tuple((each.statement, each.calls) for each in writes))
        try:
            with refusing(meanings), prepared_cursor(self.using) as cursor:
                cursor.execute(statement, [value for each in writes for value in each.values])
        except BaseException:
            connection.needs_rollback = connection.in_atomic_block
            raise

    def forget(self) -> None:
        """Write none of it: what made it is undone."""
        self.writes.clear()


@contextmanager
def together(using: str = "default") -> Iterator[None]:
    """Let what is written in here wait, so that it goes in with one statement; inside a transaction alone.

    Who breaks off the outermost writes nothing: what was sent already is undone with the transaction.
    """
    connection: Any = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("What is written together is written in one transaction: open it first.")
    outer = connection.waiting
    connection.waiting = waiting = outer or Waiting(using)
    try:
        yield
        waiting.send()
    except BaseException:
        connection.needs_rollback = connection.in_atomic_block and (connection.needs_rollback or outer is None)
        raise
    finally:
        connection.waiting = outer


def write(
    statement: str,
    values: Sequence[Any],
    using: str = "default",
    *,
    meanings: Meanings | None = None,
    calls: bool = False,
) -> None:
    """Run the statement, or let it wait for the others; several that wait must not touch one row."""
    connection: Any = connections[using]
    connection.validate_no_broken_transaction()
    waiting: Waiting = connection.waiting or Waiting(using)
    waiting.writes.append(Write(statement, values, meanings or {}, calls))
    if connection.waiting is None or len(waiting.writes) >= MOST_TOGETHER:
        waiting.send()


@contextmanager
def refusing(meanings: Meanings) -> Iterator[None]:
    """Raise Refused where a constraint of one of these names, or beginnings of names, does not let something in."""
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        for start, reason in meanings.items():
            if name.startswith(start):
                raise Refused(reason) from error
        raise


def insert(
    row: models.Model, using: str = "default", *, ignore_conflicts: bool = False, meanings: Meanings | None = None
) -> None:
    """Put a new row in, as its `save` would, by a statement that is kept ready; alone, or together with others."""
    statement, values = _columns(type(row), using)
    ending = " ON CONFLICT DO NOTHING" * ignore_conflicts
    write(statement + ending, [value(row) for value in values], using, meanings=meanings)
    row._state.adding, row._state.db = False, using


def insert_each(row: models.Model, given: Mapping[str, Sequence[UUID | None]], using: str = "default") -> None:
    """Put in new rows that are as this one but for the ids in `given`, by its columns: one row for each of them."""
    names = tuple(given)
    alike = [
        value for name, value in zip(_names(type(row)), _columns(type(row), using)[1], strict=True) if name not in given
    ]
    write(_each(type(row), names), [*(value(row) for value in alike), *map(list, given.values())], using)


@cache
def _each(model: type[models.Model], given: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in _names(model))
    values = ", ".join(f'one."{name}"' if name in given else "%s" for name in _names(model))
    ids, named = ", ".join(["%s::uuid[]"] * len(given)), ", ".join(f'"{name}"' for name in given)
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM unnest({ids}) AS one ({named})'  # noqa: S608 - ours


def _names(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields]


@lru_cache(maxsize=MOST_SHAPES)
def _joined(statements: tuple[tuple[str, bool], ...]) -> str:
    """One statement that does what they do: the last may be a SELECT, which would not be run before the last."""
    if len(statements) == 1:
        return statements[0][0]
    writes = [text for text, calls in statements if not calls]
    calls = [f"({text})" for text, calls in statements if calls]
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(writes))
    ending = f"SELECT {', '.join(calls) or 'NULL'}"
    return f"WITH {parts} {ending}" if writes else ending


@cache
def _columns(model: type[models.Model], using: str) -> tuple[str, list[Callable[[models.Model], Any]]]:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{each.column}"' for each in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - our names
    return statement, [_value_of(each, using) for each in fields]


def _value_of(field: Any, using: str) -> Callable[[models.Model], Any]:
    """What takes the field's value out of a row as the database gets it, the short way where that is the same."""

    def prepared(row: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(row, add=True), connections[using])

    given = attrgetter(field.attname)

    def plain(row: models.Model) -> Any:
        value = given(row)
        return value if isinstance(value, AS_IT_IS) else prepared(row)

    def instant(row: models.Model) -> Any:
        value = given(row)
        return value if value is None or (isinstance(value, datetime) and value.tzinfo) else prepared(row)

    if type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add):
        return instant
    return plain if type(field) in PLAIN else prepared
