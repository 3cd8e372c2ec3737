"""Is the program alive, is it ready to serve, and which version is it: for the machines that watch over it."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

from patient_online.web.audiences import health_page


@health_page
def healthz(request: HttpRequest) -> JsonResponse:
    """The program is alive. Asks nothing of the database, so that a database's fault does not restart the program."""
    return JsonResponse({"alive": True})


@health_page
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and has the tables that this version needs: send people here, or (503) do not."""
    checks = _checks()
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": _words(checks)}, status=200 if ready else 503)


@health_page
def version(request: HttpRequest) -> JsonResponse:
    """Which version runs."""
    return JsonResponse({"name": "Patient Online", "version": settings.VERSION})


def _checks() -> dict[str, bool]:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, InterfaceError):
        return {"database": False, "migrations": False}
    return {"database": True, "migrations": _last_migrations() <= applied.keys()}


def _words(checks: dict[str, bool]) -> dict[str, str]:
    if not checks["database"]:
        return {"database": "It does not answer.", "migrations": "Not known while the database does not answer."}
    migrations = "All are applied." if checks["migrations"] else "Some are not applied yet: run manage.py migrate."
    return {"database": "It answers.", "migrations": migrations}


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app, as the files of this version have them: they do not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
