"""The ORM's own statements, made once and kept ready: for the few hot ones, where making them costs more than running.

    @prepared
    def _slots_of(practice_id: str, day: date, *, with_type: bool) -> QuerySet[Slot]: ...

    slots = _slots_of("X90001", day, with_type=True)  # a list

What is given by position are values: the statement is the same for all of them, so the function must not decide
anything by them. What is given by keyword is its shape: for each, a statement of its own is made, by running the
function twice with stand-ins for the values and looking where they come out. An instant may come out moved by a fixed
time, as `at + timedelta(days=28)`. Anything else that depends on a value is refused when the statement is made.
"""

import copy
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql

from patient_online.storage.postgres import prepared_cursor
from patient_online.storage.reading import Read, reader_of

M = TypeVar("M", bound=Model)
N = TypeVar("N", bound=Model)
P = ParamSpec("P")

# Of each function, the least used going first.
MOST_SHAPES = 200
PLACE = re.compile(r"(?<!%)%s")
# One in winter and one in summer: what reckons with a wall clock does not move both alike.
STAND_IN_DAYS = (date(2351, 1, 9), date(2354, 7, 21))


class NotPrepared(TypeError):
    """Raised when a statement depends on a value in a way that cannot be seen in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes: which one, and by how much it is moved."""

    value: int
    moved: timedelta | None = None

    def fill(self, values: Sequence[Any]) -> Any:
        """What stands there for these values."""
        value = values[self.value]
        return value + self.moved if self.moved else value


@dataclass(frozen=True)
class Ready(Generic[M]):
    """A queryset whose statement is kept, and what makes of its rows what the ORM would make of them."""

    rows: QuerySet[M]
    compiler: SQLCompiler
    statement: str
    places: Sequence[Place]
    read: Read | None

    def run(self, values: Sequence[Any]) -> list[Any]:
        """Its rows for these values."""
        with prepared_cursor() as cursor:
            cursor.execute(self.statement, [place.fill(values) for place in self.places])
            found: list[Any] = cursor.fetchall()
        return self.read(found) if self.read else self._by_the_orm(found)

    def _by_the_orm(self, found: list[Any]) -> list[Any]:
        compiler: Any = copy.copy(self.compiler)
        wanted = compiler.col_count
        compiler.execute_sql = lambda *_, **__: [[row[:wanted] for row in found]]
        # `copy.copy` would fetch the rows of the stand-ins first.
        rows: Any = object.__new__(type(self.rows))
        rows.__dict__.update(self.rows.__dict__)
        rows._query = copy.copy(self.rows.query)
        rows._query.get_compiler = lambda *_, **__: compiler
        return list(rows._iterable_class(rows))


def prepared(build: Callable[P, QuerySet[M]]) -> Callable[P, list[Any]]:
    """Make the function give its rows, by a statement that is made once for each shape."""

    @lru_cache(maxsize=MOST_SHAPES)
    def ready(kinds: tuple[type, ...], /, **shape: Any) -> Ready[M]:
        return _make_ready(lambda stand_ins: build(*stand_ins, **shape), kinds)

    made: Callable[..., Ready[M]] = ready

    @wraps(build)
    def run(*values: P.args, **shape: P.kwargs) -> list[Any]:
        return made(tuple(map(type, values)), **shape).run(values)

    run.plain = build  # type: ignore[attr-defined]
    return run


def only(model: type[N], rows: Sequence[N]) -> N:
    """The one row there is; raises the model's DoesNotExist where there is none."""
    if not rows:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return rows[0]


def _make_ready(build: Callable[[Sequence[Any]], QuerySet[M]], kinds: Sequence[type]) -> Ready[M]:
    stand_ins = [[_stand_in(kind, turn) for kind in kinds] for turn in (0, 1)]
    rows, others = build(stand_ins[0]), build(stand_ins[1])
    compiler = rows.query.get_compiler(using=rows.db)
    (made, params), (again, other_params) = compiler.as_sql(), others.query.get_compiler(using=rows.db).as_sql()
    if made != again:
        raise NotPrepared("The statement itself depends on a value.")
    places = [_place(pair, stand_ins) for pair in zip(params, other_params, strict=True)]
    if {place.value for place in places if isinstance(place, Place)} != set(range(len(kinds))):
        raise NotPrepared("A value is not to be seen in the statement.")
    statement = _statement(made, places)
    filled = [each for each in places if isinstance(each, Place)]
    return Ready(rows, compiler, statement, filled, reader_of(rows, compiler))


def _stand_in(wanted: type, turn: int) -> Any:
    day = STAND_IN_DAYS[turn] + timedelta(days=secrets.randbelow(10))
    if issubclass(wanted, datetime):
        return datetime(
            day.year, day.month, day.day, 11, 7, secrets.randbelow(60), secrets.randbelow(10**6), tzinfo=UTC
        )
    makers: dict[type, Callable[[], Any]] = {UUID: uuid4, date: lambda: day, str: lambda: secrets.token_hex(8)}
    for kind, make in makers.items():
        if issubclass(wanted, kind):
            return make()
    raise NotPrepared(f"There is no stand-in for a {wanted.__name__}: give it by keyword.")


def _place(pair: tuple[Any, Any], stand_ins: list[list[Any]]) -> Any:
    """Where the two differ, the place of a value; what is the same both times stands for itself."""
    if pair[0] == pair[1]:
        return pair[0]
    for number, both in enumerate(zip(*stand_ins, strict=True)):
        if both == pair:
            return Place(number)
        if all(isinstance(each, datetime) for each in (*both, *pair)) and pair[0] - both[0] == pair[1] - both[1]:
            return Place(number, pair[0] - both[0])
    raise NotPrepared(f"Something was made of a value that is more than the value: {pair[0]!r}.")


def _statement(made: str, places: Iterable[Any]) -> str:
    """The statement with what is always the same written into it, so that the planner knows it."""
    connections["default"].ensure_connection()
    context = connections["default"].connection
    texts = ["%s" if isinstance(each, Place) else _literal(each, context) for each in places]
    parts = PLACE.split(made)
    return parts[0] + "".join(text + part for text, part in zip(texts, parts[1:], strict=True))


def _literal(value: Any, context: Any) -> str:
    return sql.Literal(value).as_string(context).replace("%", "%%")
