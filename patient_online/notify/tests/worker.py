"""A worker for the tests, which is killed: it knows their kinds of message and has little patience."""

import os
from datetime import timedelta

from patient_online.notify.rules import Patience

IMPATIENT = Patience(
    lease=timedelta(seconds=6),
    first_wait=timedelta(seconds=0.5),
    wait=timedelta(seconds=1),
    most_attempts=1000,
    answer_seconds=1,
)
SILENT_SECONDS = 3


def main() -> None:
    """Work until killed."""
    import django
    from django.conf import settings

    django.setup()
    settings.NOTIFY_PATIENCE = IMPATIENT
    from procrastinate.contrib.django import app

    from patient_online.notify.tests.kinds import register_test_kinds
    from patient_online.web.following import end_with_parent

    end_with_parent()
    register_test_kinds()
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(
            queues=["messages"],
            concurrency=6,
            fetch_job_polling_interval=0.2,
            update_heartbeat_interval=0.5,
            stalled_worker_timeout=SILENT_SECONDS,
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    main()
