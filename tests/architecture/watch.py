"""Law 1, held a second time: a pytest plugin that fails every write with no `actions` frame above it.

Every connection of the application's role is watched from the moment it is opened, those of other threads too.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.architecture.sources import PACKAGE, ROOT
from tests.architecture.writers import LIBRARIES_MAY_WRITE, may_write

WRITE = re.compile(
    r"(?:\bINSERT\s+INTO|(?<!DO\s)\bUPDATE(?:\s+ONLY)?|\bDELETE\s+FROM(?:\s+ONLY)?|\bMERGE\s+INTO|\bTRUNCATE(?:\s+TABLE)?)"
    r"\s+\"?(\w+)",
    re.IGNORECASE,
)
breaches: list[str] = []


class WrittenOutsideActions(AssertionError):
    """Raised in place of a write that no action makes."""


def tables_written(sql: str, ours: frozenset[str]) -> frozenset[str]:
    """Which of our tables the statement writes."""
    return ours.intersection(WRITE.findall(sql))


def may_pass(files: list[str], tables: frozenset[str]) -> bool:
    """Whether this stack (its files from the innermost out, from the project's folder) may write these tables.

    An actions room or a named exception anywhere in it may; so may a test that writes in its own frame.
    """
    ours = [file for file in files if file.startswith((f"{PACKAGE}/", "tests/", "benchmarks/", "conftest.py"))]
    if not ours or _is_test(ours[0]) or any(may_write(file) for file in ours):
        return bool(ours)
    return any(
        f"/{library}/" in file and tables <= own for library, own in LIBRARIES_MAY_WRITE.items() for file in files
    )


def _is_test(file: str) -> bool:
    return "tests/" in file or file.startswith("benchmarks/") or file.endswith("conftest.py")


def _files(frame: FrameType | None) -> Iterator[str]:
    root, here = f"{ROOT}/", str(Path(__file__))
    while frame is not None:
        if (file := frame.f_code.co_filename) != here:
            # The virtual environment may lie in the project's folder, and is not ours.
            yield file if "site-packages" in file else file.removeprefix(root)
        frame = frame.f_back


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run the statement (an execute wrapper of Django's), unless it is a write that nobody may make here."""
    tables = tables_written(str(sql), _our_tables())
    if tables and not may_pass(list(_files(sys._getframe())), tables):
        breaches.append(f"{', '.join(sorted(tables))} written with no action above it: {str(sql)[:120]}")
        raise WrittenOutsideActions(breaches[-1])
    return execute(sql, params, many, context)


def _our_tables() -> frozenset[str]:
    from tests.architecture.tables import our_tables

    return our_tables()


def _watch_new(connection: Any, **kwargs: Any) -> None:
    if connection.alias == "default" and watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)


@pytest.fixture(scope="session", autouse=True)
def every_connection_is_watched() -> Iterator[None]:
    """Watch each connection of the application's role that is opened from now on."""
    from django.db.backends.signals import connection_created

    connection_created.connect(_watch_new, dispatch_uid="tests.watch")
    yield
    connection_created.disconnect(dispatch_uid="tests.watch")


@pytest.fixture(autouse=True)
def only_actions_write() -> Iterator[None]:
    """Fail a test in which something else wrote, even if the error was swallowed on its way."""
    breaches.clear()
    yield
    found, breaches[:] = list(breaches), []
    assert not found, "\n".join(found)
