"""What can happen to what we know of people who sign in: counts of guesses that have run out are forgotten."""

from django.db import connection


def forget_guesses() -> int:
    """Forget the counts of guesses that no longer hold anybody back; says how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_guesses WHERE expires < now()")
        return int(cursor.rowcount)
