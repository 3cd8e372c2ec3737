"""A worker ends when the program that started it does, even when that one was killed and could tell nobody."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 1.0


def end_with_parent() -> None:
    """Have this process end when its parent has; at once when it has already."""
    parent = multiprocessing.parent_process()
    expected = parent.pid if parent else os.getppid()
    if not _kernel_will_tell():
        threading.Thread(target=_watch, args=[expected], daemon=True, name="end-with-parent").start()
    # It may have ended before the kernel was asked to tell.
    if os.getppid() != expected:
        _end()


def _kernel_will_tell() -> bool:
    """Ask Linux to end this process with its parent; whether it will."""
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def _watch(expected: int | None) -> None:
    while os.getppid() == expected:
        time.sleep(LOOK_EVERY_SECONDS)
    _end()


def _end() -> None:
    """End without a word: who would be told is gone, and what was not committed the database rolls back."""
    os.kill(os.getpid(), signal.SIGKILL)
