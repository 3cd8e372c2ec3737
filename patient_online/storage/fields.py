"""References between rows of one practice: a field that joins on both columns, and the foreign key beside it."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.constraints import BaseConstraint
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor


class SamePracticeDescriptor(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """Sets the column alone, never the practice: Django's own would overwrite `practice_id`."""

    def __set__(self, instance: models.Model, value: models.Model | None) -> None:
        """Point at `value`; ValueError when it is of another practice, TypeError when it is another kind of thing."""
        column = self.field.column_name
        if value is not None:
            if not isinstance(value, self.field.remote_field.model):
                raise TypeError(f"{self.field.name} must be a {self.field.remote_field.model.__name__}")
            if value.practice_id != instance.practice_id:  # type: ignore[attr-defined]
                raise ValueError(f"{self.field.name} belongs to another practice")
        setattr(instance, column, None if value is None else value.id)
        self.field.set_cached_value(instance, value)


class SamePractice(models.ForeignObject):  # type: ignore[type-arg]
    """A reference to a row of the same practice: joins on (practice, column) = (practice, id).

    The column is written openly as its own UUIDField above this field. It makes no foreign key in the database:
    `InPractice` does.
    """

    forward_related_accessor_class = SamePracticeDescriptor

    def __init__(self, to: Any, *, column: str, related_name: str = "+", **kwargs: Any) -> None:
        self.column_name = column
        for given in ("on_delete", "from_fields", "to_fields"):
            kwargs.pop(given, None)
        super().__init__(
            to, models.DO_NOTHING, ["practice", column], ["practice", "id"], related_name=related_name, **kwargs
        )

    def deconstruct(self) -> Any:
        """How a migration writes this field."""
        name, path, args, kwargs = super().deconstruct()
        for implied in ("on_delete", "from_fields", "to_fields"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "column": self.column_name}


class InPractice(BaseConstraint):
    """The composite foreign key (practice, column) -> (practice, id) beside a `SamePractice` field."""

    def __init__(self, field: str, *, to: Any, name: str) -> None:
        super().__init__(name=name)
        self.field = field
        self.to = to if isinstance(to, str) else to._meta.label_lower

    def _sql(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        target = model._meta.apps.get_model(self.to)
        quote = editor.quote_name
        column = model._meta.get_field(self.field).column_name  # type: ignore[union-attr]
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('practice_id')}, {quote(column)})"
            f" REFERENCES {quote(target._meta.db_table)} ({quote('practice_id')}, {quote('id')})"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """The constraint as it stands in CREATE TABLE."""
        return self._sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """The statement that adds the constraint."""
        table = schema_editor.quote_name(model._meta.db_table)
        return Statement("ALTER TABLE %(table)s ADD %(sql)s", table=table, sql=self._sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """The statement that drops the constraint."""
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s", table=quote(model._meta.db_table), name=quote(self.name)
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """Leave it to the database, which alone sees every row."""

    def deconstruct(self) -> tuple[str, tuple[str], dict[str, Any]]:
        """How a migration writes this constraint."""
        path = f"{type(self).__module__}.{type(self).__name__}"
        return path, (self.field,), {"to": self.to, "name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InPractice) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<InPractice: {self.field} to {self.to} name={self.name!r}>"
