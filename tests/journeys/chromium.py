"""The browser of this machine: where it is and how it is started."""

import os
import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = (
    "There is no Chromium on this machine, so no journey was made. Install one (Debian and Ubuntu: apt install "
    "chromium), or say where it is: PATIENT_ONLINE_CHROMIUM=/path/to/chromium"
)


def chromium() -> str | None:
    """Where Chromium is on this machine, or None."""
    named = os.environ.get("PATIENT_ONLINE_CHROMIUM", "")
    names = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), None)
