"""What can happen to what we know of people who sign in: counts of guesses that have run out are forgotten."""

from datetime import datetime

from django.db import connection

from patient_online.asking import System


def forget_guesses(*, by: System, at: datetime) -> int:
    """Forget the counts of guesses that no longer hold anybody back; says how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_guesses WHERE expires < %s", [at])
        return int(cursor.rowcount)
