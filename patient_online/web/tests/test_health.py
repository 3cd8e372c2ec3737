"""What the machines that watch over the service are told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings


def test_the_program_is_alive_without_asking_the_database(client: Client) -> None:
    """A fault of the database does not restart the program."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})
    assert response.headers["Cache-Control"] == "no-store"


def test_the_version_that_runs_is_told(client: Client, settings: Settings) -> None:
    """The one of the settings."""
    settings.VERSION = "1.2.3"
    assert client.get("/version").json() == {"name": "Patient Online", "version": "1.2.3"}


def test_health_is_only_read(client: Client) -> None:
    """Nothing can be sent there."""
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_with_its_tables_in_place_the_service_is_ready(client: Client) -> None:
    """People may be sent here."""
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_with_a_migration_not_applied_the_service_is_not_ready(client: Client) -> None:
    """A new version does not serve on old tables."""

    def without_storage(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        lacking = " WHERE app <> 'storage'" if 'FROM "django_migrations"' in sql else ""
        return execute(sql + lacking, params, many, context)

    with connection.execute_wrapper(without_storage):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert "manage.py migrate" in response.json()["checks"]["migrations"]


@pytest.mark.django_db
def test_with_a_database_that_does_not_answer_the_service_is_not_ready(client: Client) -> None:
    """And says so in words."""

    def refuse(*_: Any) -> Any:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "It does not answer."
