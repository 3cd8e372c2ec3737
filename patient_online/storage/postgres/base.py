"""The database backend: Django's own, but timestamps are read by psycopg's C loader, and hot statements are prepared.

Django puts a Python loader in its place; with the connection in UTC both give the same instants, and lists come
20-40 % faster. A prepared statement is planned once for a connection: the one that tells who is asking takes a third
of the time.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

# No statement is prepared for being frequent: only those that ask for it.
NEVER_BY_ITSELF = 1 << 30
TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


# How many are kept ready for a connection, the least used going first: more than all pages together have.
MOST_READY = 500
# As many statements have their places numbered: more than there are, but those of many rows come in many lengths.
MOST_NUMBERED = 1000
PLACE = re.compile(r"%(?:s|%|\((\w+)\)s)")


class PreparedCursor(psycopg.RawCursor[Any]):
    """A cursor that leaves the values to the server, where the statement is kept ready.

    The places in a statement are numbered once: psycopg would do so each time for a long one.
    """

    def execute(self, query: Any, params: Any = None, **more: Any) -> "PreparedCursor":
        """Run the statement, prepared."""
        if params is None:
            return super().execute(query, None, prepare=True, **more)
        statement, names = numbered(query)
        given = [params[name] for name in names] if names else params
        return super().execute(statement, given, prepare=True, **more)


@lru_cache(maxsize=MOST_NUMBERED)
def numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with $1, $2 for %s or %(name)s, and for names the one of each number."""
    names = tuple(dict.fromkeys(name for name in PLACE.findall(statement) if name))
    counted = count(1)

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${names.index(found[1]) + 1 if names else next(counted)}"

    return PLACE.sub(place, statement).encode(), names


class _SendsFirst:
    """What a cursor does before it asks anything: it may be older than what waits."""

    db: Any

    def _execute(self, *given: Any) -> Any:
        self.db.send_what_waits()
        return super()._execute(*given)  # type: ignore[misc]

    def _executemany(self, *given: Any) -> Any:
        self.db.send_what_waits()
        return super()._executemany(*given)  # type: ignore[misc]

    def callproc(self, *given: Any, **more: Any) -> Any:
        """Call the procedure, after what waits."""
        self.db.send_what_waits()
        return super().callproc(*given, **more)  # type: ignore[misc]

    def copy(self, *given: Any, **more: Any) -> Any:
        """Copy rows in or out, after what waits."""
        self.db.send_what_waits()
        return self.cursor.copy(*given, **more)  # type: ignore[attr-defined]

    def stream(self, *given: Any, **more: Any) -> Any:
        """Give row after row of the statement, after what waits."""
        self.db.send_what_waits()
        return self.cursor.stream(*given, **more)  # type: ignore[attr-defined]


class PlainCursor(_SendsFirst, CursorWrapper):
    """Django's cursor, which sends what waits before its statements."""


class LoggedCursor(_SendsFirst, base.CursorDebugWrapper):
    """Django's cursor that keeps its statements for whoever develops, which sends what waits before them."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection in UTC whose timestamps come from the C loader."""

    waiting: Any = None  # what is to be written with one statement, and before any other (`storage/writing.py`)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and put psycopg's own timestamp loader back."""
        connection = super().get_new_connection(conn_params)
        loader = psycopg.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
        if loader is not None:
            connection.adapters.register_loader(TIMESTAMPTZ, loader)
        connection.prepare_threshold = NEVER_BY_ITSELF
        connection.prepared_max = MOST_READY
        return connection

    def prepared_cursor(self) -> Any:
        """A cursor for statements written by hand that are run again and again."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined]

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor as Django makes it, without looking for Django's timestamp loader."""
        if name is None:
            return self.connection.cursor()
        return base.ServerSideCursor(  # type: ignore[call-arg]
            self.connection, name=name, scrollable=False, withhold=self.connection.autocommit
        )

    def send_what_waits(self) -> None:
        """Write what waits to be written."""
        if self.waiting:
            self.waiting.send()

    def make_cursor(self, cursor: Any) -> Any:
        """A cursor that sends what waits first."""
        return PlainCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> Any:
        """A cursor that sends what waits first and keeps its statements."""
        return LoggedCursor(cursor, self)

    def _commit(self) -> None:
        with self._undone_by(self.rollback):
            self.send_what_waits()
        super()._commit()  # type: ignore[misc]

    def _savepoint_commit(self, sid: str) -> None:
        with self._undone_by(lambda: self.savepoint_rollback(sid)):
            self.send_what_waits()
        super()._savepoint_commit(sid)  # type: ignore[misc]

    @contextmanager
    def _undone_by(self, undo: Callable[[], None]) -> Iterator[None]:
        """Undo what a failure leaves behind: Django does so at the end of a block for errors of the database alone."""
        try:
            yield
        except BaseException:
            self.needs_rollback = False
            try:
                undo()
            except Error:
                self.close()
            raise

    def _rollback(self) -> None:
        self._forget_what_waits()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._forget_what_waits()
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _forget_what_waits(self) -> None:
        if self.waiting:
            self.waiting.forget()
