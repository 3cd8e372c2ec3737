"""Laws 5 and 6: what is asked of models. Breaches are planted as models that exist nowhere else."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.test.utils import isolate_apps

from patient_online.config import placement
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.placement import Placement
from tests.architecture.placed import misplaced, reachable_from_below
from tests.architecture.tables import other_models, our_models, our_tables

isolated = isolate_apps("patient_online.practices", "patient_online.patients")


def a_model(name: str, app: str = "patients", *, key: bool = True, **body: Any) -> type[models.Model]:
    """A model of a row of a practice that is there for one test."""
    meta = type("Meta", (), {"app_label": app, **body.pop("meta", {})})
    row: dict[str, Any] = {
        "placement": Placement.PRACTICE,
        "practice_id": models.CharField(max_length=10),
        "id": models.UUIDField(),
    }
    if key:
        row["pk"] = models.CompositePrimaryKey("practice_id", "id")
    return type(name, (models.Model,), {**row, **body, "Meta": meta, "__module__": __name__})


def a_pair(**meta: Any) -> type[models.Model]:
    """A letter that points at a house of its practice."""
    a_model("House")
    column, field = models.UUIDField(), SamePractice("patients.house", column="house_id")
    return a_model("Letter", house_id=column, house=field, meta=meta)


WHOLE = [InPractice("house", to="patients.house", name="letter_house")]
INDEX = [models.Index(fields=["practice_id", "house_id"], name="letter_of_house")]


def test_there_are_models_of_every_common_placement() -> None:
    found = {model.placement for model in our_models()}  # type: ignore[attr-defined]
    assert {Placement.PRACTICE, Placement.ACCOUNT, Placement.REFERENCE} <= found


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_laws_5_and_6_hold_for(model: type[models.Model]) -> None:
    assert reachable_from_below(model) == []
    assert misplaced(model) == []


@isolated
def test_law_5_finds_a_reference_that_can_be_followed_back() -> None:
    a_model("Surgery", app="practices", key=False, id=models.UUIDField(primary_key=True))
    surgery = models.ForeignKey("practices.surgery", models.PROTECT, related_name="letters")
    assert reachable_from_below(a_model("Letter", surgery=surgery))
    surgery = models.ForeignKey("practices.surgery", models.PROTECT, related_name="+")
    assert reachable_from_below(a_model("Parcel", surgery=surgery)) == []


@isolated
def test_law_6_lets_a_whole_reference_be() -> None:
    assert misplaced(a_pair(constraints=WHOLE, indexes=INDEX)) == []


@isolated
def test_law_6_lets_an_index_of_all_rows_that_point_somewhere_be() -> None:
    pointing = models.Index(fields=["practice_id", "house_id"], condition=Q(house_id__isnull=False), name="letter_of")
    assert misplaced(a_pair(constraints=WHOLE, indexes=[pointing])) == []


@isolated
@pytest.mark.parametrize(
    ("meta", "what"),
    [
        ({"indexes": INDEX}, "has no InPractice"),
        ({"constraints": [InPractice("house", to="patients.letter", name="x")], "indexes": INDEX}, "has no InPractice"),
        ({"constraints": WHOLE}, "no index starts"),
        (
            {"constraints": WHOLE, "indexes": [models.Index("practice_id", "house_id", condition=Q(id=1), name="x")]},
            "no index starts",
        ),
        ({"constraints": [models.UniqueConstraint(fields=["id"], name="once")]}, "once does not start"),
        ({"indexes": [models.Index(fields=["id"], name="by_id")]}, "by_id does not start"),
        ({"unique_together": [("id", "house_id")]}, "unique without starting"),
    ],
)
def test_law_6_finds_what_is_missing_beside_a_reference(meta: dict[str, Any], what: str) -> None:
    assert any(what in found for found in misplaced(a_pair(**meta)))


@isolated
@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"placement": None}, "says no placement"),
        ({"key": False, "id": models.UUIDField(primary_key=True)}, "primary key does not start"),
        ({"pk": models.CompositePrimaryKey("id", "practice_id")}, "primary key does not start"),
        ({"code": models.CharField(max_length=3, unique=True)}, "unique without the practice"),
        ({"code": models.CharField(max_length=3, db_index=True)}, "an index that does not start"),
    ],
)
def test_law_6_finds_keys_without_the_practice(body: dict[str, Any], what: str) -> None:
    assert any(what in found for found in misplaced(a_model("Letter", **body)))


@isolated
def test_law_6_finds_a_plain_key_into_a_practices_rows() -> None:
    a_model("House", key=False, id=models.UUIDField(primary_key=True))
    letter = a_model("Letter", house=models.ForeignKey("patients.house", models.PROTECT, related_name="+"))
    assert any("is no SamePractice" in found for found in misplaced(letter))


@isolated
@pytest.mark.parametrize("target", [Placement.ACCOUNT, Placement.LOCAL, None])
def test_law_6_finds_a_practices_row_that_points_at_an_account(target: Placement | None) -> None:
    a_model("Owner", key=False, id=models.UUIDField(primary_key=True), placement=target)
    letter = a_model("Letter", owner=models.ForeignKey("patients.owner", models.PROTECT, related_name="+"))
    assert any("may not point" in found for found in misplaced(letter))


@isolated
def test_law_6_finds_a_column_written_below_its_field() -> None:
    a_model("House")
    field, column = SamePractice("patients.house", column="house_id"), models.UUIDField()
    letter = a_model("Letter", house=field, house_id=column, meta={"constraints": WHOLE, "indexes": INDEX})
    assert any("must be written above" in found for found in misplaced(letter))


def test_law_6_every_model_of_a_library_has_a_place() -> None:
    assert set(placement.MODELS) == {model._meta.label_lower for model in all_of_libraries()}


def all_of_libraries() -> list[type[models.Model]]:
    """Their models, and the tables that Django makes between two of them."""
    between = [model for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    return [*other_models(), *between]


@pytest.mark.django_db
def test_law_6_every_table_in_the_database_has_a_place() -> None:
    theirs = {model._meta.db_table for model in all_of_libraries()}
    with connection.cursor() as cursor:
        found = set(connection.introspection.table_names(cursor))
    assert found == our_tables() | theirs | set(placement.TABLES)
