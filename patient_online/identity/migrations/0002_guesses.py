"""The table of Django's DatabaseCache: counts of guesses at passwords, shared by all workers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE identity_guesses (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX identity_guesses_expires ON identity_guesses (expires);
            """,
            "DROP TABLE identity_guesses;",
        )
    ]
