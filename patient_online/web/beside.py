"""A program that runs beside the web server: begun with it, begun again when it dies, ended with it."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from patient_online.web.following import end_with_parent

FIRST_WAIT_SECONDS = 1.0
MOST_WAIT_SECONDS = 60.0
LIVED_LONG_SECONDS = 60.0
PATIENCE_SECONDS = 10
BESIDE = "PATIENT_ONLINE_BESIDE"
OWNER = "DATABASE_OWNER_URL"
logger = logging.getLogger(__name__)


@contextmanager
def beside(module: str, *, wanted: bool = True) -> Iterator[None]:
    """Keep `python -m module` running meanwhile, as the application: it does not know the owner of the tables."""
    if not wanted:
        yield
        return
    keeper = _Keeper(module)
    keeper.start()
    try:
        yield
    finally:
        keeper.end()


def follow() -> None:
    """Have this program end with the one it runs beside, if it does, and not by the terminal's Ctrl-C before that."""
    if os.environ.get(BESIDE):
        end_with_parent()
        os.setpgrp()


class _Keeper(threading.Thread):
    """Begins the program, and again when it ends. Linux ends a child with the thread that made it, so this stays."""

    def __init__(self, module: str) -> None:
        super().__init__(name=f"beside-{module}", daemon=True)
        self.module = module
        self.over = threading.Event()
        self.program: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until the end, wait for the program and begin it anew; longer each time when it dies young."""
        wait = FIRST_WAIT_SECONDS
        while not self.over.is_set():
            begun = time.monotonic()
            self._live_through_one()
            if self.over.is_set():
                return
            logger.error("The program beside the web server has ended and is begun again: %s", self.module)
            lived_long = time.monotonic() - begun > LIVED_LONG_SECONDS
            wait = FIRST_WAIT_SECONDS if lived_long else min(wait * 2, MOST_WAIT_SECONDS)
            self.over.wait(wait)

    def _live_through_one(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != OWNER} | {BESIDE: "1"}
        with subprocess.Popen([sys.executable, "-m", self.module], env=environment) as self.program:  # noqa: S603
            while not self.over.is_set() and self.program.poll() is None:
                self.over.wait(0.2)
            self._ended()

    def _ended(self) -> None:
        """Have the program end, by asking first."""
        if self.program is None or self.program.poll() is not None:
            return
        self.program.terminate()
        try:
            self.program.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.program.kill()

    def end(self) -> None:
        """End the program, and wait until it has."""
        self.over.set()
        self.join(PATIENCE_SECONDS * 2)
