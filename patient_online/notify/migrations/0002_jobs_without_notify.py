"""PostgreSQL takes one lock for all that notify as they commit, so bookings would wait for each other: workers ask instead."""

from django.db import migrations

TRIGGERS = ("procrastinate_jobs_notify_queue_job_inserted_v1", "procrastinate_jobs_notify_queue_job_aborted_v1")


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL(f"DROP TRIGGER {trigger} ON procrastinate_jobs", migrations.RunSQL.noop)
        for trigger in TRIGGERS
    ]
