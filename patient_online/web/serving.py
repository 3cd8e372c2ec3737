"""Serves the product with Granian until somebody ends it."""

import errno
import logging
import multiprocessing
import os
import signal
import socket
import sys
from functools import partial
from typing import Any

from django.db import connections
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from patient_online.web.admission import MOST_WAITING, Admission
from patient_online.web.following import end_with_parent
from patient_online.web.warming import warm

APPLICATION = "patient_online.config.wsgi.application"
IDLE_SECONDS = 600
# Threads that are always free to say that there are too many.
AT_THE_DOOR = 4
# Of each process: who cannot connect is not even told that there are too many.
MOST_CONNECTIONS = 4096
PATIENCE_SECONDS = 5
# How long one thread may compute while another wants to: whoever turns people away needs a moment only, but often.
SWITCH_SECONDS = 0.001
TAKEN = (
    "Port {port} of this machine is in use by another program: perhaps Patient Online runs already. "
    "End that one, or choose another port: PORT={other} with make (`make demo PORT={other}`), or --port {other}."
)
NOT_ALLOWED = (
    "This machine does not let you use port {port}; those below 1024 are for its administrator. "
    "Choose another: PORT=8000 with make, or --port 8000."
)
NO_SUCH_HOST = "This machine has no address {host}. Leave --host out, or use 127.0.0.1 or 0.0.0.0."
NO_SUCH_PORT = "A port is a number from 1 to 65535, so {port} is none. Choose another, such as --port 8000."


class CannotServe(Exception):
    """Raised when the server cannot listen, with a sentence that says what to do."""


def check_port(host: str, port: int) -> None:
    """Raise CannotServe unless a server could listen there now."""
    if not 1 <= port <= 65535:
        raise CannotServe(NO_SUCH_PORT.format(port=port))
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: a port that was closed a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except socket.gaierror as error:
        raise CannotServe(NO_SUCH_HOST.format(host=host)) from error
    except OSError as error:
        raise CannotServe(_sentence(error, host, port)) from error


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return NO_SUCH_HOST.format(host=host)
    if error.errno in (errno.EACCES, errno.EPERM):
        return NOT_ALLOWED.format(port=port)
    return TAKEN.format(port=port, other=port + 1 if port < 65535 else 8000)


def address_of(host: str, port: int) -> str:
    """The address to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def serve(host: str, port: int, *, workers: int = 2, threads: int = 2) -> None:
    """Serve until Ctrl-C or SIGTERM; the workers have ended when this returns. Each has so many `threads` at work.

    The workers start from nothing, as the application's role: they neither attach to the embedded server, whose
    address is in their environment, nor know the owner of the tables.
    """
    _prepare()
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads + MOST_WAITING + AT_THE_DOOR,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        log_level=LogLevels.warning,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE_SECONDS,
    )
    # Granian takes a closed terminal for a wish to start afresh.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    try:
        server.serve(target_loader=partial(load, places=threads))
    except SystemExit:
        if not server.interrupt_signal:
            raise


def _prepare() -> None:
    connections.close_all()
    os.environ.pop("DATABASE_OWNER_URL", None)
    multiprocessing.set_start_method("spawn", force=True)
    # Granian advises against so many threads: it cannot know that most only wait for a place at work.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())


def load(application: str, *, places: int) -> Any:
    """The application, in a worker that the terminal's Ctrl-C does not reach.

    The parent tells its workers to end; a worker that hears it from the terminal as well takes the second signal while
    it is waking up from the first, and waits for itself for ever. A parent that is killed tells nobody.
    """
    end_with_parent()
    os.setpgrp()
    sys.setswitchinterval(SWITCH_SECONDS)
    served = import_string(application)
    warm()
    return Admission(served, places=places)
