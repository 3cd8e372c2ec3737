"""Django's PostgreSQL backend with psycopg's C loader for timestamps and with prepared statements."""

from typing import Any

from django.db import connections


def prepared_cursor(using: str = "default") -> Any:
    """A cursor whose statements the server keeps ready: for the few hot ones that are written by hand."""
    return connections[using].prepared_cursor()  # type: ignore[attr-defined]
