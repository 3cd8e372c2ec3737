"""A pytest plugin loaded first (`-p tests.start`): the database and the secret key that the settings ask for."""

import os
from pathlib import Path

from patient_online.config.start import start

os.environ["PATIENT_ONLINE_DEMO"] = ""
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patient_online.config.settings")
start(Path(__file__).resolve().parent.parent)
