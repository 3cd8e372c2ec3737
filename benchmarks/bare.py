"""A bare WSGI view that runs one statement: no sign-in, no rules, no page. What the product is measured against."""

import argparse
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from benchmarks.statements import STATEMENTS
from patient_online.web.following import end_with_parent

HERE = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Run the statement that the path names with what the query string gives."""
    statement = STATEMENTS.get(environ["PATH_INFO"].strip("/"))
    if statement is None:
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    given = dict(parse_qsl(environ["QUERY_STRING"]))
    with _connection().cursor() as cursor:
        row = cursor.execute(statement, given, prepare=True).fetchone()
    body = str(row[0] if row else "").encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(HERE, "connection"):
        HERE.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    connection: psycopg.Connection[Any] = HERE.connection
    return connection


def load(_: str) -> Any:
    """The application, in a worker that ends with its parent."""
    end_with_parent()
    return application


def main() -> None:
    """Serve it as the product is served."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    server = Granian(
        "benchmarks.bare:application",
        port=parser.parse_args().port,
        interface=Interfaces.WSGI,
        workers=os.cpu_count() or 1,
        blocking_threads=4,
        blocking_threads_idle_timeout=600,
        log_level=LogLevels.warning,
        websockets=False,
    )
    server.serve(target_loader=load)


if __name__ == "__main__":
    main()
