"""Starts `make demo` in a clean clone as a newcomer would, asks for its front page, and ends it with Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

SECONDS_TO_THE_FRONT_PAGE = 120
SECONDS_TO_END = 60


def main(clone: str, port: str) -> None:
    """Exit with a sentence unless the front page comes in time and Ctrl-C ends all of it."""
    began = time.monotonic()
    # A group of its own and Ctrl-C not ignored: as in a terminal, whatever started us.
    make = subprocess.Popen(
        ["make", "demo", f"PORT={port}"], cwd=clone, start_new_session=True, preexec_fn=listen_to_ctrl_c
    )
    try:
        page = front_page(f"http://127.0.0.1:{port}/", make, began + SECONDS_TO_THE_FRONT_PAGE)
        print(f"The front page came after {time.monotonic() - began:.0f} seconds.", flush=True)
        if "<h1" not in page:
            sys.exit("What came is no page of ours.")
        os.killpg(make.pid, signal.SIGINT)
        make.wait(SECONDS_TO_END)
        all_ended(make.pid)
        print("Ctrl-C ended it.", flush=True)
    except subprocess.TimeoutExpired:
        sys.exit(f"It had not ended {SECONDS_TO_END} seconds after Ctrl-C.")
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)


def listen_to_ctrl_c() -> None:
    """A shell without a terminal makes what it starts in the background deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def front_page(address: str, make: "subprocess.Popen[bytes]", end: float) -> str:
    """What the address shows, as soon as it shows anything."""
    while time.monotonic() < end:
        if make.poll() is not None:
            sys.exit(f"make demo ended by itself with {make.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            sys.exit(f"The front page answered {error.code}.")
        except OSError:
            time.sleep(0.5)
    sys.exit(f"There was no front page within {SECONDS_TO_THE_FRONT_PAGE} seconds.")


def all_ended(group: int) -> None:
    """Wait until no process of the group is left."""
    end = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)
    sys.exit("Something of it was still running after Ctrl-C.")


if __name__ == "__main__":
    main(*sys.argv[1:])
