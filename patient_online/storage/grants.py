"""What the application's role may do to each table: nothing that the owner alone should."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections

READ_AND_ADD = "SELECT, INSERT"
ALL_ROWS = "SELECT, INSERT, UPDATE, DELETE"


def rights_on(table: str) -> str:
    """The privileges of the application's role on one table; append-only tables can be read and added to, no more."""
    return READ_AND_ADD if table in append_only_tables() else ALL_ROWS


def append_only_tables() -> set[str]:
    """The tables whose models say `append_only = True`."""
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}


def grant_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Grant the application's role what it needs, once a migration run has ended; runs as the owner."""
    role = settings.DATABASES["default"]["USER"]
    if sender.label != "storage" or using != "owner" or role == settings.DATABASES["owner"]["USER"]:
        return
    with connections["owner"].cursor() as cursor:
        quote = connections["owner"].ops.quote_name
        for table in connections["owner"].introspection.table_names(cursor):
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {quote(role)}")
            cursor.execute(f"GRANT {rights_on(table)} ON {quote(table)} TO {quote(role)}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
