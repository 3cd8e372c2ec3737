"""A worker has read its templates before somebody asks for a page."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines

from patient_online.web.warming import is_of_a_page, warm


@pytest.fixture
def unfrozen() -> Iterator[None]:
    """Let the collector of garbage see everything again afterwards."""
    yield
    gc.unfreeze()


def test_who_asks_first_does_not_wait_for_the_templates(unfrozen: None) -> None:
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    env.cache.clear()
    warm()
    kept = {name for _, name in env.cache.keys()}  # noqa: SIM118 - not a dictionary
    assert {
        "appointments/search.jinja",
        "appointments/confirm.jinja",
        "appointments/day.jinja",
        "web/layout.jinja",
    } < kept
    assert kept == set(env.list_templates(filter_func=is_of_a_page))
    assert gc.get_freeze_count() > 10_000
