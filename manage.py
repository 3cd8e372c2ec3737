#!/usr/bin/env python3
"""Runs the product's commands; starts the embedded PostgreSQL when no DATABASE_URL is set."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
    from patient_online.config.sentences import in_a_sentence
    from patient_online.config.start import start

    start(Path(__file__).resolve().parent)
    from django.core.management import execute_from_command_line

    with in_a_sentence():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
