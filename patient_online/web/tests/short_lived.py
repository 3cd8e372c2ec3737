"""A program for the tests of what runs beside the web server: it notes that it lives, and waits."""

import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    from patient_online.web.beside import OWNER, follow

    follow()
    with Path(os.environ["SHORT_LIVED"]).open("a") as file:
        file.write(f"{os.getpid()} {os.environ.get(OWNER)}\n")
    time.sleep(60)
    sys.exit(1)
