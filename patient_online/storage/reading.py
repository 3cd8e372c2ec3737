"""How the rows of a statement become what the ORM makes of them, worked out once and not for each run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]
Read = Callable[[Iterable[Row]], list[Any]]


def reader_of(rows: QuerySet[Any], compiler: SQLCompiler) -> Read | None:
    """What makes of the rows of this compiler's statement what the queryset gives; None where only the ORM can."""
    make = _maker_of(rows, compiler)
    if make is None or compiler.has_composite_fields(_columns(compiler)):
        return None
    converters = compiler.get_converters(_columns(compiler))

    def read(found: Iterable[Row]) -> list[Any]:
        converted = compiler.apply_converters(found, converters) if converters else found
        return [make(row) for row in converted]

    return read


def _columns(compiler: SQLCompiler) -> list[Any]:
    return [each[0] for each in compiler.select[: compiler.col_count]]


def _maker_of(rows: Any, compiler: SQLCompiler) -> Callable[[Row], Any] | None:
    width = compiler.col_count
    kinds: dict[Any, Callable[[], Callable[[Row], Any] | None]] = {
        ModelIterable: lambda: _model_maker(rows, compiler),
        ValuesListIterable: lambda: lambda row: tuple(row[:width]),
        FlatValuesListIterable: lambda: lambda row: row[0],
    }
    known = kinds.get(rows._iterable_class, lambda: None)
    return known()


@dataclass(frozen=True, slots=True)
class Part:
    """The columns of a row that are one model, and those of the models that it refers to."""

    model: type[Model]
    using: str
    names: Sequence[str]
    columns: slice
    key: int
    joined: Sequence[tuple["Part", Any]]

    def of(self, row: Row) -> Any:
        """The model in this row, as `from_db` makes it: no `__init__` of ours does more, no signal waits for it."""
        made: Any = object.__new__(self.model)
        state = ModelState()
        state.adding, state.db = False, self.using
        made.__dict__.update(zip(self.names, row[self.columns], strict=True), _state=state)
        for part, setters in self.joined:
            other = None if row[part.key] is None else part.of(row)
            setters.local_setter(made, other)
            if other is not None:
                setters.remote_setter(other, made)
        return made


def _model_maker(rows: Any, compiler: Any) -> Callable[[Row], Any] | None:
    told = compiler.klass_info
    start, end = told["select_fields"][0], told["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[start:end]]
    joined = get_related_populators(told, compiler.select, rows.db)  # type: ignore[call-arg]
    whole = Part(told["model"], rows.db, names, slice(start, end), start, _parts(joined))
    if rows._known_related_objects or not all(map(_is_plain, _models(whole, joined))):
        return None
    more = tuple(compiler.annotation_col_map.items()) if compiler.annotation_col_map else ()

    def make(row: Row) -> Any:
        made = whole.of(row)
        for name, place in more:
            setattr(made, name, row[place])
        return made

    return make if more else whole.of


def _parts(populators: Sequence[Any]) -> list[tuple[Part, Any]]:
    return [(_part(each), each) for each in populators]


def _part(one: Any) -> Part:
    columns = slice(one.cols_start, one.cols_end) if one.reorder_for_init is None else slice(0)
    return Part(
        one.model_cls, one.db, one.init_list, columns, columns.start + one.pk_idx, _parts(one.related_populators)
    )


def _models(whole: Part, populators: Sequence[Any]) -> Iterable[type[Model] | None]:
    """Every model that is made; None for one of which a part stands elsewhere in the row."""
    yield whole.model
    for (part, _), one in zip(whole.joined, populators, strict=True):
        yield None if one.reorder_for_init else part.model
        yield from _models(part, one.related_populators)


def _is_plain(model: Any) -> bool:
    return (
        model is not None and model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
    )
