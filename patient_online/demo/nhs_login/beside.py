"""The stand-in as a program that runs beside the demonstration: `python -m patient_online.demo.nhs_login.beside`."""

import os
from pathlib import Path

from patient_online.demo.nhs_login.standin import become
from patient_online.web.beside import follow

MODULE = "patient_online.demo.nhs_login.beside"
SETTINGS = "PATIENT_ONLINE_STAND_IN"

if __name__ == "__main__":
    follow()
    become(Path(os.environ[SETTINGS]))
