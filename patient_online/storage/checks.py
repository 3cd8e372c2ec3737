"""Refuses a PostgreSQL that is too old, and a database role that could do more than the application should."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

OLDEST = 150000  # PostgreSQL 15: NULLS NOT DISTINCT
POWERS = """
SELECT r.rolsuper, r.rolbypassrls, EXISTS (
  SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)
FROM pg_roles r WHERE r.rolname = current_user
"""


@register(Tags.database)
def postgresql_is_new_enough(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The server is PostgreSQL 15 or newer."""
    if "default" not in (databases or []):
        return []
    connections["default"].ensure_connection()
    return too_old(connections["default"].connection.info.server_version)


def too_old(version: int) -> list[CheckMessage]:
    """What is wrong with a server of this version (150004 is 15.4), if anything."""
    hint = "Use PostgreSQL 15 or newer, or leave DATABASE_URL unset to use the embedded one."
    old = Error(f"This is PostgreSQL {version // 10000}, which is too old.", hint=hint, id="storage.E002")
    return [] if version >= OLDEST else [old]


@register(Tags.database)
def application_role_is_modest(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """DATABASE_URL names a role that is neither superuser nor owner of the tables."""
    return too_mighty("default") if "default" in (databases or []) else []


def too_mighty(alias: str) -> list[CheckMessage]:
    """What the role of a connection could do that the application should not."""
    with connections[alias].cursor() as cursor:
        cursor.execute(POWERS)
        powers = zip(
            ("is a superuser", "may pass over row-level security", "owns the tables"), cursor.fetchone(), strict=True
        )
    hint = "Give DATABASE_URL a role of its own, and put the owner's in DATABASE_OWNER_URL."
    return [Error(f"The role in DATABASE_URL {what}.", hint=hint, id="storage.E001") for what, so in powers if so]
