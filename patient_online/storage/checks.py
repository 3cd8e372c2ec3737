"""Refuses a PostgreSQL that is too old, and a database role that could do more than the application should."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

POWERS = """
SELECT r.rolsuper, r.rolbypassrls, EXISTS (
  SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)
FROM pg_roles r WHERE r.rolname = current_user
"""


OLDEST = 150000  # PostgreSQL 15: NULLS NOT DISTINCT


@register(Tags.database)
def postgresql_is_new_enough(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The server is PostgreSQL 15 or newer."""
    if "default" not in (databases or []):
        return []
    connections["default"].ensure_connection()
    version = connections["default"].connection.info.server_version
    hint = "Use PostgreSQL 15 or newer, or leave DATABASE_URL unset to use the embedded one."
    old = Error(f"This is PostgreSQL {version // 10000}.", hint=hint, id="storage.E002")
    return [] if version >= OLDEST else [old]


@register(Tags.database)
def application_role_is_modest(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """DATABASE_URL names a role that is neither superuser nor owner of the tables."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(POWERS)
        superuser, bypasses, owner = cursor.fetchone()
    told = {
        "is a superuser": superuser,
        "may pass over row-level security": bypasses,
        "owns the tables": owner,
    }
    hint = "Give DATABASE_URL a role of its own, and put the owner's in DATABASE_OWNER_URL."
    return [Error(f"The role in DATABASE_URL {what}.", hint=hint, id="storage.E001") for what, so in told.items() if so]
