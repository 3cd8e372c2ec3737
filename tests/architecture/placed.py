"""Laws 5 and 6: references between apps, and what a model's placement asks of its keys."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.placement import Placement

MAY_POINT_AT = {
    Placement.PRACTICE: {Placement.PRACTICE, Placement.REFERENCE},
    Placement.ACCOUNT: {Placement.ACCOUNT, Placement.REFERENCE},
    Placement.REFERENCE: {Placement.REFERENCE},
    Placement.LOCAL: {Placement.LOCAL, Placement.REFERENCE},
}
FIRST = {"practice", "practice_id"}
Model = type[models.Model]
Field = Any  # Django's stubs know no type that has all of these


def reachable_from_below(model: Model) -> list[str]:
    """Every reference to another app that the other app could follow back (law 5)."""
    return [
        f"{model._meta.label}.{field.name}: related_name must be '+'"
        for field in references(model)
        if field.related_model._meta.app_label != model._meta.app_label and not field.remote_field.hidden
    ]


def misplaced(model: Model) -> list[str]:
    """Everything in which the model does not obey its placement (law 6)."""
    placement = getattr(model, "placement", None)
    if not isinstance(placement, Placement):
        return [f"{model._meta.label}: says no placement"]
    wrong = [*_targets(model, placement)]
    if placement is Placement.PRACTICE:
        wrong += [*_keys(model), *_indexes(model), *_neighbours(model)]
    return [f"{model._meta.label}{what}" for what in wrong]


def references(model: Model) -> list[Field]:
    """The fields that point at another row."""
    fields: list[Field] = [*model._meta.get_fields()]
    return [field for field in fields if field.is_relation and not field.auto_created and field.remote_field]


def _targets(model: Model, placement: Placement) -> Iterator[str]:
    for field in references(model):
        target = getattr(field.related_model, "placement", None)
        if target not in MAY_POINT_AT[placement]:
            yield f".{field.name}: a {placement} row may not point at a {target or 'nowhere'} row"


def _keys(model: Model) -> Iterator[str]:
    key: Any = model._meta.pk
    if not isinstance(key, models.CompositePrimaryKey) or key.field_names[0] not in FIRST:
        yield ": its primary key does not start with the practice"
    for field in model._meta.local_fields:
        if field.unique and field is not key:
            yield f".{field.name}: unique without the practice"
    for names in model._meta.unique_together:
        if names[0] not in FIRST:
            yield f": {names} is unique without starting with the practice"
    for constraint in _unique(model):
        if _columns(constraint)[:1] not in (["practice"], ["practice_id"]):
            yield f": {constraint.name} does not start with the practice"


def _indexes(model: Model) -> Iterator[str]:
    for index in model._meta.indexes:
        if _columns(index)[:1] not in (["practice"], ["practice_id"]):
            yield f": the index {index.name} does not start with the practice"
    fields: list[Field] = [*model._meta.local_fields]
    for field in fields:
        if field.db_index and field.name not in FIRST:
            yield f".{field.name}: an index that does not start with the practice"


def _neighbours(model: Model) -> Iterator[str]:
    """Each reference to a row of the same practice is whole: field, column above it, foreign key, index."""
    constrained = {each.field: each.to for each in model._meta.constraints if isinstance(each, InPractice)}
    for field in references(model):
        if getattr(field.related_model, "placement", None) is not Placement.PRACTICE:
            continue
        if not isinstance(field, SamePractice):
            yield f".{field.name}: points at a practice's row and is no SamePractice"
            continue
        column: Field = model._meta.get_field(field.column_name)
        if column.creation_counter > field.creation_counter:
            yield f".{field.name}: {column.name} must be written above it"
        if constrained.get(field.name) != field.related_model._meta.label_lower:
            yield f".{field.name}: has no InPractice beside it"
        found_by_key = _key_names(model)[:2] == ["practice_id", column.name]
        if not found_by_key and not any(
            _found_by(each, column.name) for each in [*model._meta.indexes, *_unique(model)]
        ):
            yield f".{field.name}: no index starts with (practice, {column.name})"


def _found_by(index: Any, column: str) -> bool:
    """Whether every row with this column is in the index, behind its practice."""
    whole = index.condition is None or index.condition == models.Q(**{f"{column}__isnull": False})
    return whole and _columns(index)[:2] in (["practice", column], ["practice_id", column])


def _unique(model: Model) -> list[models.UniqueConstraint]:
    return [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]


def _key_names(model: Model) -> list[str]:
    return list(getattr(model._meta.pk, "field_names", []))


def _columns(index: Any) -> list[str]:
    """The names an index or unique constraint starts with; an expression that is not a plain column counts as ''."""
    if index.fields:
        return [name.lstrip("-") for name in index.fields]
    return [getattr(each, "name", "") if isinstance(each, models.F) else "" for each in index.expressions]
