"""What every test stands on."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from patient_online.identity.rules import METHODS, METHODS_OF, SECOND_STEP
from patient_online.nhs.dates import london

# How long an example takes says more of the machine than of us: no test measures time.
settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the test database as the owner; the tests see it through the application's role."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        connections["default"].close()
    yield
    with django_db_blocker.unblock():
        for alias in ("default", "owner"):
            _end_other_sessions(alias)
        connections.close_all()
        teardown_databases(made, verbosity=0)


def _end_other_sessions(alias: str) -> None:
    """End what threads of a server left open: each keeps its connection, and the database could not be dropped."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stop a test that would leave its rows behind: Django clears away only where `owner` is named too."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction") and "owner" not in marker.kwargs.get("databases", []):
            raise pytest.UsageError(f'{item.nodeid}: say databases=["default", "owner"] beside transaction=True')


@pytest.fixture(autouse=True)
def no_job_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Clear away the queue after a test that commits: Django does not, for the library's models are unmanaged."""
    marker = request.node.get_closest_marker("django_db")
    if not ("transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers; DELETE FROM procrastinate_events;"
            " DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers"
        )


@pytest.fixture(autouse=True)
def quick_and_plain(settings: Any) -> None:
    """Hash passwords quickly and find static files without a manifest; both have tests of their own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning at the practice: 3 March 2026, 8am."""
    return london(2026, 3, 3, 8)


@pytest.fixture(autouse=True)
def forced_in_with_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `force_login` make the session of somebody who showed a second step; by the pages it must be shown."""
    plain = Client.force_login

    def force_login(client: Client, *args: Any, **kwargs: Any) -> None:
        plain(client, *args, **kwargs)
        session = client.session
        session[METHODS_OF] = session[SESSION_KEY]
        session[METHODS] = [{"method": SECOND_STEP, "type": "totp", "at": time.time()}]
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)
