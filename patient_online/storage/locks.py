"""Locks of what has no row that all who change it would lock."""

from uuid import UUID

from django.db import connection

OF_AN_ACCOUNT = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def lock_account(account_id: UUID) -> None:
    """Wait for whoever else changes which patients this account is linked to, until we commit.

    Always before a patient is locked, never after: else two could wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(OF_AN_ACCOUNT, [f"account {account_id}"])
