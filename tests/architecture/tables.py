"""Our models and their tables."""

from functools import cache

from django.apps import apps
from django.db.models import Model

from tests.architecture.sources import PACKAGE


def our_models() -> list[type[Model]]:
    """Every model of the product."""
    return [model for model in apps.get_models() if model.__module__.startswith(f"{PACKAGE}.")]


def other_models() -> list[type[Model]]:
    """Every model that a library brings."""
    return [model for model in apps.get_models() if not model.__module__.startswith(f"{PACKAGE}.")]


@cache
def our_tables() -> frozenset[str]:
    """The tables of our models."""
    return frozenset(model._meta.db_table for model in our_models())
