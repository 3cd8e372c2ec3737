"""Does the jobs that wait in the database: `python -m patient_online.config.worker`; `make run` starts it by itself."""

import os
from pathlib import Path

from patient_online.config.sentences import in_a_sentence
from patient_online.config.start import start
from patient_online.web.beside import follow

MODULE = "patient_online.config.worker"
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Work until told to stop; what is being done is finished first."""
    follow()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    start(ROOT)
    with in_a_sentence():
        _work()


def _work() -> None:
    import django

    django.setup()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker()


if __name__ == "__main__":
    main()
